"""Worksheets over registers: each edit is one named, undoable step, and views share their rows."""

import pytest

from leanlab.app import roadmap
from leanlab.app import worksheets as use
from leanlab.app.changes import process_changes
from leanlab.app.integrity import since_sign_off
from leanlab.app.session import Session
from leanlab.core.errors import DataProblem
from leanlab.worksheets.declare import Edit, messages, value_of
from leanlab.worksheets.show import edit_text


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="Late departures", author="A. Ruiz")
    yield made
    made.close()


def opened(session, type_id):
    return use.view_of(session, use.open_worksheet(session, type_id))


def again(session, view):
    return use.view_of(session, view.record_id)


def test_a_field_of_the_worksheet_is_one_undoable_step(session):
    view = opened(session, "charter")
    use.set_text(session, view, "problem", "", "size", "12,4")
    assert again(session, view).get("size") == 12.4
    assert session.undo_label == "Edit how much"
    session.undo()
    assert again(session, view).get("size") is None


def test_who_leads_and_pays_is_said_once_for_charter_and_project(session):
    session.set_fact("sponsor", "M. Okafor")
    view = opened(session, "charter")
    assert (view.get("leader"), view.get("sponsor")) == ("A. Ruiz", "M. Okafor")
    assert use.is_empty(view)
    use.set_text(session, view, "roles", "", "owner", "T. Lind")
    use.set_text(session, again(session, view), "roles", "", "sponsor", "P. Novak")
    assert (session.fact("owner"), session.fact("sponsor")) == ("T. Lind", "P. Novak")
    use.tell_facts(session, {"sponsor": "", "site": "Hub north"}, label="Change project settings")
    found = again(session, view)
    assert (found.get("sponsor"), found.get("department")) == (None, "Hub north")
    assert session.undo() == "Undo change project settings"
    assert again(session, view).get("sponsor") == session.fact("sponsor") == "P. Novak"


def test_the_goal_of_the_charter_is_the_primary_metric(session):
    view = opened(session, "charter")
    use.set_text(session, view, "goal", "", "name", "Late departures")
    (metric,) = session.records("metric")
    assert (metric.get("name"), metric.get("role")) == ("Late departures", "primary")
    view = again(session, view)
    use.set_text(session, view, "goal", metric.id, "target", "5")
    assert session.record(metric.id).get("target") == 5.0


def test_fishbone_whys_and_fmea_edit_the_same_cause(session):
    bones = opened(session, "fishbone")
    cause = use.add_row(session, bones, "causes", {"text": "List changes late", "branch": "Method"})
    whys = opened(session, "whys")
    assert [r.text("text") for r in whys.all("answers")] == ["List changes late"]
    fmea = opened(session, "fmea")
    row = use.add_row(session, fmea, "rows", {"failure": "Left behind"})
    use.set_text(session, again(session, fmea), "rows", row, "cause_id", "list changes late")
    assert again(session, fmea).all("rows")[0].get("cause_id") == cause
    use.edit(
        session,
        again(session, whys),
        [Edit("answers", cause, {"text": "List changes after 17:00"})],
    )
    assert again(session, bones).all("causes")[0].text("text") == "List changes after 17:00"


def test_a_list_of_causes_shows_names_that_are_read_back_though_they_hold_commas(session):
    for text in ("Loaded in order of arrival, not of departure", "Cut-off, 30 min late"):
        session.add("cause", {"text": text})
    first, second = (c.id for c in session.records("cause"))
    solutions = opened(session, "impact_effort")
    row = use.add_row(session, solutions, "solutions", {"title": "Load by a plan"})
    field = next(f for f in solutions.type.section("solutions").fields if f.link == "addresses")
    use.set_text(session, again(session, solutions), "solutions", row, field.id, "C1, C2")
    view = again(session, solutions)
    assert set(view.linked(row, "addresses")) == {first, second}
    text = edit_text(field, view.linked(row, "addresses"), view)
    assert text == ("Loaded in order of arrival, not of departure (C1); Cut-off, 30 min late (C2)")
    for typed in (
        text,
        "cut-off, 30 min late; C1",
        "C1 Loaded in order of arrival, not of departure; C2",
    ):
        use.set_text(session, again(session, solutions), "solutions", row, field.id, typed)
        assert set(again(session, solutions).linked(row, "addresses")) == {first, second}
    assert len(session.records("cause")) == 2


