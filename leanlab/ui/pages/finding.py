"""A saved result: the frozen picture, sentences and numbers, and what rests on them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFrame, QLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from leanlab.analyses.declare import Table
from leanlab.app import results
from leanlab.app.records import Change, Record
from leanlab.app.roadmap import roadmap_of
from leanlab.core import format as words
from leanlab.core.errors import Problem
from leanlab.core.option import told
from leanlab.report.drawings import cleaned
from leanlab.ui.icons import picture
from leanlab.ui.jobs import Job
from leanlab.ui.pages.analysis_says import CHECK_SIGNS, FINDING_SIGNS, LINES
from leanlab.ui.pages.base import Page
from leanlab.ui.svg_fonts import for_qt
from leanlab.ui.tables_view import TableView, copy_table
from leanlab.ui.widgets import button, card, clear, column, label, plain_tip, row, scrolled

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

PICTURE_NARROWEST, PICTURE_WIDEST = 360, 900
MOST_IN_MENU = 30


class FrozenPicture(QWidget):
    """An SVG picture at any size, on paper: it is what would be printed."""

    def __init__(self, svg: str, alt: str) -> None:
        super().__init__()
        self.setObjectName("frozen_picture")
        self.setAccessibleName("Saved picture")
        self.setAccessibleDescription(alt)
        self.setToolTip(plain_tip(alt))
        self._problem = ""
        self._renderer = QSvgRenderer(self)
        try:
            self._renderer.load(for_qt(cleaned(svg)))  # the project may be a stranger's
        except Problem as problem:
            self._problem = problem.message
        size = self._renderer.defaultSize()
        self._ratio = size.height() / size.width() if size.width() else 0.6
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(int(PICTURE_NARROWEST * self._ratio))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the shape at any width."""
        super().resizeEvent(event)
        self.setFixedHeight(int(max(event.size().width(), PICTURE_NARROWEST) * self._ratio))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture into the middle."""
        painter = QPainter(self)
        if self._problem:
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), centred, self._problem)
            painter.end()
            return
        width = min(self.width(), int(self.height() / self._ratio))
        self._renderer.render(painter, QRectF(0, 0, width, width * self._ratio))
        painter.end()


class FindingPage(Page):
    """What was known when it was saved; it never changes by itself."""

    help = "saved_results"

    def __init__(self, window: "MainWindow", record_id: str) -> None:
        super().__init__(window)
        self.record_id = record_id
        self._standing: results.Standing = "current"
        inner = QWidget()
        self._content = QVBoxLayout(inner)
        self._content.setContentsMargins(28, 18, 28, 20)
        self._content.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(inner))
        self._outdated = True
        self._job: Job | None = None

    def heard(self, change: Change) -> None:
        """Look whether it is out of date, and what rests on it."""
        if not self.session.exists(self.record_id):
            self.window_.close_page(self)
        elif change.ids or change.kinds:
            self._outdated = True
            if self.isVisible():
                self.shown()

    def shown(self) -> None:
        """Look again if something changed while nobody looked."""
        if self._outdated:
            self._outdated = False
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: stop, and look again when somebody comes."""
        super().hideEvent(event)
        if self._job is not None:
            self._job.cancel()
            self._job, self._outdated = None, True

    def theme_changed(self) -> None:
        """Icons carry the theme's colours."""
        self._fill()

    def refresh(self) -> None:
        """Show it, then find out whether its data changed."""
        self._fill()
        session, record = self.session, self._record
        self._job = self.window_.jobs.run(
            lambda _job: results.standing(session, record),
            self._show_state,
            failed=self.window_.show_problem,
            view=f"finding:{self.record_id}",
        )

    @property
    def _record(self) -> Record:
        return self.session.record(self.record_id)

    def _show_state(self, found: results.Standing) -> None:
        self._job = None
        if found != self._standing:
            self._standing = found
            self._fill()

    # parts ---------------------------------------------------------------------------------

    def _fill(self) -> None:
        clear(self._content)
        record = self._record
        self._content.addLayout(self._head(record))
        if self._standing == "old":
            self._content.addWidget(self._banner())
        elif self._standing == "kept":
            self._content.addWidget(self._kept_banner(record))
        if record.get("svg"):
            shown = FrozenPicture(str(record.get("svg")), str(record.get("alt", "")))
            frame = card(shown, label(str(record.get("caption", "")), "small"))
            frame.setMaximumWidth(PICTURE_WIDEST + 40)
            self._content.addWidget(frame)
        self._content.addWidget(self._sentences(record))
        self._content.addWidget(self._used_by())
        for table in _tables(record):
            copy = button("Copy table", partial(copy_table, table), "link")
            self._content.addLayout(row(label(table.title, "heading", wrap=False), None, copy))
            self._content.addWidget(TableView(table))
        self._content.addWidget(self._origin(record))
        self._content.addStretch(1)

    def _head(self, record: Record) -> QLayout:
        day = words.day(str(record.get("saved_on", record.created))[:10])
        title = label(str(record.get("title")), "title")
        facts = label(
            f"Saved result {record.code} of {day} · frozen: it does not change by itself", "muted"
        )
        use = QPushButton("Use it for…")
        use.setObjectName("use_result")
        use.setMenu(self._uses_menu())
        use.setEnabled(not self.session.read_only)
        source = str(record.get("source_id", ""))
        open_it = button("Open the analysis", partial(self.window_.go_to, source), "open_source")
        open_it.setEnabled(bool(source) and self.session.exists(source))
        delete = button("Delete", self._delete, "delete_result")
        delete.setEnabled(not self.session.read_only)
        head = row(column(title, facts, spacing=2), open_it, use, delete)
        head.setStretch(0, 1)
        return head

    def _banner(self) -> QFrame:
        sign = label("", wrap=False)
        sign.setPixmap(picture("warning", self.window_.tokens["attention"], 20))
        text = "Out of date: its data, columns or options changed since it was saved. The saved picture is kept."
        again = button("Recompute", self._recompute, "recompute")
        keep = button("Keep", self._keep, "keep_result")
        for made in (again, keep):
            made.setEnabled(not self.session.read_only)
        line = row(sign, label(text), again, keep)
        line.setStretch(1, 1)
        banner = card(line)
        banner.setObjectName("banner")
        return banner

    def _kept_banner(self, record: Record) -> QFrame:
        sign = label("", wrap=False)
        sign.setPixmap(picture("clock", self.window_.tokens["attention"], 20))
        told = results.standing_words(record, "kept")
        text = label(f"{told[:1].upper()}{told[1:]}. The analysis may say something else today.")
        again = button("Recompute", self._recompute, "recompute")
        again.setEnabled(not self.session.read_only)
        line = row(sign, text, again)
        line.setStretch(1, 1)
        banner = card(line)
        banner.setObjectName("banner")
        return banner

    def _sentences(self, record: Record) -> QFrame:
        tokens = self.window_.tokens
        parts: list[QWidget | QLayout] = []
        for finding in record.get("findings", ()):
            name, colour = FINDING_SIGNS.get(finding.get("level", "info"), FINDING_SIGNS["info"])
            verdict = finding["line"] == "verdict"
            sign = label("", wrap=False)
            if verdict:
                sign.setPixmap(picture(name, tokens[colour], 20))
            sign.setFixedWidth(24)
            text = label(str(finding["text"]), "heading" if verdict else "")
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            heading = label(LINES.get(finding["line"], ""), "small", wrap=False)
            heading.setFixedWidth(76)
            parts.append(_line(sign, heading, text))
        for check in record.get("report_card", ()):
            name, colour, meaning = CHECK_SIGNS.get(check["level"], CHECK_SIGNS["grey"])
            sign = label("", wrap=False)
            sign.setPixmap(picture(name, tokens[colour], 18))
            sign.setFixedWidth(24)
            sign.setAccessibleName(f"{check['label']}: {meaning}")
            heading = label(str(check["label"]), wrap=False)
            heading.setFixedWidth(130)
            parts.append(_line(sign, heading, label(str(check["text"]), "muted")))
        return card(*parts)

    def _used_by(self) -> QFrame:
        uses = results.used_by(self.session, self.record_id)
        parts: list[QWidget | QLayout] = [label("Used by", "heading")]
        if not uses:
            parts.append(label("Nothing rests on this result yet.", "muted"))
        for use in uses:
            name = str(use.record.get("title", use.record.get("text", use.record.get("phase", ""))))
            text = words.coded(name, use.record.code)
            go = button(text or use.record.kind, partial(self.window_.go_to, use.place), "link")
            parts.append(row(go, label(use.how, "muted", wrap=False), None))
        return card(*parts)

    def _origin(self, record: Record) -> QFrame:
        data: Mapping[str, Any] = record.get("data", {})
        facts = [
            ("Data", f"{data.get('sheet', '')}, {words.count(int(data.get('rows', 0)), 'row')}"),
            ("Columns", ", ".join(data.get("columns", ()))),
            ("Excluded", f"{data.get('rows_excluded', 0)} rows in the data, {data.get('points_excluded', 0)} points here"),
            ("File", data.get("file", "")),
            ("Fingerprint of the file", data.get("file_sha256", "")),
            ("Fingerprint of the result", record.get("digest", "")),
            ("Options", _options(record)),
        ]  # fmt: skip
        parts: list[QWidget | QLayout] = [label("Where it comes from", "heading")]
        for name, value in facts:
            if value:
                heading = label(name, "muted", wrap=False)
                heading.setFixedWidth(170)
                text = label(_breakable(str(value)))
                text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                parts.append(_line(heading, text))
        return card(*parts)

    # verbs ---------------------------------------------------------------------------------

    def why_no_export(self) -> str:
        """A saved result can always be exported."""
        return ""

    def export(self) -> None:
        """Save the frozen picture, the page or the tables to a file."""
        from leanlab.ui.dialogs import export

        record = self._record
        picture = export.picture_ways(str(record.get("svg"))) if record.get("svg") else {}
        ways = {
            **picture,
            **export.paper_ways(self.window_),
            **export.table_ways(_tables(record)),
        }
        export.export(self.window_, str(record.get("title")), ways)

    def _uses_menu(self) -> QMenu:
        menu = QMenu(self)
        causes = menu.addMenu("Evidence for a cause")
        for cause in self.session.records("cause")[:MOST_IN_MENU]:
            action = causes.addAction(words.coded(str(cause.get("text", "")), cause.code))
            action.triggered.connect(partial(self._as_evidence, cause.id))
        causes.setEnabled(not causes.isEmpty())
        for phase in roadmap_of(self.session).phases:
            inner = menu.addMenu(f"Answer in gate {phase.title}")
            for question in phase.gate:
                action = inner.addAction(words.coded(question.text, question.id))
                action.triggered.connect(partial(self._as_answer, phase.id, question.id))
        return menu

    def _as_evidence(self, cause_id: str, *_: object) -> None:
        results.use_as_evidence(self.session, self.record_id, cause_id)

    def _as_answer(self, phase_id: str, question_id: str, *_: object) -> None:
        results.answer_question(self.session, self.record_id, phase_id, question_id)

    def _recompute(self) -> None:
        try:
            results.recompute(self.session, self.record_id)
        except Problem as problem:
            self.window_.show_problem(problem)
        else:
            self.window_.say("The saved result is up to date again; Undo brings the old one back.")

    def _keep(self) -> None:
        results.keep(self.session, self.record_id)

    def _delete(self) -> None:
        code = self._record.code
        self.session.delete(self.record_id, label=f"Delete saved result {code}")
        self.window_.say(f"{code} is in the bin; Undo brings it back.")


def _line(*parts: QWidget) -> QLayout:
    layout = row(*parts)
    for part in parts[:-1]:
        layout.setAlignment(part, Qt.AlignmentFlag.AlignTop)
    layout.setStretch(len(parts) - 1, 1)
    return layout


def _tables(record: Record) -> Sequence[Table]:
    return [
        Table(t["title"], t["columns"], t["rows"]) for t in record.get("tables", ()) if t["rows"]
    ]


def _options(record: Record) -> str:
    from leanlab.analyses.registry import ANALYSES

    name = record.get("analysis_id")
    declared = next((a.options for a in ANALYSES if a.id == name), None)
    return "; ".join(
        f"{label}: {value}" for label, value in told(declared, record.get("options") or {})
    )


def _breakable(text: str) -> str:
    """Let long fingerprints break across lines."""
    return (
        "\u200b".join(text[i : i + 16] for i in range(0, len(text), 16))
        if " " not in text
        else text
    )
