"""A damaged project: everything readable comes back, marked, and nothing is shown as good."""

import random

import pytest

from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.data.columns import ColumnData
from leanlab.store import project
from leanlab.store.pagescan import likely_page_size, scanned

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