def test_typing_an_action_into_the_fmea_makes_one_that_addresses_the_cause(session):
    fmea = opened(session, "fmea")
    row = use.add_row(session, fmea, "rows", {"failure": "Left behind"})
    for field, text in (
        ("cause_id", "List changes"),
        ("action_id", "Freeze the list"),
        ("action:owner", "T. Lind"),
    ):
        use.set_text(session, again(session, fmea), "rows", row, field, text)
    (action,) = session.records("action")
    (cause,) = session.records("cause")
    assert (action.get("owner"), action.get("kind")) == ("T. Lind", "fmea")
    assert [(k.verb, k.to_id) for k in session.links(action.id)] == [("addresses", cause.id)]
    assert [p.get("name") for p in session.records("person")] == ["T. Lind"]


def test_the_owner_of_no_action_is_refused_with_words(session):
    fmea = opened(session, "fmea")
    row = use.add_row(session, fmea, "rows", {"failure": "Left behind"})
    with pytest.raises(DataProblem, match="Enter the action first"):
        use.set_text(session, again(session, fmea), "rows", row, "action:owner", "T. Lind")


def test_rows_keep_the_place_where_they_were_put(session):
    view = opened(session, "sipoc")
    for name in ("Scan", "Load", "Leave"):
        use.add_row(session, again(session, view), "steps", {"name": name})
    load = again(session, view).all("steps")[1].id
    use.add_row(session, again(session, view), "steps", {"name": "Call"}, before=load)
    use.move_row(session, again(session, view), "steps", load, 1)
    assert [r.text("name") for r in again(session, view).all("steps")] == [
        "Scan",
        "Call",
        "Leave",
        "Load",
    ]


def test_a_cause_goes_with_what_stands_below_it_and_comes_back_in_one_step(session):
    view = opened(session, "fishbone")
    top = use.add_row(session, view, "causes", {"text": "A"})
    use.add_row(session, again(session, view), "causes", {"text": "B", "parent_id": top})
    use.delete_rows(session, again(session, view), "causes", [top])
    assert again(session, view).all("causes") == ()
    session.undo()
    assert len(again(session, view).all("causes")) == 2


def test_a_cause_cannot_stand_below_itself(session):
    view = opened(session, "fishbone")
    top = use.add_row(session, view, "causes", {"text": "A"})
    low = use.add_row(session, again(session, view), "causes", {"text": "B", "parent_id": top})
    with pytest.raises(DataProblem, match="below itself"):
        use.move_below(session, again(session, view), "causes", top, low)


def test_pasting_adds_rows_and_says_what_did_not_fit(session):
    view = opened(session, "actions")
    bad = use.paste(session, view, "actions", 0, ["title", "owner", "due"],
                    [["Freeze list", "T. Lind", "2026-06-01"], ["Plan gates", "S. Haddad", "soon"]])  # fmt: skip
    rows = again(session, view).all("actions")
    assert [(r.text("title"), r.text("owner"), r.text("due")) for r in rows] == [
        ("Freeze list", "T. Lind", "2026-06-01"), ("Plan gates", "S. Haddad", ""),
    ]  # fmt: skip
    assert bad == ["Line 2: 'soon' is not a date."]
    assert session.undo_label == "Paste 2 actions"


