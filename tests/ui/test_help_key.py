"""F1 in dialogs: every one shows the help that fits, and stays open."""

import pkgutil
from importlib import import_module

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout

import leanlab.ui
from leanlab.core.errors import Problem
from leanlab.ui import messages
from leanlab.ui.dialogs.help import HelpDialog, help_pages
from leanlab.ui.dialogs.new_analysis import NewAnalysisDialog
from leanlab.ui.dialogs.new_worksheet import NewWorksheetDialog
from leanlab.ui.found_list import FoundList
from leanlab.ui.palette_dialog import PaletteDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, not ours


def every_dialog():
    """Return all classes of dialogs of the window."""
    for module in pkgutil.walk_packages(leanlab.ui.__path__, "leanlab.ui."):
        import_module(module.name)
    found, left = [], [QDialog]
    while left:
        for kind in left.pop().__subclasses__():
            left.append(kind)
            if kind.__module__.startswith("leanlab.ui."):
                found.append(kind)
    return sorted(set(found), key=lambda kind: (kind.__module__, kind.__name__))


# what a dialog does itself on these occasions needs all its parts
PLAIN = ("done", "reject", "keyPressEvent", "closeEvent", "resizeEvent", "showEvent")
DIALOGS = [kind for kind in every_dialog() if kind is not HelpDialog]


@pytest.fixture
def helped(monkeypatch):
    """What help was shown: the page, and over which dialog."""
    seen = []

    def shown(dialog):
        page = dialog.list.currentItem().data(Qt.ItemDataRole.UserRole)
        seen.append((page, dialog.parentWidget()))

    monkeypatch.setattr(HelpDialog, "exec", shown)
    return seen


def press_help(qtbot, dialog):
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F1)


def test_there_are_dialogs_to_walk():
    assert len(DIALOGS) > 30


@pytest.mark.parametrize("kind", DIALOGS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_help_opens_over_every_dialog_without_closing_it(qtbot, project_window, helped, kind):
    """Build the dialog bare, with one field: the key must not depend on what is in it."""

    def begin(self, parent):
        QDialog.__init__(self, parent)
        self._analysis = None
        self.found = FoundList(lambda _: ([], ""), names=("", ""))
        field = QLineEdit()
        QVBoxLayout(self).addWidget(field)
        field.setFocus()

    plain = {name: getattr(QDialog, name) for name in PLAIN}
    bare = type("Bare", (kind,), {"__init__": begin, **plain})
    project_window.go_to("home")
    dialog = bare(project_window)
    dialog.setModal(True)
    dialog.show()
    press_help(qtbot, dialog)
    ((page, over),) = helped
    named = dialog.help if hasattr(kind, "help") else "home"
    assert page == named
    assert named in {known.id for known in help_pages()}
    assert over is dialog
    assert dialog.isVisible()
    dialog.close()


def test_the_help_of_a_choice_is_that_of_what_is_chosen(qtbot, project_window, session, helped):
    chooser = NewAnalysisDialog(session, None, project_window, typed="pareto")
    forms = NewWorksheetDialog(frozenset(), "#000000", project_window)
    forms.box.setText("charter")
    for dialog, page in ((chooser, "quality.pareto"), (forms, "charter")):
        dialog.open()
        press_help(qtbot, dialog)
        assert helped.pop() == (page, dialog)
        dialog.close()


def test_a_question_shows_the_help_of_the_page_behind(qtbot, project_window, helped):
    project_window.go_to("report")
    asked = []

    def press():
        box = QApplication.activeModalWidget()
        asked.append(box)
        press_help(qtbot, box)
        box.reject()

    QTimer.singleShot(0, press)
    messages.ask(project_window, Problem("Take it away?", hint="Undo brings it back."), "Take away")
    assert helped == [("report", asked[0])]


def test_the_key_that_the_user_chose_works_in_dialogs_too(qtbot, window, helped):
    window.bar.keys.give("help", ["Ctrl+Alt+F2"])
    window.bar.take_keys()
    dialog = PaletteDialog([], window)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.box.hasFocus)
    qtbot.keyClick(dialog.box, Qt.Key.Key_F1)
    assert helped == []
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(dialog.box, Qt.Key.Key_F2, both)
    assert helped == [("finding", dialog)]
    dialog.close()


def test_help_does_not_open_over_itself(qtbot, window):
    shown = HelpDialog("home", window)
    shown.open()
    press_help(qtbot, shown)
    assert QApplication.activeModalWidget() is shown
    shown.close()
