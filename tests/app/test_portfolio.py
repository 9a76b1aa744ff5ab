"""A folder of projects is read without touching it; what is wrong with a file is told."""

import errno
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leanlab.app import portfolio
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.core.errors import Cancelled, DocumentProblem, Problem
from leanlab.domain.portfolio import counted_twice, reasons, stuck, totals

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def frozen():
    with clock.frozen(NOW):
        yield


def made(path, title, *, actions=(), benefits=()):
    path.parent.mkdir(parents=True, exist_ok=True)
    session = Session.create(path, name=title, author="A. Ruiz")
    for action in actions:
        session.add("action", action)
    for benefit in benefits:
        session.add("benefit_line", benefit)
    session.save()
    session.close()
    return path


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "projects"
    late = {"title": "Order the scanner", "owner": "Ben", "due": "2026-03-01", "status": "open"}
    months = {
        "2026-03": {"plan": 100.0, "actual": 40.0},
        "2026-04": {"plan": 100.0, "actual": 50.0},
    }
    money = {"title": "Fewer returns", "benefit_class": "hard", "months": months}
    made(folder / "a.leanlab", "Late deliveries", actions=[late], benefits=[money])
    made(folder / "north" / "b.leanlab", "Fill weight", benefits=[money])
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    (folder / "c.leanlab").write_bytes(b"not a database")
    damaged = made(folder / "d.leanlab", "Damaged")
    content = bytearray(damaged.read_bytes())
    content[400] ^= 0xFF
    damaged.write_bytes(content)
    return folder


def state_of(folder):
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def test_every_file_is_listed_and_none_is_touched(place):
    before = state_of(place)
    found = portfolio.scan(place)
    assert {s.name: s.state for s in found.files} == {
        "a.leanlab": "ok", "b.leanlab": "ok", "c.leanlab": "foreign", "d.leanlab": "damaged",
    }  # fmt: skip
    assert state_of(place) == before


def test_a_second_scan_reads_only_what_changed(place):
    assert portfolio.scan(place).fresh == 4
    assert portfolio.scan(place).fresh == 0
    session = Session.open(place / "a.leanlab")
    session.add("action", {"title": "new"})
    session.save()
    session.close()
    again = portfolio.scan(place)
    assert again.fresh == 1
    assert [s.body["title"] for s in portfolio.changed_since_last_look(again)] == [
        "Late deliveries", "Fill weight",
    ]  # fmt: skip
    portfolio.mark_as_seen(again)
    assert portfolio.changed_since_last_look(again) == []
    assert portfolio.last_look(again) == NOW.isoformat()


def test_what_was_seen_is_there_at_once(place):
    assert portfolio.remembered(place) is None
    portfolio.scan(place)
    assert len(portfolio.remembered(place).good) == 2


def test_a_stopped_scan_keeps_what_it_had(place):
    def stop(done, _total):
        if done == 2:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        portfolio.scan(place, stop)
    assert len(portfolio.remembered(place).files) == 2


def test_links_in_a_circle_and_closed_folders_are_passed_over(place):
    (place / "north" / "loop").symlink_to(place)
    closed = place / "closed"
    closed.mkdir()
    found = portfolio.scan(place)
    assert len(found.files) == 4
    assert found.skipped == ()


