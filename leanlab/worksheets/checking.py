"""Short ways to write checks: `when` looks at the whole, `each` at every row of a section."""

from collections.abc import Callable, Iterable, Sequence

from leanlab.core.format import coded
from leanlab.domain import linter
from leanlab.worksheets.declare import Hit, Row, Section, View, name_field

Finds = Callable[[View], Iterable[Hit]]


def when(bad: Callable[[View], bool], text: str, *, field: str = "", section: str = "") -> Finds:
    """Say `text` when the whole worksheet is `bad`."""

    def finds(view: View) -> Iterable[Hit]:
        if bad(view):
            yield Hit(text, "", field, section)

    return finds


def each(section: str, bad: Callable[[Row, View], bool], text: str, *, field: str = "") -> Finds:
    """Say `text` for every row that is `bad`; {row} becomes the row's name."""

    def finds(view: View) -> Iterable[Hit]:
        for at, row in enumerate(view.all(section), start=1):
            if bad(row, view):
                named = text.format(row=row_name(view, section, row, at))
                yield Hit(named, row.id, field, section)

    return finds


def row_name(view: View, section_id: str, row: Row, at: int) -> str:
    """Return how a sentence calls a row: its text and code, or its number."""
    section: Section = view.type.section(section_id)
    text = row.text(name_field(section))
    short = text if len(text) <= 48 else text[:47].rstrip() + "…"  # noqa: PLR2004
    return coded(short, row.code) if short and section.register else f"Row {at}"


def lint(
    texts: Callable[[View], Sequence[tuple[str, str, str]]], *rules: str,
    people: Callable[[View], Sequence[str]] = lambda _view: (),
) -> Finds:  # fmt: skip
    """Let the linter read texts: (text, field id, row id); each hit shows words and reason."""

    def finds(view: View) -> Iterable[Hit]:
        for text, field, row_id in texts(view):
            for doubt in linter.doubts(text, rules, people=people(view)):
                quoted = ", ".join(f"'{w}'" for w in doubt.words)
                yield Hit(f"{quoted}: {doubt.reason}", row_id, field, words=doubt.words)

    return finds


def people_of(view: View) -> tuple[str, ...]:
    """Return the names of the people in the project."""
    return tuple(p.text("name") for p in view.records("person") if p.text("name"))
