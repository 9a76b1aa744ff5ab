"""Damaged workbooks and files that attack their reader; the app lives, each gives a table or a sentence.

python -m tests.robustness.workbooks 600
"""

import json
import random
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import xlsxwriter

from leanlab.core.errors import ImportProblem
from leanlab.data import guarded
from tests.robustness.scene import alone, told

LONGEST = 5.0  # seconds
MOST = 512  # MB of the process that reads
LIMITS = guarded.Limits(seconds=20)
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def good_workbook(path):
    """Write an ordinary workbook with texts, numbers, dates and a formula."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["name", "value", "count"])
        for number in range(1, 120):
            sheet.write_row(number, 0, [f"part {number % 7}", number / 7, number])
        sheet.write_formula(120, 1, "=SUM(B2:B120)", None, 1020.0)


def whole_file(content, chance):
    """Change bytes of the archive itself."""
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 4, 32))):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def cut(content, chance):
    """Lose the end."""
    return content[: chance.randrange(len(content))]


def inner(content, chance, path):
    """Change the XML of a part and pack it soundly again."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    spoilt = bytearray(parts[name])
    at = chance.randrange(len(spoilt))
    how = chance.randrange(4)
    if how == 0:
        del spoilt[at : at + chance.randrange(1, 60)]
    elif how == 1:
        spoilt[at:at] = spoilt[at : at + 200] * 3
    elif how == 2:
        spoilt[at : at + 8] = b"99999999"
    else:
        spoilt[at] ^= 1 << chance.randrange(8)
    return {**parts, name: bytes(spoilt)}


