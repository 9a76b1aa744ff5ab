"""A review by file: a lead reads and decides, the owner merges, nothing else changes."""

import hashlib
import json
import os
import signal
import time
from datetime import timedelta

import pytest

from leanlab.app import review, review_pending, roadmap
from leanlab.app import review_file as files
from leanlab.app.review_places import latest_card
from leanlab.app.review_session import ReviewSession, discard, reviews_begun
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core.errors import DocumentProblem, ImportProblem, OpenElsewhere
from leanlab.domain.benefits import month_standing, moved_words
from leanlab.domain.review import Condition
from leanlab.store.peek import peeked

CHARTER = {
    "what": "late orders", "where": "hub", "period": "2025", "size": 13.9, "size_unit": "%",
    "by_date": "2026-06-01", "case": "Customers leave", "in_scope": "sorting",
    "out_scope": "carriers", "sponsor": "M. Ito", "leader": "A. Ruiz",
}  # fmt: skip


@pytest.fixture
def owner(tmp_path):
    """A project whose Define gate can be passed, saved; open at its owner's."""
    made = Session.create(tmp_path / "late.leanlab", name="Late orders", author="A. Ruiz")
    made.add("worksheet", {"type_id": "charter", "version": 1, "title": "Project charter",
                           "phase": "define", "status": "ready", "body": CHARTER})  # fmt: skip
    made.add("metric", {"name": "Late orders", "role": "primary", "unit": "%", "direction": "lower",
                        "definition": "late / all", "target": 5.0})  # fmt: skip
    made.add("cause", {"text": "Lorries arrive late", "status": "potential"})
    made.add("benefit_line", {"title": "Fewer credit notes", "benefit_class": "hard", "state": "forecast",
                              "months": {"2026-05": {"plan": 100.0, "actual": 90.0}}})  # fmt: skip
    made.save()
    yield made
    made.close()


@pytest.fixture
def lead(owner):
    """The same file, opened for review by somebody else."""
    opened = ReviewSession.start(owner.path, author="M. Ito")
    yield opened
    opened.close()


def only(session, kind):
    return session.records(kind)[0]


def bytes_and_time(path):
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def sent(lead, tmp_path, name="a.leanreview"):
    """Write the open review to a file and read it again."""
    written = files.finish(tmp_path / name, reviewer="M. Ito", role="Sponsor", session=lead)
    return files.read_parcel(written.path)


def everything(session, but=()):
    """Return all records of a project, to see that nothing else changed."""
    kinds = ("metric", "cause", "action", "benefit_line", "worksheet", "gate", "comment", "review")
    return {
        r.id: (r.kind, r.revision, json.dumps(dict(r.values), sort_keys=True))
        for kind in kinds if kind not in but for r in session.records(kind)
    }  # fmt: skip


# reviewing ---------------------------------------------------------------------------------------


def test_reviewing_changes_neither_the_bytes_nor_the_time_of_the_file(owner, tmp_path):
    before, beside = bytes_and_time(owner.path), sorted(tmp_path.iterdir())
    lead = ReviewSession.start(owner.path, author="M. Ito")
    lead.comment("project", "Well begun")
    lead.decide_gate("define", "rework", "Say where")
    lead.close()
    assert bytes_and_time(owner.path) == before
    assert sorted(tmp_path.iterdir()) == beside


