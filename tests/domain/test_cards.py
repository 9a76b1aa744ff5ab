"""Whether a gain is held, and what it is worth: by hand."""

from datetime import date, timedelta

import pytest

from leanlab.domain.cards import (
    Points,
    Seen,
    around,
    before_latest,
    gain_left,
    held,
    latest,
    scaled,
)
from leanlab.domain.cards_worth import worth, yearly

CHANGE = date(2026, 3, 1)


def every_day(values):
    days = [CHANGE + timedelta(days=i) for i in range(len(values))]
    return Points(days, values, [1.0] * len(values))


def test_day_30_is_the_mean_of_two_weeks_to_either_side():
    found = around(every_day([float(i) for i in range(90)]), CHANGE, 30)
    assert (found.mean, found.n) == (30.0, 29)
    assert around(every_day([1.0] * 25), CHANGE, 30) is None, "day 30 has not come"


def test_shares_are_pooled_by_their_size():
    points = Points([CHANGE, CHANGE + timedelta(days=30)], [10.0, 20.0], [1.0, 3.0])
    assert around(points, CHANGE, 14).mean == 10.0
    both = Points(
        [CHANGE + timedelta(days=29), CHANGE + timedelta(days=30)], [10.0, 20.0], [1.0, 3.0]
    )
    assert around(both, CHANGE, 30).mean == 17.5


def test_the_latest_days_count_only_when_all_lie_after_the_change():
    assert latest(every_day([1.0] * 29), CHANGE) is None
    assert latest(every_day([1.0] * 30), CHANGE).n == 30


def test_the_latest_days_are_held_against_the_days_before_them():
    """20 before, 10 at first, 15 of late: half of the gain is left, not 80 %."""
    points = every_day([10.0] * 30 + [15.0] * 30)
    newest = latest(points, CHANGE)
    first = before_latest(points, CHANGE, newest)
    assert (newest.mean, first.mean, first.n) == (15.0, 10.0, 30)
    assert gain_left(20.0, first.mean, newest.mean) == pytest.approx(0.5)
    short = every_day([10.0] * 32)
    assert before_latest(short, CHANGE, latest(short, CHANGE)) is None
    seen = Seen(60, 60, date(2026, 4, 29), 0.75, 0.5, faded=True)
    found = held("confirmed", seen, stable=True)
    assert (found.word, found.level) == ("no", "bad")
    assert "keep 50 % of the gain that was there before them" in found.evidence
    chance = held("confirmed", Seen(60, 60, date(2026, 4, 29), 0.75, 0.7, faded=False), stable=True)
    assert (chance.word, chance.evidence.count("may be chance")) == ("uncertain", 1)
    small = held("confirmed", Seen(60, 60, date(2026, 4, 29), 0.95, 0.9, faded=True), stable=True)
    assert small.word == "yes"


@pytest.mark.parametrize(
    ("verdict", "stable", "share", "word"),
    [
        ("confirmed", True, 0.9, "yes"), ("promising", None, 0.8, "yes"),
        ("confirmed", False, 0.9, "uncertain"), ("confirmed", True, 0.79, "uncertain"),
        ("confirmed", True, None, "too early to tell"), ("too_early", None, None, "too early to tell"),
        ("stale", True, 1.0, "uncertain"), ("not_shown", True, 1.0, "not shown"), ("worse", True, 1.0, "no"), ("", None, None, "not known"),
    ],
)  # fmt: skip
def test_held_needs_a_shown_gain_that_is_left_and_calm(verdict, stable, share, word):
    found = held(verdict, Seen(20, 60, date(2026, 4, 29), share, share, faded=False), stable=stable)
    assert found.word == word
    assert ("to 29 Apr 2026" in found.evidence) == (
        share is not None
        and word in {"yes", "no", "uncertain"}
        and verdict in {"confirmed", "promising"}
    )


def test_a_gain_that_never_was_cannot_be_left():
    assert gain_left(10, 10, 8) is None
    assert gain_left(10, 5, 6) == pytest.approx(0.8)


def test_a_benefit_grows_with_the_change_whatever_its_sign():
    assert scaled(100.0, -4.0, (-5.0, -3.0)) == (75.0, 125.0)
    assert scaled(100.0, -4.0, (-9.0, 1.0)) == (-25.0, 225.0)
    assert scaled(100.0, 0.0, (-1.0, 1.0)) is None


def line(months, **more):
    return {"benefit_class": "hard", "months": months, **more}


def test_present_value_and_payback_follow_the_months():
    months = {"2026-01": {"actual": 40.0, "plan": 90.0}, "2026-03": {"forecast": 100.0}}
    found = worth([line(months)], [{"month": "2026-01", "amount": 100.0}], 0.21)
    monthly = 1.21 ** (1 / 12)
    assert found.npv == pytest.approx(-60 + 100 / monthly**2)
    assert found.payback == pytest.approx(1.6)
    assert (found.paid_in, found.paid_back) == ("2026-03", "in Mar 2026, 1.6 months after Jan 2026")
    early = worth(
        [line(months)],
        [{"month": "2025-11", "amount": 100.0}],
        0.21,
        ("2026-01", "2026-02", "2026-03"),
    )
    assert early.paid_back == "in Mar 2026, 2.6 months after what was spent before"
    free = worth([line(months)], [{"month": "2026-01", "amount": 1.0}], 0.21)
    assert free.paid_back == "in Jan 2026"
    assert found.costs == 100.0


def test_costs_without_a_month_come_first_and_rejected_lines_do_not_count():
    months = {"2026-01": {"plan": 50.0}}
    found = worth([line(months), line(months, state="rejected")], [{"amount": 20.0}], None)
    assert found.npv == pytest.approx(30.0)
    assert worth([], [], None) is None


def test_a_year_rests_on_what_was_counted_even_if_that_is_nothing():
    months = {"2026-01": {"plan": 10.0, "actual": 0.0}, "2026-02": {"plan": 10.0}}
    found = yearly([line(months)])
    assert (found.series, found.value, found.months) == ("actual", 0.0, 1)
