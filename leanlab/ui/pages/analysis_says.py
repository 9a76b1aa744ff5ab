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
TERM = 62  # pixels for the name of a line


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
        self.beside = True  # the chart; else below it in a tab, which is wide and low

    def show_result(self, shown: Presentation | None, tokens: Mapping[str, str]) -> None:
        """Show the lines of a result; None shows nothing."""
        clear(self._layout)
        self._shown = shown
        if shown is not None:
            following = [f for f in shown.findings if f.line == "next"]
            if self.beside:
                self._layout.addWidget(label("What it says", "heading"))
            found = self._findings(shown, tokens)
            self._layout.addWidget(found)
            if following and self.beside:
                self._layout.addWidget(self._next(following, shown, tokens))
            elif following:
                self._add_next(found, following, shown)
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
                parts.append(_line(finding, beside=self.beside))
            if finding.offer is not None and finding.line != "next":
                parts.append(self._offer(finding))
        made = card(*parts)
        layout = made.layout()
        if not self.beside and layout is not None:
            layout.setContentsMargins(12, 7, 12, 7)
            layout.setSpacing(4)
        return made

    def _add_next(self, found: QFrame, following: Sequence[Finding], shown: Presentation) -> None:
        """Add the next step to the card of the sentences: below the chart height is short."""
        layout = found.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - a card is made that way
        for finding in following:
            offer = self._offer(finding) if finding.offer is not None else None
            layout.addLayout(_beside_name(finding, offer))
        signals = self._signals(shown)
        if signals:
            layout.addLayout(row(_term(""), *signals, None, spacing=5))

    def _signals(self, shown: Presentation) -> list[QWidget]:
        """Return a button for each of a few points: those that are named, then the last signals.

        Where all is well, a signal that is over is nothing to be done: the chart shows it.
        """
        points = shown.charts[0].points if shown.charts else None
        if points is None:
            return []
        following = [f for f in shown.findings if f.line == "next"]
        named = [i for f in (*following, *shown.findings) for i in f.points]
        well = any(f.line == "verdict" and f.level == "good" for f in shown.findings)
        signals = [] if well else [int(i) for i in points.signals if not points.excluded[i]]
        wanted = list(dict.fromkeys((*named, *reversed(signals))))[:MOST_SIGNALS]
        return [self._jump(i) for i in sorted(wanted)]

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
        signals = self._signals(shown)
        if signals:
            parts.append(row(*signals, None, spacing=5))
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


def _line(finding: Finding, *, beside: bool) -> QLayout:
    """Return a line with its name above it; below the chart, which is wide, to the left of it."""
    if beside:
        return column(
            label(LINES[finding.line], "small", wrap=False), _text(finding.text), spacing=1
        )
    return _beside_name(finding)


def _beside_name(finding: Finding, offer: QLayout | None = None) -> QLayout:
    parts = [_term(LINES[finding.line]), _text(finding.text)]
    made = row(*parts, *((offer,) if offer is not None else ()))
    made.setStretch(1, 1)
    return made


def _term(text: str) -> QWidget:
    made = label(text, "small", wrap=False)
    made.setFixedWidth(TERM)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    return made


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
