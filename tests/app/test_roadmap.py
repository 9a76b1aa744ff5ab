"""Gates decided, answered by hand, accepted; the next step with its reason; frozen copies."""

import gzip
import hashlib
import json

import pytest

from leanlab.app import roadmap
from leanlab.app.freezing import frozen_copy
from leanlab.app.integrity import since_sign_off
from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem

CHARTER = {
    "what": "late orders", "where": "hub", "period": "2025", "size": 13.9, "by_date": "2026-06-01",
    "case": "Customers leave", "in_scope": "sorting", "out_scope": "carriers", "sponsor": "M. Ito",
    "leader": "A. Ruiz",
}  # fmt: skip


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="Late", author="A. Ruiz")
    yield made
    made.close()


def charter(session, status="ready"):
    return session.add(
        "worksheet",
        {"type_id": "charter", "version": 1, "title": "Project charter", "phase": "define",
         "status": status, "body": CHARTER},
    )  # fmt: skip


def metric(session, **values):
    known = {"name": "Late orders", "role": "primary", "unit": "%", "direction": "lower",
             "definition": "late / all", "target": 5.0}  # fmt: skip
    return session.add("metric", {**known, **values})


def changes_since(session, fingerprint):
    return len(since_sign_off(session, fingerprint).differences)


def ready_to_pass(session):
    charter(session)
    metric(session)


def test_a_new_project_begins_with_the_problem(session):
    step = roadmap.state_of(session).next_step
    assert step.text == "Write the problem in the charter."
    assert step.because.startswith("the charter does not say what is wrong")
    assert step.target == "worksheet:charter"


def test_next_comes_the_worksheet_then_the_overdue_action_then_what_only_people_know(session):
    ready_to_pass(session)
    sheet = session.records("worksheet")[0].id
    session.edit(sheet, {"status": "in progress"})
    assert roadmap.state_of(session).next_step.text == "Finish Project charter."
    session.edit(sheet, {"status": "ready"})
    session.add("action", {"title": "Call", "owner": "A", "due": "2020-01-01", "status": "open"})
    assert "overdue" in roadmap.state_of(session).next_step.text
    session.edit(session.records("action")[0].id, {"status": "done"})
    assert roadmap.state_of(session).next_step.text == "Estimate the benefit."


def test_a_gate_with_an_open_must_cannot_be_passed_but_can_go_back_to_work(session):
    with pytest.raises(DocumentProblem, match="Is the problem stated"):
        roadmap.decide_gate(session, "define", "passed", "M. Ito")
    roadmap.decide_gate(session, "define", "rework", "M. Ito", "Say how much.")
    state = roadmap.state_of(session)
    assert state.phase("define").words == "rework"
    assert state.current.phase.id == "define"


def test_passing_needs_a_name(session):
    ready_to_pass(session)
    with pytest.raises(DocumentProblem, match="who decides"):
        roadmap.decide_gate(session, "define", "passed", "  ")


def test_a_passed_gate_moves_on_and_is_not_undone(session):
    ready_to_pass(session)
    roadmap.decide_gate(session, "define", "passed", "M. Ito", role="Sponsor")
    state = roadmap.state_of(session)
    assert state.phase("define").passed
    assert state.current.phase.id == "measure"
    while session.undo_label:
        session.undo()
    assert roadmap.state_of(session).phase("define").decision.who == "M. Ito"


def test_a_decision_is_an_unsaved_change(session):
    ready_to_pass(session)
    session.save()
    assert session.unsaved_edits == 0
    roadmap.decide_gate(session, "define", "passed", "M. Ito")
    assert session.unsaved_edits > 0


def test_a_later_decision_replaces_the_earlier_one(session):
    ready_to_pass(session)
    roadmap.decide_gate(session, "define", "passed", "M. Ito")
    roadmap.decide_gate(session, "define", "rework", "M. Ito", "Scope grew.")
    assert [d.decision for d in roadmap.decisions_of(session, "define")] == ["rework", "passed"]
    assert not roadmap.state_of(session).phase("define").passed


def test_conditions_become_actions(session):
    ready_to_pass(session)
    gate = roadmap.decide_gate(
        session, "define", "conditions", "M. Ito",
        conditions=[("Name finance partner", "A. Ruiz", "2030-01-01")],
    )  # fmt: skip
    action = session.records("action")[0]
    assert (action.get("title"), action.get("kind")) == ("Name finance partner", "gate")
    assert (gate, "condition", action.id) in [(k.from_id, k.verb, k.to_id) for k in session.links()]
    assert roadmap.state_of(session).phase("define").passed


