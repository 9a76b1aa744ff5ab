"""The harnesses, run small: nothing acknowledged is lost, nothing damaged is shown as good."""

import pytest

from tests.robustness import copies, hostile, kills, mutants


@pytest.mark.slow
def test_kills_lose_nothing():
    figures = kills.run(40)
    assert figures["edits acknowledged"] > 100
    assert (figures["lost"], figures["unsound"]) == (0, 0)


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


@pytest.mark.slow
def test_copies_made_at_any_moment_are_complete():
    figures = copies.run(40)
    assert (figures["unsound"], figures["older than the last save"]) == (0, 0)


@pytest.mark.slow
def test_damaged_files_are_never_shown_as_good():
    assert mutants.run(250)["opened as good"] == 0


@pytest.mark.slow
def test_most_of_a_damaged_file_comes_back():
    assert mutants.rescued_share(25)["rows back %"] >= 85


@pytest.mark.parametrize("attack", hostile.ATTACKS, ids=lambda attack: attack.__name__)
def test_a_hostile_file_is_refused(attack):
    assert hostile.outcome(attack).startswith("refused")
