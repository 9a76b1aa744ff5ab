"""The keys of commands: the usual ones, and those a user chose instead."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QTableWidget

from leanlab.app import settings
from leanlab.ui.dialogs.keys import KeysDialog
from leanlab.ui.dialogs.settings import SettingsDialog
from leanlab.ui.find import entries
from leanlab.ui.shortcuts import IN_PLACE, Keys, split

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, not ours


@pytest.fixture
def dialog(window):
    shown = SettingsDialog(window, "Keyboard")
    shown.show()
    yield shown
    shown.close()


def choose(page, command_id):
    page._go_to(command_id)
    assert page.command.id == command_id


def press(page, key):
    page.edit.setKeySequence(QKeySequence(key))


def shortcuts(window, command_id):
    return [key.toString() for key in window.bar.actions[command_id].shortcuts()]


def test_a_free_key_is_given_kept_and_acts_at_once(window, dialog, qtbot):
    page = dialog.keyboard
    choose(page, "light")
    press(page, "Ctrl+Alt+T")
    assert page.told.text() == "Ctrl+Alt+T is free."
    page.give.click()
    assert shortcuts(window, "light") == ["Ctrl+Alt+T"]
    assert settings.load().shortcuts == {"light": "Ctrl+Alt+T"}
    dialog.close()
    window.set_theme("dark")
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)  # fmt: skip
    assert window.tokens["name"] == "light"


def test_a_taken_key_names_its_holder_and_moves_only_when_told_to(window, dialog):
    page = dialog.keyboard
    choose(page, "sidebar")
    press(page, "Ctrl+S")
    assert "belongs to Save" in page.told.text()
    assert shortcuts(window, "save") == ["Ctrl+S"]
    assert page.give.text() == "Move the keys here"
    page.give.click()
    assert shortcuts(window, "sidebar") == ["Ctrl+S"]
    assert shortcuts(window, "save") == []
    choose(page, "save")
    page.usual.click()
    assert shortcuts(window, "save") == ["Ctrl+S"]
    assert shortcuts(window, "sidebar") == []


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("X", "together with Ctrl or Alt"),
        ("Alt+F", "opens the menu File"),
        ("Alt+PgDown", "Next or previous column".lower()[:10]),
        ("F2", "taken"),
    ],
)
def test_keys_that_cannot_be_given_say_why(dialog, key, reason):
    page = dialog.keyboard
    choose(page, "sidebar")
    press(page, key)
    assert reason in page.told.text()
    assert not page.give.isEnabled()


def test_keys_are_taken_away_and_all_come_back(window, dialog):
    page = dialog.keyboard
    choose(page, "undo")
    page.remove.click()
    assert shortcuts(window, "undo") == []
    choose(page, "redo")
    press(page, "Ctrl+Z")
    page.give.click()
    page.all_usual.click()
    assert shortcuts(window, "undo") == ["Ctrl+Z"]
    assert shortcuts(window, "redo") == ["Ctrl+Shift+Z", "Ctrl+Y"]
    assert settings.load().shortcuts == {}


def test_what_is_searched_is_found_by_words_and_by_keys(dialog):
    page = dialog.keyboard

    def shown():
        rows = [r for r in range(page.table.rowCount()) if not page.table.isRowHidden(r)]
        return {page.table.item(r, 0).text() for r in rows}

    page.box.setText("ctrl+shift+z")
    assert shown() == {"Redo"}
    page.box.setText("gage2")
    assert shown() == set()
    assert page.empty.text() == "Nothing called 'gage2'."


def test_chosen_keys_stand_in_the_list_the_palette_and_the_tips(window):
    window.bar.keys.give("sidebar", ["Ctrl+Alt+B"])
    window.bar.take_keys()
    listed = KeysDialog(tuple(window.bar.commands.values()), window.bar.keys, window)
    table = listed.findChild(QTableWidget, "keys_table")
    keys = {table.item(r, 1).text() for r in range(table.rowCount())}
    assert "Ctrl+Alt+B" in keys
    assert next(e for e in entries(window) if e.text == "Sidebar").hint == "Ctrl+Alt+B"
    assert "Ctrl+Alt+B" in window.bar.actions["sidebar"].toolTip()
    listed.close()


def test_broken_settings_leave_the_usual_keys(window):
    keys = Keys(tuple(window.bar.commands.values()), {"gone": "F3", "undo": 7, "save": "F7"})
    assert keys.of("undo") == ("Ctrl+Z",)
    assert keys.of("save") == ("F7",)


def test_the_usual_keys_collide_neither_with_each_other_nor_with_keys_of_pages(window):
    keys = Keys(tuple(window.bar.commands.values()), {})
    for command in window.bar.commands.values():
        for key in keys.of(command.id):
            assert keys.holder(key, command.id) is None, key
            assert keys.refused(key) == "", key
    for _, pressed, _ in IN_PLACE:
        for key in split(pressed):
            assert not QKeySequence(key).isEmpty(), key


def test_name_theme_and_text_are_set_at_once(window):
    shown = SettingsDialog(window)
    shown.general.name.setText("A. Ruiz")
    shown.general.theme.setCurrentIndex(shown.general.theme.findData("dark"))
    shown.general.theme.activated.emit(0)
    shown.general.size_.setCurrentIndex(shown.general.size_.findData(12))
    shown.general.size_.activated.emit(0)
    shown.done(0)
    kept = settings.load()
    assert (kept.name, kept.theme, kept.text_size) == ("A. Ruiz", "dark", 12)
