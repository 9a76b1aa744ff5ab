"""One table written in the ways of the world: it is read right, or LeanLab asks; never wrong.

python -m tests.robustness.dialects
"""

import math
import sys
import tempfile
from datetime import datetime
from itertools import product
from pathlib import Path

from leanlab.core.errors import ImportProblem
from leanlab.data.csv_text import read_table
from leanlab.data.table import Settings
from tests.robustness.scene import told

NAMES = ["Müller", "Åsa, née Öst", 'the "big" one', "Łódź; west", "NA-7", "Żary"]
CODES = ["00123", "04711", "00007", "01000", "00042", "99999"]
VALUES = [1234.5, 0.25, -17.75, 3.125, 1000.5, 12.0625]
DAYS = [(2025, 1, 31), (2025, 2, 13), (2025, 12, 25), (2024, 2, 29), (2025, 6, 30), (2025, 10, 17)]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1250")
SEPARATORS = (",", ";", "\t", "|")
ORDERS = {"iso": "{0:04}-{1:02}-{2:02}", "german": "{2:02}.{1:02}.{0:04}", "american": "{1:02}/{2:02}/{0:04}"}  # fmt: skip


def number(value, mark, thousands):
    """Write a number with its marks."""
    text = f"{value:,.4f}" if thousands else f"{value:.4f}"
    return text.replace(",", "#").replace(".", mark).replace("#", thousands)


def quoted(cell, separator, *, always):
    """Write a cell, in quotation marks where it must or where the program always does."""
    if always or any(c in cell for c in (separator, '"', "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def written(separator, mark, order, *, thousands="", always=False, newline="\n"):
    """Write the table as text."""
    lines = [["Name", "Größe", "Code", "Tag"]]
    for name, value, code, day in zip(NAMES, VALUES, CODES, DAYS, strict=True):
        lines.append([name, number(value, mark, thousands), code, ORDERS[order].format(*day)])
    return (
        newline.join(
            separator.join(quoted(c, separator, always=always) for c in line) for line in lines
        )
        + newline
    )


def corpus():
    """Give (what it is, bytes, right encoding) of every file."""
    marks = {",": ".", ";": ",", "\t": ",", "|": "."}
    for encoding, separator, order in product(ENCODINGS, SEPARATORS, ORDERS):
        text = written(separator, marks[separator], order)
        yield f"{encoding} {separator!r} {order}", _encoded(text, encoding), encoding
    for mark, thousands in ((".", ","), (",", "."), (",", "\u202f"), (".", "'")):
        for separator in (",", ";", "\t"):
            text = written(separator, mark, "iso", thousands=thousands)
            yield f"{thousands!r} for thousands, {separator!r}", text.encode(), "utf-8"
    for newline in ("\r\n", "\r"):
        yield f"lines end {newline!r}", written(";", ",", "iso", newline=newline).encode(), "utf-8"
    for separator in SEPARATORS:
        text = written(separator, ".", "iso", always=True)
        yield f"all in quotation marks {separator!r}", text.encode(), "utf-8"


def _encoded(text, encoding):
    return text.encode(encoding, "replace")


def outcome(content, encoding, folder):
    """Return right, asked or wrong; and whether it is right once the user answered."""
    path = Path(folder, "a.csv")
    path.write_bytes(content)
    try:
        first = "right" if _right(read_table(path), content, encoding) else "wrong"
    except ImportProblem as problem:
        first = "asked" if problem.hint else "wrong"
    try:
        told = read_table(path, Settings(encoding=encoding.replace("-sig", "")))
        after = "right" if _right(told, content, encoding) else "wrong"
    except ImportProblem:
        after = "asked"
    return first, after


def _right(table, content, encoding):
    """Whether every cell is what was meant; text that stayed text is not wrong if it is unchanged."""
    columns = {c.name: c for c in table.columns}
    text = content.decode(encoding)
    if list(columns) != ["Name", "Größe" if "Größe" in text else "Gr??e", "Code", "Tag"]:
        return False
    names = list(map(str, columns["Name"].values))
    meant = [_encoded(n, encoding).decode(encoding) for n in NAMES]
    codes = list(map(str, columns["Code"].values))
    return (
        names == meant and codes == CODES and _numbers(table.columns[1]) and _days(table.columns[3])
    )


def _numbers(column):
    if column.kind in {"text", "category", "id"}:
        return all(c.isdigit() or c in ".,'\u202f- " for v in column.values for c in str(v))
    return not column.bad and all(
        math.isclose(a, b, rel_tol=1e-12) for a, b in zip(column.values, VALUES, strict=True)
    )


def _days(column):
    if column.kind != "datetime":
        told = {o.format(*d) for o in ORDERS.values() for d in DAYS}
        return all(str(v) in told for v in column.values)
    meant = [datetime(*d).date().isoformat() for d in DAYS]  # noqa: DTZ001 - a day
    return not column.bad and [str(v)[:10] for v in column.values] == meant


def run() -> dict[str, int]:
    """Read the whole corpus; return the figures."""
    figures = {"dialects": 0, "right": 0, "asked": 0, "wrong": 0, "right once told the encoding": 0}
    with tempfile.TemporaryDirectory() as folder:
        for what, content, encoding in corpus():
            first, after = outcome(content, encoding, folder)
            figures["dialects"] += 1
            figures[first] += 1
            figures["right once told the encoding"] += after == "right"
            if "wrong" in (first, after):
                figures["wrong"] += first != "wrong"
                sys.stderr.write(f"wrong: {what}\n")
    return figures


if __name__ == "__main__":
    found = run()
    told(found, promised=found["dialects"] >= 63 and not found["wrong"])
