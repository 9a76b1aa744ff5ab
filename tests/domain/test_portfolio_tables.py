"""Tables of a portfolio from entries, also from those that a stranger wrote."""

from datetime import date

import pytest

from leanlab.domain.portfolio import Entry, currencies, flow, reasons, totals
from leanlab.domain.portfolio_body import cleaned
from leanlab.domain.portfolio_tables import (
    Column,
    actions,
    benefits,
    health,
    projects,
    sheets,
    shown,
    signal_words,
    stuck_things,
)

TODAY = date(2026, 5, 20)


def entry(path="a", **body):
    return Entry({"title": "Late", "changed": "2026-05-19", **body}, path, TODAY)


def test_health_says_why_and_never_only_a_colour():
    assert health(entry()) == ("good", "ok")
    late = entry(next_gate={"title": "Measure", "planned": "2026-04-01"})
    assert health(late) == ("bad", "The Measure gate is 49 days late")
    stale = entry(changed="2026-03-01")
    assert health(stale) == ("warning", "Nothing changed for 80 days")
    both = entry(changed="2026-03-01", next_gate={"title": "Measure", "planned": "2026-04-01"})
    assert health(both)[1].endswith("(+1)")


def test_benefits_below_plan_for_two_months_are_a_risk_in_words():
    months = {
        "2026-03": {"plan": 100.0, "actual": 61.0},
        "2026-04": {"plan": 100.0, "actual": 79.9},
    }
    lines = [{"benefit_class": "hard", "months": months}]
    assert health(entry(benefits=lines)) == (
        "warning", "Benefits stay below 80 % of their plan: 61 % in Mar 2026 and 79 % in Apr 2026"
    )  # fmt: skip
    good = {**months, "2026-04": {"plan": 100.0, "actual": 90.0}}
    assert health(entry(benefits=[{"benefit_class": "hard", "months": good}]))[0] == "good"


def test_those_at_risk_come_first_and_closed_ones_last():
    lines = projects(
        [
            entry("a", code="1"),
            entry("b", code="2", closed=True),
            entry("c", code="3", changed="2026-01-01"),
        ]
    )
    assert [line.values[0] for line in lines.lines] == ["3", "1", "2"]


def test_a_must_of_a_later_gate_is_no_risk_yet():
    end = {"must": True, "text": "Hard savings are not validated.", "rule": "GT-15"}
    assert health(entry(loose_ends=[{**end, "now": False}]))[0] == "good"
    assert health(entry(loose_ends=[{**end, "now": True}]))[0] == "warning"


def test_a_benefit_of_two_projects_says_with_whom():
    line = {"title": "Fewer fines", "benefit_class": "hard", "months": {"2026-04": {"plan": 5.0}}}
    table = benefits(
        [entry("a", code="P-1", benefits=[line]), entry("b", code="P-2", benefits=[line])]
    )
    assert [x.values[-1] for x in table.lines] == [
        "counted twice? also in P-2",
        "counted twice? also in P-1",
    ]


def test_actions_come_the_latest_first_with_nobody_named():
    table = actions(
        [
            entry(
                actions=[
                    {"title": "x", "due": "2026-05-10", "owner": "Bo"},
                    {"title": "y", "due": "2026-03-01"},
                ]
            )
        ]
    )
    assert [(line.values[2], line.values[3], line.level) for line in table.lines] == [
        ("y", "nobody", "bad"), ("x", "Bo", "warning"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("money", 1234.5, "1\u202f234"), ("percent", 0.856, "86 %"), ("days", 0, "today"), ("days", 1, "1 day"),
     ("date", "2026-05-20", "20 May 2026"), ("date", "soon", "soon"), ("text", None, "")],
)  # fmt: skip
def test_values_are_read_as_people_write_them(kind, value, text):
    assert shown(Column("x", kind), value) == text


