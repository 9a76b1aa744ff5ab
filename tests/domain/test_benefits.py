"""Money over months: known present values and paybacks, run rates called so."""

import json
from pathlib import Path

import pytest

from leanlab.domain.benefits import (
    annualised,
    by_month,
    claims,
    month_standing,
    month_value,
    months_from,
    net_present_value,
    payback_months,
    resolved,
    return_on_investment,
    stood,
    total,
    weak_months,
    weak_now,
    worked_words,
    year_of,
)
from leanlab.domain.cards_worth import cash, worth, yearly
from leanlab.worksheets.declare import Row

FLOWS = [-50000.0] + [6000.0] * 12
CASES = sorted(
    (Path(__file__).parents[2] / "resources/reference").glob("lean.npv_irr_payback-*.json")
)


def line(**months):
    return Row("b", "", {"months": {m.replace("_", "-")[1:]: v for m, v in months.items()}})


@pytest.mark.parametrize("path", CASES, ids=[p.stem for p in CASES])
def test_present_value_and_payback_are_those_of_r(path):
    case = json.loads(path.read_text())
    flows, wanted = case["inputs"]["cash_flows"], case["expected"]
    yearly = (1 + case["inputs"]["rate"]) ** 12 - 1  # the flows of the case count as months
    assert net_present_value(flows, yearly) == pytest.approx(wanted["npv"], rel=1e-8)
    back = payback_months(flows)
    assert back == (None if wanted["payback_periods"] is None else pytest.approx(wanted["payback_periods"]))  # fmt: skip


def test_the_present_value_of_a_manual():
    """Present value of six payments of 65 at 9.5 % each period: 287.29 (Grey Trout's spreadsheet guide, NPV)."""
    flows = [0.0] + [65.0] * 6
    assert net_present_value(flows, 1.095**12 - 1) == pytest.approx(287.29, abs=0.005)


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


def months_with(*shares):
    """Months from January 2026 with a plan of 100; None for no actual, "" for no plan."""
    found = {}
    for i, share in enumerate(shares, start=1):
        entry = (
            {} if share == "" else {"plan": 100.0} | ({} if share is None else {"actual": share})
        )
        found[f"2026-{i:02}"] = entry
    return {"benefit_class": "hard", "months": found}


@pytest.mark.parametrize(
    ("shares", "weak"),
    [
        ((95.0, 79.0, 60.0), [0.79, 0.60]),
        ((60.0, 60.0, 95.0), []),  # it recovered
        ((60.0, 95.0, 60.0), []),  # never two in a row
        ((80.0, 80.0), []),  # 80 % is not below 80 %
        ((60.0, 70.0, None, None), [0.60, 0.70]),  # the last months are not entered yet
        ((60.0, None, 70.0), []),  # nobody knows the month between
        ((60.0, "", 70.0), [0.60, 0.70]),  # nothing was planned between: by quarter
        ((95.0, 95.0, 95.0, 95.0, 10.0, 10.0), []),  # May runs, June is to come
        ((0.0, -20.0), [0.0, -0.2]),  # it cost money
        ((60.0,), []),
        ((None, None), []),
        ((), []),
    ],
)
def test_two_last_known_months_below_plan_make_a_risk(shares, weak):
    found = weak_now([months_with(*shares)], "2026-05")
    assert [share for _, share in found] == pytest.approx(weak)


def test_a_line_that_nobody_entered_does_not_make_another_look_weak():
    good, silent = months_with(100.0, 100.0), months_with(None, None)
    assert weak_now([good, silent], "2026-05") == []
    unplanned = {"benefit_class": "hard", "months": {"2026-01": {"actual": 5.0}}}
    assert weak_now([unplanned], "2026-05") == []
    years = {
        "benefit_class": "hard",
        "months": {m: {"plan": 9.0, "actual": 1.0} for m in ("2025-12", "2026-01")},
    }
    assert [m for m, _ in weak_now([years], "2026-05")] == ["2025-12", "2026-01"]


def test_what_finance_rejected_is_nothing_against_its_plan():
    line = months_with(100.0, 100.0)
    line["month_reviews"] = {month: {"decision": "rejected"} for month in line["months"]}
    assert [s for _, s in weak_now([line], "2026-05")] == [0.0, 0.0]


def test_a_month_is_confirmed_by_itself_or_with_its_line_unless_finance_rejected_it():
    from leanlab.domain.benefits import month_standing
    from leanlab.domain.portfolio import money_of

    months = {f"2026-0{m}": {"actual": 100.0 * m} for m in (1, 2, 3)}
    judged = {
        "2026-01": {"decision": "validated", "amount": 100.0},
        "2026-02": {"decision": "rejected"},
    }
    line = {"benefit_class": "hard", "months": months, "month_reviews": judged}
    assert [month_standing(line, m) for m in months] == ["validated", "rejected", "open"]
    money = money_of([line])
    assert (money.validated, money.unseen, money.rejected) == (100.0, 300.0, 200.0)
    assert money.actual == money.hard == 400.0  # what was rejected counts in neither
    whole = {**line, "validated_on": "2026-04-01"}
    assert [month_standing(whole, m) for m in months] == ["validated", "rejected", "validated"]
    assert money_of([whole]).validated == 400.0


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
    unseen = {**line, "validated_on": "2026-06-10", "validated_months": {}}
    assert month_standing(unseen, "2026-05") == "open"  # it was empty when she gave her word
    empty = {**line, "month_reviews": {"2026-05": {"decision": "validated", "amount": None}}}
    assert month_standing(empty, "2026-05") == "open"
    by_hand = {**line, "validated_on": "2026-06-10", "validated_months": None}
    assert month_standing(by_hand, "2026-05") == "validated"