WRITES = {
    "add": lambda s: s.add("cause", {"text": "x"}),
    "edit": lambda s: s.edit(only(s, "cause").id, {"text": "x"}),
    "delete": lambda s: s.delete(only(s, "cause").id),
    "fact": lambda s: s.set_fact("title", "x"),
    "link": lambda s: s.link(only(s, "cause").id, "evidence", only(s, "metric").id),
    "attach": lambda s: s.attach(only(s, "cause").id, "x.txt", b"x"),
    "answer": lambda s: roadmap.answer_by_hand(s, "define", "D9", "yes", "x"),
    "gate": lambda s: roadmap.decide_gate(s, "define", "passed", "M. Ito"),
    "accept": lambda s: roadmap.accept(s, "D9", "define", "because", "x"),
    "save": lambda s: s.save(),
    "save as": lambda s: s.save_as(s.path.with_name("other.leanlab")),
    "save a copy": lambda s: s.save_copy(s.path.with_name("other.leanlab")),
    "disguise": lambda s: s.add_as(only(s, "cause").id, "comment", {"text": "x"}),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_every_other_write_is_refused(lead, tmp_path, write):
    before = everything(lead)
    with pytest.raises(DocumentProblem, match="You review this project"):
        write(lead)
    assert everything(lead) == before
    assert not (tmp_path / "other.leanlab").exists()


@pytest.mark.parametrize("table", ["cause", "metric", "link", "setting", "row_state", "summary"])
def test_sqlite_itself_refuses_other_tables(lead, table):
    document = lead._document
    with pytest.raises(Exception, match="not authorized"):
        document._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    with pytest.raises(Exception, match="not authorized"):
        document._db.execute("CREATE TABLE other (id INTEGER)")


def test_a_second_decision_replaces_the_first(lead):
    lead.decide_gate("define", "rework")
    lead.decide_gate("define", "passed")
    lead.opine("define", "D1", "disagree", "Where?")
    lead.opine("define", "D1", "agree")
    assert [(i.kind, i.choice) for i in lead.items()] == [("gate", "passed"), ("opinion", "agree")]


def test_a_gate_with_an_open_must_is_not_passed(owner):
    owner.edit(only(owner, "metric").id, {"target": None})
    owner.save()
    lead = ReviewSession.start(owner.path, author="M. Ito")
    with pytest.raises(DocumentProblem, match="Does the goal say"):
        lead.decide_gate("define", "passed")
    lead.decide_gate("define", "rework", "Set the target")
    lead.close()


def test_a_comment_can_be_taken_back_but_not_that_of_another(owner, tmp_path):
    review.comment(owner, "project", "Mine")
    owner.save()
    lead = ReviewSession.start(owner.path, author="M. Ito")
    mine = lead.comment("project", "Hers")
    lead.withdraw(mine)
    assert lead.items() == ()
    with pytest.raises(DocumentProblem):
        lead.withdraw(only(lead, "comment").id)
    lead.close()


# drafts ------------------------------------------------------------------------------------------


def test_what_was_written_is_offered_again(owner):
    lead = ReviewSession.start(owner.path, author="M. Ito")
    lead.comment("project", "Well begun")
    lead.close()
    (left,) = reviews_begun()
    assert (left.title, left.items, left.path) == ("Late orders", 1, owner.path)
    again = ReviewSession.go_on(left, author="M. Ito")
    assert [i.text for i in again.items()] == ["Well begun"]
    again.close()


def test_a_review_without_a_word_leaves_nothing(owner, home):
    ReviewSession.start(owner.path, author="M. Ito").close()
    assert reviews_begun() == []
    assert [p for p in (home / "sessions").iterdir() if (p / "known.json").exists()] == []


def test_a_kill_loses_nothing(owner):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        lead = ReviewSession.start(owner.path, author="M. Ito")
        for number in range(1000):
            lead.comment("project", f"word {number}")
            os.write(writing, b".")
    os.close(writing)
    while len(os.read(reading, 1)) == 0:
        time.sleep(0.01)
    time.sleep(0.2)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = 1
    with os.fdopen(reading, "rb") as pipe:
        told += len(pipe.read())
    (left,) = reviews_begun()
    again = ReviewSession.go_on(left, author="M. Ito")
    texts = [i.text for i in again.items()]
    again.close()
    assert len(texts) in {told, told + 1}
    assert texts == [f"word {n}" for n in range(len(texts))]


def test_opening_the_same_state_again_goes_on_with_the_draft(owner):
    first = ReviewSession.start(owner.path, author="M. Ito")
    comment = first.comment("project", "Well begun")
    first.close()
    second = ReviewSession.start(owner.path, author="M. Ito")
    assert [i.id for i in second.items()] == [comment]
    second.close()
    assert len(reviews_begun()) == 1


def test_a_draft_is_carried_over_to_a_newer_file_and_stays_honest(owner, tmp_path):
    cause = only(owner, "cause").id
    first = ReviewSession.start(owner.path, author="M. Ito")
    first.comment(cause, "Really?")
    first.comment("project", "Well begun")
    first.close()
    owner.edit(cause, {"text": "Lorries leave late"})
    owner.save()
    second = ReviewSession.start(owner.path, author="M. Ito")
    assert second.record(cause).get("text") == "Lorries leave late"
    proposal = review.propose(owner, sent(second, tmp_path))
    second.close()
    assert {e.item.text: e.state for e in proposal.entries} == {"Really?": "stale", "Well begun": "new"}  # fmt: skip
    assert reviews_begun() == []


def test_one_project_is_reviewed_in_one_window(lead):
    lead.comment("project", "Here")
    with pytest.raises(OpenElsewhere):
        ReviewSession.start(lead.path, author="M. Ito")
    assert reviews_begun() == []


def test_a_review_can_be_given_up(owner):
    lead = ReviewSession.start(owner.path, author="M. Ito")
    lead.comment("project", "No")
    lead.close()
    discard(reviews_begun()[0])
    assert reviews_begun() == []
    assert review_pending.pending_for(lead.project_id, decisions_only=False) == ()


def test_a_file_cannot_put_words_into_the_reviewers_mouth(owner, tmp_path):
    owner.add("comment", {"about_id": "project", "text": "Brilliant", "who": "M. Ito", "type": "comment"})  # fmt: skip
    owner.save()
    lead = ReviewSession.start(owner.path, author="M. Ito")
    assert lead.items() == ()
    with pytest.raises(DocumentProblem, match="nothing to send"):
        sent(lead, tmp_path)
    lead.close()


# the way home ------------------------------------------------------------------------------------


def test_the_round_trip_merges_words_undoably_and_decisions_for_good(owner, lead, tmp_path):
    cause, line = only(owner, "cause").id, only(owner, "benefit_line").id
    lead.comment(cause, "Where was this seen?")
    lead.opine("define", "D1", "agree", "Clear")
    lead.decide_gate("define", "conditions", "Go on", [Condition("Name the risks", "A. Ruiz", "2026-06-30")])  # fmt: skip
    lead.decide_card("follow_up", "Look again in 60 days")
    lead.judge_benefit(line, "validated")
    lead.judge_benefit(line, "rejected", "Counted twice", month="2026-05")
    parcel = sent(lead, tmp_path)
    proposal = review.propose(owner, parcel)
    assert proposal.same_state
    assert [e.state for e in proposal.entries] == ["new"] * 6
    before = everything(owner, but={"benefit_line", "worksheet"})
    charter = only(owner, "worksheet")

    done = review.merge(owner, proposal, {e.item.id for e in proposal.entries})

    assert (done.comments, done.decisions) == (2, 4)
    decision = roadmap.state_of(owner).phase("define").decision
    assert (decision.decision, decision.who, decision.role) == ("conditions", "M. Ito", "Sponsor")
    assert owner.record(decision.id).get("code") == files.code_of(parcel)
    assert decision.fingerprint
    assert [a.get("title") for a in owner.records("action")] == ["Name the risks"]
    judged = owner.record(line)
    assert (judged.get("state"), judged.get("validated_by")) == ("validated", "M. Ito")
    assert judged.get("month_reviews")["2026-05"]["decision"] == "rejected"
    kept = everything(owner)
    assert {i: kept[i] for i in before} == before, "nothing else changes"
    signed = only(owner, "worksheet").values
    assert signed["status"] == "reviewed", "the gate that was passed looked at it"
    assert {**signed, "status": "ready", "reviewed_on": None} == charter.values

    assert owner.undo() == "Undo merge the review of M. Ito"
    assert owner.records("comment") == []
    assert [r.get("type") for r in owner.records("review")] == [
        "gate",
        "card",
        "benefit",
        "benefit",
    ]
    assert roadmap.state_of(owner).phase("define").decision is not None
    assert owner.redo()
    assert [c.get("text") for c in owner.records("comment")] == ["Where was this seen?"]


def test_finance_gives_its_word_on_the_amounts_that_it_saw(owner, tmp_path):
    line = only(owner, "benefit_line").id
    months = {"2026-05": {"plan": 100.0, "actual": 80.0}, "2026-06": {"actual": 70.1255}}
    owner.edit(line, {"months": months})
    owner.save()
    review_again = ReviewSession.start(owner.path, author="P. Shah")
    try:
        review_again.judge_benefit(line, "validated")
        review_again.judge_benefit(line, "validated", month="2026-05")
        parcel = sent(review_again, tmp_path)
    finally:
        review_again.close()
    assert [dict(i.amounts) for i in parcel.parts[0].items] == [
        {"2026-05": "80.0000", "2026-06": "70.1255"}, {"2026-05": "80.0000"},
    ]  # fmt: skip
    owner.edit(line, {"months": {**months, "2026-05": {"plan": 100.0, "actual": 95.0}}})

    proposal = review.propose(owner, parcel)
    assert [e.state for e in proposal.entries] == ["stale", "stale"]
    assert "May 2026 80, now 95. Those months stay open." in proposal.entries[1].note
    assert not any(e.proposed for e in proposal.entries)
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})

    judged = owner.record(line)
    assert (month_standing(judged, "2026-05"), month_standing(judged, "2026-06")) == (
        "open",
        "validated",
    )
    assert judged.get("month_reviews")["2026-05"]["amount"] == 80.0
    assert "May 2026 (80, now 95 EUR)" in moved_words(judged, "EUR")


