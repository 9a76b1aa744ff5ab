"""Two years of saves leave few backups that reach far back; the cap holds; equal bytes count once."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from leanlab.core import clock
from leanlab.store import backups
from leanlab.store.places import folder


def two_years(seed):
    """When somebody saves who works on a project for two years."""
    chance = random.Random(seed)
    day = datetime(2026, 1, 5, 8, tzinfo=UTC)
    for number in range(730):
        if number % 7 < 5 and chance.random() < 0.9:
            at = day + timedelta(days=number, minutes=chance.uniform(0, 60))
            for _ in range(chance.randrange(1, 20)):
                at += timedelta(minutes=chance.expovariate(1 / 25))
                yield at


@pytest.mark.parametrize("seed", [1])
def test_two_years_of_saves_leave_at_most_sixty_that_reach_back_eleven_months(seed, tmp_path):
    kept, most, saves = [], 0, 0
    for at in two_years(seed):
        saves += 1
        kept.insert(0, tmp_path / f"{at:{backups._STAMP}}-{saves:016x}-ok.leanlab")
        gone = set(backups.thinned(kept, at))
        kept = [path for path in kept if path not in gone]
        most = max(most, len(kept))
    reach = at - backups.moment(kept[-1])
    assert saves > 3000
    assert most <= 60
    assert reach >= timedelta(days=335)
    assert [backups.moment(p) for p in kept[:10]] == sorted(
        (backups.moment(p) for p in kept[:10]), reverse=True
    )


def test_the_cap_takes_the_oldest_and_leaves_each_project_its_latest(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "CAP", 5_000)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(12):
        monkeypatch.setattr(clock, "now", lambda n=number: start + timedelta(minutes=n))
        source = tmp_path / "a.leanlab"
        source.write_bytes(bytes([number]) * 1_000)
        backups.keep(source, "old" if number == 0 else "busy")
    assert len(backups.listed("old")) == 1
    total = sum(p.stat().st_size for p in folder("backups").glob("*/*.leanlab"))
    assert total <= 5_000
    assert backups.listed("busy")[0].read_bytes() == bytes([11]) * 1_000


def test_the_cap_is_two_gigabytes():
    assert backups.CAP == 2 * 1024**3


def test_equal_bytes_are_kept_once(tmp_path):
    source = tmp_path / "a.leanlab"
    source.write_bytes(b"x" * 100)
    assert backups.keep(source, "p") is not None
    assert backups.keep(source, "p") is None
    assert len(backups.listed("p")) == 1
