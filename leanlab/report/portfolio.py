"""A portfolio on one page, and as a workbook."""

import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from leanlab import __version__
from leanlab.analyses.declare import Chart
from leanlab.core import clock
from leanlab.core import format as words
from leanlab.domain.benefits import SERIES
from leanlab.domain.portfolio import (
    Entry,
    Totals,
    by_currency,
    by_month,
    counted_twice,
    flow,
    phase_days,
    stuck,
    totals,
)
from leanlab.domain.portfolio_tables import Column, Sheet, projects, sheets, shown
from leanlab.report.drawings import cleaned
from leanlab.report.pdf import compiler
from leanlab.report.pictures import svg

PICTURE = (5.1, 2.2)  # inches
ON_PAPER = ("Code", "Title", "Phase", "Health", "Gap closed", "Signal", "Plan", "Forecast", "Actual",
            "Validated", "Overdue", "Last change", "Next gate", "Leader", "Saved")  # fmt: skip
MOST_LINES, MOST_STUCK = 24, 5


@dataclass(frozen=True, slots=True)
class Folder:
    """What is printed: the projects, and what could not be read."""

    name: str
    scanned: str
    entries: Sequence[Entry]
    bad: Sequence[tuple[str, str]] = ()  # file, sentence
    skipped: int = 0  # folders that cannot be read
    note: str = ""  # the filter that was on
    year: str = ""  # of the figures in money at the top; all years without one


def charts_of(entries: Sequence[Entry]) -> list[Chart]:
    """Return the trend pictures: begun and ended, days per phase, money by month."""
    from leanlab.figures.portfolio import draw_flow, draw_gaps, draw_money, draw_phase_days

    unit, alike = next(iter(by_currency(entries).items()))
    moves, days, money = flow(entries), phase_days(entries), by_month(alike)
    gaps = [e.gap_closed for e in entries if e.gap_closed is not None]
    made = []
    if moves:
        made.append(
            Chart("Begun and ended", partial(_drawn, draw_flow, (moves,)), alt=_told(moves))
        )
    if days:
        made.append(
            Chart("Days per phase", partial(_drawn, draw_phase_days, (days,)), alt=_phases(days))
        )
    if money:
        total = words.number(sum(a + b for a, b, _ in money.values()), 0)
        made.append(Chart("Benefits per month", partial(_drawn, draw_money, (money, unit)),
                          alt=f"{total} {unit} counted over {words.count(len(money), 'month')}."))  # fmt: skip
    if gaps:
        made.append(Chart("Gap closed", partial(_drawn, draw_gaps, (gaps,)),
                          alt=f"Gap closed of {words.count(len(gaps), 'project')}."))  # fmt: skip
    return made


def _drawn(draw: Callable[..., None], values: tuple[Any, ...], figure: Any, theme: Any) -> None:
    draw(figure, theme, *values)


def _told(moves: dict[str, tuple[int, int]]) -> str:
    began, ended = (sum(pair[i] for pair in moves.values()) for i in (0, 1))
    return f"{words.count(began, 'project')} began and {ended} ended since {next(iter(moves))}."