def test_what_changed_since_the_review_does_not_count_as_reviewed(owner, lead, tmp_path):
    lead.decide_gate("define", "passed")
    parcel = sent(lead, tmp_path)
    charter = only(owner, "worksheet").id
    owner.edit(charter, {"body": {**CHARTER, "case": "Customers leave us"}})
    proposal = review.propose(owner, parcel)
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    assert roadmap.state_of(owner).phase("define").decision.decision == "passed"
    assert owner.record(charter).get("status") == "ready", "the lead never saw these words"


def test_a_merged_outcome_stands_on_the_card(owner, lead, tmp_path):
    from leanlab.app.cards import card_of

    lead.decide_card("follow_up", "Look again in 60 days")
    proposal = review.propose(owner, sent(lead, tmp_path))
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    assert card_of(owner).decision.startswith("Outcome: follow up, M. Ito on ")


def test_merging_twice_does_nothing(owner, lead, tmp_path):
    lead.comment("project", "Well begun")
    lead.decide_gate("define", "passed")
    parcel = sent(lead, tmp_path)
    first = review.propose(owner, parcel)
    everything_in = {e.item.id for e in first.entries}
    review.merge(owner, first, everything_in)
    revision = owner.fact("revision")
    again = review.propose(owner, parcel)
    assert [e.state for e in again.entries] == ["here", "here"]
    assert review.merge(owner, again, everything_in).words == "Nothing was merged."
    assert review.merge(owner, first, everything_in).words == "Nothing was merged."
    assert owner.fact("revision") == revision
    assert len(owner.records("gate")) == 2  # answers by hand, and one decision


