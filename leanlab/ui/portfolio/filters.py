"""Search, filter, group and saved views of a portfolio."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from leanlab.app import settings as user_settings
from leanlab.app.portfolio import moment_words
from leanlab.app.portfolio_export import fact_of, matching
from leanlab.core import clock
from leanlab.domain.portfolio import Entry, usual_year, years
from leanlab.ui.widgets import button, label

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

FACTS = {
    "site": "All sites",
    "phase": "All phases",
    "leader": "All leaders",
    "health": "Any health",
}
GROUPS = {"": "No groups", "site": "By site", "phase": "By phase", "leader": "By leader",
          "health": "By health"}  # fmt: skip
ALL_YEARS = "Benefits in all"
WIDTH = 118


class FilterBar(QWidget):
    """What of the portfolio is shown, and how."""

    changed = Signal()
    seen = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.search = QLineEdit()
        self.search.setObjectName("portfolio_search")
        self.search.setAccessibleName("Filter by words")
        self.search.setPlaceholderText("Filter: title, metric, name…")
        self.search.setToolTip("Show only projects with these words (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self.changed.emit())
        self.boxes: dict[str, QComboBox] = {}
        for fact, everything in FACTS.items():
            self.boxes[fact] = self._box(f"portfolio_{fact}", f"Filter by {fact}")
            self.boxes[fact].addItem(everything, "")
        self.group = self._box("portfolio_group", "Group the lines")
        for fact, text in GROUPS.items():
            self.group.addItem(text, fact)
        self.years = self._box("portfolio_year", "Year of the benefits at the top")
        self.years.setToolTip("The benefits at the top count this year; the tables count all")
        self.years.addItem(ALL_YEARS, "")
        self._year_told = False  # this year is proposed until somebody chose
        self.years.activated.connect(self._told_year)
        self.fresh = QCheckBox("Changed since my last look")
        self.fresh.setObjectName("portfolio_changed")
        self.fresh.toggled.connect(lambda _on: self.changed.emit())
        self.mark = button("&Mark as seen", self.seen.emit, "portfolio_seen")
        self.mark.setToolTip("From now on, only what is saved later counts as changed")
        self.views = QPushButton("&Views")
        self.views.setObjectName("portfolio_views")
        self.views.setAccessibleName("Saved views")
        self.views.setMenu(QMenu(self.views))
        self.views.menu().aboutToShow.connect(self._list_views)
        self.count = label("", "small", wrap=False)
        first, second = QHBoxLayout(), QHBoxLayout()
        for part in (self.search, *self.boxes.values(), self.group):
            first.addWidget(part)
        first.setStretch(0, 1)
        for part in (self.fresh, self.mark, self.views, self.years):
            second.addWidget(part)
        second.addStretch(1)
        second.addWidget(self.count)
        self.beside = QHBoxLayout()
        self.beside.setSpacing(8)
        second.addLayout(self.beside)
        self._lay(first, second)

    def _lay(self, *rows: QHBoxLayout) -> None:
        from PySide6.QtWidgets import QVBoxLayout

        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        for one in rows:
            one.setSpacing(8)
            whole.addLayout(one)

    def _box(self, name: str, spoken: str) -> QComboBox:
        made = QComboBox()
        made.setObjectName(name)
        made.setAccessibleName(spoken)
        made.setMinimumWidth(WIDTH)
        made.currentIndexChanged.connect(lambda _at: self.changed.emit())
        return made

    # what is kept --------------------------------------------------------------------------

    def kept(self, entries: Sequence[Entry], fresh: Collection[str]) -> list[Entry]:
        """Return the projects that fit."""
        chosen = {fact: str(box.currentData() or "") for fact, box in self.boxes.items()}
        found = matching(entries, self.search.text(), **chosen)
        return [e for e in found if e.path in fresh] if self.fresh.isChecked() else found

    @property
    def grouping(self) -> Callable[[Entry], str] | None:
        """How the lines are grouped, or None."""
        fact = str(self.group.currentData() or "")
        return partial(_fact, fact) if fact else None

    def offer(self, entries: Sequence[Entry]) -> None:
        """Offer the sites, phases and leaders that there are; keep what is chosen."""
        for fact, box in self.boxes.items():
            chosen = str(box.currentData() or "")
            found = {value for e in entries if (value := fact_of(e, fact))}
            known = sorted(found | ({chosen} - {""}), key=str.casefold)
            box.blockSignals(True)
            while box.count() > 1:
                box.removeItem(1)
            for value in known:
                box.addItem(value, value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)
        self._offer_years(entries)

    def _offer_years(self, entries: Sequence[Entry]) -> None:
        wanted = self.year if self._year_told else usual_year(entries, clock.today())
        self.years.blockSignals(True)
        self.years.clear()
        self.years.addItem(ALL_YEARS, "")
        for year in reversed(years(entries)):
            self.years.addItem(f"Benefits {year}", year)
        self.years.setCurrentIndex(max(0, self.years.findData(wanted)))
        self.years.blockSignals(False)

    def _told_year(self) -> None:
        self._year_told = True

    @property
    def year(self) -> str:
        """The year that the benefits at the top count; nothing for all."""
        return str(self.years.currentData() or "")

    def tell(self, shown: int, total: int, fresh: int) -> None:
        """Say how many are shown."""
        self.count.setText(f"{shown} of {total} shown" if shown != total else "")
        self.fresh.setText(f"Changed since my last look ({fresh})")
        self.mark.setEnabled(fresh > 0)

    def tell_last_look(self, moment: str) -> None:
        """Say when the lead last pressed *Mark as seen*."""
        when = f"You last marked everything as seen at {moment_words(moment)}." if moment else (
            "You have not marked anything as seen yet: every project counts as changed."
        )  # fmt: skip
        self.fresh.setToolTip(when)
        self.fresh.setAccessibleDescription(when)

    # saved views ---------------------------------------------------------------------------

    def state(self) -> dict[str, str]:
        """Return what is chosen."""
        chosen = {fact: str(box.currentData() or "") for fact, box in self.boxes.items()}
        return {**chosen, "search": self.search.text(), "group": str(self.group.currentData() or ""),
                "changed": "yes" if self.fresh.isChecked() else "",
                **({"year": self.year or "all"} if self._year_told else {})}  # fmt: skip

    def apply(self, state: dict[str, str]) -> None:
        """Choose what a view says."""
        for fact, box in self.boxes.items():
            wanted = str(state.get(fact, ""))
            if wanted and box.findData(wanted) < 0:
                box.addItem(wanted, wanted)
            box.setCurrentIndex(max(0, box.findData(wanted)))
        self.search.setText(str(state.get("search", "")))
        self.group.setCurrentIndex(max(0, self.group.findData(str(state.get("group", "")))))
        self.fresh.setChecked(bool(state.get("changed")))
        self._year_told = "year" in state
        if self._year_told:
            self.years.setCurrentIndex(max(0, self.years.findData(state["year"])))
        else:
            self.years.setCurrentIndex(max(0, self.years.findData(str(clock.today().year))))

    def _list_views(self) -> None:
        menu, saved = self.views.menu(), self._window.settings.portfolio_views
        menu.clear()
        for name, state in sorted(saved.items()):
            menu.addAction(name).triggered.connect(partial(self.apply, dict(state)))
        if saved:
            menu.addSeparator()
        menu.addAction("&Show everything").triggered.connect(partial(self.apply, {}))
        menu.addAction("Save this &view…").triggered.connect(self._ask_name)
        if saved:
            forget = menu.addMenu("&Forget a view")
            for name in sorted(saved):
                forget.addAction(name).triggered.connect(partial(self.forget_view, name))

    def _ask_name(self) -> None:
        name, good = QInputDialog.getText(self, "Save this view", "Name of the view:")
        if good and name.strip():
            self.save_view(name.strip()[:60])

    def save_view(self, name: str) -> None:
        """Remember what is chosen under a name."""
        self._window.settings.portfolio_views[name] = self.state()
        user_settings.save(self._window.settings)

    def forget_view(self, name: str) -> None:
        """Forget a view."""
        self._window.settings.portfolio_views.pop(name, None)
        user_settings.save(self._window.settings)


def _fact(fact: str, entry: Entry) -> str:
    return fact_of(entry, fact)