def test_a_done_process_change_is_flagged_with_its_day(session):
    view = opened(session, "actions")
    metric = session.add("metric", {"name": "Late", "role": "primary"})
    row = use.add_row(
        session,
        view,
        "actions",
        {"title": "Freeze list", "process_change": True, "metric_id": metric},
    )
    assert process_changes(session, metric) == ()
    use.set_text(session, again(session, view), "actions", row, "status", "done")
    (change,) = process_changes(session, metric)
    assert change.reason == "Freeze list (A1)"
    assert change.day == session.record(row).get("done_on")
    use.set_text(session, again(session, view), "actions", row, "status", "open")
    assert process_changes(session, metric) == ()


def test_ready_needs_every_must_met_or_accepted(session):
    view = opened(session, "sipoc")
    with pytest.raises(DataProblem, match="not ready"):
        use.set_status(session, view.record_id, "ready")
    for field in ("process", "starts", "ends"):
        use.set_text(session, again(session, view), "frame", "", field, "x")
    use.set_status(session, view.record_id, "ready")
    assert again(session, view).status == "ready"
    use.set_text(session, again(session, view), "frame", "", "process", "y")
    assert again(session, view).status == "in progress"


def test_a_must_can_be_accepted_with_a_reason_and_taken_back(session):
    view = opened(session, "sipoc")
    message = next(m for m in messages(view) if m.hit.field_id == "process")
    use.accept_message(session, view, message, "named in the charter")
    (accepted,) = [
        m for m in messages(again(session, view)) if m.accepted and m.hit.field_id == "process"
    ]
    assert accepted.accepted == "named in the charter"
    use.withdraw_acceptance(session, view, message)
    assert not any(m.accepted for m in messages(again(session, view)))


def test_renaming_a_person_renames_what_they_own(session):
    view = opened(session, "actions")
    row = use.add_row(session, view, "actions", {"title": "Freeze", "owner": "T Lind"})
    charter = opened(session, "charter")
    use.set_text(session, charter, "roles", "", "owner", "T Lind")
    (person,) = session.records("person")
    use.edit(session, again(session, charter), [Edit("team", person.id, {"name": "T. Lind"})])
    assert session.record(row).get("owner") == "T. Lind"
    assert again(session, charter).get("owner") == "T. Lind"


def test_months_are_kept_inside_the_benefit_line(session):
    view = opened(session, "benefits")
    use.set_text(session, view, "frame", "", "start_month", "May 2026")
    row = use.add_row(
        session,
        again(session, view),
        "lines",
        {"title": "Fewer penalties", "benefit_class": "hard"},
    )
    use.set_text(session, again(session, view), "plan", row, "months.2026-05.plan", "12 000")
    assert session.record(row).get("months") == {"2026-05": {"plan": 12000.0}}


def test_an_actual_that_follows_from_rate_and_volume_is_shown_and_not_typed_over(session):
    view = opened(session, "benefits")
    use.set_text(session, view, "frame", "", "start_month", "2026-05")
    line = use.add_row(
        session, again(session, view), "lines",
        {"title": "Less credit", "benefit_class": "hard", "rate_before": 12.0, "unit_value": 2.0},
    )  # fmt: skip
    for name, text in (("rate", "9"), ("volume", "100")):
        use.set_text(session, again(session, view), "volume", line, f"months.2026-05.{name}", text)
    shown = again(session, view)
    cell = shown.type.section("actual").field("months.2026-05.actual", shown)
    assert value_of(cell, shown.all("actual")[0], shown) == 600.0
    with pytest.raises(DataProblem, match="worked out from rate and volume"):
        use.set_text(session, shown, "actual", line, cell.id, "5")
    bad = use.paste(session, shown, "actual", 0, [cell.id], [["5"]])
    assert "worked out from rate and volume" in bad[0]
    use.set_text(session, again(session, view), "volume", line, "months.2026-05.rate", "")
    use.set_text(session, again(session, view), "actual", line, cell.id, "5")
    assert value_of(cell, again(session, view).all("actual")[0], view) == 5.0


