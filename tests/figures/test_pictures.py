"""Every picture at the smallest and largest size of the page: words stay inside and apart."""

import sys
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib import artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

sys.path.insert(0, str(Path(__file__).parents[1] / "analyses"))
import realistic

from leanlab.analyses.registry import ANALYSES, find
from leanlab.figures.theme import DARK, LIGHT, PRINT

SIZES = {"small": (5.6, 3.6), "usual": (9.0, 5.4), "large": (14.0, 9.0)}


def charts():
    for analysis in ANALYSES:
        data = realistic.data_for(analysis.id)
        shown = analysis.present(analysis.compute(data, analysis.options()))
        yield from ((f"{analysis.id}-{i}", c) for i, c in enumerate(shown.charts))
    for name, make in realistic.EXTRA.items():
        analysis = find(name.partition("-")[0])
        shown = analysis.present(analysis.compute(make(), analysis.options()))
        yield f"{name}-0", shown.charts[0]


CHARTS = dict(charts())
every_chart = pytest.mark.parametrize("name", CHARTS)


def drawn(chart, size, theme=LIGHT):
    figure = Figure(figsize=size, dpi=100)
    canvas = FigureCanvasAgg(figure)
    chart.draw(figure, theme)
    canvas.draw()
    return figure, canvas.get_renderer()


def words_of(figure, renderer):
    """Return all texts that are drawn with their boxes; ticks beyond the axes are not."""
    ticks, drawn_ticks = set(), []
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for tick in (*axis.majorTicks, *axis.minorTicks):
                ticks |= {tick.label1, tick.label2}
            low, high = sorted(axis.get_view_interval())
            if axes.get_visible() and axis.get_visible():
                labels = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
                drawn_ticks += [t for at, t in labels if low <= at <= high]
    others = [t for t in figure.findobj(Text) if t not in ticks]
    return [
        (text.get_text(), text.get_window_extent(renderer), text.get_rotation() % 90 != 0)
        for text in (*drawn_ticks, *others)
        if text.get_visible()
        and text.get_text().strip()
        and (text.axes is None or text.axes.get_visible())
    ]


@every_chart
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_words_stay_inside_the_picture(name, size):
    figure, renderer = drawn(CHARTS[name], size)
    width, height = figure.bbox.width, figure.bbox.height
    for text, box, _ in words_of(figure, renderer):
        assert box.x0 >= -2, f"{text!r} is cut at the left by {-box.x0:.0f} px"
        assert box.x1 <= width + 2, f"{text!r} is cut at the right by {box.x1 - width:.0f} px"
        assert box.y0 >= -2, f"{text!r} is cut below by {-box.y0:.0f} px"
        assert box.y1 <= height + 2, f"{text!r} is cut above by {box.y1 - height:.0f} px"


@every_chart
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_words_do_not_overlap(name, size):
    figure, renderer = drawn(CHARTS[name], size)
    straight = [(t, b) for t, b, turned in words_of(figure, renderer) if not turned]
    for (first, a), (second, b) in combinations(straight, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        along = min(a.y1, b.y1) - max(a.y0, b.y0)
        smaller = min(a.height, b.height)
        assert across <= 2 or along <= 0.35 * smaller, f"{first!r} lies over {second!r}"


@every_chart
@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda t: t.name)
def test_a_picture_takes_all_its_colours_from_the_theme(name, theme):
    figure, _ = drawn(CHARTS[name], (8.0, 5.0), theme)
    assert figure.get_facecolor()[:3] == pytest.approx(_rgb(theme.background))
    for axes in figure.axes:
        if axes.get_visible() and axes.patch.get_visible() and axes.get_label() != "twin":
            assert axes.get_facecolor()[:3] == pytest.approx(_rgb(theme.background))
    allowed = {_key(c) for c in (theme.text, theme.muted, theme.center, theme.limit, theme.signal,
               theme.pattern, theme.spec, theme.axis, *theme.series, theme.point)}  # fmt: skip
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text.axes is not None:
            assert _key(text.get_color()) in allowed, text.get_text()


def _rgb(colour):
    from matplotlib.colors import to_rgb

    return to_rgb(colour)


def _key(colour):
    return tuple(round(c, 3) for c in _rgb(colour))


@pytest.mark.parametrize("at", [4, 12, 25])
def test_a_note_hides_neither_points_nor_the_line_between_them(at):
    import numpy as np

    from leanlab.figures.control_chart import ChartLabels, draw_control_chart
    from leanlab.stats import spc

    x = np.random.default_rng(2).normal(10, 1, 30)
    x[at + 1 : at + 4] += np.array([3.0, -3.0, 3.0])[: max(0, min(3, 29 - at))]
    labels = ChartLabels(notes={at: "New supplier"})
    figure = Figure(figsize=(9.0, 5.4), dpi=100)
    canvas = FigureCanvasAgg(figure)
    draw_control_chart(figure, LIGHT, spc.i_mr(x), labels)
    canvas.draw()
    axes = figure.axes[0]
    note = next(t for t in axes.texts if t.get_text() == "New supplier")
    box = note.get_bbox_patch().get_window_extent(canvas.get_renderer())
    line = axes.transData.transform(
        np.c_[np.linspace(0, 29, 2901), np.interp(np.linspace(0, 29, 2901), np.arange(30), x)]
    )
    assert not any(box.contains(*place) for place in line)


def test_matplotlib_still_has_the_parts_that_its_short_import_replaces():
    source = Path(artist.__file__).read_text(encoding="utf-8")
    assert "def kwdoc(" in source
    assert "def _update_set_signature_and_docstring(" in source
