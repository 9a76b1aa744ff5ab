"""Other shapes of the same data: nothing is lost, nothing is made up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.data.columns import ColumnData
from leanlab.data.reshape import MOST_SHEETS, divided, stacked, texts_of, transposed, unstacked


def number(name, values, **more):
    return ColumnData(name, "number", np.array(values, dtype=float), **{"decimals": 1, **more})


def words(name, values, kind="category"):
    return ColumnData(name, kind, np.array(values, dtype=object))


def table(shaped):
    return {c.name: texts_of(c) for c in shaped.columns}


FIXED = settings(derandomize=True, deadline=None)
HEADS = [
    words("shift", ["early", "late"]), number("H1", [1.5, np.nan], unit="g", bad={1: "n.k."}),
    number("H2", [2.5, 3.5], unit="g"), number("H3", [np.nan, 4.5], unit="g"),
]  # fmt: skip


def test_columns_are_stacked_row_by_row_with_what_does_not_fit():
    shaped = stacked(HEADS, [1, 2, 3], names="Head", values="Weight")
    assert table(shaped) == {
        "shift": ["early", "early", "late", "late", "late"],
        "Head": ["H1", "H2", "H1", "H2", "H3"],
        "Weight": ["1.5", "2.5", "n.k.", "3.5", "4.5"],
    }
    weight = shaped.columns[2]
    assert (weight.kind, weight.unit, weight.bad) == ("number", "g", {2: "n.k."})
    assert shaped.origin.tolist() == [0, 0, 1, 1, 1]
    assert shaped.notes == ("1 empty cell makes no row.",)
    assert stacked(HEADS, [1, 2, 3], empty=True).rows == 6


def test_columns_of_several_kinds_are_stacked_as_text():
    day = ColumnData("day", "datetime", np.array(["2026-01-05", "NaT"], "datetime64[s]"))
    shaped = stacked([day, HEADS[1], words("c", ["x", None])], [0, 1, 2])
    assert shaped.columns[1].kind == "text"
    assert texts_of(shaped.columns[1]) == ["2026-01-05", "1.5", "x", "n.k."]


def test_a_name_that_is_taken_gets_a_number():
    shaped = stacked([words("Value", ["a"]), number("x", [1]), number("y", [2])], [1, 2])
    assert [c.name for c in shaped.columns] == ["Value", "Column", "Value (2)"]


LONG = [
    words("day", ["Mo", "Mo", "Mo", "Tu", "Tu", "We"]), words("line", ["A", "B", "A", "A", None, "B"]),
    number("late", [1, 2, 3, 4, 5, np.nan], bad={5: "3a"}, unit="h"),
]  # fmt: skip


def test_groups_become_columns_and_several_values_further_rows():
    shaped = unstacked(LONG, 2, 1, [0])
    assert table(shaped) == {
        "day": ["Mo", "Mo", "Tu", "We"], "A": ["1.0", "3.0", "4.0", ""], "B": ["2.0", "", "", "3a"],
    }  # fmt: skip
    assert shaped.columns[1].unit == "h"
    assert shaped.notes == ("1 row without a group is left out.",)
    assert table(unstacked(LONG, 2, 1, [])) == {"A": ["1.0", "3.0", "4.0"], "B": ["2.0", "3a", ""]}


@pytest.mark.parametrize(
    ("how", "a", "b"),
    [
        ("mean", [2.0, 4.0, None], [2.0, None, None]), ("sum", [4.0, 4.0, None], [2.0, None, None]),
        ("count", [2.0, 1.0, 0.0], [1.0, 0.0, 0.0]),
    ],
)  # fmt: skip
def test_several_values_are_summed_up_on_request(how, a, b):
    shaped = unstacked(LONG, 2, 1, [0], how=how)
    got = [[None if np.isnan(v) else v for v in c.values] for c in shaped.columns[1:]]
    assert got == [a, b]


def test_rows_become_columns_named_by_one_of_them():
    shaped = transposed(HEADS, 0)
    assert table(shaped) == {
        "Column": ["H1", "H2", "H3"], "early": ["1.5", "2.5", ""], "late": ["n.k.", "3.5", "4.5"],
    }  # fmt: skip
    assert [c.name for c in transposed(HEADS[1:], None).columns] == ["Column", "Row 1", "Row 2"]


def test_each_group_gets_its_rows():
    found = dict(divided(LONG, 1))
    assert list(found) == ["A", "B"]
    assert texts_of(found["B"].columns[2]) == ["2.0", "3a"]
    assert found["B"].origin.tolist() == [1, 5]


@pytest.mark.parametrize(
    ("make", "words_"),
    [
        (lambda: stacked(HEADS, [1]), "two at least"), (lambda: unstacked(LONG, 2, 2, []), "different columns"),
        (lambda: unstacked(LONG, 0, 1, [], how="mean"), "Only numbers"), (lambda: transposed(LONG[:1], 0), "no column left"),
        (lambda: unstacked([words("g", [None]), number("v", [1])], 1, 0, []), "holds no groups"),
        (lambda: divided([words("g", [f"g{i}" for i in range(MOST_SHEETS + 1)])], 0), "51 different values"),
        (lambda: transposed([number("v", range(1990)), number("w", range(1990))], None), "1\u202f991 columns"),
        (lambda: stacked([number(f"v{i}", np.zeros(1_000_000)) for i in range(6)], range(6)), "6\u202f000\u202f000 rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(make, words_):
    with pytest.raises(DataProblem, match=words_):
        make()


CELLS = st.one_of(st.none(), st.integers(-999, 999).map(lambda n: n / 10))


@FIXED
@given(
    st.integers(2, 5).flatmap(
        lambda w: st.lists(st.lists(CELLS, min_size=w, max_size=w), min_size=1, max_size=12)
    )
)
def test_unstacking_undoes_stacking(rows):
    wide = len(rows[0])
    columns = [words("id", [f"r{i}" for i in range(len(rows))], "id")]
    columns += [
        number(f"v{c}", [np.nan if row[c] is None else row[c] for row in rows]) for c in range(wide)
    ]
    tall = stacked(columns, range(1, wide + 1), empty=True)
    assert tall.rows == len(rows) * wide
    back = unstacked(tall.columns, 2, 1, [0])
    assert table(back) == {c.name: texts_of(c) for c in columns}
    turned = transposed(transposed(columns, 0).columns, 0)
    assert [texts_of(c) for c in turned.columns] == [texts_of(c) for c in columns]
