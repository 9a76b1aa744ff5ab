"""Examples of the declarations as views: for help, and as the cases of the contract tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from leanlab.worksheets.declare import Example, Row, View, WorksheetType

EXAMPLE_DAY = date(2026, 5, 4)
_CODES = {
    "metric": "Y", "cause": "C", "action": "A", "solution": "S", "risk": "R", "control_item": "K",
    "benefit_line": "B", "process_step": "P", "finding": "F",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExampleLink:
    """A link of an example."""

    from_id: str
    verb: str
    to_id: str


def example_view(kind: WorksheetType, example: Example | None = None) -> View:
    """Return the filled example of a worksheet type (or another one) as a view."""
    shown = example or kind.example
    known = {name: _rows(name, rows) for name, rows in shown.registers.items()}
    rows = {
        section.id: (
            tuple(r for r in known.get(section.register, ()) if section.where(r))
            if section.register
            else _rows(section.id, shown.rows.get(section.id, ()))
        )
        for section in kind.sections
    }
    return View(
        type=kind,
        record_id="example",
        body=shown.body,
        rows=rows,
        records=lambda register: known.get(register, ()),
        links=tuple(ExampleLink(*link) for link in shown.links),
        today=EXAMPLE_DAY,
        facts={"title": shown.title, "author": "A. Ruiz", "currency": "EUR"},
    )


def _rows(name: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    prefix = _CODES.get(name, "")
    return tuple(
        Row(
            str(values.get("id", f"{name}{at}")),
            f"{prefix}{at}" if prefix else "",
            {k: v for k, v in values.items() if k != "id"},
        )
        for at, values in enumerate(rows, start=1)
    )


def changed(example: Example, place: str, at: int, values: Mapping[str, Any]) -> Example:
    """Return an example with other values in one row of a section or register (or the body)."""
    if place == "body":
        return replace(example, body={**example.body, **values})
    source = "registers" if place in example.registers else "rows"
    groups = dict(getattr(example, source))
    rows = list(groups[place])
    rows[at] = {**rows[at], **values}
    groups[place] = tuple(rows)
    return _with(example, source, groups)


def without(example: Example, place: str, keep: int = 0) -> Example:
    """Return an example with only the first rows of a section or register."""
    source = "registers" if place in example.registers else "rows"
    groups = dict(getattr(example, source))
    groups[place] = tuple(groups[place])[:keep]
    return _with(example, source, groups)


def _with(example: Example, source: str, groups: Any) -> Example:
    return (
        replace(example, registers=groups)
        if source == "registers"
        else replace(example, rows=groups)
    )
