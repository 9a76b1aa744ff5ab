"""Every rule of the evidence chain and of the gates: one project that passes, one that fails."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from leanlab.domain.evidence import CHAIN, all_ends, loose_ends
from leanlab.domain.evidence_view import ProjectView
from leanlab.domain.gates import RULES
from leanlab.domain.roadmap import ROADMAPS

TODAY = date(2026, 5, 14)


@dataclass
class Entry:
    id: str
    values: dict[str, Any] = field(default_factory=dict)

    def get(self, name, default=None):
        value = self.values.get(name)
        return default if value is None else value


@dataclass(frozen=True)
class Link:
    from_id: str
    verb: str
    to_id: str


GOOD = {
    "metric": {
        "y": {"name": "Late orders", "role": "primary", "unit": "%", "direction": "lower",
              "definition": "late / all", "target": 5.0, "baseline": 13.0, "binding": {"sheet": "s"}},
        "z": {"name": "Damaged", "role": "counter"},
    },
    "cause": {
        "c1": {"text": "Cut-off too late", "status": "verified"},
        "c2": {"text": "Drivers late", "status": "refuted"},
    },
    "solution": {"s1": {"title": "Earlier cut-off", "status": "chosen"}},
    "action": {
        "a1": {"title": "Move cut-off", "status": "done", "done_on": "2026-02-02", "owner": "A",
               "due": "2026-02-10", "process_change": 1},
    },
    "control_item": {
        "k1": {"title": "Late orders", "metric_id": "y", "owner": "B", "reaction": "call", "frequency": "weekly",
               "last_checked": "2026-05-12"},
    },
    "benefit_line": {
        "b1": {"title": "Less credit", "benefit_class": "hard", "validated_by": "F", "validated_on": "2026-05-01",
               "months": {"2026-03": {"plan": 10, "actual": 10}, "2026-04": {"plan": 10, "actual": 9}}},
    },
    "worksheet": {
        "w1": {"type_id": "charter", "body": {"goal_metric": "y"}},
        "w2": {"type_id": "fmea", "body": {}},
    },
    "worksheet_row": {
        "r1": {"worksheet_id": "w2", "section": "rows",
               "body": {"failure": "Late start", "action_id": "a1", "occurrence2": 2}},
    },
    "analysis": {
        "n1": {"title": "P chart", "metric_id": "y", "marks": {"excluded": [{"rows": [1], "reason": "strike"}]}},
        "n2": {"title": "Proof", "metric_id": "y", "marks": {}},
        "n3": {"title": "Counter", "metric_id": "z", "marks": {}},
    },
    "finding": {
        "f1": {"title": "P chart", "analysis_id": "spc.p", "source_id": "n1",
               "findings": [{"text": "Stable.", "level": "good"}], "numbers": {}},
        "f2": {"title": "t test", "analysis_id": "test.t_two_sample_welch", "source_id": "n9",
               "numbers": {"p_value": 0.001}, "findings": [{"text": "They differ.", "level": "good"}]},
        "f3": {"title": "Proof", "analysis_id": "compare.before_after", "source_id": "n2",
               "numbers": {"n_after": 21, "mean_before": 13.0, "mean_after": 5.5},
               "findings": [{"text": "Confirmed.", "level": "good"}]},
        "f4": {"title": "Study", "analysis_id": "msa.gage_rr_crossed",
               "findings": [{"text": "Fit.", "level": "good"}], "numbers": {}},
        "f5": {"title": "Counter", "analysis_id": "compare.before_after", "source_id": "n3", "numbers": {},
               "findings": [{"text": "No change.", "level": "info"}]},
    },
}  # fmt: skip
LINKS = (
    Link("y", "baseline", "f1"), Link("c1", "evidence", "f2"), Link("s1", "addresses", "c1"),
    Link("a1", "addresses", "c1"),
)  # fmt: skip


def project(changes=None, links=LINKS, **days):
    """Return the good project with some records replaced (None removes one)."""
    kinds = {kind: {i: dict(v) for i, v in rows.items()} for kind, rows in GOOD.items()}
    for path, value in (changes or {}).items():
        kind, record_id, *name = path.split(".")
        if value is None and not name:
            kinds.setdefault(kind, {}).pop(record_id, None)
        elif name:
            kinds[kind][record_id][name[0]] = value
        else:
            kinds.setdefault(kind, {})[record_id] = value
    records = {kind: [Entry(i, v) for i, v in rows.items()] for kind, rows in kinds.items()}
    found = {
        "last_data_day": lambda _i: date(2026, 1, 31),
        "first_day_after": lambda _i: date(2026, 2, 3),
        "out_of_date": lambda _i: False,
        **days,
    }
    return ProjectView(lambda kind: records.get(kind, []), links, TODAY, **found)


def rules_hit(view):
    return {end.rule for end in all_ends(view) if not end.accepted}


def without(*verbs_of):
    return tuple(link for link in LINKS if (link.from_id, link.verb) not in verbs_of)


def test_a_complete_chain_has_no_loose_ends():
    assert rules_hit(project()) == set()


FAILING = {
    "GT-01": project({"metric.y.definition": ""}),
    "GT-02": project({"worksheet.w1.body": {"goal_metric": "z"}}),
    "GT-03": project({"metric.y.baseline": None}),
    "GT-04": project({"finding.f4": None}),
    "GT-05": project({"finding.f4.findings": [{"text": "Unfit.", "level": "bad"}]}),
    "GT-06": project(last_data_day=lambda _i: date(2026, 3, 1)),
    "GT-07": project(links=without(("c1", "evidence"))),
    "GT-08": project({"finding.f2.numbers": {"p_value": 0.4}}),
    "GT-09": project({"solution.s1.status": "idea"}, links=without(("s1", "addresses"), ("a1", "addresses"))),
    "GT-10": project(links=without(("s1", "addresses"))),
    "GT-11": project({"finding.f3": None}),
    "GT-12": project({"metric.z": None}),
    "GT-13": project({"control_item.k1.reaction": ""}),
    "GT-14": project({"worksheet_row.r1.body": {"failure": "Late start", "action_id": "a1"}}),
    "GT-15": project({"benefit_line.b1.validated_by": "", "benefit_line.b1.validated_on": ""}),
    "GT-16": project(
        {"benefit_line.b1.months": {"2026-03": {"plan": 10, "actual": 7}, "2026-04": {"plan": 10, "actual": 6}}}
    ),
    "GT-17": project({"control_item.k1.last_checked": "2026-04-01"}),
    "GT-18": project(out_of_date=lambda i: i == "f2"),
    "GT-19": project({"analysis.n1.marks": {"excluded": [{"rows": [1], "reason": " "}]}}),
    "GT-20": project(first_day_after=lambda _i: date(2026, 1, 20)),
    "AC-01": project({"action.a2": {"title": "x", "status": "open", "due": "2026-05-01"}}),
}  # fmt: skip


@pytest.mark.parametrize("rule", [r.id for r in CHAIN])
def test_each_rule_finds_its_loose_end_and_only_that(rule):
    assert rules_hit(FAILING[rule]) == {rule}


def test_points_without_a_reason_are_counted_in_words():
    ends = loose_ends(FAILING["GT-19"])
    assert [e.text for e in ends] == ["“P chart”: 1 point excluded without a reason."]


def test_a_counter_metric_that_got_worse_is_a_loose_end():
    view = project({"finding.f5.findings": [{"text": "Damage rose.", "level": "bad"}]})
    assert [e.text for e in loose_ends(view)] == ["Damaged got worse: Damage rose."]


def test_few_points_after_are_a_loose_end_unless_the_verdict_is_good():
    few = {"n_after": 8}
    good = project({"finding.f3.numbers": few})
    early = project(
        {"finding.f3.numbers": few, "finding.f3.findings": [{"text": "Early.", "level": "warning"}]}
    )
    assert "GT-11" not in rules_hit(good)
    assert "GT-11" in rules_hit(early)


def test_an_observation_is_evidence_too():
    view = project(
        {"cause.c1.evidence": "Seen on 3 Feb by A. Ruiz"}, links=without(("c1", "evidence"))
    )
    assert "GT-07" not in rules_hit(view)


def test_an_accepted_loose_end_is_kept_with_its_reason():
    waiver = {"rule": "GT-07", "about_id": "c1", "reason": "Seen by all.", "who": "M. Ito"}
    view = project({"waiver.w": waiver}, links=without(("c1", "evidence")))
    assert loose_ends(view) == []
    assert [(e.rule, e.accepted) for e in all_ends(view)] == [("GT-07", "Seen by all.")]


def test_slow_rules_run_only_when_asked():
    view = FAILING["GT-18"]
    assert loose_ends(view) == []
    assert [e.rule for e in loose_ends(view, thorough=True)] == ["GT-18"]


def test_musts_come_first():
    view = project({"metric.y.definition": "", "metric.z": None})
    assert [e.must for e in loose_ends(view)] == [True, False]


# gates -------------------------------------------------------------------------------------------

CHARTER = {
    "what": "late", "where": "hub", "period": "2025", "size": "13 %", "by_date": "2026-06-01",
    "case": "Customers leave", "in_scope": "sorting", "out_scope": "carriers",
    "sponsor": "M", "leader": "A", "goal_metric": "y",
}  # fmt: skip
FULL = {
    "worksheet.w1.body": CHARTER,
    "worksheet.w3": {"type_id": "sipoc", "body": {}},
    "worksheet_row.r2": {"worksheet_id": "w3", "section": "outputs", "body": {"customer": "Shops"}},
    "worksheet.w4": {"type_id": "stakeholder", "body": {}},
    "worksheet_row.r3": {
        "worksheet_id": "w4", "section": "people",
        "body": {"who": "Night shift", "attitude": -1, "needed": 1, "strategy": "Join", "owner": "B"},
    },
    "risk.r": {"title": "Staff", "owner": "B"},
    "finding.f6": {"title": "Pareto", "analysis_id": "quality.pareto", "numbers": {},
                   "findings": [{"text": "Two reasons.", "level": "info"}]},
    "finding.f1.numbers": {"n": 37},
    "solution.s2": {"title": "b", "status": "idea"},
    "solution.s3": {"title": "c", "status": "parked"},
    "benefit_line.b1.months": {"2026-04": {"plan": 1, "forecast": 1, "actual": 1}},
    "finding.f7": {"title": "Capability", "analysis_id": "capability.normal", "numbers": {}},
    **{f"process_step.p{i}": {"name": f"Step {i}"} for i in range(4)},
    **{f"cause.d{i}": {"text": f"Cause {i}", "status": "screened out"} for i in range(10)},
}  # fmt: skip
LACKING = {
    "problem_stated": {"worksheet.w1.body": {**CHARTER, "size": ""}},
    "primary_metric": {"metric.y.role": "other"},
    "goal_stated": {"worksheet.w1.body": {**CHARTER, "by_date": ""}},
    "case_stated": {"worksheet.w1.body": {**CHARTER, "case": " "}},
    "benefit_estimated": {"benefit_line.b1": None},
    "scope_set": {"worksheet.w1.body": {**CHARTER, "out_scope": ""}},
    "customers_named": {"worksheet_row.r2": None},
    "people_named": {"worksheet.w1.body": {**CHARTER, "sponsor": ""}},
    "worries_known": {
        "worksheet_row.r3.body": {"who": "Night shift", "attitude": -1, "needed": 1, "owner": "B"}
    },
    "risks_owned": {"risk.r.owner": ""},
    "counter_metric": {"metric.z": None},
    "steps_mapped": {"process_step.p0": None},
    "metric_bound": {"metric.y.binding": None},
    "measurement_trusted": {"finding.f4": None},
    "data_enough": {"finding.f1.numbers": {"n": 12}},
    "causes_explained": {
        "finding.f1.findings": [{"text": "Signals.", "level": "bad"}], "analysis.n1.marks": {}
    },
    "baseline_saved": {"metric.y.baseline": None},
    "data_split": {"finding.f6": None},
    "concentration_known": {"finding.f6": None},
    "target_confirmed": {"finding.f1": None},
    "causes_collected": {"cause.d0": None},
    "causes_decided": {"cause.d0.status": "potential"},
    "causes_tested": {"cause.d0.status": "under test"},
    "cause_verified": {"cause.c1.status": "potential"},
    "evidence_linked": {"cause.c3": {"text": "Bare", "status": "verified"}},
    "cause_refuted": {"cause.c2.status": "screened out"},
    "tests_trusted": {"finding.f2.report_card": [{"level": "red"}]},
    "risks_rated": {"worksheet_row.r1": None},
    "causes_addressed": {"cause.c3": {"text": "Bare", "status": "verified"}},
    "options_compared": {"solution.s2": None},
    "improvement_shown": {"finding.f3.findings": [{"text": "Not shown.", "level": "warning"}]},
    "nothing_worse": {"finding.f5": None},
    "risks_rerated": {"worksheet_row.r1.body": {"action_id": "a1"}},
    "actions_owned": {"action.a1.owner": ""},
    "benefit_forecast": {"benefit_line.b1.months": {"2026-04": {"plan": 1}}},
    "gap_closed": {"finding.f3.numbers": {"n_after": 21, "mean_before": 13.0, "mean_after": 9.0}},
    "gain_held": {"finding.f3.numbers": {"n_after": 11}},
    "controlled": {"control_item.k1.owner": ""},
    "reactions_known": {"control_item.k1.reaction": ""},
    "benefits_validated": {"benefit_line.b1.validated_on": ""},
    "judged_after": {"finding.f7": None},
    "actions_done": {"action.a1.status": "in progress"},
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(RULES))
def test_each_gate_rule_says_yes_to_a_full_project_and_no_without_its_record(rule):
    assert RULES[rule](project(FULL)).yes
    answer = RULES[rule](project({**FULL, **LACKING[rule]}))
    assert not answer.yes
    assert answer.text.endswith((".", "?")), answer.text


def test_a_study_may_be_replaced_by_a_reason():
    view = project({"finding.f4": None, "metric.y.measurement_reason": "Booked by the gate."})
    assert RULES["measurement_trusted"](view).yes


def test_every_question_names_a_known_rule_and_kaizen_asks_little():
    for roadmap in ROADMAPS.values():
        ids = [q.id for p in roadmap.phases for q in p.gate]
        assert len(ids) == len(set(ids))
        assert all(not q.rule or q.rule in RULES for p in roadmap.phases for q in p.gate)
    assert all(len(phase.gate) <= 3 for phase in ROADMAPS["kaizen"].phases)
