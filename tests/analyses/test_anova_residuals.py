import numpy as np
from matplotlib.figure import Figure

from leanlab.analyses.declare import Column, Columns
from leanlab.analyses.registry import find
from leanlab.figures.theme import THEMES

ANOVA = find("test.anova_oneway")


def test_the_leftovers_of_the_groups_are_drawn_and_point_to_their_rows():
    rng = np.random.default_rng(4)
    values = np.r_[rng.normal(10, 1, 20), rng.normal(30, 1, 20)]
    values[25] = 60.0
    groups = np.asarray(["north"] * 20 + ["south"] * 20, dtype=object)
    data = Columns(
        roles={
            "values": (Column("late", "number", values, decimals=1),),
            "group": (Column("hub", "category", groups),),
        },
        row_ids=np.arange(101, 141, dtype=np.int64),
        excluded=np.zeros(40, dtype=np.bool_),
    )
    data = Columns(
        roles={ANOVA.roles[0].id: data.roles["values"], ANOVA.roles[1].id: data.roles["group"]},
        row_ids=data.row_ids, excluded=data.excluded,
    )  # fmt: skip
    shown = ANOVA.present(ANOVA.compute(data, ANOVA.options()))
    chart = next(c for c in shown.charts if c.title == "What the groups do not explain")
    points = chart.points
    assert points.rows[39] == (126,)
    text = points.describe(39, 0)
    assert text.startswith("row 126, south")
    left = values - np.repeat([values[:20].mean(), values[20:].mean()], 20)
    assert np.allclose(points.x, np.sort(left))
    figure = Figure(figsize=(6, 4))
    chart.draw(figure, THEMES["light"])
    line = figure.axes[0].lines[1]
    assert np.allclose(line.get_xdata(), np.sort(left))