def packed(path, parts, method=zipfile.ZIP_DEFLATED):
    """Write the parts of a package."""
    with zipfile.ZipFile(path, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def outcome(path):
    """Return table, sentence or "nothing", and the seconds it took."""
    begun = time.perf_counter()
    try:
        guarded.read(path, limits=LIMITS)
        said = "table"
    except ImportProblem as problem:
        said = "sentence" if problem.message and problem.hint else "nothing"
    return said, time.perf_counter() - begun


def run(count: int, seed: int = 1) -> dict[str, float]:
    """Read `count` damaged workbooks; return the figures."""
    chance = random.Random(seed)
    figures: dict[str, float] = {
        "damaged workbooks": 0, "table": 0, "sentence": 0, "nothing": 0, "slower than 5 s": 0,
        "slowest ms": 0, "most MB": 0,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path, good = Path(folder, "a.xlsx"), Path(folder, "good.xlsx")
        good_workbook(good)
        content = good.read_bytes()
        while figures["damaged workbooks"] < count:
            if chance.random() < 0.6:
                packed(path, inner(content, chance, good))
            else:
                path.write_bytes(chance.choice((whole_file, cut))(content, chance))
            (said, seconds), most = alone(outcome, path)
            figures["most MB"] = max(figures["most MB"], round(most))
            figures["damaged workbooks"] += 1
            figures[said] += 1
            figures["slower than 5 s"] += seconds > LONGEST
            figures["slowest ms"] = max(figures["slowest ms"], round(1000 * seconds))
    return figures


def _with_sheet(path, xml, **more):
    """Write an ordinary workbook whose sheet is replaced."""
    good_workbook(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    packed(path, {**parts, "xl/worksheets/sheet1.xml": xml, **more})


def zip_bomb(path):
    """60 MB of zeros in a part."""
    packed(path, {"xl/workbook.xml": "<x/>", "xl/big.xml": bytes(60_000_000)})


def size_that_lies(path):
    """The archive says that a part is small."""
    packed(path, {"xl/workbook.xml": "<x/>", "xl/big.xml": bytes(30_000_000)})
    content = path.read_bytes()
    path.write_bytes(
        content.replace((30_000_000).to_bytes(4, "little"), (30).to_bytes(4, "little"))
    )


def thousands_of_parts(path):
    """2,500 parts."""
    packed(path, {"xl/workbook.xml": "<x/>", **{f"xl/{n}.xml": "<x/>" for n in range(2_500)}})


def billion_laughs(path):
    """Entities that grow tenfold nine times."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    _with_sheet(path, f'<!DOCTYPE x [<!ENTITY l0 "lol">{lines}]><x>&l9;</x>')


def quadratic_entities(path):
    """One long entity, used often."""
    entity = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
    _with_sheet(path, f"{entity}<x>{'&a;' * 50_000}</x>")


def external_entity(path):
    """An entity that reads a file of the user."""
    _with_sheet(path, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')


def late_document_type(path):
    """A document type behind a long comment, where a short look does not reach."""
    _with_sheet(path, f'<!--{" " * 2_000_000}--><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')


def far_cell(path):
    """One cell in the last row and column."""
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    _with_sheet(path, f"<worksheet {NAMESPACE}><sheetData>{first}{cell}</sheetData></worksheet>")


def many_empty_rows(path):
    """A million rows without a cell."""
    rows = "".join(f'<row r="{n}"/>' for n in range(1, 1_000_001))
    _with_sheet(path, f"<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>")


def string_bomb(path):
    """A shared string of 40 MB, used by every cell."""
    text = f"<sst {NAMESPACE}><si><t>{'x' * 40_000_000}</t></si></sst>"
    _with_sheet(path, f"<worksheet {NAMESPACE}/>", **{"xl/sharedStrings.xml": text})


def index_out_of_range(path):
    """A cell points at a shared string that is not there."""
    cell = '<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>'
    _with_sheet(path, f"<worksheet {NAMESPACE}><sheetData>{cell}</sheetData></worksheet>")


def not_unicode(path):
    """A part that is no text at all."""
    _with_sheet(path, bytes(range(256)) * 200)


def deep_nesting(path):
    """A hundred thousand elements, one inside the other."""
    _with_sheet(path, "<a>" * 100_000 + "</a>" * 100_000)


def wide_text(path):
    """A text of 100,000 columns."""
    path.write_text(",".join(f"c{n}" for n in range(100_000)) + "\n" + "1," * 99_999 + "1\n")


def endless_line(path):
    """20 MB without an end of line."""
    path.write_bytes(b"1," * 10_000_000)


def open_quotation(path):
    """A quotation mark that is never closed."""
    path.write_text('a,b\n1,"2\n' + "3,4\n" * 500_000)


def zeros(path):
    """A megabyte of NUL."""
    path.write_bytes(b"a,b\n" + bytes(1_000_000))


ATTACKS = (
    zip_bomb, size_that_lies, thousands_of_parts, billion_laughs, quadratic_entities,
    external_entity, late_document_type, far_cell, many_empty_rows, string_bomb,
    index_out_of_range, not_unicode, deep_nesting, wide_text, endless_line, open_quotation, zeros,
)  # fmt: skip


def attacked(attack) -> dict[str, object]:
    """Return what the user gets who imports the file, in how many seconds and MB."""
    with tempfile.TemporaryDirectory() as folder:
        text = attack in {wide_text, endless_line, open_quotation, zeros}
        path = Path(folder, "a.csv" if text else "a.xlsx")
        alone(attack, path)
        (said, seconds), most = alone(outcome, path)
    return {
        "file": attack.__name__, "what": attack.__doc__, "said": said,
        "seconds": round(seconds, 3), "MB": round(most),
    }  # fmt: skip


def kept(found) -> bool:
    """Whether an attack got a sentence, soon and with little memory."""
    return found["said"] == "sentence" and found["seconds"] <= LONGEST and found["MB"] <= MOST


def all_attacked() -> dict[str, float]:
    """Import all attack files; return the figures."""
    figures = {"attack files": 0, "sentences in time": 0, "slowest ms": 0, "most MB": 0}
    for attack in ATTACKS:
        found = attacked(attack)
        sys.stderr.write(json.dumps(found) + "\n")
        figures["attack files"] += 1
        figures["sentences in time"] += kept(found)
        figures["slowest ms"] = max(figures["slowest ms"], round(1000 * found["seconds"]))
        figures["most MB"] = max(figures["most MB"], found["MB"])
    return figures


if __name__ == "__main__":
    attacks = all_attacked()
    told(attacks, promised=attacks["sentences in time"] == attacks["attack files"] >= 17)
    found = run(int(sys.argv[1]))
    broken = found["nothing"] or found["slower than 5 s"] or found["most MB"] > MOST
    told(found, promised=not broken)
