"""The portfolio folders on the start page."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout

from leanlab.app import settings as user_settings
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

WHAT_FOR = "Point at the folder where your teams save, and see all projects at once."


def folder_lines(window: "MainWindow") -> list[QHBoxLayout]:
    """Return a line for each remembered folder, and a button for another one."""
    lines = []
    for name in window.settings.portfolios:
        from leanlab.ui.elided import ElidedLabel

        folder = Path(name)
        show = button(folder.name or name, partial(window.show_portfolio, folder), "link")
        forget = button("Forget", partial(_forget, window, folder), "link")
        forget.setAccessibleName(f"Forget the folder {folder.name}")
        lines.append(row(show, ElidedLabel(name, "small"), forget, spacing=12))
        lines[-1].setStretch(1, 1)
    choose = button(
        "Open por&tfolio folder…", lambda: window.bar.run("portfolio"), "portfolio_choose"
    )
    lines.append(row(choose, label(WHAT_FOR, "muted"), spacing=12))
    lines[-1].setStretch(1, 1)
    return lines


def _forget(window: "MainWindow", folder: Path) -> None:
    window.settings.forget_portfolio(folder)
    user_settings.save(window.settings)
    window.start.refresh()