HOSTILE = [
    {"title": ["x"], "metric": 3, "benefits": {"a": 1}, "actions": "late", "risks": [1, None], "card": []},
    {"title": "x" * 10_000, "benefits": [{"months": ["2026-01"]}, {"months": {"2026-13": {"plan": 1}}}]},
    {"benefits": [{"benefit_class": "hard", "months": {"2026-01": {"plan": float("inf"), "actual": "9"}}}]},
    {"risks": [{"probability": "high", "impact": 1e300}], "loose_ends": [{"must": "yes", "text": {}}]},
    {"changed": "yesterday", "created": "2026-99-01", "phases": [{"on": "never", "title": 4}], "next_gate": "soon"},
    {"actions": [{"due": "tomorrow", "owner": []}] * 2000, "next_gate": {"planned": "2090-01-01", "title": 1}},
    {"metric": {"target": "low", "before": True, "gap_closed": float("nan"), "unit": 4, "verdict": ["worse"]}},
    {"closed": "no", "closed_on": "x", "weak": [7, {"text": "<b>"}], "follow_up": {"lessons": 3}, "notes": [{}]},
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
def test_whatever_a_file_says_of_itself_the_tables_stand(body):
    from leanlab.domain.portfolio import by_month, phase_days, stuck

    one = Entry(cleaned({"title": "x", **body}), "a", TODAY)
    for sheet in sheets([one]):
        assert all(len(line.values) == len(sheet.columns) for line in sheet.lines)
    assert totals([one]).plan == 0.0
    assert isinstance(
        [by_month([one]), flow([one]), phase_days([one]), stuck([one]), currencies([one])], list
    )
    assert len(one.title) <= 400
    assert len(one.actions) <= 500


def test_currencies_are_told_apart():
    line = {"title": "x", "benefit_class": "hard", "months": {"2026-04": {"plan": 5.0}}}
    mixed = [entry("a", benefits=[line], currency="USD"), entry("b", benefits=[line])]
    assert sorted(currencies(mixed)) == ["EUR", "USD"]


MONEY = [{"title": "a", "benefit_class": "hard",
          "months": {"2025-12": {"plan": 50.0}, "2026-01": {"plan": 100.0, "actual": 0.0}}}]  # fmt: skip


def cell(sheet, name):
    at = next(i for i, c in enumerate(sheet.columns) if c.name == name)
    return sheet.lines[0].values[at]


def test_a_stopped_project_is_no_success_and_plans_nothing():
    one = entry(closed=True, stopped=True, closed_on="2026-05-01", benefits=MONEY)
    assert health(one) == ("grey", "stopped")
    sheet = projects([one])
    assert [cell(sheet, n) for n in ("Phase", "Next gate", "Plan", "Actual")] == [
        "Stopped",
        "stopped",
        0.0,
        0.0,
    ]
    assert totals([one]).plan == 0.0


def test_a_gate_sent_back_is_a_reason():
    phases = [
        {"id": "measure", "title": "Measure", "decision": "rework", "decided_on": "2026-05-02"}
    ]
    one = entry(phase="Measure", phases=phases)
    assert [r.text for r in reasons(one)] == [
        "The Measure gate was sent back for rework on 2 May 2026."
    ]
    assert health(one)[0] == "bad"


def test_money_of_the_table_is_of_the_year_above_it_and_nothing_is_no_zero():
    sheet = projects([entry(benefits=MONEY)], "2026")
    assert [c.heading for c in sheet.columns if c.kind == "money"] == [
        "Plan 2026",
        "Forecast 2026",
        "Actual 2026",
        "Validated 2026",
    ]
    assert [cell(sheet, n) for n in ("Plan", "Forecast", "Actual", "Validated")] == [
        100.0,
        None,
        0.0,
        0.0,
    ]
    assert cell(projects([entry(benefits=MONEY)]), "Plan") == 150.0


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"held": "yes", "data_to": "2026-05-15"}, "held"),
        ({"held": "yes", "data_to": "2026-02-01"}, "held to 1 Feb"),
        ({"held": "not shown"}, "not shown"), ({"held": "uncertain"}, "uncertain"),
        ({"held": "too early to tell"}, "too early"), ({"held": "no"}, "worse"), ({}, "–"),
    ],
)  # fmt: skip
def test_the_signal_says_until_when_and_why_not(card, said):
    assert signal_words(entry(card=card)) == said


def test_months_without_a_beginning_or_an_end_stand_in_the_flow():
    found = flow([entry(created="2026-01-05"), entry(created="2026-04-01")])
    assert list(found) == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert found["2026-02"] == (0, 0)
    odd = flow([entry(created="1900-01-05"), entry(created="2026-04-01")])
    assert (len(odd), odd["2026-04"], next(iter(odd.values()))) == (120, (1, 0), (1, 0))


def test_what_is_stuck_longest_comes_first_and_nobody_is_nobody():
    actions = [{"title": "Free"}, {"title": "Old", "owner": "B", "due": "2026-03-01"},
               {"title": "Older", "owner": "C", "due": "2026-01-01"}]  # fmt: skip
    lines = stuck_things([entry(actions=actions, leader="A. Ruiz")]).lines
    assert [line.values[2] for line in lines] == ["Older", "Old", "Free"]
    assert lines[-1].values[3:] == ("nobody", "nobody has it; A. Ruiz leads")
