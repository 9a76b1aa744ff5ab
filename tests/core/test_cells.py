import pytest

from leanlab.core.cells import cell, decimals_for, kind_of


@pytest.mark.parametrize(
    ("name", "value", "data", "shown"),
    [
        ("% of the variance", 43.0636, None, "43.1"),
        ("Cumulative %", 100.0, None, "100.0"),
        ("Cpk", 1.33333, 3, "1.33"),
        ("p", 0.03412, None, "0.034"),
        ("p", 0.00004, None, "< 0.001"),
        ("Mean", 14.2632, 2, "14.26"),
        ("Mean", 0.1419, 1, "0.142"),
        ("Standard deviation", 4.4574, 2, "4.46"),
        ("SS", 123456.78, 2, "123\u202f457"),
        ("95 % from", 502.31, 2, "502.31"),
        ("LCL", 0.0, 2, "0"),
        ("n", 36, 2, "36"),
        ("n", 36.0, 2, "36"),
        ("Mean", None, 2, ""),
        ("Excluded", True, None, "yes"),
        ("Stage", "Before", None, "Before"),
    ],
)
def test_a_number_is_shown_by_what_it_is(name, value, data, shown):
    kind = kind_of(name)
    assert cell(value, kind, decimals_for(kind, (value,), data)) == shown


def test_a_column_has_the_decimals_that_its_largest_value_needs():
    assert decimals_for("plain", [43.0636, 0.02], 2) == 2
    assert decimals_for("plain", [float("nan"), 3.0], 2) == 0
    assert decimals_for("plain", [], None) == 0
