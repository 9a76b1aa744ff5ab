"""A damaged project: everything readable comes back, marked, and nothing is shown as good."""

import random
import sqlite3
import struct
from contextlib import closing

import pytest

from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.data.columns import ColumnData
from leanlab.store import project, rescue
from leanlab.store.checks import sealed
from leanlab.store.pagescan import GENEROUS, likely_page_size, scanned
from tests.robustness import hostile, mutants

np = pytest.importorskip("numpy")


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "plant.leanlab"
    session = Session.create(path, name="Fill weight", author="Ann")
    for number in range(60):
        session.add("cause", {"text": f"cause {number} " + "x" * 300, "status": "potential"})
        session.add("action", {"title": f"action {number}", "owner": "Ben", "due": "2026-05-01"})
    values = np.arange(2000, dtype=float) + 0.25
    texts = np.array([f"row {n}" for n in range(2000)], dtype=object)
    session.add_sheet(
        "weights", [ColumnData("g", "number", values), ColumnData("note", "text", texts)]
    )
    session.attach(session.records("cause")[0].id, "photo.png", b"p" * 40_000)
    session.save()
    session.close()
    return path


def rescued(path, tmp_path):
    opened, found = project.rescue_project(path, tmp_path / "rescued.leanlab", who="Ann")
    kinds = dict(opened.document.rows("SELECT kind, count(*) FROM record GROUP BY kind"))
    cells = opened.document.rows("SELECT count(*) FROM data_1") if kinds.get("sheet") else [(0,)]
    opened.close()
    return kinds, cells[0][0], found


def test_the_scan_reads_what_sqlite_wrote(saved):
    content = saved.read_bytes()
    rows = [row.values for row in scanned(content, likely_page_size(content))]
    assert sum(1 for values in rows if len(values) == 4 and values[0] is None) == 2000
    assert any(isinstance(v, bytes) and len(v) == 40_000 for values in rows for v in values)


def test_a_file_without_its_first_page_gives_everything_back(saved, tmp_path):
    content = bytearray(saved.read_bytes())
    size = likely_page_size(bytes(content))
    content[:size] = b"\xff" * size
    saved.write_bytes(content)
    assert not project.check(saved).sound
    kinds, cells, found = rescued(saved, tmp_path)
    assert kinds["cause"] == kinds["action"] == 60
    assert cells == 2000
    assert found.by_sql == 0


def test_what_was_rescued_says_that_it_is_not_verified(saved, tmp_path):
    content = bytearray(saved.read_bytes())
    content[200] ^= 0xFF
    saved.write_bytes(content)
    before = saved.read_bytes()
    opened, _ = project.rescue_project(saved, tmp_path / "rescued.leanlab", who="Ann")
    opened.close(keep_draft=True)
    (draft,) = project.drafts()
    session = Session.recover(draft)
    assert session.fact("rescued")
    assert all(cause.get("unverified") for cause in session.records("cause"))
    session.save()
    session.close()
    assert project.check(tmp_path / "rescued.leanlab").sound
    assert saved.read_bytes() == before


@pytest.mark.parametrize("seed", range(12))
def test_most_rows_survive_random_damage(saved, tmp_path, seed):
    chance = random.Random(seed)
    content = bytearray(saved.read_bytes())
    for _ in range(40):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    saved.write_bytes(content)
    kinds, cells, _ = rescued(saved, tmp_path)
    assert kinds["cause"] + kinds["action"] + cells >= 0.85 * 2120


def test_a_file_of_which_nothing_is_left_says_so(tmp_path):
    path = tmp_path / "noise.leanlab"
    path.write_bytes(random.Random(1).randbytes(60_000))
    with pytest.raises(DocumentProblem, match="Nothing of"):
        project.rescue_project(path, tmp_path / "rescued.leanlab", who="Ann")
    assert project.drafts() == []


# files that are made to hurt -------------------------------------------------------------------


