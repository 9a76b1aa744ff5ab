"""Find and replace in a data sheet: one column after the other, hits in the order of the rows."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from leanlab.app.session import Session
from leanlab.core import format as words
from leanlab.ui.sheets.alive import while_alive

if TYPE_CHECKING:
    from leanlab.ui.pages.data import DataPage

MOST_HITS = 100_000
CHECK_EVERY = 20_000

Hit = tuple[int, int]  # position in the sheet, index of the column


def find_hits(
    session: Session,
    sheet_id: str,
    wanted: str,
    columns: Sequence[int],
    *,
    whole: bool,
    check: Callable[[], None],
) -> list[Hit]:
    """Return the cells that hold the text; upper and lower case count alike."""
    text = wanted.lower()
    shown = session.sheet(sheet_id).columns
    hits: list[Hit] = []
    for at in columns:
        for position, cell in enumerate(session.texts(sheet_id, shown[at].id)):
            if not position % CHECK_EVERY:
                check()
            lower = cell.lower()
            if lower == text if whole else text in lower:
                hits.append((position, at))
                if len(hits) >= MOST_HITS:
                    return sorted(hits)
    return sorted(hits)


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
        self._hits: list[Hit] = []  # shown row and column
        self._hit = -1
        page.find_bar.searched.connect(self._search)
        page.find_bar.moved.connect(self._go_to_hit)
        page.find_bar.replaced.connect(self._replace)

    def forget(self) -> None:
        """The cells changed: what was found may be gone."""
        self._hits, self._hit = [], -1

    def open(self) -> None:
        """Open the find bar."""
        self._page.find_bar.open(editable=not self._page.session.read_only)

    def _search(self) -> None:
        """Look for the text beside the window; go to the first hit after the current cell."""
        self._hits, self._hit = [], -1
        text = self._page.find_bar.text.text()
        if not text or self._page.find_bar.isHidden():
            self._page.find_bar.found.setText("")
            return
        at, sheet = self._page.view.currentIndex().column(), self._page.model.sheet
        columns = (
            [max(0, at)]
            if self._page.find_bar.here.isChecked()
            else [i for i, c in enumerate(sheet.columns) if c.id not in sheet.unseen]
        )
        whole = self._page.find_bar.whole.isChecked()
        session, sheet_id = self._page.session, self._page.record_id
        self._page.find_bar.found.setText("…")
        self._page.window_.jobs.run(
            lambda job: find_hits(session, sheet_id, text, columns, whole=whole, check=job.check),
            while_alive(self._page, self._found), failed=self._page.window_.show_problem, view=f"find:{sheet_id}",
        )  # fmt: skip

    def _found(self, hits: list[Hit]) -> None:
        self._hits, self._hit = self._in_sight(hits), -1
        hidden = len(hits) - len(self._hits)
        self._page.find_bar.found.setText("Hidden by the filter" if hidden else "Not found")
        if self._hits:
            self._go_to_hit(1)

    def _in_sight(self, hits: list[Hit]) -> list[Hit]:
        """Return the hits in rows that are shown, as shown row and column."""
        if self._page.model.view is None:
            return [hit for hit in hits if hit[0] < self._page.model.shown]
        places = {int(p): at for at, p in enumerate(self._page.model.view)}
        return sorted((places[p], c) for p, c in hits if p in places)

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
        self._page.find_bar.found.setText(f"{_n(self._hit + 1)} of {_n(len(self._hits))}")
        self._page.view.jump(*self._hits[self._hit])

    def _replace(self, everything: bool) -> None:
        if not self._hits or self._page.session.read_only:
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
