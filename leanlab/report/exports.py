"""A result as PNG, SVG, PDF, CSV or XLSX; text never becomes a formula."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from leanlab.analyses.declare import Presentation, Table
from leanlab.core.errors import Problem, not_written
from leanlab.report import pictures

_PICTURES = {".png", ".svg", ".pdf"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(presentation: Presentation, path: Path) -> None:
    """Write a result to a file; its ending decides the kind."""
    writers = {".png": _png, ".svg": _svg, ".pdf": _pdf, ".csv": _csv, ".xlsx": _xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise Problem(
            f"LeanLab cannot write {path.suffix or 'a file without an ending'}.",
            hint="Use .png, .svg, .pdf, .csv or .xlsx.",
        )
    if path.suffix.lower() in _PICTURES and not presentation.charts:
        raise Problem("This result has no picture.", hint="Save its tables as .xlsx or .csv.")
    try:
        path.write_bytes(writer(presentation))
    except OSError as error:
        raise not_written(path.name, error) from error


def _png(presentation: Presentation) -> bytes:
    return pictures.png(presentation.charts[0])


def _svg(presentation: Presentation) -> bytes:
    return pictures.svg(presentation.charts[0]).encode()


def _pdf(presentation: Presentation) -> bytes:
    return pictures.pdf(presentation.charts)


def _csv(presentation: Presentation) -> bytes:
    return csv_bytes(presentation.tables)


def _xlsx(presentation: Presentation) -> bytes:
    return xlsx_bytes(presentation.tables)


def safe_text(value: Any) -> Any:
    """Return a CSV cell that no spreadsheet reads as a formula; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def csv_text(tables: Iterable[Table]) -> str:
    """Return tables as CSV, one below the other."""
    out = io.StringIO()
    writer = csv.writer(out)
    for table in tables:
        writer.writerow([safe_text(table.title)])
        writer.writerow([safe_text(str(c)) for c in table.columns])
        writer.writerows([safe_text(v) for v in row] for row in table.rows)
        writer.writerow([])
    return out.getvalue()


def csv_bytes(tables: Iterable[Table]) -> bytes:
    """Return tables as a CSV file that spreadsheets read as UTF-8."""
    return csv_text(tables).encode("utf-8-sig")


def xlsx_bytes(tables: Iterable[Table]) -> bytes:
    """Return tables as a workbook, one sheet each; text never becomes a formula."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(out, options) as book:
        for number, table in enumerate(tables, start=1):
            sheet = book.add_worksheet(_sheet_name(number, table.title))
            for i, line in enumerate([list(table.columns), *table.rows]):
                for j, value in enumerate(line):
                    _write_cell(sheet, i, j, value)
    return out.getvalue()


def _write_cell(sheet: Any, i: int, j: int, value: Any) -> None:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        sheet.write_string(i, j, "" if value is None else str(value))
    else:
        sheet.write_number(i, j, float(value))


def _sheet_name(number: int, title: str) -> str:
    safe = "".join(c for c in title if c.isalnum() or c in " -_")[:25]
    return f"{number} {safe}".strip()
