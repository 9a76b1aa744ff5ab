"""Random rows written as CSV and XLSX: text is never a formula, numbers stay what they were.

python -m tests.robustness.exported 10000
"""

import csv
import io
import math
import random
import re
import sys
import zipfile
from xml.etree import ElementTree as ET

from leanlab.analyses.declare import Table
from leanlab.report.exports import csv_bytes, xlsx_bytes
from tests.robustness.scene import told

STARTS = ("=", "+", "-", "@", "\t", "\r", "", "'", " =", "=cmd|' /C calc'!A0", "@SUM(", "+1-2")
LETTERS = "abc =+-@\"',;!()|äß\t1"
WORKBOOK = 1e-15  # XlsxWriter writes 16 digits, one more than Excel holds
RISKY = ("=", "+", "-", "@", "\t", "\r")
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(count, seed):
    """Return rows of two texts and two numbers."""
    chance = random.Random(seed)

    def text():
        return chance.choice(STARTS) + "".join(chance.choices(LETTERS, k=chance.randrange(0, 12)))

    return [
        [
            text(),
            chance.choice((-1, 1)) * chance.lognormvariate(0, 8),
            text(),
            chance.randrange(-(10**9), 10**9),
        ]
        for _ in range(count)
    ]


def csv_figures(rows):
    """Count what a spreadsheet would take wrongly in the CSV."""
    text = csv_bytes([Table("=evil", ["a", "-b", "c", "d"], rows)]).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline="")))[2:]
    formulas = sum(row[i].startswith(RISKY) for row in back if row for i in (0, 2))
    changed = sum(
        float(new[i]) != old[i] for old, new in zip(rows, back, strict=False) for i in (1, 3)
    )
    return formulas, changed + abs(len([r for r in back if r]) - len(rows))


def xlsx_figures(rows):
    """Count formula cells and changed numbers in the workbook's own XML."""
    content = xlsx_bytes([Table("=evil", ["a", "-b", "c", "d"], rows)])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - written above
    cells = {c.get("r"): c for c in sheet.iter(f"{SPREADSHEET}c")}
    formulas = sum(c.find(f"{SPREADSHEET}f") is not None for c in cells.values())
    changed = 0
    for number, row in enumerate(rows, start=2):
        for letter, value in (("B", row[1]), ("D", row[3])):
            cell = cells[f"{letter}{number}"]
            stored = float(cell.findtext(f"{SPREADSHEET}v"))
            same = cell.get("t", "n") == "n" and math.isclose(stored, value, rel_tol=WORKBOOK)
            changed += not same
    texts = [c for at, c in cells.items() if re.match("[AC]", at) and c.get("t") not in {"s", None}]
    return formulas + len(texts), changed


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Write `count` rows in both ways; return the figures."""
    rows = rows_of(count, seed)
    both = [csv_figures(rows), xlsx_figures(rows)]
    return {
        "rows exported twice": count, "formula cells": sum(f for f, _ in both),
        "numbers changed": sum(n for _, n in both),
    }  # fmt: skip


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=(found["formula cells"], found["numbers changed"]) == (0, 0))
