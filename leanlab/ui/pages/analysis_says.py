"""What a result says: verdict, evidence, size, next step, and how far it can be trusted."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from leanlab.analyses.declare import Check, Finding, Presentation
from leanlab.ui.icons import picture
from leanlab.ui.widgets import button, card, clear, column, label, row

LINES: Mapping[str, str] = {
    "verdict": "Verdict", "evidence": "Evidence", "size": "Size", "next": "Next step",
}  # fmt: skip
FINDING_SIGNS: Mapping[str, tuple[str, str]] = {
    "good": ("ok", "ok"), "warning": ("warning", "attention"), "bad": ("problem", "problem"),
    "info": ("chart", "accent"),
}  # fmt: skip
CHECK_SIGNS: Mapping[str, tuple[str, str, str]] = {
    "green": ("ok", "ok", "fine"),
    "amber": ("warning", "attention", "use with care"),
    "red": ("problem", "problem", "do not decide on this"),
    "grey": ("unknown", "muted", "not checked"),
}
MOST_SIGNALS = 3


class SaysPanel(QScrollArea):
    """The sentences and the report card; offers are buttons."""

    offered = Signal(object)  # an Offer was taken
    point_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("analysis_says")
        self.setAccessibleName("What the result says")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setObjectName("page")
        self._layout = QVBoxLayout(inner)
        self._layout.setContentsMargins(2, 2, 8, 8)
        self._layout.setSpacing(10)
        self.setWidget(inner)
        self._shown: Presentation | None = None
        self.headed = True  # in a tab, the tab is the heading

    def show_result(self, shown: Presentation | None, tokens: Mapping[str, str]) -> None:
        """Show the lines of a result; None shows nothing."""
        clear(self._layout)
        self._shown = shown
        if shown is not None:
            heading = label("What it says", "heading")
            heading.setVisible(self.headed)
            self._layout.addWidget(heading)
            self._layout.addWidget(self._findings(shown, tokens))
            following = [f for f in shown.findings if f.line == "next"]
            if following:
                self._layout.addWidget(self._next(following, shown, tokens))
            if shown.report_card:
                self._layout.addWidget(_report_card(shown.report_card, tokens))
        self._layout.addStretch(1)

    @property
    def sentences(self) -> str:
        """All lines as text, for the clipboard."""
        lines = self._shown.findings if self._shown is not None else ()
        return "\n".join(f"{LINES[f.line]}: {f.text}" for f in lines)

    def copy_sentences(self) -> None:
        """Copy the lines."""
        QGuiApplication.clipboard().setText(self.sentences)

    def _findings(self, shown: Presentation, tokens: Mapping[str, str]) -> QFrame:
        parts: list[QWidget | QLayout] = []
        for finding in shown.findings:
            if finding.line == "verdict":
                parts.append(_verdict(finding, tokens))
            elif finding.line != "next":
                parts.append(_line(finding))
            if finding.offer is not None and finding.line != "next":
                parts.append(self._offer(finding))
        made = card(*parts)
        made.setObjectName("card")
        return made

    def _next(
        self, following: Sequence[Finding], shown: Presentation, tokens: Mapping[str, str]
    ) -> QFrame:
        sign = label("", wrap=False)
        sign.setPixmap(picture("forward", tokens["accent"], 18))
        parts: list[QWidget | QLayout] = [_headed(sign, label("Next step", "heading"))]
        for finding in following:
            parts.append(_text(finding.text))
            if finding.offer is not None:
                parts.append(self._offer(finding))
        points = shown.charts[0].points if shown.charts else None
        if points is not None:
            signals = [int(i) for i in points.signals if not points.excluded[i]][-MOST_SIGNALS:]
            if signals:
                parts.append(row(*(self._jump(i) for i in signals), None, spacing=5))
        return card(*parts)

    def _jump(self, index: int) -> QWidget:
        made = button(
            f"Point {index + 1}", partial(self.point_wanted.emit, index), f"show_point_{index + 1}"
        )
        made.setAccessibleName(f"Show point {index + 1} on the chart")
        return made

    def _offer(self, finding: Finding) -> QLayout:
        offer = finding.offer
        words = offer.label if offer is not None else ""
        return row(button(words, partial(self.offered.emit, offer), "offer"), None)


def _verdict(finding: Finding, tokens: Mapping[str, str]) -> QLayout:
    name, colour = FINDING_SIGNS[finding.level]
    sign = label("", wrap=False)
    sign.setPixmap(picture(name, tokens[colour], 20))
    text = _text(finding.text)
    text.setStyleSheet("font-weight: 600;")
    text.setObjectName("verdict")
    return _headed(sign, text)


def _headed(sign: QWidget, text: QWidget) -> QLayout:
    layout = row(sign, text)
    layout.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
    layout.setStretch(1, 1)
    return layout


def _line(finding: Finding) -> QLayout:
    return column(label(LINES[finding.line], "small", wrap=False), _text(finding.text), spacing=1)


def _text(text: str) -> QWidget:
    made = label(text)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def _report_card(checks: Sequence[Check], tokens: Mapping[str, str]) -> QFrame:
    heading = label("Report card", "heading")
    heading.setToolTip("How far this result can be trusted")
    return card(heading, *(_check(check, tokens) for check in checks))


def _check(check: Check, tokens: Mapping[str, str]) -> QLayout:
    name, colour, words = CHECK_SIGNS[check.level]
    sign = label("", wrap=False)
    sign.setObjectName(f"check_{check.id}")
    sign.setPixmap(picture(name, tokens[colour], 18))
    sign.setAccessibleName(f"{check.label}: {words}")
    sign.setToolTip(words.capitalize())
    text = label(check.text, "small")
    return _headed(sign, _stacked(label(check.label, wrap=False), text))


def _stacked(*parts: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in parts:
        layout.addWidget(part)
    return box
