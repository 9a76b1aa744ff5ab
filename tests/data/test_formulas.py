"""Formulas of calculated columns: what they come to, what they refuse, and that they can only calculate."""

import datetime as dt
import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import Problem
from leanlab.data.formula_functions import FUNCTIONS, NAMES
from leanlab.data.formula_text import FormulaProblem, parsed, shown_name, with_ids, with_names
from leanlab.data.formula_values import Scope, Source
from leanlab.data.formulas import calculated, columns_in, reach

FIXED = settings(derandomize=True, deadline=None)
SOURCES = [
    Source("c1", "a", "number", 1), Source("c2", "late h", "number"), Source("c3", "day", "datetime"),
    Source("c4", "carrier", "category"), Source("c5", "done", "datetime"), Source("c6", "Größe", "whole"),
]  # fmt: skip
VALUES = {
    "c1": np.array([1.0, 2.0, 0.0, np.nan, 5.0]),
    "c2": np.array([3.0, 4.0, 5.0, 6.0, 7.0]),
    "c3": np.array(
        ["2026-01-01T10:30", "2025-12-29", "2024-12-30", "NaT", "2027-01-03"], "datetime64[s]"
    ),
    "c4": np.array(["North", "South", None, "north x", "North"], dtype=object),
    "c5": np.array(
        ["2026-01-02T10:30", "2025-12-31", "2024-12-30T12:00", "2026-01-01", "NaT"],
        "datetime64[s]",
    ),
    "c6": np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
}


def outcome(text, sources=SOURCES, values=VALUES, rows=5):
    return calculated("new", text, Scope(sources, values.__getitem__, rows))


def came(text):
    """Return the kind and the values, missing ones as None."""
    column = outcome(text).column
    if column.kind == "datetime":
        return column.kind, [None if np.isnat(v) else str(v) for v in column.values]
    return column.kind, [
        None if isinstance(v, float) and math.isnan(v) else v for v in column.values.tolist()
    ]


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("a + 1", "whole", [2, 3, 1, None, 6]),
        ("[late h] / a", "number", [3, 2, None, None, 1.4]),
        ('if([late h] > 5, "late", "on time")', "category", ["on time"] * 3 + ["late"] * 2),
        ("if(a = 0, missing, 1/a)", "number", [1, 0.5, None, None, 0.2]),
        ("done - day", "number", [1, 2, 0.5, None, None]),
        ("hours(done - day)", "whole", [24, 48, 12, None, None]),
        ("minutes(done - day)", "whole", [1440, 2880, 720, None, None]),
        ("day + 7", "datetime", ["2026-01-08T10:30:00", "2026-01-05T00:00:00", "2025-01-06T00:00:00", None, "2027-01-10T00:00:00"]),
        ("date(day)", "datetime", ["2026-01-01T00:00:00", "2025-12-29T00:00:00", "2024-12-30T00:00:00", None, "2027-01-03T00:00:00"]),
        ("mean([late h])", "whole", [5] * 5),
        ("mean(a, [late h])", "number", [2, 3, 2.5, 6, 6]),
        ("max(day, done)", "datetime", ["2026-01-02T10:30:00", "2025-12-31T00:00:00", "2024-12-30T12:00:00", "2026-01-01T00:00:00", "2027-01-03T00:00:00"]),
        ("lag(a)", "whole", [None, 1, 2, 0, None]), ("lag(a, 2)", "whole", [None, None, 1, 2, 0]),
        ("lag(a, -1)", "whole", [2, 0, None, 5, None]), ("lag(a, 6) = 1", "category", [None] * 5),
        ("lag(carrier)", "category", [None, "North", "South", None, "north x"]),
        ("diff([late h])", "whole", [None, 1, 1, 1, 1]), ("diff(done)", "number", [None, -2.4375, -365.5, 366.5, None]),
        ("running_sum(a)", "whole", [1, 3, 3, None, 8]), ("row()", "whole", [1, 2, 3, 4, 5]),
        ("count(a)", "whole", [4] * 5), ("count(a, carrier)", "whole", [2, 2, 1, 1, 2]),
        ('carrier = "North"', "category", ["yes", "no", None, "no", "yes"]),
        ('contains(carrier, "nor")', "category", ["yes", "no", None, "yes", "yes"]),
        ("not a > 1", "category", ["yes", "no", "yes", None, "no"]),
        ("a > 1 and [late h] > 4", "category", ["no", "no", "no", None, "yes"]),
        ("a > 1 or [late h] > 5", "category", ["no", "yes", "no", "yes", "yes"]),
        ('day >= "2026-01-01"', "category", ["yes", "no", "no", None, "yes"]),
        ("is_missing(a)", "category", ["no", "no", "no", "yes", "no"]),
        ("-2**2", "whole", [-4] * 5), ("2^3^2", "whole", [512] * 5), ("2**-1", "number", [0.5] * 5),
        ("round(2.675, 2)", "number", [2.68] * 5), ("round(-2.5)", "whole", [-3] * 5), ("7 <> 7", "category", ["no"] * 5),
        ("round(1250, -2)", "whole", [1300] * 5), ("GRÖSSE * 2", "whole", [2, 4, 6, 8, 10]),
        ("abs(-a)", "whole", [1, 2, 0, None, 5]), ("floor(-1.5) + ceil(1.2)", "whole", [0] * 5),
        ("sqrt(4) + log(1) + log10(100) + exp(0)", "whole", [5] * 5), ("1 - -1", "whole", [2] * 5),
    ],
)  # fmt: skip
def test_what_a_formula_comes_to(text, kind, values):
    assert came(text) == (kind, values)


