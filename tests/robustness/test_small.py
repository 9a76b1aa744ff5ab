"""The harnesses, run small: nothing acknowledged is lost, nothing damaged is shown as good."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.robustness import (
    conflicts,
    copies,
    crashes,
    dialects,
    exported,
    failed_saves,
    file_names,
    hostile,
    kills,
    locked,
    migrated,
    mutants,
    offline,
    workbooks,
)

ROOT = Path(__file__).parents[2]


def small(harness, *arguments):
    """Run a harness as `make torture` does: from a small process, whose memory can be told."""
    return subprocess.run(
        [sys.executable, "-m", f"tests.robustness.{harness}", *arguments], cwd=ROOT,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def by_file(done):
    """Return what a harness told of each file."""
    return {one["file"]: one for one in map(json.loads, done.stderr.splitlines())}


@pytest.mark.slow
def test_kills_lose_nothing():
    figures = kills.run(100)
    assert figures["edits acknowledged"] > 100
    assert figures["undone and redone"] > 10
    assert kills.kept(figures), figures


@pytest.mark.slow
def test_power_cuts_lose_nothing():
    pytest.importorskip("apsw")
    from tests.robustness import power

    figures = power.run(200)
    assert figures["edits acknowledged"] > 10_000
    assert (figures["lost"], figures["unsound"]) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("synchronous", "seen"), [("NORMAL", "lost"), ("OFF", "unsound")])
def test_power_cuts_would_show_a_weaker_promise_to_the_disk(synchronous, seen):
    pytest.importorskip("apsw")
    from tests.robustness import power

    assert power.run(40, synchronous=synchronous)[seen] > 0


@pytest.mark.parametrize("failure", failed_saves.FAILURES, ids=lambda f: f.__name__)
def test_a_failed_save_changes_nothing(failure):
    try:
        assert failed_saves.failed(failure) == ""
    except failed_saves.NotHereError as reason:
        pytest.skip(str(reason))


def test_a_disk_that_fills_up_while_editing_loses_nothing():
    try:
        assert failed_saves.full_while_editing() == ""
    except failed_saves.NotHereError as reason:
        pytest.skip(str(reason))


@pytest.mark.slow
def test_a_kill_in_a_save_loses_nothing_and_strays_go():
    figures = failed_saves.run(40)
    assert figures["strays made"] > 0
    assert (figures["strays left"], figures["lost"], figures["unsound"]) == (0, 0, 0)


def test_nothing_of_anybody_is_overwritten_unseen():
    figures = conflicts.run(24)
    assert conflicts.kept(figures), figures


@pytest.mark.slow
def test_a_second_process_is_refused_until_the_first_is_killed():
    assert locked.run(20) == {"tries": 20, "refused": 20, "free after the kill": 20}


@pytest.mark.slow
def test_a_kill_in_a_migration_loses_nothing():
    figures = migrated.run(10)
    assert figures["killed before the end"] > 0
    assert (figures["lost"], figures["original changed"]) == (0, 0)


@pytest.mark.slow
def test_copies_made_at_any_moment_are_complete():
    figures = copies.run(100)
    assert (figures["unsound"], figures["older than the last save"]) == (0, 0)


@pytest.mark.slow
def test_damaged_files_are_never_shown_as_good():
    figures = mutants.run(500)
    assert figures["opened as good"] == 0
    assert figures["slowest ms"] <= mutants.LONGEST


@pytest.mark.slow
def test_most_of_a_damaged_file_comes_back():
    figures = mutants.rescued_share(25)
    assert figures["rows back %"] >= 85
    assert figures["shown as verified"] == 0


@pytest.fixture(scope="module")
def opened_hostile_files():
    """What became of each hostile file, opened from a small process whose memory can be told."""
    return by_file(small("hostile"))


@pytest.mark.parametrize("attack", hostile.ATTACKS, ids=lambda attack: attack.__name__)
def test_a_hostile_file_is_refused_or_does_nothing(attack, opened_hostile_files):
    found = opened_hostile_files[attack.__name__]
    assert hostile.kept(attack, found), found


def test_a_table_in_any_dialect_is_read_right_or_asked_about():
    figures = dialects.run()
    assert figures["dialects"] >= 63
    assert figures["wrong"] == 0
    assert figures["right once told the encoding"] == figures["dialects"]


@pytest.mark.slow
def test_damaged_workbooks_give_a_table_or_a_sentence():
    done = small("workbooks", "60")
    assert done.returncode == 0, done.stdout
    assert "damaged workbooks 60, table " in done.stdout


@pytest.fixture(scope="module")
def imported_attacks():
    """What became of each attack on the import."""
    return by_file(small("workbooks", "0"))


@pytest.mark.parametrize("attack", workbooks.ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_on_the_import_gets_a_sentence_soon(attack, imported_attacks):
    found = imported_attacks[attack.__name__]
    assert workbooks.kept(found), found


def test_exported_text_is_no_formula_and_numbers_stay():
    figures = exported.run(1_000)
    assert (figures["formula cells"], figures["numbers changed"]) == (0, 0)


def test_names_of_attachments_stay_in_their_folder():
    figures = file_names.run(1_000)
    assert figures["names"] >= 1_000
    assert (figures["escapes"], figures["reserved"], figures["hidden kinds"]) == (0, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("place", crashes.PLACES)
def test_a_crash_leaves_a_report_without_private_values(place):
    assert crashes.reported(place) == ""


@pytest.mark.slow
@pytest.mark.skipif(not offline.possible(), reason="only Linux ends a process at its first socket")
def test_a_walk_through_texts_of_an_attacker_reaches_nothing():
    done = small("walked")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "files opened from a text 0, seen when it is shown as markup 1" in done.stdout


@pytest.mark.skipif(not offline.possible(), reason="only Linux ends a process at its first socket")
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_a_socket_for_a_network_would_be_seen(family):
    script = (
        "import socket; from tests.robustness import offline; assert offline.enforce(); "
        f"socket.socket(socket.AF_UNIX).close(); socket.socket(socket.{family})"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGSYS
