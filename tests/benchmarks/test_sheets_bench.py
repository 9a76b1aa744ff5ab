"""A data sheet of 1,000,000 rows x 20 columns: read, stored, opened, scrolled, edited, undone.

Times are beside a bare pass over the same file or table in the same run, for the machine may be busy.
"""

import csv
import sqlite3
import time

import numpy as np
import pytest

from leanlab.app.session import Session
from leanlab.data import guarded
from leanlab.data.columns import ColumnData
from leanlab.data.searching import Sought

ROWS, COLUMNS = 1_000_000, 20


def seconds(call):
    begun = time.perf_counter()
    result = call()
    return time.perf_counter() - begun, result


@pytest.fixture(scope="module")
def big_csv(tmp_path_factory):
    path = tmp_path_factory.mktemp("big") / "big.csv"
    rng = np.random.default_rng(1)
    days = np.datetime_as_string(np.datetime64("2020-01-01T00:00", "m") + np.arange(ROWS))
    carrier = rng.choice(["North", "South", "East"], ROWS)
    texts = [np.char.mod("%.3f", rng.normal(50, 5, ROWS)) for _ in range(4)]
    with path.open("w") as file:
        names = ["order", "day", "carrier", *(f"x{i}" for i in range(COLUMNS - 3))]
        file.write(",".join(names) + "\n")
        for start in range(0, ROWS, 100_000):
            part = slice(start, start + 100_000)
            numbers = [texts[i % 4][part] for i in range(COLUMNS - 3)]
            order = np.arange(start, start + 100_000) + 1_000_000
            rows = zip(order, days[part], carrier[part], *numbers, strict=True)
            file.writelines(",".join(map(str, row)) + "\n" for row in rows)
    return path


def bare_pass(path):
    """Return how long csv alone takes to split the file."""
    with path.open(newline="") as file:
        return seconds(lambda: sum(1 for _ in csv.reader(file)))[0]


def columns():
    rng = np.random.default_rng(2)
    numbers = [
        ColumnData(f"x{i}", "number", rng.normal(50, 5, ROWS).round(3)) for i in range(COLUMNS - 1)
    ]
    names = np.array(["North", "South"], dtype=object)[rng.integers(0, 2, ROWS)]
    return [ColumnData("carrier", "category", names), *numbers]


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "big.leanlab", name="Big")
    yield made
    made.close()


def test_read_a_million_rows_in_the_worker(benchmark, big_csv):
    floor = bare_pass(big_csv)
    took, table = benchmark.pedantic(lambda: seconds(lambda: guarded.read(big_csv)), rounds=1)
    assert (table.rows, len(table.columns)) == (ROWS, COLUMNS)
    assert [c.kind for c in table.columns[:4]] == ["whole", "datetime", "category", "number"]
    benchmark.extra_info.update(
        {"s": round(took, 1), "times csv alone": round(took / floor, 1), "at most": "10"}
    )
    assert took < 10 * floor