@FIXED
@given(st.lists(st.integers(-10_000, 10_000).map(lambda n: n / 100), min_size=2, max_size=30))
def test_functions_of_a_column_agree_with_pythons_own_statistics(numbers):
    values = {"c1": np.array(numbers)}
    for text, wanted in (
        ("mean(a)", statistics.fmean(numbers)), ("median(a)", statistics.median(numbers)),
        ("sd(a)", statistics.stdev(numbers)), ("sum(a)", math.fsum(numbers)),
        ("min(a)", min(numbers)), ("max(a)", max(numbers)),
    ):  # fmt: skip
        [got] = set(outcome(text, SOURCES[:1], values, len(numbers)).column.values.tolist())
        assert got == pytest.approx(wanted, rel=1e-9, abs=1e-9), text


@FIXED
@given(st.datetimes(dt.datetime(1890, 1, 1), dt.datetime(2120, 1, 1)))  # noqa: DTZ001
def test_parts_of_a_date_agree_with_pythons_calendar(moment):
    moment = moment.replace(microsecond=0)
    values = {"c3": np.array([moment], "datetime64[s]")}
    _, week, weekday = moment.isocalendar()
    for text, wanted in (
        ("year", moment.year), ("month", moment.month), ("day", moment.day), ("hour", moment.hour),
        ("minute", moment.minute), ("week", week), ("weekday", weekday),
        ("quarter", (moment.month + 2) // 3), ("weekday_name", moment.strftime("%A")),
    ):  # fmt: skip
        got = outcome(f"{text}(day)", [SOURCES[2]], values, 1).column.values.tolist()
        assert got == [wanted], text


NUMBERS = st.integers(-300, 300).map(lambda n: n / 4)
TREES = st.recursive(
    NUMBERS.filter(lambda n: n >= 0).map(str) | st.just("a"),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(
        lambda t: f"({t[0]} {t[1]} {t[2]})"
    ),
    max_leaves=8,
)


@FIXED
@given(TREES, NUMBERS)
def test_arithmetic_agrees_with_pythons(text, number):
    try:
        wanted = eval(text, {"__builtins__": {}}, {"a": number})  # noqa: S307 - made just here
    except ZeroDivisionError:
        wanted = None
    [got] = outcome(text, SOURCES[:1], {"c1": np.array([number])}, 1).column.values.tolist()
    if wanted is None:
        assert math.isnan(got)
    else:
        assert got == pytest.approx(wanted, rel=1e-12)


@FIXED
@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_problem_and_nothing_else(text):
    try:
        found = outcome(text)
    except FormulaProblem:
        return
    assert len(found.column.values) == 5


@FIXED
@given(
    st.lists(
        st.sampled_from(
            ["a", "day", "carrier", "[late h]", "1", "0", '"x"', "(", ")", ",", "missing", "and", "not",
             *"+-*/^=<>", *(f"{name}(" for name in FUNCTIONS)]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_signs_in_any_order_are_a_formula_or_a_problem(listed):
    try:
        column = outcome(" ".join(listed)).column
    except Problem:
        return
    assert len(column.values) == 5
    if column.kind in {"number", "whole"}:
        assert not np.isinf(column.values).any()


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 1, "no formula yet"), ("1 +", 4, "ends too early"), ("(1", 1, "not closed"),
        ("flor(1)", 1, "no function named flor"), ("a + lat", 5, "no column named lat"), ("[late", 1, "closing bracket"),
        ('a = "x', 5, "closing quotation mark"), ("a b", 3, "operator such as"), ("if(a, 1, 2)", 4, "yes or no, not a number"),
        ('if(a > 1, 2, "x")', 14, "must be alike"), ("a + carrier", 5, "needs a number here, not a text"),
        ("day * 2", 5, "no meaning for dates"), ("1 < 2 < 3", 7, "in a row"), ("a $ 2", 3, "means nothing"),
        ("7,5", 2, "before ,"), ('carrier > "a"', 9, "equal or not"), ("a = missing", 3, "equal to missing"),
        ('day > "soon"', 7, "date is compared with a text"), ("round(a, a)", 10, "whole number from"),
        ("lag(a, 0.5)", 8, "whole number from"), ("a = carrier", 3, "A number is compared with a text"),
        ("not a", 5, "yes or no here"), ("mean(day)", 6, "needs a number here"), ("round()", 1, "is written round"),
        ("contains(carrier, carrier)", 19, "quotation marks"), ("missing", 1, "nothing in every row"), ("1e999", 1, "too large"),
        ("max(a, day)", 1, "dates and numbers"), ("{c9}", 1, "was deleted"), ("and", 1, "value is missing before and"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_the_place(text, at, words):
    with pytest.raises(FormulaProblem) as caught:
        outcome(text)
    assert words in caught.value.message
    assert caught.value.message.endswith(f"(at character {at}).")
    assert caught.value.at == at - 1


def test_near_names_are_proposed():
    with pytest.raises(FormulaProblem) as caught:
        outcome("lateh + 1")
    assert caught.value.hint == "Did you mean late h?"
    with pytest.raises(FormulaProblem) as caught:
        outcome("flor(a)")
    assert caught.value.hint == "Did you mean floor?"


@pytest.mark.parametrize(
    "text",
    [
        '__import__("os").system("x")', "a.__class__", "().__class__", "lambda: 1", "open('x')", "a[0]",
        "exec('x')", "[a for a in a]", "a := 1", "f'{a}'", "`a`", "a; b", "import os", "globals()", "9**9**9**9**9",
        "(" * 60 + "1" + ")" * 60, "-" * 290 + "1", "1" + " + 1" * 140, "1" + "^2" * 100, "a " * 3000, "not " * 200 + "a",
        "if(" * 80, "max(" + ",".join(["a"] * 140) + ")", "[" * 1500,
    ],
)  # fmt: skip
def test_a_formula_from_a_foreign_file_can_only_calculate(text):
    try:
        values = outcome(text).column.values
    except Problem:
        return
    assert np.isnan(values).all()


def test_rows_without_a_result_are_counted_with_the_reason():
    found = outcome("1 / a")
    assert found.failed.tolist() == [False, False, True, False, False]
    assert found.sentence == "Row 3 has no result: it would be divided by zero."
    assert "3 rows have no result, the first is row 1" in outcome("sqrt(-a)").sentence
    assert outcome("if(a = 0, 0, 1 / a)").sentence == ""


def test_formulas_that_look_at_other_rows_are_known():
    for text in ("a + 1", "mean(a, [late h])", "if(a > 1, day, done)", "week(day)"):
        assert reach(text) == 0
    for text in ("mean(a)", "1 + row()", "if(a > max(a), 1, 0)", "lag(running_sum(a))"):
        assert reach(text) is None
    assert [reach(t) for t in ("a - lag(a)", "diff(day)", "lag(a, -3) + lag(a, 2)")] == [1, 1, 3]
    assert reach("diff(lag(a, 4)) + abs(lag(a))") == 5


NAMES_OF_COLUMNS = st.text(min_size=1, max_size=12).map(lambda t: " ".join(t.split())).filter(bool)


@FIXED
@given(NAMES_OF_COLUMNS, NAMES_OF_COLUMNS)
def test_a_stored_formula_survives_any_name(name, later):
    first = shown_name(name, NAMES)
    [column] = columns_in(parsed(f"{first} + 1"))
    stored = with_ids(f"{first} + 1", {column.name: "c7"})
    assert stored == "{c7} + 1"
    shown = with_names(stored, {"{c7}": later}, NAMES)
    found = calculated("x", shown, Scope([Source("c7", later, "number")], lambda _: np.ones(1), 1))
    assert found.column.values.tolist() == [2.0]


def test_every_function_is_told_with_its_shape():
    for name, one in FUNCTIONS.items():
        assert one.shape.startswith(f"{name}(")
        assert one.told
        assert not one.told.endswith(".")


def test_calculated_decimals_show_what_tells():
    assert outcome("a / 2").column.decimals == 1
    assert outcome("a / 3").column.decimals == 3
    assert outcome("a / 30000").column.decimals == 6
    assert outcome("a + 1").column.decimals == 0
