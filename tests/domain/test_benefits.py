"""Money over months: known present values and paybacks, run rates called so."""

import pytest

from leanlab.domain.benefits import (
    annualised,
    by_month,
    month_value,
    months_from,
    net_present_value,
    payback_months,
    return_on_investment,
    total,
    weak_months,
    worked_words,
)
from leanlab.worksheets.declare import Row

FLOWS = [-50000.0] + [6000.0] * 12


def line(**months):
    return Row("b", "", {"months": {m.replace("_", "-")[1:]: v for m, v in months.items()}})


def test_the_present_value_of_a_known_case():
    assert net_present_value(FLOWS, 0.10) == pytest.approx(18402.93, abs=0.005)


def test_payback_is_linear_inside_the_month():
    assert payback_months(FLOWS) == pytest.approx(8.3333, abs=1e-4)
    assert payback_months([-100.0, 10.0]) is None
    assert payback_months([5.0]) == 0.0


def test_return_needs_costs():
    assert return_on_investment(72000.0, 50000.0) == pytest.approx(0.44)
    assert return_on_investment(10.0, 0.0) is None


def test_months_run_over_the_end_of_the_year():
    assert months_from("2026-11", 3) == ("2026-11", "2026-12", "2027-01")


def test_a_month_without_entry_is_no_zero():
    one = line(m2026_05={"plan": 10.0})
    assert month_value(one, "2026-05", "actual") is None
    assert by_month([one], ("2026-05", "2026-06"), "plan") == [10.0, None]
    assert total(one, ("2026-05", "2026-06"), "plan") == 10.0


def test_fewer_than_twelve_months_are_a_run_rate():
    few = annualised([100.0, None, 200.0])
    assert few.is_run_rate
    assert few.value == pytest.approx(1800.0)
    assert not annualised([50.0] * 14).is_run_rate
    assert annualised([None]) is None


def test_two_weak_months_in_a_row_are_found():
    months = ("2026-01", "2026-02", "2026-03")
    weak = line(
        **{
            f"m2026_0{i}": {"plan": 100.0, "actual": a}
            for i, a in ((1, 90.0), (2, 70.0), (3, 79.0))
        }
    )
    assert weak_months([weak], months) == [("2026-02", "2026-03")]


def test_a_month_is_confirmed_by_itself_or_with_its_line_unless_finance_rejected_it():
    from datetime import date

    from leanlab.domain.benefits import month_standing
    from leanlab.domain.portfolio import money_of

    months = {f"2026-0{m}": {"actual": 100.0 * m} for m in (1, 2, 3)}
    judged = {"2026-01": {"decision": "validated"}, "2026-02": {"decision": "rejected"}}
    line = {"benefit_class": "hard", "months": months, "month_reviews": judged}
    assert [month_standing(line, m) for m in months] == ["validated", "rejected", "open"]
    money = money_of([line], date(2026, 5, 1))
    assert (money.validated, money.unseen, money.rejected) == (100.0, 300.0, 200.0)
    assert money.actual == money.hard == 400.0  # what was rejected counts in neither
    whole = {**line, "validated_on": "2026-04-01"}
    assert [month_standing(whole, m) for m in months] == ["validated", "rejected", "validated"]
    assert money_of([whole], date(2026, 5, 1)).validated == 400.0


ORDERS = {
    "benefit_class": "hard", "rate_before": 14.3, "rate_unit": "% late", "unit_value": 4.0,
    "volume_unit": "orders", "volume_plan": 5000.0,
    "months": {"2026-05": {"rate": 8.1, "volume": 5200.0, "actual": 1.0}, "2026-06": {"rate": 9.0}},
}  # fmt: skip


def test_a_month_is_worked_out_from_what_a_unit_saves_and_the_volume_that_really_was():
    from leanlab.domain.benefits import worked

    found = worked(ORDERS, "2026-05")
    assert found.amount == pytest.approx(
        0.062 * 5200 * 4
    )  # by hand: 6.2 % of 5,200 orders at 4 EUR
    assert found.rate_part == pytest.approx(0.062 * 5000 * 4)
    assert found.volume_part == pytest.approx(0.062 * 200 * 4)
    assert month_value(ORDERS, "2026-05", "actual") == 1289.6  # and not the typed 1
    assert worked(ORDERS, "2026-06") is None
    said = worked_words(ORDERS, "2026-05", "EUR").replace("\u202f", ",")
    assert said.startswith("(14.3 − 8.1) % × 5,200 orders × 4 EUR = 1,290 EUR; rate part 1,240 EUR")


def test_a_rate_that_got_worse_costs_and_higher_may_be_better():
    from leanlab.domain.benefits import worked

    worse = {**ORDERS, "months": {"2026-05": {"rate": 15.3, "volume": 100.0}}}
    assert worked(worse, "2026-05").amount == pytest.approx(-4.0)
    yields = {**worse, "better": "higher"}
    assert worked(yields, "2026-05").amount == pytest.approx(4.0)


def test_finance_confirmed_only_the_amounts_that_it_saw():
    from leanlab.domain.benefits import month_standing

    line = {"benefit_class": "hard", "months": {"2026-01": {"actual": 90.0}, "2026-05": {"actual": 50.0}},
            "validated_by": "F. Koch", "validated_on": "2026-02-10", "validated_months": {"2026-01": 80.0}}  # fmt: skip
    assert month_standing(line, "2026-01") == "open"  # it was 80 when she confirmed it
    assert month_standing(line, "2026-05") == "open"  # it came later
