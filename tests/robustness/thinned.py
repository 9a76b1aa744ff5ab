"""Two years of saves by somebody who works on one project: few backups stay, and they reach far back.

python -m tests.robustness.thinned
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leanlab.store import backups
from tests.robustness.scene import told

MOST = 60  # backups of one project
REACH = 335  # days: eleven months


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


def run(seed: int = 1) -> dict[str, int]:
    """Save for two years; return the figures."""
    kept, figures = [], {"saves in two years": 0, "backups kept": 0, "most at any time": 0}
    for at in two_years(seed):
        figures["saves in two years"] += 1
        number = figures["saves in two years"]
        kept.insert(0, Path(f"{at:{backups._STAMP}}-{number:016x}-ok.leanlab"))
        gone = set(backups.thinned(kept, at))
        kept = [path for path in kept if path not in gone]
        figures["most at any time"] = max(figures["most at any time"], len(kept))
    figures["backups kept"] = len(kept)
    figures["the oldest days"] = (at - backups.moment(kept[-1])).days
    figures["of the last ten saves"] = sum(
        int(path.name.split("-")[1], 16) > number - 10 for path in kept
    )
    return figures


def kept(figures) -> bool:
    """Whether the promise is kept."""
    few = figures["saves in two years"] > 3_000 and figures["most at any time"] <= MOST
    return few and figures["the oldest days"] >= REACH and figures["of the last ten saves"] == 10


if __name__ == "__main__":
    found = run()
    told(found, promised=kept(found))
