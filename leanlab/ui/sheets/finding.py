"""Find and replace in a data sheet, from the current row on; the first hit is shown at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.data.searching import Sought
from leanlab.ui.jobs import Job
from leanlab.ui.sheets.alive import while_alive

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

MOST_HITS = 100_000

Hit = tuple[int, int]  # shown row, index of the column
Cell = tuple[int, str]  # row id, column id


def search(
    session: Session, sheet_id: str, sought: Sought, columns: Sequence[str], job: Job, *, begin: int
) -> list[Cell]:
    """Return the cells that hold the text; the first of them are told of at once."""
    hits: list[Cell] = []
    for found in session.find_cells(sheet_id, columns, sought, begin=begin):
        job.check()
        if found and not hits:
            job.tell(found)
        hits += found
        if len(hits) >= MOST_HITS:
            break
    return hits


def replaced(cell: str, wanted: str, other: str, *, whole: bool) -> str:
    """Return a cell's text with the text replaced, whatever its case."""
    if whole:
        return other
    out, start, lower, text = "", 0, cell.lower(), wanted.lower()
    while (at := lower.find(text, start)) >= 0:
        out += cell[start:at] + other
        start = at + len(text)
    return out + cell[start:]


class Finder:
    """Carries out what the find bar asks for."""

    def __init__(self, page: "DataPage") -> None:
        self._page = page
        self._hits: list[Hit] = []
        self._hit = -1
        self._searching = False
        page.find_bar.searched.connect(self._search)
        page.find_bar.moved.connect(self._go_to_hit)
        page.find_bar.replaced.connect(self._replace)

    def forget(self) -> None:
        """The cells changed: what was found may be gone."""
        self._hits, self._hit = [], -1
        if self._searching:
            self._search()

    def open(self) -> None:
        """Open the find bar."""
        self._page.find_bar.open(editable=not self._page.session.read_only)

    def _search(self) -> None:
        """Look for the text beside the window; go to the first hit after the current cell."""
        self._hits, self._hit, self._searching = [], -1, False
        text = self._page.find_bar.text.text()
        if not text or self._page.find_bar.isHidden():
            self._page.find_bar.found.setText("")
            return
        at, sheet = self._page.view.currentIndex().column(), self._page.model.sheet
        columns = (
            [sheet.columns[max(0, at)].id]
            if self._page.find_bar.here.isChecked()
            else [c.id for c in sheet.columns if c.id not in sheet.unseen]
        )
        sought = Sought(text, self._page.find_bar.whole.isChecked())
        begin = self._page.model.row_id(max(0, self._page.view.currentIndex().row())) or 1
        session, sheet_id = self._page.session, self._page.record_id
        self._page.find_bar.found.setText("…")
        self._searching = True
        self._page.window_.jobs.run(
            lambda job: search(session, sheet_id, sought, columns, job, begin=begin),
            while_alive(self._page, self._found), failed=self._page.window_.show_problem,
            told=while_alive(self._page, self._found_some), view=f"find:{sheet_id}",
        )  # fmt: skip

    def _found_some(self, cells: list[Cell]) -> None:
        """Go to the first hit while the rest of the sheet is still searched."""
        self._hits = self._in_sight(cells)
        if self._hits:
            self._go_to_hit(1)

    def _found(self, cells: list[Cell]) -> None:
        self._searching = False
        now = self._hits[self._hit] if self._hit >= 0 else None
        self._hits = self._in_sight(cells)
        self._hit = self._hits.index(now) if now in self._hits else -1
        self._page.find_bar.found.setText("Hidden by the filter" if cells else "Not found")
        if self._hits:
            self._go_to_hit(1 if self._hit < 0 else 0)

    def _in_sight(self, cells: list[Cell]) -> list[Hit]:
        """Return the hits in rows that are shown, as shown row and column."""
        columns = {c.id: at for at, c in enumerate(self._page.model.sheet.columns)}
        rows = self._page.model.places_of([row_id for row_id, _ in cells]).tolist()
        return sorted(
            (row, columns[c]) for row, (_, c) in zip(rows, cells, strict=True) if row >= 0
        )

    def _go_to_hit(self, by: int) -> None:
        if not self._hits:
            self._search()
            return
        if self._hit < 0:
            at = self._page.view.currentIndex()
            here = (max(0, at.row()), max(0, at.column()))
            later = (i for i, hit in enumerate(self._hits) if hit >= here)
            self._hit = next(later, 0) - (1 if by > 0 else 0)
        self._hit = (self._hit + by) % len(self._hits)
        more = "…" if self._searching else "+" if len(self._hits) >= MOST_HITS else ""
        self._page.find_bar.found.setText(f"{_n(self._hit + 1)} of {_n(len(self._hits))}{more}")
        self._page.view.jump(*self._hits[self._hit])

    def _replace(self, everything: bool) -> None:
        if not self._hits or self._page.session.read_only:
            return
        if everything and self._searching:
            self._page.window_.say("Still looking: replace when all of it was found.")
            return
        hits = self._hits if everything else [self._hits[max(0, self._hit)]]
        known = self._page.model.sheet.columns
        typed = [hit for hit in hits if not known[hit[1]].formula]
        if not typed:
            self._page.editing.say_calculated(known[hits[0][1]])
            return
        hits = typed
        text, other = self._page.find_bar.text.text(), self._page.find_bar.other.text()
        whole = self._page.find_bar.whole.isChecked()
        cells = []
        for at in {c for _, c in hits}:
            one = self._page.model.sheet.columns[at]
            rows = [r for r, c in hits if c == at]
            old = self._page.model.texts(rows, [at])
            for row_, (cell,) in zip(rows, old, strict=True):
                row_id = self._page.model.row_id(row_) or 0
                cells.append((row_id, one.id, replaced(cell, text, other, whole=whole)))
        count = words.count(len(cells), "cell")
        self._page.session.set_cells(
            self._page.record_id, cells, label=f"Replace {text} in {count}"
        )
        self._page.window_.say(f"Replaced in {count}.")
        self._search()


def _n(number: int) -> str:
    return words.number(number, 0)