def test_a_folder_that_cannot_be_read_is_counted(place, monkeypatch):
    real = os.scandir

    def refused(path):
        if str(path).endswith("north"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    found = portfolio.scan(place)
    assert found.skipped == (str(place / "north"),)
    assert len(found.good) == 1


def test_a_file_that_vanishes_during_the_scan_is_no_problem(place):
    def vanish(done, _total):
        if done == 1:
            (place / "d.leanlab").unlink(missing_ok=True)

    assert {s.name for s in portfolio.scan(place, vanish).files} == {
        "a.leanlab", "b.leanlab", "c.leanlab",
    }  # fmt: skip


def test_a_missing_folder_says_so(tmp_path):
    with pytest.raises(DocumentProblem, match="not there any more"):
        portfolio.scan(tmp_path / "gone")


def test_a_broken_index_is_forgotten(place):
    portfolio.scan(place)
    for file in (portfolio.cache("portfolios")).iterdir():
        file.write_text(json.dumps([1, 2]), encoding="utf-8")
    assert portfolio.remembered(place) is None
    assert portfolio.scan(place).fresh == 4


def test_a_project_says_why_it_needs_a_look(place):
    entries = portfolio.scan(place).entries()
    late = next(e for e in entries if e.title == "Late deliveries")
    assert [late_one.days for late_one in late.late] == [80]
    rules = {reason.rule for reason in reasons(late)}
    assert {"late", "benefit"} <= rules
    with clock.frozen(NOW + timedelta(days=40)):
        stale = next(e for e in portfolio.scan(place).entries() if e.title == "Fill weight")
    assert "stale" in {reason.rule for reason in reasons(stale)}


def test_money_is_added_up_and_double_claims_are_found(place):
    entries = portfolio.scan(place).entries()
    figures = totals(entries)
    assert (figures.projects, figures.overdue, figures.overdue_long) == (2, 1, 1)
    assert (figures.plan, figures.actual, figures.validated) == (400.0, 180.0, 0.0)
    ((name, owners),) = counted_twice(entries)
    assert name == "Fewer returns"
    assert len(owners) == 2
    assert any(s.who == "Ben" and "80 days late" in s.why for s in stuck(entries))


def test_thousands_of_other_files_do_not_matter(place):
    for number in range(3000):
        (place / f"scan {number}.txt").write_bytes(b"x")
    assert len(portfolio.scan(place).files) == 4


def test_a_huge_file_is_named_and_not_read(place, monkeypatch):
    huge = place / "huge.leanlab"
    with huge.open("wb") as file:
        file.write((place / "a.leanlab").read_bytes()[:100])
        file.truncate(1_000_000_000)  # a hole: no disk is used
    monkeypatch.setattr(portfolio, "peeked", lambda path: pytest.fail(f"{path} was read"))
    for path in place.rglob("*.leanlab"):
        if path != huge:
            path.unlink()
    (seen,) = portfolio.scan(place).bad
    assert seen.message.startswith("huge.leanlab has 1,000 MB: open it to look at it.")


def test_a_copy_of_a_project_is_counted_once(place):
    session = Session.open(place / "a.leanlab")
    session.save_copy(place / "north" / "a copy.leanlab")
    session.add("action", {"title": "later"})
    session.save()
    session.close()
    found = portfolio.scan(place)
    assert sorted(e.title for e in found.entries()) == ["Fill weight", "Late deliveries"]
    assert [s.message for s in found.copies] == [
        "a copy.leanlab is another copy of a.leanlab: it is not counted."
    ]


def test_a_project_that_another_window_has_open_is_still_shown(place):
    session = Session.open(place / "a.leanlab")
    try:
        found = portfolio.scan(place)
        assert [s.name for s in found.open_elsewhere] == ["a.leanlab"]
        assert len(found.good) == 2
    finally:
        session.close()
    assert portfolio.scan(place).open_elsewhere == []


def test_a_project_that_is_open_on_another_computer_says_where(place):
    note = {"user": "A. Ruiz", "host": "PC-204", "since": "2026-05-20T07:10:00+00:00"}
    (place / ".~lock.a.leanlab").write_text(json.dumps(note), encoding="utf-8")
    os.mkfifo(place / "north" / ".~lock.b.leanlab")  # reading it would wait for ever
    (seen,) = portfolio.scan(place).open_elsewhere
    assert seen.message.startswith("a.leanlab is open on PC-204 (A. Ruiz, since ")
    assert seen.message.endswith("): shown as of its last save.")


def test_an_index_of_another_version_is_forgotten(place):
    portfolio.scan(place)
    for file in (portfolio.cache("portfolios")).iterdir():
        found = json.loads(file.read_text(encoding="utf-8"))
        found["files"][0]["colour"] = "red"
        file.write_text(json.dumps(found), encoding="utf-8")
    assert portfolio.remembered(place) is None
    assert portfolio.scan(place).fresh == 4


def test_a_hostile_summary_in_a_sound_file_is_shown_without_harm(place):
    session = Session.open(place / "a.leanlab")
    session._write_summary = lambda: session._document.write_summary(
        json.dumps(
            {"benefits": 7, "risks": [{"probability": "x"}], "actions": {"a": 1}, "title": []}
        )
    )
    session.save()
    session.close()
    found = portfolio.scan(place)
    entry = next(e for e in found.entries() if e.path.endswith("a.leanlab"))
    assert (entry.actions, entry.money.plan) == ([], 0.0)
    assert totals(found.entries()).projects == 2


def test_what_is_no_file_is_a_sentence_and_keeps_nobody_waiting(place):
    os.mkfifo(place / "pipe.leanlab")  # reading it would wait for ever
    (place / "folder.leanlab").symlink_to(place / "north")
    (place / "nowhere.leanlab").symlink_to(place / "gone.leanlab")
    (place / "itself.leanlab").symlink_to(place / "itself.leanlab")
    found = portfolio.scan(place)
    said = {seen.name: seen.message for seen in found.bad}
    assert said["pipe.leanlab"] == "pipe.leanlab is not a file. Choose a .leanlab file."
    assert said["folder.leanlab"] == "folder.leanlab is not a file. Choose a .leanlab file."
    assert not {"nowhere.leanlab", "itself.leanlab"} & set(said)
    assert len(found.good) == 2


def test_a_file_that_its_reader_may_not_read_is_a_sentence(place, monkeypatch):
    real = Path.read_bytes

    def refused(path):
        if path.name == "a.leanlab":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    said = {seen.name: (seen.state, seen.message) for seen in portfolio.scan(place).bad}
    assert said["a.leanlab"] == (
        "unreadable", "a.leanlab cannot be read: Permission denied. Check your rights.",
    )  # fmt: skip


def test_folders_that_lie_too_deep_are_told(place):
    deep = place.joinpath(*["x"] * (portfolio.DEEPEST + 1))
    made(deep / "deep.leanlab", "Deep")
    found = portfolio.scan(place)
    assert len(found.good) == 2
    (said,) = found.left_out
    assert "folders in it were not looked into" in said
    assert portfolio.remembered(place).left_out == (said,)


def test_more_files_than_are_shown_are_told(place, monkeypatch):
    monkeypatch.setattr(portfolio, "MOST_FILES", 3)
    found = portfolio.scan(place)
    assert len(found.files) == 3
    assert found.left_out[0].startswith("There are 4 project files here: only the first 3 are shown")  # fmt: skip


def test_a_walk_through_thousands_of_folders_can_be_stopped(place):
    for number in range(50):
        (place / f"team {number}").mkdir()
    walked = []

    def stop(done, total):
        walked.append((done, total))
        if len(walked) == 10:
            raise Cancelled("Stopped.")

    portfolio.scan(place)
    with pytest.raises(Cancelled):
        portfolio.scan(place, stop)
    assert walked == [(0, 0)] * 10
    assert len(portfolio.remembered(place).files) == 4, "what was seen before is still there"


def test_a_full_disk_costs_the_index_and_not_the_list(place, monkeypatch):
    def full(*_words, **_how):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    found = portfolio.scan(place)
    assert len(found.good) == 2
    with pytest.raises(Problem, match="the disk is full"):
        portfolio.mark_as_seen(found)


def test_thousands_of_files_in_many_folders_change_nothing(place):
    for number in range(40):
        folder = place / f"{number}"
        folder.mkdir()
        for other in range(50):
            (folder / f"{other}.leanlab.bak").write_bytes(b"x")
    before = state_of(place)
    assert len(portfolio.scan(place).files) == 4
    assert state_of(place) == before


def test_linked_folders_are_told_and_not_followed(place, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "z.leanlab").write_bytes((place / "a.leanlab").read_bytes())
    (place / "shortcut").symlink_to(elsewhere, target_is_directory=True)
    found = portfolio.scan(place)
    assert len(found.files) == 4
    assert found.left_out == (
        "1 folder here is a link and was not followed. Open it as a portfolio of its own.",
    )


def test_an_emptied_cache_forgets_no_look(place):
    from leanlab.store.places import cache

    found = portfolio.scan(place)
    portfolio.mark_as_seen(found)
    for file in cache("portfolios").iterdir():
        file.unlink()
    assert portfolio.remembered(place) is None
    again = portfolio.scan(place)
    assert again.fresh == 4
    assert portfolio.changed_since_last_look(again) == []
    assert portfolio.last_look(again)


def test_a_copied_file_keeps_the_moment_of_its_save(place, tmp_path):
    import shutil

    from leanlab.app.cards import card_of
    from leanlab.app.session import Session

    with clock.frozen(NOW):
        session = Session.open(place / "a.leanlab")
        session.set_fact("site", "North")
        session.save()
        session.close()
    copy = shutil.copyfile(place / "a.leanlab", tmp_path / "copy.leanlab")
    session = Session.open(copy, read_only=True)
    try:
        assert card_of(session).as_of == NOW.isoformat()
    finally:
        session.close()