def varint(value, width):
    """Write a number in so many bytes."""
    parts = [value >> 7 * at & 0x7F | (0x80 if at else 0) for at in reversed(range(width))]
    return bytes(parts)


def chained(pages, size=512):
    """Leaf pages whose every cell claims one chain through all other pages."""
    local = (size - 12) * 32 // 255 - 23
    length = local + (pages - 60) * (size - 4)
    content = bytearray(size)
    content[:18] = b"SQLite format 3\0" + size.to_bytes(2, "big")
    content[28:32] = pages.to_bytes(4, "big")
    record = b"\x05" + varint(2 * (length - 5) + 13, 4)
    cell = varint(length, 3) + b"\x01" + record.ljust(local, b"x") + (40).to_bytes(4, "big")
    starts = [size - n * len(cell) for n in range(1, (size - 40) // len(cell))]
    for _ in range(1, 39):
        page = bytearray(size)
        page[:8] = struct.pack(">BHHHB", 0x0D, 0, len(starts), 0, 0)
        page[8 : 8 + 2 * len(starts)] = struct.pack(f">{len(starts)}H", *starts)
        page[starts[-1] :] = cell * len(starts)
        content += page
    for number in range(40, pages + 1):
        content += (number % pages + 1).to_bytes(4, "big") + b"x" * (size - 4)
    return bytes(content)


def test_cells_that_all_claim_one_long_chain_are_not_all_read():
    content = chained(2000)
    rows = list(scanned(content, 512))
    read = sum(len(v) for row in rows for v in row.values if isinstance(v, str))
    assert len(rows) >= 1
    assert read <= (GENEROUS + 1) * len(content)


@pytest.mark.parametrize("attack", hostile.ATTACKS, ids=lambda attack: attack.__name__)
def test_a_hostile_file_can_be_rescued_or_is_refused(attack, saved, tmp_path):
    if attack in {hostile.large_cell, hostile.deep_json, hostile.sheets_without_end}:
        pytest.skip("takes long to make; the smaller ones go the same way")
    session = Session.open(saved)
    session.add("person", {"name": "Ben"})
    session.save()
    session.close()
    attack(saved)
    try:
        opened, _ = project.rescue_project(saved, tmp_path / "rescued.leanlab", who="Ann")
    except DocumentProblem:
        return
    with closing(opened):
        opened.save()
        assert opened.document.rows("PRAGMA foreign_key_check") == []
    assert project.check(tmp_path / "rescued.leanlab").sound


TWISTED = {
    "no number": "UPDATE sheet SET number = NULL",
    "negative": "UPDATE sheet SET number = -1",
    "huge": "UPDATE sheet SET number = 9000000000",
    "more is a list": "UPDATE cause SET more = '[]'",
    "body is broken": "UPDATE worksheet SET body = '{'",
    "column in capitals": "UPDATE sheet_column SET id = 'C1' WHERE id = 'c1'",
    "column of figures above the line": "UPDATE sheet_column SET id = 'c\u00b2' WHERE id = 'c1'",
    "id that leads elsewhere": "UPDATE meta SET value = '../../x' WHERE key = 'project_id'",
    "revision is a word": "UPDATE meta SET value = 'many' WHERE key = 'revision'",
    "no facts": "DELETE FROM meta WHERE key <> 'seal'",
    "one id in two kinds": "UPDATE cause SET id = (SELECT min(id) FROM action) WHERE rowid = 1",
    "links to nowhere": "DELETE FROM record WHERE kind = 'cause'",
    "sheet without columns": "DELETE FROM sheet_column",
}


@pytest.mark.parametrize("sql", TWISTED.values(), ids=TWISTED)
def test_a_twisted_project_is_refused_and_what_is_rescued_is_sound(saved, tmp_path, sql):
    session = Session.open(saved)
    session.link(session.records("cause")[0].id, "evidence", session.records("action")[0].id)
    session.add("worksheet", {"type_id": "charter", "body": {"a": 1}})
    session.save()
    session.close()
    token = "f" * 64
    with closing(sqlite3.connect(saved, isolation_level=None)) as db:
        db.execute(sql)
        db.execute("UPDATE meta SET value = ? WHERE key = 'seal'", [token])
        if db.execute("SELECT 1 FROM meta WHERE key = 'seal'").fetchone():
            db.close()
            sealed(saved, token)
    assert not project.check(saved).sound
    opened, found = project.rescue_project(saved, tmp_path / "rescued.leanlab", who="Ann")
    with closing(opened):
        assert found.count > 100
        assert opened.document.rows("PRAGMA foreign_key_check") == []
        opened.save()
    assert project.check(tmp_path / "rescued.leanlab").sound
    session = Session.open(tmp_path / "rescued.leanlab")
    assert session.records("action")
    for sheet in session.sheets():
        for column in sheet.columns:
            session.column(sheet.id, column.id)
    session.close()


def test_two_sheets_of_one_shape_keep_their_own_rows(tmp_path):
    path = tmp_path / "plant.leanlab"
    session = Session.create(path, name="P")
    for start in (0, 1000):
        values = ColumnData("n", "number", np.arange(500.0) + start + 0.5)
        session.add_sheet(f"from {start}", [values])
    session.save()
    session.close()
    content = bytearray(path.read_bytes())
    content[:4096] = bytes(4096)
    path.write_bytes(content)
    opened, _ = project.rescue_project(path, tmp_path / "rescued.leanlab", who="Ann")
    with closing(opened):
        rows = opened.document.rows
        first, second = (
            {row[0] for row in rows(sql)}
            for sql in ("SELECT c1 FROM data_1", "SELECT c1 FROM data_2")
        )
        assert len(first) == len(second) == 500
        assert not first & second


def test_a_header_that_tells_a_wrong_page_size_is_not_believed(saved, tmp_path):
    content = bytearray(saved.read_bytes())
    size = likely_page_size(bytes(content))
    content[16:18] = (size // 2).to_bytes(2, "big")
    assert likely_page_size(bytes(content)) == size
    saved.write_bytes(content)
    kinds, cells, _ = rescued(saved, tmp_path)
    assert kinds["cause"] == kinds["action"] == 60
    assert cells == 2000


def test_a_table_that_goes_round_in_a_circle_ends_at_the_deadline(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(rescue, "DEADLINE", 0.5)
    content = bytearray(saved.read_bytes())
    size = likely_page_size(bytes(content))
    with closing(sqlite3.connect(saved)) as db:
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'data_1'").fetchone()[0]
    page = memoryview(content)[(root - 1) * size : root * size]
    assert page[0] == 0x05
    count = struct.unpack(">H", page[3:5])[0]
    for at in range(count):
        offset = struct.unpack(">H", page[12 + 2 * at : 14 + 2 * at])[0]
        page[offset : offset + 4] = root.to_bytes(4, "big")
    page[8:12] = root.to_bytes(4, "big")
    del page
    saved.write_bytes(content)
    kinds, cells, _ = rescued(saved, tmp_path)
    assert kinds["cause"] == 60
    assert cells == 2000


def test_what_is_rescued_of_damaged_files_is_sound(saved, tmp_path):
    chance = random.Random(7)
    good = saved.read_bytes()
    sound = 0
    for number in range(60):
        content = bytearray(good)
        for _ in range(chance.choice((1, 3, 10))):
            chance.choice(mutants.DAMAGES[:3])(content, chance)
            content[chance.randrange(len(content))] = chance.choice((0, 1, 5, 8, 13, 127, 129, 255))
        saved.write_bytes(content)
        target = tmp_path / f"rescued{number}.leanlab"
        opened, _ = project.rescue_project(saved, target, who="Ann")
        with closing(opened):
            opened.save()
        sound += project.check(target).sound
    assert sound == 60
