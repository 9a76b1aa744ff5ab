from itertools import islice

import numpy as np
import pytest

from leanlab.analyses.control import order_check
from leanlab.analyses.declare import Column
from leanlab.analyses.points import points_of, row_order, singles
from leanlab.analyses.registry import find
from leanlab.app.running import prepared, run

DATES = np.array(["2026-04-03", "03/04/2026", "4/13/2026", "2026-04-01"] * 8, dtype=object)


def charted(kind, values):
    chart = find("spc.i_mr")
    columns = {
        "hours": Column("hours", "number", np.arange(32) % 7 + 1.0),
        "date": Column("date", kind, values),
    }
    return chart, prepared(chart, columns, {"value": ["hours"], "order": ["date"]})


def test_text_as_order_is_taken_in_the_order_of_the_sheet_and_said_so():
    chart, columns = charted("text", DATES)
    order, ordering = row_order(columns)
    assert order.tolist() == list(range(32))
    told = order_check(points_of(columns, singles(order), ordering))
    assert (told.level, ordering.unsortable) == ("amber", True)
    assert told.text == (
        "date is text, which has no order in time: the rows are taken in the order of the sheet"
    )
    card = run(chart, columns, {})[1].report_card
    assert [c.text for c in card if c.id == "order"] == [told.text]


def test_dates_as_order_are_sorted():
    days = np.datetime64("2026-04-01", "s") + 86_400 * np.arange(32)[::-1]
    _, columns = charted("datetime", days)
    order, ordering = row_order(columns)
    assert order.tolist() == list(range(32))[::-1]
    told = order_check(points_of(columns, singles(order), ordering))
    assert told.level == "green"
    assert told.text == "The rows were not in order of date; they were sorted for this chart"


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_walk_over_single_rows_ends_with_the_last(size):
    groups = singles(np.arange(size) + 10)
    walked = [group.tolist() for group in islice(iter(groups), size + 2)]
    assert walked == [[10 + i] for i in range(size)]
    for outside in (size, -size - 1):
        with pytest.raises(IndexError):
            groups[outside]
    if size:
        assert groups[-1].tolist() == [9 + size]
