"""Look for text in a sheet, one column after the other; the hits come in the order of the rows."""

from collections.abc import Callable, Sequence

from leanlab.app.session import Session

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
