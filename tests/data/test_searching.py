"""Finding in columns of a million cells finds the same cells as looking at their texts."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leanlab.data.searching import Sought, places
from leanlab.data.typing_cells import cell_text

ODD = [
    0.0,
    -0.0,
    1e-05,
    1.5e-07,
    2e16,
    1.25e17,
    -3e22,
    np.nan,
    0.1 + 0.2,
    1 / 3,
    -2 / 3,
    1e15,
    0.00012,
]
numbers = st.one_of(
    st.sampled_from(ODD),
    st.integers(-10_000, 10_000).map(float),
    st.integers(-(10**7), 10**7).map(lambda n: n / 1000),
    st.floats(-1e6, 1e6),
)
texts = st.one_of(
    st.text(alphabet="0123456789", min_size=1, max_size=5),
    st.from_regex(r"-?[0-9]{0,3}\.[0-9]{0,4}", fullmatch=True),
    st.sampled_from(["-", ".", "e", "e-", "+16", "-05", "1e-05", "e+22", "x", "0.30000000000000004", "-0.", "00", "1" * 25]),
)  # fmt: skip


def looked_at(kind, values, decimals, sought):
    return [
        at
        for at, value in enumerate(values)
        if value is not None and sought.fits(cell_text(kind, value, decimals))
    ]


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.lists(numbers, min_size=1, max_size=30), texts, st.integers(0, 6), st.booleans())
@example([0.05, 10.05, 5.0], "0.05", 2, False)
@example([123.456], "3.4560", 2, False)
def test_numbers_are_found_as_they_are_shown(values, text, decimals, whole):
    sought = Sought(text, whole)
    expected = looked_at("number", values, decimals, sought)
    found = list(places("number", np.array(values), decimals, sought))
    assert found == expected
    if expected:
        assert sought.possible("number")


def test_what_stands_in_a_number_column_is_found_by_the_text_of_each_cell():
    values = [float(v) for v in np.random.default_rng(5).normal(50, 30, 60).round(3)]
    for value in values:
        text = cell_text("number", value, 2)
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                sought = Sought(text[start:end])
                assert sought.possible("number")
                assert list(places("number", np.array(values), 2, sought)) == looked_at(
                    "number", values, 2, sought
                )


@pytest.mark.parametrize("text", ["2024-05-01 08", "08:30", "05-01", "2024", " ", "t", "00:00:00"])
def test_dates_are_found_as_they_are_shown(text):
    stored = ["2024-05-01T08:30:00", None, "2024-05-01T00:00:00", "2023-12-31T23:59:58"]
    sought = Sought(text)
    expected = looked_at("datetime", stored, 0, sought)
    assert list(places("datetime", stored, 0, sought)) == expected
    assert bool(expected) <= sought.possible("datetime")


def test_upper_and_lower_case_count_alike_and_missing_cells_hold_nothing():
    cells = ["Nord Über", None, "SÜD", ""]
    assert list(places("text", cells, 0, Sought("ÜBER"))) == [0]
    assert list(places("text", cells, 0, Sought("süd", whole=True))) == [2]
