"""SIGKILL a process that opens, edits, saves, closes and recovers; no acknowledged edit may be lost.

python -m tests.robustness.kills 600
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from leanlab.store import project
from tests.robustness.scene import add, home, names, reopened


def life(path: Path, said: int, first: int) -> None:
    """Live the life of a project for ever, telling the parent of everything that was accepted."""
    number = first
    chance = random.Random(first)
    while True:
        opened = reopened(path)
        for _ in range(chance.randrange(1, 25)):
            name = f"p{number:07d}"
            add(opened, name)
            os.write(said, f"e{name}\n".encode())
            number += 1
            if chance.random() < 0.15:
                opened.save()
                os.write(said, b"s\n")
        if chance.random() < 0.3:
            opened.close(keep_draft=chance.random() < 0.5 or bool(opened.unsaved_edits))
        else:
            opened.close(keep_draft=True)


def one(path: Path, first: int, chance: random.Random) -> list[str]:
    """Let a child live, kill it, and return what it had been told was safe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        life(path, writing, first)
    os.close(writing)
    time.sleep(chance.uniform(0.002, 0.12))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode().splitlines()


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Kill `count` times; return the figures."""
    chance = random.Random(seed)
    figures = {
        "kills": 0,
        "edits acknowledged": 0,
        "saves acknowledged": 0,
        "lost": 0,
        "unsound": 0,
    }
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = project.create(path, who="Ann")
        opened.save()
        opened.close()
        accepted: set[str] = set()
        while figures["kills"] < count:
            told = one(path, 1 + 10_000 * figures["kills"], chance)
            accepted |= {line[1:] for line in told if line.startswith("e") and len(line) == 9}
            figures["kills"] += 1
            figures["edits acknowledged"] += sum(line.startswith("e") for line in told)
            figures["saves acknowledged"] += told.count("s")
            figures["unsound"] += not project.check(path).sound
            opened = reopened(path)
            lost = accepted - names(opened)
            figures["lost"] += len(lost)
            accepted -= lost
            opened.save(overwrite=True)
            opened.close()
    return figures


if __name__ == "__main__":
    print(", ".join(f"{k} {v:,}" for k, v in run(int(sys.argv[1])).items()))  # noqa: T201
