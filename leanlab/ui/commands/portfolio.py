"""Portfolio: open a folder of projects, the outcome card, and what is written from them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from leanlab.core.errors import Problem
from leanlab.ui.commands import Command
from leanlab.ui.commands.when import with_project
from leanlab.ui.dialogs.save_file import ask_file

if TYPE_CHECKING:
    from leanlab.app.portfolio import Portfolio
    from leanlab.domain.cards import Card
    from leanlab.domain.portfolio import Entry
    from leanlab.ui.window import MainWindow

FILTERS = {"pdf": "PDF (*.pdf)", "xlsx": "Workbook (*.xlsx)", "cards": "PDF (*.pdf)"}


def portfolio_folder(window: "MainWindow") -> tuple[Command, ...]:
    """Return what the File menu shows below Open."""
    return (
        Command("portfolio", "&File", "Open por&tfolio folder…", lambda: ask_folder(window),
                "Ctrl+Shift+O", "tree", words="lead review all projects overview"),
    )  # fmt: skip


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Report menu."""
    need = with_project(window)
    return (
        Command("outcome_card", "&Report", "&Outcome card", lambda: window.go_to("card"), "", "star",
                need, words="kaizen result before after lead coach weak spots"),
        Command("outcome_card_pdf", "&Report", "Save outcome &card as PDF…",
                lambda: save_open_card(window), "", "", need, words="kaizen print a5"),
    )  # fmt: skip


def ask_folder(window: "MainWindow") -> None:
    """Ask for a folder and show the projects in it."""
    known = window.settings.portfolios
    begin = known[0] if known else str(window.settings.place())
    name = QFileDialog.getExistingDirectory(window, "Open portfolio folder", begin)
    if name:
        window.show_portfolio(Path(name))


# files -------------------------------------------------------------------------------------------


def export(
    window: "MainWindow", what: str, found: "Portfolio", entries: "Sequence[Entry]", year: str
) -> None:
    """Ask for a file and write the page, the workbook or the cards there; money of a year on top."""
    from leanlab.app import portfolio_export

    titles = {"pdf": "Save the page", "xlsx": "Save the workbook", "cards": "Save the cards"}
    ending = ".xlsx" if what == "xlsx" else ".pdf"
    name = "outcome cards" if what == "cards" else f"portfolio {Path(found.folder).name}"
    path = _ask(window, titles[what], f"{name}{ending}", FILTERS[what])
    if path is None:
        return

    def work(job: Any) -> None:
        if what == "cards":
            portfolio_export.write_cards(found, entries, path, job.progress)
        elif what == "xlsx":
            portfolio_export.write_xlsx(found, entries, path, year)
        else:
            portfolio_export.write_pdf(found, entries, path, year)

    _run(window, work, path)


def save_open_card(window: "MainWindow") -> None:
    """Write the card of the open project."""
    from leanlab.app.cards import card_of

    save_card(window, card_of(window.project))


def save_card(window: "MainWindow", shown: "Card") -> None:
    """Ask for a file and write one card there."""
    safe = "".join(c if c.isalnum() or c in " -_" else "-" for c in shown.title)
    path = _ask(window, "Save outcome card", f"{safe} card.pdf", FILTERS["pdf"])
    if path is None:
        return

    def work(job: Any) -> None:
        from leanlab.report.card import cards_pdf
        from leanlab.report.pdf import write

        write(path, cards_pdf([shown], check=job.check))

    _run(window, work, path)


def _ask(window: "MainWindow", title: str, name: str, kind: str) -> Path | None:
    ending = f".{kind.rpartition('.')[2].rstrip(')')}"
    return ask_file(window, title, window.settings.place() / name, kind, ending)


def _run(window: "MainWindow", work: Any, path: Path) -> None:
    def done(_result: Any) -> None:
        window.say(f"Saved as {path.name}.")
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def failed(problem: Problem) -> None:
        window.show_problem(problem)

    window.jobs.run(work, done, failed=failed, title=f"Writing {path.name}…")
