"""The card says what the records say; what they do not say is a question to somebody."""

import numpy as np
import pytest

from leanlab.app.cards import card_of
from leanlab.app.held import change_day
from leanlab.app.portfolio_export import card_at
from leanlab.app.roadmap import view_of
from leanlab.app.session import Session
from tests.sample_folder import built, projects

__all__ = ["built", "projects"]


@pytest.fixture
def card(projects):
    def made(code):
        return card_at(next(projects.rglob(f"{code}.leanlab")))

    return made


def figure(card, label):
    return next(f for f in card.figures if f.label == label)


def test_a_held_kaizen_shows_before_target_after_and_later(card):
    shown = card("P-002")
    assert [f.label for f in shown.figures] == ["Before", "Target", "After", "30 days", "60 days"]
    assert figure(shown, "Target").text == "20 min"
    assert (shown.verdict, shown.held.word, shown.held.level) == ("Confirmed", "yes", "good")
    assert "21 points over 9 weeks after the change" in shown.held.evidence
    assert shown.changed == ["Board at the line", "New order of steps", "Card with the standard"]
    assert [p.when for p in shown.photos] == ["before", "after"]
    assert all(p.data.startswith(b"\x89PNG") for p in shown.photos)
    assert "After the change" in shown.svg
    assert ("Replicate at", "Hub north") in shown.follow_up


def test_the_value_after_30_days_is_the_mean_of_the_days_around_it(projects):
    session = Session.open(next(projects.rglob("P-001.leanlab")), read_only=True)
    try:
        shown = card_of(session)
        change = np.datetime64(change_day(view_of(session)))
        sheet = next(s for s in session.records("sheet") if "before and after" in s.get("title"))
        info = session.sheet(sheet.id)
        days = session.column(sheet.id, info.named("Day").id).astype("datetime64[D]")
        values = session.column(sheet.id, info.named("Late departures").id)
    finally:
        session.close()
    near = np.abs((days - (change + 30)).astype(int)) <= 14
    assert figure(shown, "30 days").text == f"{values[near].mean():.1f} %"
    assert figure(shown, "30 days").note == f"{near.sum()} points"


def test_a_metric_that_got_worse_is_told_plainly(card):
    shown = card("P-004")
    assert (shown.verdict, shown.held.word) == ("Worse", "no")
    assert figure(shown, "After").level == "bad"
    assert (figure(shown, "30 days").text, figure(shown, "30 days").note) == ("–", "missing")
    assert "not supported" in shown.benefits[0].interval
    assert shown.list_late[0].startswith("Order the scanner (Ben Okoro")
    titles = {w["title"] for w in shown.weak}
    assert {"Too little proof", "Benefit not validated", "Control has no owner"} <= titles


def test_a_young_project_asks_instead_of_claiming(card):
    shown = card("P-008")
    assert shown.svg == ""
    assert "The project is in the phase Define. Next: " in shown.evidence
    assert figure(shown, "After").text == "–"
    assert shown.held.word == "not known"
    assert "No baseline" in {w["title"] for w in shown.weak}
    assert any("level before" in ask.text for ask in shown.asks)


def test_a_project_under_way_shows_its_baseline(card):
    running = card("P-024")
    assert (running.verdict, running.held.word) == ("No comparison yet", "not known")
    assert "Moving range" in running.svg
    assert running.alt
    assert "The project is in the phase Measure." in running.evidence


def test_benefits_carry_the_interval_of_the_change(card):
    shown = card("P-001")
    (line,) = shown.benefits
    assert line.amount.endswith("a year, counted over 3 months")
    assert line.state.startswith("validated by Milan Kovac")
    assert line.interval.endswith("by the interval of the change")
    assert shown.worth.startswith("Present value")