def test_what_changed_after_the_word_of_finance_is_told():
    from leanlab.domain.benefits import moved_words

    months = {"2026-01": {"actual": 2400.0}, "2026-02": {"actual": 50.0}, "2026-03": {"plan": 9.0}}
    line = {
        "benefit_class": "hard", "months": months, "validated_by": "F. Koch", "validated_on": "2026-03-02",
        "validated_months": {"2026-01": 2090.0, "2026-02": 50.0},
        "month_reviews": {"2026-03": {"decision": "rejected", "amount": 700.0}},
    }  # fmt: skip
    told = (
        "changed since finance's word: Jan 2026 (2 090, now 2 400 EUR), Mar 2026 (700, now nothing)"
    )
    assert moved_words(line, "EUR").replace("\u202f", " ").replace("\xa0", " ") == told
    assert (
        moved_words({**line, "validated_months": {"2026-01": 2400.0}, "month_reviews": None}, "EUR")
        == ""
    )


MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
JUDGED = {
    "benefit_class": "hard",
    "title": "Less waste",
    "validated_by": "MK",
    "validated_on": "2026-03-20",
    "months": {m: {"plan": 50.0, "actual": 100.0 * (i + 1)} for i, m in enumerate(MONTHS)},
    "month_reviews": {"2026-02": {"decision": "rejected"}},
}


def test_validated_not_yet_validated_and_rejected_months_stand_apart():
    seen = stood([JUDGED])
    assert (seen.validated, seen.open, seen.rejected, seen.counted) == (400.0, 400.0, 200.0, 800.0)
    assert seen.words("EUR") == (
        "400 EUR validated by finance, 400 EUR not yet validated, 200 EUR rejected, not counted"
    )


def test_a_rejected_month_makes_no_year_look_better_and_a_rejected_line_is_worth_nothing():
    assert by_month([JUDGED], MONTHS, "actual") == [100.0, 0.0, 300.0, 400.0]
    assert year_of([JUDGED], MONTHS, "actual").value == pytest.approx(2400.0)  # 800 / 4 x 12
    assert yearly([JUDGED]).value == pytest.approx(2400.0)
    assert worth([{**JUDGED, "state": "rejected"}], [], 0.1) is None


def test_an_amount_mended_after_its_rejection_waits_for_a_new_word():
    mended = {**JUDGED, "month_reviews": {"2026-02": {"decision": "rejected", "amount": 220.0}}}
    assert month_standing(mended, "2026-02") == "open"


def test_a_summary_keeps_what_was_worked_out_and_how_it_stands():
    line = {**ORDERS, "validated_on": "2026-05-31"}
    bare = {"benefit_class": "hard", "months": resolved(line)}
    assert stood([bare]) == stood([line])
    assert stood([bare]).validated == pytest.approx(1289.6)


def test_what_comes_once_is_never_multiplied():
    once = {"benefit_class": "cash", "recurring": 0, "months": {"2026-02": {"actual": 900.0}}}
    steady = {"benefit_class": "hard", "recurring": 1, "months": {"2026-02": {"actual": 10.0}}}
    assert year_of([once], MONTHS, "actual").value == 900.0
    assert year_of([once, steady], MONTHS, "actual").value == pytest.approx(1020.0)


def test_present_value_as_numpy_financial_documents_it():
    """The example of its npv: 8 % a period, -40000, 5000, 8000, 12000, 30000 give 3065.22267."""
    yearly_rate = 1.08**12 - 1
    assert net_present_value([-40000, 5000, 8000, 12000, 30000], yearly_rate) == pytest.approx(
        3065.22267, abs=5e-6
    )


def test_lines_and_costs_give_the_worked_case():
    """Of the design's page of benefits: 50,000 spent, then twelve months of 6,000 at 10 % a year."""
    months = months_from("2026-01", 13)
    line = {"benefit_class": "hard", "months": {m: {"plan": 6000.0} for m in months[1:]}}
    found = cash([line], [{"month": months[0], "amount": 50000.0}], months)
    assert found.npv(0.10) == pytest.approx(18402.93, abs=0.005)
    assert found.payback == pytest.approx(8.3333, abs=1e-4)
    assert found.roi == pytest.approx(0.44)
    early = cash([line], [{"month": "2025-12", "amount": 50000.0}], months[1:])
    assert early.npv(0.10) == pytest.approx(18402.93, abs=0.005)


def test_lines_claim_the_same_by_name_or_by_metric_and_account():
    one = {"title": "Fewer  credit notes", "metric": "Late orders", "pl_line": "Penalties"}
    assert claims(one) & claims({"title": "fewer credit notes"})
    assert claims(one) & claims({"title": "x", "metric": "late orders", "pl_line": "penalties"})
    assert not claims(one) & claims({"title": "x", "metric": "Late orders", "pl_line": "Freight"})