def test_store_open_scroll_edit_and_undo(benchmark, session, qtbot, tmp_path):
    from PySide6.QtWidgets import QApplication

    from leanlab.ui.sheets.grid import SheetView
    from leanlab.ui.sheets.model import SheetModel
    from leanlab.ui.theme import LIGHT

    given = columns()
    plain = sqlite3.connect(tmp_path / "floor.db")  # the same rows, with nothing around them
    plain.execute(f"CREATE TABLE d ({', '.join(f'c{i}' for i in range(COLUMNS))})")
    lists = [c.values.tolist() for c in given]
    marks = ", ".join("?" * COLUMNS)
    insert = f"INSERT INTO d VALUES ({marks})"  # noqa: S608 - only question marks
    floor, _ = seconds(
        lambda: plain.executemany(insert, zip(*lists, strict=True)) and plain.commit()
    )
    plain.close()
    stored, sheet = seconds(lambda: session.add_sheet("Big", given))

    def work():
        opened, model = seconds(lambda: SheetModel(session, sheet, lambda: LIGHT, None))
        view = SheetView(model, lambda: LIGHT, None)
        qtbot.addWidget(view)
        view.resize(1200, 800)
        view.show()
        QApplication.processEvents()
        bar, rng = view.verticalScrollBar(), np.random.default_rng(3)
        pages = [
            seconds(lambda r=r: (bar.setValue(int(r)), QApplication.processEvents()))[0]
            for r in rng.integers(0, ROWS - 100, 30)
        ]
        bar.setValue(500_000)
        wheel = [
            seconds(lambda r=r: (bar.setValue(500_000 + 3 * r), QApplication.processEvents()))[0]
            for r in range(60)
        ]
        everything = seconds(lambda: (view.selectAll(), QApplication.processEvents()))[0]
        return opened, sorted(pages)[15], sorted(wheel)[30], everything

    opened, page, wheel, everything = benchmark.pedantic(work, rounds=1)
    ids = session.row_ids(sheet)
    edited, _ = seconds(lambda: session.set_column(sheet, "c3", ids, ["7.5"] * ROWS))
    undone, _ = seconds(session.undo)
    assert session.column(sheet, "c3")[0] == given[2].values[0]
    facts = {
        "store s": stored, "times bare insert": stored / floor, "open ms": 1000 * opened,
        "random page ms": 1000 * page, "3 rows ms": 1000 * wheel, "select all ms": 1000 * everything,
        "edit 1e6 cells s": edited, "undo s": undone,
    }  # fmt: skip
    benchmark.extra_info.update({name: round(value, 1) for name, value in facts.items()})
    assert stored < 4 * floor
    assert everything < 1
    assert wheel < 0.1
    assert undone < 3 * edited + 1


def test_find_in_a_million_rows(benchmark, session):
    """Beside reading all columns once: what any search has to do that misses nothing."""
    sheet = session.add_sheet("Big", columns())
    names = [c.id for c in session.sheet(sheet).columns]
    floor, _ = seconds(lambda: [session.column(sheet, name) for name in names])

    def find(text):
        cells, first, begun = 0, None, time.perf_counter()
        for part in session.find_cells(sheet, names, Sought(text)):
            cells += len(part)
            first = first or (part and time.perf_counter() - begun) or None
        return time.perf_counter() - begun, first, cells

    def work():
        return [find(text) for text in ("zzz", "south", "50.123", "7777")]

    (letters, _, none), (south, first, _), (point, early, some), (digits, _, _) = (
        benchmark.pedantic(work, rounds=1)
    )
    assert none == 0
    assert some > 0
    facts = {
        "read all s": floor, "letters s": letters, "category s": south, "first ms": 1000 * first,
        "number s": point, "its first ms": 1000 * early, "digits s": digits,
    }  # fmt: skip
    benchmark.extra_info.update({name: round(value, 2) for name, value in facts.items()})
    assert max(point, digits) < 2 * floor
    assert letters < floor / 2
    assert early < floor / 4


def test_edit_one_cell_of_a_million_rows_with_formulas(benchmark, session):
    """Beside reading one column once: formulas that look at few rows must not do even that."""
    sheet = session.add_sheet("Big", columns())
    floor, _ = seconds(lambda: session.column(sheet, "c2"))

    def edit(at):
        return seconds(lambda: session.set_cells(sheet, [(500_000 + at, "c2", str(70 + at))]))[0]

    def work():
        edit(0)
        plain = edit(1)
        session.add_calculated_column(sheet, "sum", "x0 + x1")
        edit(2)
        own = edit(3)
        session.add_calculated_column(sheet, "change", "diff(x0)")
        edit(4)
        around = edit(5)
        session.add_calculated_column(sheet, "away", "x0 - mean(x0)")
        return plain, own, around, edit(6)

    plain, own, around, whole = benchmark.pedantic(work, rounds=1)
    facts = {
        "read a column ms": floor, "edit ms": plain, "with a formula of its row ms": own,
        "of the row before ms": around, "of the whole column ms": whole,
    }  # fmt: skip
    benchmark.extra_info.update({name: round(1000 * value, 1) for name, value in facts.items()})
    assert plain < floor / 10
    assert own < floor / 5
    assert around < floor
