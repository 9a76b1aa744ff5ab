"""The palette: what was used last, signs for one kind, terms, people, and the text of records."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from leanlab.app import settings as user_settings
from leanlab.domain.glossary import terms
from leanlab.ui import find
from leanlab.ui.dialogs.help import HelpDialog, help_pages
from leanlab.ui.matching import matching, nearly
from leanlab.ui.palette_dialog import HINT, MOST_RECENT, SECTION, PaletteDialog, picked


@pytest.fixture
def opened(qtbot):
    """Open the palette of a window without waiting for its end."""
    made = []

    def open_on(window, recent=()):
        dialog = PaletteDialog(
            find.entries(window), window, recent=recent, in_texts=find.InTexts(window),
            instead=lambda typed: find.instead(window, typed),
        )  # fmt: skip
        dialog.show()
        made.append(dialog)
        return dialog

    yield open_on
    for dialog in made:
        dialog.close()


def lines(dialog):
    return [
        (item.data(SECTION), item.text())
        for item in map(dialog.list.item, range(dialog.list.count()))
    ]


def kinds(dialog):
    return {section for section, _ in lines(dialog)}


def test_what_begins_with_the_typed_words_comes_first(window, opened):
    dialog = opened(window)
    dialog.box.setText("new pro")
    assert lines(dialog)[0][0] == "Command"
    assert lines(dialog)[0][1].startswith("New project")


def test_an_empty_palette_shows_what_was_used_last_the_latest_first(window, opened):
    keys = [entry.key for entry in find.entries(window)][:12]
    uses: list[str] = []
    for key in keys:
        uses = find.remembered(uses, key)
    uses = find.remembered(uses, keys[3])
    dialog = opened(window, [*uses, "record-of-another-project"])
    by_key = {entry.key: entry.text for entry in find.entries(window)}
    shown = [text for _, text in lines(dialog)]
    assert shown == [by_key[key] for key in uses[:MOST_RECENT]]
    assert shown[0] == by_key[keys[3]]
    assert dialog.status.text() == "What you used last."


def test_a_palette_never_used_says_what_to_type(window, opened):
    dialog = opened(window)
    shown = [text for _, text in lines(dialog)]
    assert {"New project…", "Open…", "Open portfolio folder…"} <= set(shown)
    assert "New action" not in shown, "it cannot run without a project"
    assert "pareto" in dialog.status.text()


def test_what_is_taken_is_remembered_for_the_next_time(window, monkeypatch):
    def take(dialog):
        dialog.box.setText("> keyboard shortcuts")
        dialog._choose()

    monkeypatch.setattr(window.bar, "run", lambda _: None)
    monkeypatch.setattr(PaletteDialog, "exec", take)
    window.show_palette()
    assert window.settings.recent_uses == ["command:keys"]
    assert user_settings.load().recent_uses == ["command:keys"]


def test_signs_show_one_kind_only(project_window, session, opened):
    session.add("action", {"title": "Ask the night shift", "owner": "M. Ito"})
    session.add("person", {"name": "M. Ito", "role": "Sponsor"})
    dialog = opened(project_window)
    dialog.box.setText(">")
    assert kinds(dialog) == {"Command"}
    dialog.box.setText("#A1")
    assert lines(dialog)[0] == ("Action", "Ask the night shift (A1)")
    dialog.box.setText("#")
    assert kinds(dialog) == {"Action"}
    dialog.box.setText("?")
    assert kinds(dialog) == {"Help"}
    dialog.box.setText("? median")
    assert kinds(dialog) == {"Help", "Term"}
    assert ("Term", "Median") in lines(dialog)


def test_people_are_found_with_what_they_own(project_window, session, opened):
    session.add("action", {"title": "Ask the night shift", "owner": "M. Ito"})
    session.add("action", {"title": "Write to Ito", "owner": "A. Ruiz"})
    session.add("person", {"name": "M. Ito", "role": "Sponsor"})
    dialog = opened(project_window)
    dialog.box.setText("@ito")
    assert sorted(lines(dialog)) == [("Action", "Ask the night shift (A1)"), ("Person", "M. Ito")]


def test_a_term_opens_its_help_with_its_meaning_on_top(window, monkeypatch, opened):
    seen = []

    def helped_by(dialog):
        seen.append(dialog)

    monkeypatch.setattr(HelpDialog, "exec", helped_by)
    dialog = opened(window)
    dialog.box.setText("cpk")
    assert ("Term", "Cpk") in lines(dialog)
    dialog.list.setCurrentRow([text for _, text in lines(dialog)].index("Cpk"))
    dialog._choose()
    (helped,) = seen
    assert helped.list.currentItem().data(Qt.ItemDataRole.UserRole) == "capability.normal"
    assert helped.findChild(object, "help_about") is not None


def test_every_term_is_told_once_and_names_a_page_that_exists():
    pages = {page.id for page in help_pages()}
    names = [term.term for term in terms()]
    assert len(names) == len(set(names)) >= 100
    assert {term.page for term in terms() if term.page} <= pages
    assert names == sorted(names, key=str.casefold)
    for term in terms():
        assert term.meaning.endswith("."), term.term
    glossary = next(page for page in help_pages() if page.id == "glossary")
    assert all(f"**{name}**" in glossary.text for name in names)


def test_the_text_of_records_is_searched_and_shown_around_the_words(
    project_window, session, opened
):
    action = session.add(
        "action", {"title": "Ask the night shift", "note": "They load by hand after the belt stops"}
    )
    session.add("comment", {"about_id": action, "text": "The belt stopped twice", "who": "M. Ito"})
    session.add("worksheet", {"type_id": "charter", "version": 1, "title": "Charter",
                              "body": {"problem": "Lorries wait at the belt", "metric_id": "belt"}})  # fmt: skip
    dialog = opened(project_window)
    dialog.box.setText("belt")
    found = {
        item.text(): item.data(HINT) for item in map(dialog.list.item, range(dialog.list.count()))
    }
    assert found["Action A1: Ask the night shift"] == (
        "Ask the night shift · They load by hand after the belt stops"
    )
    assert "Comment of M. Ito" in found
    assert found["Worksheet: Charter"].endswith("wait at the belt")
    dialog._choose()
    assert project_window.navigation.target == "actions"


def test_pictures_ids_and_results_are_no_text(session):
    from leanlab.app.text_search import texts

    other = session.add("cause", {"text": "Belt"})
    session.add("finding", {"title": "Chart", "svg": "<svg>", "digest": "d1", "source_id": other,
                            "numbers": {"mean": "x1"}, "findings": ["The level fell."]})  # fmt: skip
    (finding,) = (t for t in texts(session) if t.title.startswith("Saved result"))
    assert "The level fell." in finding.words
    assert not any(bad in finding.words for bad in ("<svg>", "d1", other, "x1"))


def test_without_a_match_help_and_the_guided_choice_are_offered(project_window, opened):
    dialog = opened(project_window)
    dialog.box.setText("zzzz")
    assert dialog.status.text() == "Nothing called 'zzzz'. Try another word."
    assert [section for section, _ in lines(dialog)] == ["Help", "New analysis"]


def test_slips_and_beginnings_are_understood():
    names = ["New project", "Pareto chart", "Process map"]
    for typed, meant in (("np", "New project"), ("newpro", "New project"), ("praeto", "Pareto chart"),
                         ("parteo", "Pareto chart"), ("paretto", "Pareto chart"),
                         ("proces maap", ""), ("proccess map", "Process map"), ("zzzz", "")):  # fmt: skip
        found = nearly(names, typed, lambda name: (name,))
        assert found == ([meant] if meant else []), typed


def test_names_count_before_words_and_the_order_stays():
    things = [("Chart", "level"), ("Level", ""), ("A level", ""), ("Uplevelled", "")]
    found = matching(things, "level", lambda t: (t[0],), lambda t: t[1])
    assert [name for name, _ in found] == ["Level", "A level", "Uplevelled", "Chart"]


def test_arrows_walk_round_while_the_box_keeps_the_focus(qtbot, window, opened):
    window.activateWindow()
    dialog = opened(window)
    qtbot.waitUntil(dialog.box.hasFocus)
    dialog.box.setText("? chart")
    count = dialog.list.count()
    for key, row in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, 0), (Qt.Key.Key_Up, count - 1)):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert dialog.list.currentRow() == row
    assert dialog.box.hasFocus()


def test_what_cannot_run_says_why_and_stays(qtbot, window, opened):
    dialog = opened(window)
    dialog.box.setText("> save as")
    item = dialog.list.item(0)
    assert item.data(HINT) == "Open a project first."
    assert "Open a project first." in item.data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_settings_keep_the_uses_as_plain_words(window):
    window.settings.recent_uses = find.remembered(["a"], "b")
    user_settings.save(window.settings)
    assert json.loads(user_settings._file().read_text("utf-8"))["recent_uses"] == ["b", "a"]


def test_recent_entries_win_among_equals(window):
    everything = find.entries(window)
    found = picked(everything, "> save")
    again = picked(everything, "> save", [found[-1].key])
    rank = [entry.key for entry in again].index(found[-1].key)
    assert rank < len(found) - 1


def test_the_glossary_stands_in_the_help_menu(window, monkeypatch):
    seen = []

    def shown(dialog):
        seen.append(dialog.text.toPlainText())

    monkeypatch.setattr(HelpDialog, "exec", shown)
    window.bar.run("glossary")
    assert all(term.meaning[:20] in seen[0] for term in terms())


def test_projects_that_were_open_lately_are_found_and_opened(
    window, session, tmp_path, opened, monkeypatch
):
    window.settings.remember(tmp_path / "gone.leanlab", "Gone project", "2026-01-01")
    window.settings.remember(session.path, "Late deliveries", "2026-01-02")
    dialog = opened(window)
    dialog.box.setText("late deliv")
    assert lines(dialog)[0] == ("Project", "Late deliveries")
    asked = []
    monkeypatch.setattr(type(window.file), "open_path", lambda _self, path: asked.append(path))
    dialog = opened(window)
    dialog.box.setText("late deliv")
    dialog._choose()
    assert asked == [session.path]
    dialog = opened(window)
    dialog.box.setText("gone project")
    assert dialog.list.item(0).data(HINT) == "The file is not there any more."
    assert dialog.found.chosen == ""