def test_the_frozen_copy_is_canonical_and_its_fingerprint_is_of_its_bytes(session):
    ready_to_pass(session)
    gate = roadmap.decide_gate(session, "define", "passed", "M. Ito")
    fingerprint = session.record(gate).get("snapshot")
    packed = session.content(fingerprint)
    assert hashlib.sha256(packed).hexdigest() == fingerprint
    text = gzip.decompress(packed).decode()
    copy = json.loads(text)
    assert json.dumps(copy, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text
    assert copy["records"]["worksheet"][0]["body"]["size"] == 13.9
    assert session.attachments(gate)[0].get("name").startswith("gate-define-")


def test_the_frozen_copy_stays_when_the_project_goes_on(session):
    ready_to_pass(session)
    gate = roadmap.decide_gate(session, "define", "passed", "M. Ito")
    fingerprint = session.record(gate).get("snapshot")
    assert changes_since(session, fingerprint) == 0
    session.edit(session.records("metric")[0].id, {"target": 4.0})
    session.add("cause", {"text": "new"})
    assert changes_since(session, fingerprint) == 2
    assert frozen_copy(session, fingerprint)["records"]["metric"][0]["target"] == 5.0


def test_another_edit_after_an_undo_counts_as_a_change_since_the_gate(session):
    ready_to_pass(session)
    metric_id = session.records("metric")[0].id
    session.edit(metric_id, {"target": 4.0})
    gate = roadmap.decide_gate(session, "define", "passed", "M. Ito")
    fingerprint = session.record(gate).get("snapshot")
    session.undo()
    session.edit(metric_id, {"target": 3.0})
    assert changes_since(session, fingerprint) == 1
    session.edit(metric_id, {"target": 4.0})
    assert changes_since(session, fingerprint) == 0


def test_stopping_ends_the_project(session):
    roadmap.decide_gate(session, "define", "stop", "M. Ito", "No customer.")
    state = roadmap.state_of(session)
    assert state.current is None
    assert state.next_step.because == "the project was stopped."


def test_a_running_project_can_begin_in_a_later_phase(session):
    roadmap.passed_before(session, "define", "2025-11-03", "Minutes of the board")
    state = roadmap.state_of(session)
    assert state.current.phase.id == "measure"
    assert state.phase("define").decision.words == "Passed before LeanLab on 3 Nov 2025."
    session.undo()
    assert roadmap.state_of(session).current.phase.id == "define"


def answer(session, question):
    phases = roadmap.state_of(session).phases
    return next(a for p in phases for a in p.answers if a.question.id == question)


def test_an_answer_by_hand_is_marked_as_a_statement(session):
    roadmap.answer_by_hand(session, "define", "D9", "yes", "Asked all", outside=True)
    given = answer(session, "D9")
    assert given.yes
    assert given.by_hand
    assert given.text == "Stated by A. Ruiz: Asked all; held outside LeanLab"
    roadmap.take_back_answer(session, "define", "D9")
    assert not answer(session, "D9").yes


def test_records_speak_louder_than_a_no_by_hand(session):
    roadmap.answer_by_hand(session, "define", "D1", "no", "Not clear yet")
    assert not answer(session, "D1").yes
    charter(session)
    assert answer(session, "D1").yes
    assert not answer(session, "D1").by_hand


def test_a_file_can_be_attached_to_an_answer(session):
    roadmap.answer_by_hand(
        session, "define", "D9", "yes", "", attachment=("minutes.txt", b"agreed")
    )
    kept = session.records("attachment")[0]
    assert kept.get("name") == "minutes.txt"
    assert session.content(kept.get("sha256")) == b"agreed"


def test_an_accepted_must_no_longer_blocks_but_stays_visible(session):
    charter(session)
    roadmap.accept(session, "D2", "define", "Metric follows next week", "M. Ito")
    roadmap.accept(session, "D3", "define", "Target follows", "M. Ito")
    state = roadmap.state_of(session).phase("define")
    assert state.blocking == []
    assert answer(session, "D2").accepted == "Metric follows next week"
    assert not answer(session, "D2").yes
    with pytest.raises(DocumentProblem, match="needs a reason"):
        roadmap.accept(session, "D5", "define", " ", "M. Ito")


def test_decisions_survive_saving_and_opening(session):
    ready_to_pass(session)
    roadmap.answer_by_hand(session, "define", "D9", "yes", "Asked all")
    roadmap.decide_gate(session, "define", "passed", "M. Ito")
    session.save()
    path = session.path
    session.close()
    again = Session.open(path, read_only=True)
    try:
        state = roadmap.state_of(again)
        assert state.phase("define").passed
        assert frozen_copy(again, state.phase("define").decision.fingerprint)["gate"] == "define"
    finally:
        again.close()


def test_an_unknown_decision_is_a_problem(session):
    with pytest.raises(DocumentProblem, match="maybe"):
        roadmap.decide_gate(session, "define", "maybe", "M. Ito")


def test_the_history_says_the_question_and_not_its_number(session):
    roadmap.answer_by_hand(session, "define", "D9", "yes", "Asked all")
    roadmap.take_back_answer(session, "define", "D9")
    told = " ".join(what for _, _, what in session.recent_changes(5))
    assert "Answer by hand: Are the worries of those concerned known" in told
    assert "Take back the answer: Are the worries" in told
    assert "D9" not in told
