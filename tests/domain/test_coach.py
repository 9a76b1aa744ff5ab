"""Each weak spot names the record it comes from."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from leanlab.domain.coach import weak_spots
from leanlab.domain.evidence_view import ProjectView


@dataclass
class Rec:
    id: str
    values: dict = field(default_factory=dict)

    def get(self, name, default=None):
        value = self.values.get(name)
        return default if value is None else value


def view(first_after=None, **kinds):
    return ProjectView(
        lambda kind: kinds.get(kind, []),
        [],
        date(2026, 5, 20),
        first_day_after=lambda _id: first_after,
    )


METRIC = {"role": "primary", "name": "Late", "unit": "%", "direction": "lower", "definition": "x",
          "baseline": 9.0, "target": 5.0, "binding": {"sheet_id": "s"}, "measurement_reason": "counted"}  # fmt: skip
COUNTER = Rec("c", {"role": "counter", "name": "Cost"})
PROOF = {"analysis_id": "compare.before_after", "source_id": "an"}
ANALYSIS = Rec("an", {"metric_id": "m"})
CHANGE = Rec("a1", {"process_change": 1, "done_on": "2026-04-01", "status": "done"})


def with_proof(numbers, **more):
    proof = Rec("f", {**PROOF, "numbers": numbers})
    return view(metric=[Rec("m", METRIC), COUNTER], finding=[proof], analysis=[ANALYSIS], **more)


def found(project, topic):
    return [(w.text, w.target) for w in weak_spots(project) if w.topic == topic]


def test_no_metric_and_no_baseline():
    assert found(view(), "baseline")[0][1] == "metrics"
    bare = view(metric=[Rec("m", {**METRIC, "baseline": None}), COUNTER])
    assert found(bare, "baseline") == [("Late has no baseline; the gain cannot be judged.", "m")]


def test_few_points_for_the_claimed_gain():
    (weak,) = found(with_proof({"n_after": 9, "n_before": 24}), "proof")
    assert weak == ("The claimed gain rests on 9 points after the change; 20 decide.", "f")
    assert found(with_proof({"n_after": 20, "n_before": 24}), "proof") == []


def test_an_unstable_level_before():
    project = with_proof({"n_after": 30, "n_before": 24, "stable_before": False})
    assert [text for text, _ in found(project, "proof")] == [
        "There were signals before the change; the level before is uncertain."
    ]


def test_no_measurement_study():
    metric = {**METRIC, "measurement_reason": ""}
    assert found(view(metric=[Rec("m", metric), COUNTER]), "measurement")[0][1] == "m"


def test_a_change_without_a_verified_cause():
    assert found(view(action=[CHANGE]), "cause")[0][1] == "worksheet:fishbone"
    cause = Rec("k", {"status": "verified", "evidence": "seen"})
    assert found(view(action=[CHANGE], cause=[cause]), "cause") == []


@pytest.mark.parametrize("benefit_class", ["hard", "revenue"])
def test_a_benefit_that_finance_has_not_seen(benefit_class):
    line = Rec("b", {"title": "Less", "benefit_class": benefit_class})
    assert "not validated" in found(view(benefit_line=[line]), "benefit")[0][0]
    seen = Rec("b", {**line.values, "validated_by": "MK", "validated_on": "2026-05-01"})
    assert found(view(benefit_line=[seen]), "benefit") == []


def test_a_control_plan_without_owner():
    item = Rec("k", {"title": "Late", "reaction": "stop"})
    assert found(view(control_item=[item]), "control") == [
        ("“Late” in the control plan has no owner.", "k")
    ]


def test_an_effect_before_its_cause():
    project = with_proof(
        {"n_after": 25, "n_before": 24}, first_after=date(2026, 3, 1), action=[CHANGE]
    )
    ((text, target),) = found(project, "order")
    assert target == "f"
    assert "2026-04-01" in text


def test_what_was_accepted_with_a_reason_is_no_weak_spot():
    metric = Rec("m", {**METRIC, "measurement_reason": ""})
    waiver = Rec("w", {"rule": "GT-04", "about_id": "m", "reason": "counted by law"})
    assert found(view(metric=[metric, COUNTER], waiver=[waiver]), "measurement") == []
