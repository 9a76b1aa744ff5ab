"""The evidence of an answer: the record it comes from, as it would be printed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout

from leanlab.core.errors import Problem
from leanlab.core.format import coded
from leanlab.ui.pages.report import PageStack
from leanlab.ui.widgets import button, label, row

if TYPE_CHECKING:
    from leanlab.app.roadmap import Answered
    from leanlab.app.session import Session
    from leanlab.ui.window import MainWindow

PPI = 96.0
LARGE_PPI = 150.0  # for a whole screen
PRINTED = {"worksheet", "analysis", "finding"}
NARROWEST, LOWEST = 360, 180


def record_behind(session: "Session", target: str) -> str:
    """Return the worksheet, analysis or saved result that a target leads to, or nothing."""
    from leanlab.ui.pages.registry import REGISTERS

    kind = session.kind_of(target) if target else None
    if kind in PRINTED:
        return target
    place = REGISTERS.get(kind or "", target)
    if kind == "worksheet_row":
        return str(session.record(target).get("worksheet_id", ""))
    if not place.startswith("worksheet:"):
        return ""
    wanted = place.partition(":")[2]
    found = (w for w in session.records("worksheet") if w.get("type_id") == wanted)
    return next((w.id for w in found), "")


def pages_of(session: "Session", record_id: str, job: Any, ppi: float = PPI) -> list[bytes]:
    """Set the record on pages; runs in a worker."""
    from leanlab.app.reporting import record_report
    from leanlab.report.pdf import page_pictures

    report = record_report(session, record_id)
    job.check()
    return page_pictures(report, ppi)


class EvidencePanel(QFrame):
    """Shows the record behind an answer beside the questions; nothing is left to be looked for."""

    def __init__(self, window: "MainWindow", closed: Callable[[], object]) -> None:
        super().__init__()
        self._window = window
        self.setObjectName("evidence_panel")
        self.setMinimumSize(NARROWEST, LOWEST)
        self.heading = label("", "heading")
        self.says = label("", "muted")
        self.record_id = ""
        self._target = ""
        self.pages = PageStack()
        self.pages.setAccessibleName("Evidence")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.pages)
        self.open = button("Open", self._open, "evidence_open")
        self.open.setToolTip("Go to the record itself")
        close = button("Close", closed, "evidence_close")
        head = row(self.heading, self.open, close)
        head.setStretch(0, 1)
        head.setAlignment(self.open, Qt.AlignmentFlag.AlignTop)
        head.setAlignment(close, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.says)
        layout.addWidget(self.area, 1)
        for part in (self.heading, self.says):
            part.setSizePolicy(part.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Maximum)
        self.hide()

    def show_answer(self, answer: "Answered") -> None:
        """Show what an answer rests on."""
        session = self._window.project
        self.heading.setText(coded(answer.question.text, answer.question.id))
        self._target = answer.target
        self.record_id = record_behind(session, answer.target)
        self.open.setVisible(bool(answer.target))
        self.pages.show_pages([])
        self.says.setText(
            answer.text if not self.record_id else f"{answer.text}\nSetting the page…"
        )
        self.show()
        if not self.record_id:
            return
        record_id, text = self.record_id, answer.text

        def done(pages: list[bytes]) -> None:
            self.says.setText(text)
            self.pages.show_pages(pages)
            self.area.verticalScrollBar().setValue(0)

        def failed(problem: Problem) -> None:
            self.says.setText(f"{text}\n{problem.message} {problem.hint}".strip())

        self._window.jobs.run(
            lambda job: pages_of(session, record_id, job), done, failed=failed, view="evidence"
        )

    def _open(self) -> None:
        self._window.go_to(self._target)