def test_steps_of_the_sipoc_are_offered_to_the_fmea(session):
    sipoc = opened(session, "sipoc")
    for name in ("Scan parcels", "Load parcels"):
        use.add_row(session, again(session, sipoc), "steps", {"name": name})
    fmea = opened(session, "fmea")
    use.accept_offer(session, fmea, "steps")
    assert len(again(session, fmea).all("rows")) == 2
    session.undo()
    assert again(session, fmea).all("rows") == ()


def test_what_was_seen_at_the_place_is_evidence(session):
    view = opened(session, "fishbone")
    cause = use.add_row(session, view, "causes", {"text": "List changes late"})
    use.note_seen(
        session,
        cause,
        note="41 of 50",
        observer="J. Moreau",
        status="verified",
        photo=("a.png", b"x"),
    )
    assert not any(m.check.id == "FB-06" for m in messages(again(session, view)))
    assert len(session.attachments(cause)) == 1


def test_passing_a_gate_marks_what_was_ready_for_it_as_reviewed(session):
    made = {
        status: session.add(
            "worksheet",
            {
                "type_id": "charter",
                "version": 1,
                "title": status,
                "phase": "define",
                "status": status,
            },
        )
        for status in ("ready", "in progress", "not needed")
    }
    for answer in roadmap.state_of(session).phase("define").answers:
        roadmap.accept(session, answer.question.id, "define", "agreed", "M. Ito")
    roadmap.decide_gate(session, "define", "rework", "M. Ito")
    assert session.record(made["ready"]).get("status") == "ready"
    gate = roadmap.decide_gate(session, "define", "passed", "M. Ito")
    found = {status: session.record(i).get("status") for status, i in made.items()}
    assert found == {**{status: status for status in made}, "ready": "reviewed"}
    assert since_sign_off(session, session.record(gate).get("snapshot")).untouched


def test_renaming_a_person_reaches_repeated_rows_and_the_facts_of_the_project(session):
    charter = opened(session, "charter")
    use.set_text(session, charter, "roles", "", "leader", "A. Ruiz")
    section, field = next(
        (s, f)
        for s in charter.type.sections
        if s.repeats and not s.register
        for f in s.fields
        if f.type == "person"
    )
    row = use.add_row(session, again(session, charter), section.id, {field.id: "A. Ruiz"})
    person = next(p for p in session.records("person") if p.get("name") == "A. Ruiz")
    use.edit(session, again(session, charter), [Edit("team", person.id, {"name": "Ana Ruiz"})])
    assert session.record(row).get("body")[field.id] == "Ana Ruiz"
    assert again(session, charter).get("leader") == "Ana Ruiz"
    assert session.fact("author") == "Ana Ruiz"
    session.undo()
    assert session.record(row).get("body")[field.id] == "A. Ruiz"
    assert session.fact("author") == "A. Ruiz"


def test_rows_can_be_inserted_at_one_place_for_ever_and_still_be_moved(session):
    view = opened(session, "actions")
    first = use.add_row(session, view, "actions", {"title": "first"})
    use.add_row(session, again(session, view), "actions", {"title": "last"})
    for number in range(80):
        use.add_row(session, again(session, view), "actions", {"title": f"n{number}"}, after=first)
    titles = [r.get("title") for r in again(session, view).all("actions")]
    assert titles == ["first", *(f"n{n}" for n in reversed(range(80))), "last"]
    moved = again(session, view).all("actions")[40]
    use.move_row(session, again(session, view), "actions", moved.id, -1)
    assert again(session, view).all("actions")[39].id == moved.id


def test_rows_that_share_a_place_can_be_moved(session):
    view = opened(session, "actions")
    rows = [use.add_row(session, again(session, view), "actions", {"title": t}) for t in "abc"]
    for row in rows:
        session.edit(row, {"pos": 1.0})
    use.move_row(session, again(session, view), "actions", rows[2], -1)
    assert [r.get("title") for r in again(session, view).all("actions")] == ["a", "c", "b"]
    use.move_row(session, again(session, view), "actions", rows[0], 1)
    assert [r.get("title") for r in again(session, view).all("actions")] == ["c", "a", "b"]