def test_only_what_is_chosen_is_taken(owner, lead, tmp_path):
    lead.comment("project", "One")
    two = lead.comment("project", "Two")
    proposal = review.propose(owner, sent(lead, tmp_path))
    review.merge(owner, proposal, {two})
    assert [c.get("text") for c in owner.records("comment")] == ["Two"]


def test_items_on_changed_records_are_stale_and_the_others_new(owner, lead, tmp_path):
    cause, metric = only(owner, "cause").id, only(owner, "metric").id
    lead.comment(cause, "Really?")
    lead.comment(metric, "Good")
    lead.decide_gate("define", "passed")
    parcel = sent(lead, tmp_path)
    owner.edit(cause, {"text": "Lorries leave late"})
    owner.edit(only(owner, "worksheet").id, {"body": {**CHARTER, "case": ""}})
    proposal = review.propose(owner, parcel)
    assert "older state" in proposal.about_state
    assert "2 steps" in proposal.about_state
    states = {e.item.about: (e.state, e.proposed, e.can) for e in proposal.entries}
    assert states == {
        cause: ("stale", True, True), metric: ("new", True, True),
        "gate:define": ("conflict", False, False),
    }  # fmt: skip


def test_a_gate_on_a_changed_but_sound_state_is_stale_and_left_to_the_owner(owner, lead, tmp_path):
    lead.decide_gate("define", "rework")
    parcel = sent(lead, tmp_path)
    owner.add("risk", {"title": "Strike", "owner": "Ben"})
    (entry,) = review.propose(owner, parcel).entries
    assert (entry.state, entry.can, entry.proposed) == ("stale", True, False)


def test_a_decision_made_meanwhile_is_a_conflict(owner, lead, tmp_path):
    line = only(owner, "benefit_line").id
    lead.decide_gate("define", "rework")
    lead.judge_benefit(line, "rejected")
    parcel = sent(lead, tmp_path)
    roadmap.decide_gate(owner, "define", "passed", "P. Novak")
    owner.edit(
        line, {"state": "validated", "validated_by": "P. Novak", "validated_on": "2026-05-01"}
    )
    proposal = review.propose(owner, parcel)
    assert [(e.state, e.can, e.proposed) for e in proposal.entries] == [
        ("conflict", True, False)
    ] * 2
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    assert roadmap.state_of(owner).phase("define").decision.decision == "rework"
    assert only(owner, "benefit_line").get("validated_by") is None


