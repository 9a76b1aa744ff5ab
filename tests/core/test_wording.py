"""Numbers inside sentences: what differs looks different, and no line ends before a unit."""

import pytest

from leanlab.core import format as words
from leanlab.core.wording import NBSP, apart, course, unbroken, unlike_zero


def percent(value, more):
    return f"{words.number(value, 1 + more)} %"


def test_values_that_look_equal_get_more_digits_until_they_do_not():
    assert apart(14.2, 5.0, percent) == ("14.2 %", "5.0 %")
    assert apart(1.61, 1.64, percent) == ("1.61 %", "1.64 %")
    assert apart(1.6012, 1.6009, percent) == ("1.6012 %", "1.6009 %")


def test_values_that_hardly_differ_stay_short():
    assert apart(1.60000001, 1.6, percent) == ("1.6 %", "1.6 %")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (12.4, 6.1, "fell from 12.4 % to 6.1 %"),
        (1.61, 1.64, "rose from 1.61 % to 1.64 %"),
        (1.6, 1.6, "stayed at 1.6 %"),
        (1.6, 1.60000001, "stayed at 1.6 %"),
    ],
)
def test_a_course_never_rises_from_one_figure_to_the_same(before, after, said):
    assert course(before, after, percent) == said


def test_a_size_that_is_not_zero_does_not_look_like_zero():
    assert unlike_zero(2.0, percent) == "2.0 %"
    assert unlike_zero(0.012, percent) == "0.01 %"
    assert unlike_zero(0.0, percent) == "0.0 %"
    assert unlike_zero(1e-12, percent) in {"0.0 %", "1e-12 %"}


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Late orders fell to 5 % in week 30.", "Late orders fell to 5~% in week 30."),
        ("It takes 12.5 min, then 3 h.", "It takes 12.5~min, then 3~h."),
        ("There are 30 points; 28 of them are inside.", "There are 30~points; 28 of them are inside."),
        ("From 26 Apr 2026 on the level is higher.", "From 26~Apr 2026 on the level is higher."),
        ("between 4 and 5 percentage points", "between 4 and 5~percentage points"),
        ("Rule 1 (beyond a limit) fired.", "Rule 1 (beyond a limit) fired."),
        ("It rose by 0.2 from 1.1 to 1.3.", "It rose by 0.2 from 1.1 to 1.3."),
    ],
)  # fmt: skip
def test_a_number_stays_with_its_unit(text, bound):
    assert unbroken(text) == bound.replace("~", NBSP)
    assert unbroken(text).replace(NBSP, " ") == text