def _phases(days: dict[str, list[int]]) -> str:
    middle = {name: sorted(values)[len(values) // 2] for name, values in days.items()}
    return "Median days per phase: " + ", ".join(f"{n} {d}" for n, d in middle.items()) + "."


# one page ----------------------------------------------------------------------------------------


def portfolio_pdf(folder: Folder, check: Callable[[], None] = lambda: None) -> bytes:
    """Set the portfolio on one A4 page on its side."""
    data = _data(folder)
    check()
    pages = compiler(data, "portfolio.typ").compile(
        format="pdf", pdf_standards=["ua-1"], timestamp=int(clock.now().timestamp())
    )
    return bytes(pages)


def _data(folder: Folder) -> dict[str, Any]:
    table = projects(folder.entries, folder.year)
    places = [i for i, c in enumerate(table.columns) if c.name in ON_PAPER]
    numeric = {"percent", "money", "count", "number", "days"}
    return {
        "name": folder.name,
        "note": folder.note,
        "scanned": _moment(folder.scanned),
        "program": f"LeanLab {__version__}",
        "tiles": [asdict(tile) for tile in tiles(folder.entries, folder.year)],
        "charts": [
            {"svg": cleaned(svg(chart, size=PICTURE), f"c{i}"), "alt": chart.alt}
            for i, chart in enumerate(charts_of(folder.entries)[:3])
        ],
        "columns": [table.columns[i].heading for i in places],
        "numeric": [at for at, i in enumerate(places) if table.columns[i].kind in numeric],
        "led": places.index(table.led),
        "rows": [
            {"level": line.level, "cells": [shown(table.columns[i], line.values[i]) for i in places]}
            for line in table.lines[:MOST_LINES]
        ],
        "more": max(0, len(table.lines) - MOST_LINES),
        "stuck": _first([f"{s.entry.text('code') or s.entry.title}: {s.what}, {s.who or 'nobody'}, {s.why}"
                         for s in stuck(folder.entries)]),
        "twice": _first([f"“{name}”: {', '.join(e.text('code') or e.title for e in owners)}"
                         for name, owners in counted_twice(folder.entries)]),
        "bad": _first([why for _, why in folder.bad]),
        "bad_count": len(folder.bad),
    }  # fmt: skip


def _first(lines: list[str]) -> list[str]:
    """Return as many lines as there is room for, the last of them with the number of the others."""
    if len(lines) <= MOST_STUCK:
        return lines
    kept = lines[: MOST_STUCK - 1]
    return [*kept, f"and {len(lines) - len(kept)} more, in the workbook"]


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return text
    return f"{words.day(moment)} {moment:%H:%M}"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure at the top of a portfolio."""

    id: str
    label: str
    value: str
    note: str = ""
    level: str = "grey"


def tiles(entries: Sequence[Entry], year: str = "") -> list[Tile]:
    """Return the figures at the top; those in money of one year, or of all."""
    parts = [(unit, totals(alike, year)) for unit, alike in by_currency(entries).items()]
    unit, found = parts[0]
    others = [f"and {short(other.plan)} {name}" for name, other in parts[1:]]
    every = totals(entries, year)
    closed = every.projects - every.active
    return [
        Tile("active", "Active", str(every.active), f"{closed} closed"),
        Tile("at_risk", "At risk", str(every.at_risk), "each with its reason", "bad" if every.at_risk else "good"),
        Tile("overdue", "Overdue actions", str(every.overdue), f"{every.overdue_long} over 30 days",
             "bad" if every.overdue_long else "warning" if every.overdue else "good"),
        *_money_tiles(found, ", ".join([unit, *others]), year, twice=bool(counted_twice(entries))),
    ]  # fmt: skip


def _money_tiles(found: Totals, units: str, year: str, *, twice: bool) -> list[Tile]:
    unit = units.partition(",")[0]
    share = f"{100 * found.validated / found.actual:.0f} % of actual" if found.actual else ""
    gone = f"{short(found.rejected)} rejected" if found.rejected else ""
    waiting = f"{short(found.unseen)} not yet validated" if found.unseen else ""
    return [
        Tile("plan", f"Plan {year or 'in all'}", short(found.plan), f"{units}; some twice?" if twice else units, "warning" if twice else "grey"),
        Tile("forecast", f"Forecast {year or 'in all'}", short(found.forecast), unit),
        Tile("actual", f"Actual {year or 'in all'}", short(found.actual), waiting or unit),
        Tile("validated", "Validated", short(found.validated), ", ".join(t for t in (share, gone) if t),
             "good" if found.validated else "grey"),
    ]  # fmt: skip


def short(amount: float) -> str:
    """Return an amount as a tile has room for it: 652 k, 1.2 M."""
    if abs(amount) >= 1e6:  # noqa: PLR2004
        return f"{words.number(amount / 1e6, 1)} M"
    return f"{words.number(amount / 1e3, 0)} k" if abs(amount) >= 1e4 else words.number(amount, 0)  # noqa: PLR2004


# workbook ----------------------------------------------------------------------------------------

_WIDEST = 60
_FORMATS = {"money": "#,##0", "date": "yyyy-mm-dd", "percent": "0 %", "count": "0", "days": "0"}


def portfolio_xlsx(folder: Folder) -> bytes:
    """Write every table as a sheet of its own; text never becomes a formula."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "nan_inf_to_errors": True, "in_memory": True}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": folder.name, "comments": f"LeanLab {__version__}"})
        styles = _styles(book)
        _summary(book, styles, folder)
        for sheet in sheets(folder.entries, folder.year):
            _table(book, styles, sheet)
        _plain(book, styles, "Benefits by month", *_months(folder.entries))
        _plain(book, styles, "Worth", *_worth(folder.entries))
        weak = [(e.text("code"), e.title, w.get("title"), w.get("text"), w.get("code"))
                for e in folder.entries for w in e.weak]  # fmt: skip
        _plain(book, styles, "To ask", ("Code", "Project", "Weak spot", "Text", "Record"), weak)
        twice = [
            (name, e.text("code"), e.title)
            for name, owners in counted_twice(folder.entries)
            for e in owners
        ]
        _plain(book, styles, "Counted twice", ("Benefit", "Code", "Project"), twice)
        _plain(book, styles, "Not read", ("File", "Why"), folder.bad)
    return out.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bg_color": "#E9EEF6", "bottom": 1, "text_wrap": True, "valign": "top"}
    found = {"head": book.add_format(head), "title": book.add_format({"bold": True, "font_size": 14}),
             "text": book.add_format({"valign": "top"})}  # fmt: skip
    for kind, code in _FORMATS.items():
        found[kind] = book.add_format({"num_format": code, "valign": "top"})
    return found


