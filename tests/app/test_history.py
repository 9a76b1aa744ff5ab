"""Versions of a record can be seen and restored; a changed history is noticed."""

import pytest

from leanlab.app import history
from leanlab.app.session import Session


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "a.leanlab", name="Plant", author="Ann")
    yield made
    made.close()


def test_a_record_tells_who_changed_what(session):
    cause = session.add("cause", {"text": "worn nozzle", "status": "potential"})
    session.edit(cause, {"text": "worn nozzle 3"}, label="Reword cause")
    latest, first = history.versions(session, cause)
    assert (latest.who, latest.what) == ("Ann", "Reword cause")
    (change,) = [c for c in latest.changes if c.name == "text"]
    assert (change.old, change.new) == ("worn nozzle", "worn nozzle 3")
    assert first.what == "Add cause"


def test_an_old_version_comes_back_as_one_step(session):
    cause = session.add("cause", {"text": "old " * 500, "status": "potential"})
    session.edit(cause, {"text": "new", "status": "verified"})
    history.restore(session, cause, history.versions(session, cause)[0])
    assert session.record(cause).get("text") == "old " * 500
    assert session.record(cause).get("status") == "potential"
    session.undo()
    assert session.record(cause).get("text") == "new"


def test_one_field_of_a_form_is_restored_and_the_rest_left_alone(session):
    sheet = session.add(
        "worksheet", {"type_id": "charter", "title": "Charter", "body": {"a": "1", "b": "1"}}
    )
    session.edit(sheet, {"body": {"a": "2", "b": "1"}})
    session.edit(sheet, {"body": {"a": "2", "b": "2"}})
    first = history.versions(session, sheet)[1]
    assert [(c.name, c.old, c.new) for c in first.changes] == [("body.a", "1", "2")]
    history.restore(session, sheet, first)
    assert session.record(sheet).get("body") == {"a": "1", "b": "2"}


def test_the_history_of_an_untouched_project_is_whole(session):
    for number in range(20):
        session.add("action", {"title": f"action {number}"})
    found = history.integrity(session)
    assert found.whole
    assert found.entries >= 20
    assert len(found.code) == 14


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET who = 'Ben' WHERE seq = 3",
        "UPDATE audit SET payload = '[]' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 3",
        "UPDATE audit SET what = 'x', hash = hash WHERE seq = 2",
    ],
)
def test_a_changed_history_is_noticed(session, tampering):
    for number in range(6):
        session.add("action", {"title": f"action {number}"})
    with session._document.lock:
        session._document._db.execute(tampering)
    assert not history.integrity(session).whole


def test_a_cut_tail_shows_only_against_the_printed_code(session):
    for number in range(6):
        session.add("action", {"title": f"action {number}"})
    printed = history.integrity(session).code
    session._document._db.execute("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
    found = history.integrity(session)
    assert found.whole
    assert found.code != printed
