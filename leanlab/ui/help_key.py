"""The key of the help inside dialogs: a window's own keys rest while one of its dialogs is open."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QWidget

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

NAME = "help_key"


class HelpKey(QObject):
    """Gives every dialog of a window the key as soon as the focus enters it.

    A dialog that wants a page of its own names it in `help`; the others show that of the page
    from which they were opened.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - there is a window
        application.focusChanged.connect(self._moved)

    def _moved(self, _left: QWidget | None, entered: QWidget | None) -> None:
        dialog = entered.window() if entered is not None else None
        if isinstance(dialog, QDialog) and self._wants(dialog):
            for key in self._window.bar.keys.of("help"):
                made = QShortcut(QKeySequence(key), dialog)
                made.setObjectName(NAME)
                made.activated.connect(lambda shown=dialog: self._window.show_help(shown))

    def _wants(self, dialog: QDialog) -> bool:
        known = dialog.findChild(QShortcut, NAME) is not None
        return not known and dialog.objectName() != "help_dialog" and self._is_ours(dialog)

    def _is_ours(self, widget: QWidget | None) -> bool:
        while widget is not None:
            if widget is self._window:
                return True
            widget = widget.parentWidget()
        return False