def test_an_outcome_taken_from_a_review_replaces_the_one_that_was_decided_since(owner, lead, tmp_path):  # fmt: skip
    lead.decide_card("not_achieved", "The data do not show it")
    parcel = sent(lead, tmp_path)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        review.decide_card(owner, "sustained", "Ours", "A. Ruiz")
        proposal = review.propose(owner, parcel)
        (entry,) = proposal.entries
        assert (entry.state, entry.note) == (
            "conflict", "Somebody decided here since the review; taking this replaces it.",
        )  # fmt: skip
        review.merge(owner, proposal, {entry.item.id})
    assert latest_card(owner).get("decision") == "not_achieved"


def test_a_record_that_is_gone_keeps_its_name(owner, lead, tmp_path):
    cause, line = only(owner, "cause").id, only(owner, "benefit_line").id
    lead.comment(cause, "Really?")
    lead.judge_benefit(line, "validated")
    parcel = sent(lead, tmp_path)
    owner.delete(cause)
    owner.delete(line)
    proposal = review.propose(owner, parcel)
    assert [(e.state, e.can) for e in proposal.entries] == [("conflict", True), ("conflict", False)]
    assert "Lorries arrive late" in proposal.entries[0].note
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    (said,) = review.said_in(owner)
    assert (said.title, said.who) == ("Cause C1: Lorries arrive late", "M. Ito (Sponsor)")


def test_another_project_is_refused(lead, tmp_path):
    lead.comment("project", "Well begun")
    parcel = sent(lead, tmp_path)
    other = Session.create(tmp_path / "other.leanlab", name="Other", author="B")
    with pytest.raises(ImportProblem, match="Late orders"):
        review.propose(other, parcel)
    other.close()


def test_a_review_of_a_newer_copy_says_so(owner, tmp_path):
    owner.save_copy(tmp_path / "copy.leanlab")
    copy = Session.open(tmp_path / "copy.leanlab", author="A. Ruiz")
    for number in range(3):
        copy.add("cause", {"text": f"new {number}"})
    copy.save()
    copy.close()
    lead = ReviewSession.start(tmp_path / "copy.leanlab", author="M. Ito")
    lead.comment("project", "Well begun")
    proposal = review.propose(owner, sent(lead, tmp_path))
    lead.close()
    assert "newer" in proposal.about_state


# many projects -----------------------------------------------------------------------------------


def test_one_parcel_for_many_projects_and_each_owner_gets_his(owner, tmp_path):
    other = Session.create(tmp_path / "other.leanlab", name="Returns", author="B. Lind")
    other.close()
    for path in (owner.path, tmp_path / "other.leanlab"):
        lead = ReviewSession.start(path, author="M. Ito")
        lead.decide_gate("define", "rework", f"Look at {path.name}")
        lead.close()
    written = files.finish(tmp_path / "all.leanreview", reviewer="M. Ito", others=reviews_begun())
    parcel = files.read_parcel(written.path)
    assert sorted(p.title for p in parcel.parts) == ["Late orders", "Returns"]
    assert reviews_begun() == []
    proposal = review.propose(owner, parcel)
    assert [e.item.text for e in proposal.entries] == ["Look at late.leanlab"]


def test_decisions_stay_in_sight_until_they_are_merged(owner, tmp_path):
    project_id = owner.fact("project_id")
    lead = ReviewSession.start(owner.path, author="M. Ito")
    lead.comment("project", "Well begun")
    lead.decide_gate("define", "rework")
    (begun,) = review_pending.pending_for(project_id)
    assert not begun.sent
    parcel = sent(lead, tmp_path)
    lead.close()
    (pending,) = review_pending.pending_for(project_id)
    assert pending.words.startswith("Gate Define: rework on ")
    assert pending.words.endswith("(not yet merged by A. Ruiz)")
    assert len(review_pending.pending_for(project_id, decisions_only=False)) == 2
    proposal = review.propose(owner, parcel)
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    owner.save()
    merged = peeked(owner.path).summary["merged"]
    assert review_pending.pending_for(project_id, merged=merged) == ()
    assert len(review_pending.pending_for(project_id)) == 1
    ReviewSession.start(owner.path, author="M. Ito").close()
    assert review_pending.pending_for(project_id, decisions_only=False) == ()


def test_a_project_id_never_becomes_a_path(home):
    assert review_pending.pending_for("../../settings") == ()
    assert list((home / "reviews").iterdir()) == []