def test_answers_of_the_leader_replace_the_questions(projects):
    session = Session.open(next(projects.rglob("P-012.leanlab")))
    try:
        asked = {ask.target for ask in card_of(session).asks}
        assert {"card.trained", "card.replicate", "card.standard"} <= asked
        session.set_fact("card.trained", "4 of 6 people")
        shown = card_of(session)
    finally:
        session.close()
    assert ("Trained", "4 of 6 people") in shown.follow_up
    assert "card.trained" not in {ask.target for ask in shown.asks}


def test_a_project_without_anything_still_has_a_card(tmp_path):
    session = Session.create(tmp_path / "a.leanlab", name="Empty")
    try:
        shown = card_of(session)
    finally:
        session.close()
    assert shown.figures == []
    assert shown.asks[0].text == "Which metric shows the result?"


def worsen_the_counter(session):
    """Save a comparison that says that what must not get worse got worse."""
    view = view_of(session)
    proof = view.proof(view.metric("primary"))
    analysis = session.record(proof.get("source_id"))
    other = session.add("analysis", {**analysis.values, "metric_id": view.metric("counter").id})
    numbers = {**proof.get("numbers"), "verdict": "worse"}
    session.add("finding", {**proof.values, "source_id": other, "numbers": numbers})


def test_a_gain_at_the_cost_of_the_counter_metric_is_not_confirmed(projects):
    from leanlab.app.portfolio_entry import entry_of
    from leanlab.app.roadmap import state_of
    from leanlab.app.summary import summary_of

    session = Session.open(next(projects.rglob("P-001.leanlab")))
    try:
        name = view_of(session).metric("counter").get("name")
        assert card_of(session).verdict == "Confirmed"
        worsen_the_counter(session)
        shown, entry = card_of(session), entry_of(session)
        page = summary_of(session, state_of(session))
    finally:
        session.close(keep_draft=False)
    why = f"{name} got worse: the gain is promising at most."
    assert (shown.verdict, shown.level) == ("Promising", "warning")
    assert figure(shown, "After").level == "warning"
    assert why in shown.evidence
    assert why in page.headline
    assert "promising, but not confirmed yet" in page.headline
    assert (entry["metric"]["verdict"], entry["metric"]["level"]) == ("promising", "warning")
    assert why in entry["metric"]["sentence"]


def test_every_counter_metric_stands_on_the_card(projects):
    session = Session.open(next(projects.rglob("P-001.leanlab")))
    try:
        session.add(
            "metric", {"name": "Accidents", "role": "counter", "unit": "", "direction": "lower"}
        )
        shown = card_of(session)
    finally:
        session.close(keep_draft=False)
    assert [text.partition(":")[0] for text, _ in shown.counters] == [
        "Damaged parcels",
        "Accidents",
    ]
    assert "Did Accidents stay as it was?" in {ask.text for ask in shown.asks}
    assert {ask.who for ask in shown.asks if ask.text.startswith("Did ")} == {
        session_leader(projects)
    }


def session_leader(projects):
    session = Session.open(next(projects.rglob("P-001.leanlab")), read_only=True)
    try:
        return session.fact("author")
    finally:
        session.close()


def test_a_comparison_whose_data_changed_is_not_confirmed_any_more(projects):
    from leanlab.app.portfolio_entry import entry_of
    from leanlab.domain.portfolio import Entry

    session = Session.open(next(projects.rglob("P-001.leanlab")))
    try:
        assert card_of(session).held.word == "yes"
        sheet = next(s for s in session.records("sheet") if "before and after" in s.get("title"))
        info = session.sheet(sheet.id)
        row = int(session.row_ids(sheet.id)[0])
        session.set_cells(sheet.id, [(row, info.named("Late departures").id, "3.0")])
        shown, body = card_of(session), entry_of(session)
    finally:
        session.close(keep_draft=False)
    assert (shown.verdict, shown.level, shown.held.word) == (
        "Confirmed, out of date",
        "warning",
        "uncertain",
    )
    assert "recompute it" in shown.evidence
    assert any("out of date" in w["text"] for w in shown.weak)
    assert Entry(body).signal == "none"
