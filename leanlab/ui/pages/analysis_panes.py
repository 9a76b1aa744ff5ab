"""How columns, picture, sentences and tables share the room of an analysis page.

With room the sentences stand beside the chart. Without, they are the first tab below it, or beside
it once the options are folded away. What the user changed is remembered, apart for wide and small.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from leanlab.ui.grip import GripSplitter
from leanlab.ui.pages.analysis_says import SaysPanel
from leanlab.ui.pages.analysis_tabs import ResultTabs

ROOMY = 1060  # pixels from which options, chart and sentences stand side by side
BESIDE = 700  # pixels from which chart and sentences do, without the options
NARROW = 640  # pixels below which the options fold away
LOW = 640  # pixels below which a page has no height to spare
OPTIONS, SENTENCES = 215, 290  # pixels wide
LEAST_BELOW = 150  # pixels: a verdict and five lines below the tabs
LEAST_TABLES = 76
BESIDE_SHARE, BELOW_SHARE, LOW_SHARE = 0.68, 0.6, 0.5  # of the height, for the picture


class Panes(QWidget):
    """Arranges the parts by the room there is."""

    rearranged = Signal()
    folded = Signal(bool)  # the options are shown (True) or not

    def __init__(
        self,
        setup: QWidget,
        picture: QWidget,
        says: SaysPanel,
        tabs: ResultTabs,
        memory: dict[str, Any],
    ) -> None:
        super().__init__()
        self._setup, self._says, self._tabs, self._memory = setup, says, tabs, memory
        self.beside = True
        self.low = False  # little height: what can be spared gives way
        self._arranged = ""
        self.rows = GripSplitter(
            Qt.Orientation.Vertical, name="analysis_rows", words="Border below the picture"
        )
        self.rows.addWidget(picture)
        self.rows.addWidget(tabs)
        self.rows.setStretchFactor(0, 3)
        self.rows.setStretchFactor(1, 1)
        self.columns = GripSplitter(
            Qt.Orientation.Horizontal, name="analysis_columns", words="Border beside the picture"
        )
        self.columns.addWidget(setup)
        self.columns.addWidget(self.rows)
        self.columns.setStretchFactor(1, 1)
        for splitter in (self.rows, self.columns):
            splitter.moved.connect(self._remember)
            splitter.reset.connect(self.put_back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.columns)

    # what is remembered --------------------------------------------------------------------

    @property
    def _room(self) -> str:
        return "wide" if self.width() >= ROOMY else "small"

    def _options_wanted(self) -> bool:
        usual = self.width() >= NARROW
        return bool(self._memory.get(f"analysis.options.{self._room}", usual))

    def show_options(self, on: bool) -> None:
        """Show or fold columns and options, and remember it."""
        if on != self._setup.isVisibleTo(self):
            self._memory[f"analysis.options.{self._room}"] = on
            self.arrange(self.size())

    def _remember(self) -> None:
        for name, splitter in (("rows", self.rows), ("columns", self.columns)):
            sizes = splitter.sizes()
            whole = max(1, sum(sizes))
            self._memory[f"analysis.{name}.{self._arranged}"] = [s / whole for s in sizes]

    def put_back(self) -> None:
        """Share the room as it is usual."""
        for name in ("rows", "columns"):
            self._memory.pop(f"analysis.{name}.{self._arranged}", None)
        self._share(self.size())

    # arranging -----------------------------------------------------------------------------

    def arrange(self, size: QSize) -> None:
        """Put every part where there is room for it."""
        shown = self._options_wanted()
        beside = size.width() >= (ROOMY if shown else BESIDE)
        low = size.height() < LOW
        arranged = f"{self._room}.{'beside' if beside else 'below'}.{'all' if shown else 'folded'}"
        if (arranged, low) == (self._arranged, self.low):
            return
        self._arranged, self.low = arranged, low
        self.beside = self._says.beside = beside
        self._setup.setVisible(shown)
        self._place_sentences(beside=beside)
        self._tabs.set_slim(slim=low)
        self._tabs.setMinimumHeight(LEAST_TABLES if beside else LEAST_BELOW)
        self._share(size)
        self.folded.emit(shown)
        self.rearranged.emit()

    def _place_sentences(self, *, beside: bool) -> None:
        at = self._tabs.indexOf(self._says)
        if beside and at >= 0:
            self._tabs.removeTab(at)
        if beside and self.columns.indexOf(self._says) < 0:
            self.columns.addWidget(self._says)
            self._says.show()
        elif not beside and at < 0:
            self._says.setParent(None)
            self._tabs.insertTab(0, self._says, "What it says")
            self._tabs.setCurrentIndex(0)

    def _share(self, size: QSize) -> None:
        chart = BESIDE_SHARE if self.beside else LOW_SHARE if self.low else BELOW_SHARE
        _set(self.rows, self._kept("rows", 2), size.height(), [chart, 1 - chart])
        shown = self._setup.isVisibleTo(self)
        left = OPTIONS / max(1, size.width()) if shown else 0.0
        right = SENTENCES / max(1, size.width()) if self.beside else 0.0
        usual = [left, 1 - left - right, right] if self.beside else [left, 1 - left]
        _set(self.columns, self._kept("columns", len(usual)), size.width(), usual)

    def _kept(self, name: str, parts: int) -> list[float]:
        """Return the shares that the user gave, or none."""
        kept: Any = self._memory.get(f"analysis.{name}.{self._arranged}")
        good = isinstance(kept, list) and len(kept) == parts
        return kept if good and all(isinstance(k, int | float) for k in kept) else []


def _set(splitter: GripSplitter, kept: Sequence[float], whole: int, usual: Sequence[float]) -> None:
    splitter.setSizes([round(whole * share) for share in (kept or usual)])