def _summary(book: Any, styles: dict[str, Any], folder: Folder) -> None:
    sheet = book.add_worksheet("Summary")
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 2, 22)
    sheet.write_string(0, 0, folder.name, styles["title"])
    sheet.write_string(1, 0, f"As of {_moment(folder.scanned)}; each project as of its last save.")
    if folder.note:
        sheet.write_string(2, 0, folder.note)
    found, span = totals(folder.entries), folder.year or "all years"
    rows: list[tuple[str, float]] = [
        ("Projects", found.projects), ("Active", found.active), ("At risk", found.at_risk),
        ("Overdue actions", found.overdue), ("Overdue over 30 days", found.overdue_long),
        ("Files not read", len(folder.bad)), ("Folders not read", folder.skipped),
    ]  # fmt: skip
    for unit, alike in by_currency(folder.entries).items():
        money = totals(alike, folder.year)
        rows += [
            (f"Benefit {name}, {unit}, {span}", value)
            for name, value in (
                ("plan", money.plan), ("forecast", money.forecast), ("actual", money.actual),
                ("validated", money.validated), ("not yet validated", money.unseen), ("rejected", money.rejected),
            )
        ]  # fmt: skip
    for i, (name, value) in enumerate(rows, start=4):
        sheet.write_string(i, 0, name)
        sheet.write_number(i, 1, value, styles["money"])


def _table(book: Any, styles: dict[str, Any], table: Sheet) -> None:
    sheet = book.add_worksheet(table.title)
    for j, column in enumerate(table.columns):
        sheet.write_string(0, j, column.heading, styles["head"])
        sheet.set_column(j, j, max(8, column.width / 7))
    for i, line in enumerate(table.lines, start=1):
        for j, (column, value) in enumerate(zip(table.columns, line.values, strict=True)):
            _cell(sheet, (i, j), column, value, styles)
    sheet.freeze_panes(1, 2)
    if table.lines:
        sheet.autofilter(0, 0, len(table.lines), len(table.columns) - 1)


def _cell(
    sheet: Any, at: tuple[int, int], column: Column, value: Any, styles: dict[str, Any]
) -> None:
    style = styles.get(column.kind, styles["text"])
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*at, float(value), style)
    elif column.kind == "date" and (day := _day(value)) is not None:
        sheet.write_datetime(*at, day, style)
    elif value not in {None, ""}:
        sheet.write_string(*at, str(value), styles["text"])


def _day(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _plain(book: Any, styles: dict[str, Any], title: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:  # fmt: skip
    sheet = book.add_worksheet(title)
    for j, name in enumerate(names):
        sheet.write_string(0, j, name, styles["head"])
        longest = max((len(str(row[j])) for row in rows), default=0)
        sheet.set_column(j, j, min(_WIDEST, max(10, len(name) + 2, longest)))
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row):
            _cell(sheet, (i, j), Column(names[j], "money"), value, styles)
    sheet.freeze_panes(1, 0)


def _worth(entries: Sequence[Entry]) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    """Return costs, present value and payback of the projects that have amounts."""
    names = ("Code", "Project", "Currency", "Costs", "Present value", "Paid back in", "Months to payback", "Interest a year in %")  # fmt: skip
    rows = []
    for entry in entries:
        worth = entry.body.get("worth") or {}
        if worth.get("npv") is not None:
            rate = worth.get("rate")
            rows.append((
                entry.text("code"), entry.title, entry.text("currency") or "EUR", worth.get("costs"),
                worth["npv"], worth.get("paid_in"), worth.get("payback"), 100 * rate if rate is not None else None,
            ))  # fmt: skip
    return names, rows


def _months(entries: Sequence[Entry]) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    """Return plan, forecast and actual per month: hard, other money and soft effects apart."""
    names = [
        "Month",
        "Currency",
        *(f"{s.capitalize()} {kind}" for s in SERIES for kind in ("hard", "other", "soft")),
    ]
    rows = []
    for unit, alike in by_currency(entries).items():
        known = {series: by_month(alike, series) for series in SERIES}
        months = sorted({m for found in known.values() for m in found})
        rows += [
            [month, unit, *(v for s in SERIES for v in known[s].get(month, (None,) * 3))]
            for month in months
        ]
    return names, rows
