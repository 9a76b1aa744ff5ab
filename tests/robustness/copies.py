"""Copy the project file slowly, again and again, while it is edited and saved; every copy is sound.

python -m tests.robustness.copies 300
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from leanlab.store import project
from tests.robustness.scene import add, home, names, told

PIECE = 8192


def busy(path: Path, said: int) -> None:
    """Edit and save for ever; tell the parent of every save."""
    opened = project.open_project(path, who="Ann")
    number = 0
    while True:
        for _ in range(5):
            number += 1
            add(opened, f"p{number:07d}")
        opened.save()
        os.write(said, f"{number}\n".encode())


def slow_copy(source: Path, target: Path, chance: random.Random) -> None:
    """Copy as a sync client does: one open, piece by piece."""
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(PIECE):
            writing.write(piece)
            if chance.random() < 0.2:
                time.sleep(0.001)


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Make `count` copies; return the figures."""
    chance = random.Random(seed)
    figures = {"copies": 0, "unsound": 0, "older than the last save": 0}
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = project.create(path, who="Ann")
        opened.save()
        opened.close()
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        child = os.fork()
        if child == 0:
            busy(path, writing)
        saved = 0
        for number in range(count):
            saved = max([saved, *_told(reading)])
            copy = folder / f"copy{number}.leanlab"
            slow_copy(path, copy, chance)
            figures["copies"] += 1
            if not project.check(copy).sound:
                figures["unsound"] += 1
            else:
                looked_at = project.open_project(copy, who="Ann", read_only=True)
                figures["older than the last save"] += len(names(looked_at)) < saved
                looked_at.close()
            copy.unlink()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return figures


def _told(reading: int) -> list[int]:
    try:
        return [int(line) for line in os.read(reading, 1 << 20).decode().splitlines() if line]
    except BlockingIOError:
        return []


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=(found["unsound"], found["older than the last save"]) == (0, 0))
