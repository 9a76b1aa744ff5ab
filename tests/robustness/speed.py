"""Open, check and save projects of real content; saving is quick.

Half of a project is data sheets of 50,000 rows and 20 columns, half attachments; a small one has only
records. Each is measured in a process of its own, so that its memory can be told.

python -m tests.robustness.speed 1 10 100 1000
"""

import random
import sys
import time
from pathlib import Path

from leanlab.app.session import Session
from leanlab.data.columns import ColumnData
from leanlab.store import project
from tests.robustness.scene import alone, home, told

SHEET = 10  # MB of one data sheet
ROWS, COLUMNS = 50_000, 20
PROMISED = {10: 100, 100: 1_000}  # MB -> ms of a save, the 99th of a hundred
SAVES = {10: 100, 100: 20}


def built(path: Path, megabytes: int) -> None:
    """Make a project of about this size with what a user can do."""
    import numpy as np

    session = Session.create(path, name="Large", author="Ann")
    noise = np.random.default_rng(1)
    for number in range(200):
        session.add("cause", {"text": f"cause {number} " + "x" * 200})
    action = session.add("action", {"title": "Order parts"})
    left = megabytes * 1_000_000 - session.path.stat().st_size
    while left > 0:
        if left > 2 * SHEET * 1_000_000:
            columns = [
                ColumnData(f"c{n}", "number", noise.normal(size=ROWS).round(3))
                for n in range(COLUMNS - 1)
            ]
            texts = np.array([f"lot {n % 97}" for n in range(ROWS)], dtype=object)
            session.add_sheet("Measured", [*columns, ColumnData("lot", "category", texts)])
            left -= SHEET * 1_000_000
        size = min(left, SHEET * 1_000_000)
        if size > 0:
            session.attach(action, "photo.jpg", random.Random(left).randbytes(size))
            left -= size
    session.save()
    session.close()


def measured(path: Path, megabytes: int) -> dict[str, float]:
    """Open, check, change and save; return ms and MB."""
    begun = time.perf_counter()
    sound = project.check(path).sound
    checked = time.perf_counter()
    session = Session.open(path, author="Ann")
    opened = time.perf_counter()
    saves = []
    action = session.records("action")[0].id
    for number in range(SAVES.get(megabytes, 5)):
        session.edit(action, {"title": f"Order parts {number}"})
        start = time.perf_counter()
        session.save()
        saves.append(time.perf_counter() - start)
    session.close()
    saves.sort()
    return {
        "MB": path.stat().st_size / 1e6, "sound": sound, "check ms": 1000 * (checked - begun),
        "open ms": 1000 * (opened - checked), "save ms": 1000 * saves[len(saves) // 2],
        "slowest save ms": 1000 * saves[-1], "99th save ms": 1000 * saves[int(0.98 * len(saves))],
    }  # fmt: skip


def run(megabytes: int) -> dict[str, float]:
    """Build a project and measure it; return the figures."""
    with home() as folder:
        path = folder / "large.leanlab"
        begun = time.perf_counter()
        _, most = alone(built, path, megabytes)
        made = {"build s": time.perf_counter() - begun, "memory while building MB": most}
        found, most = alone(measured, path, megabytes)
    return {k: round(v) for k, v in (found | {"memory MB": most} | made).items()}


def kept(megabytes: int, figures: dict[str, float]) -> bool:
    """Whether the promise is kept."""
    quick = figures["99th save ms"] <= PROMISED.get(megabytes, float("inf"))
    return bool(figures["sound"]) and quick


if __name__ == "__main__":
    for size in map(int, sys.argv[1:]):
        found = run(size)
        told({"project MB": size, **found}, promised=kept(size, found))
