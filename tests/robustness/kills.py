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
from tests.robustness.scene import add, home, names, reopened, told


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
            if chance.random() < 0.15:
                go_back(opened, said, again=chance.random() < 0.5)
        if chance.random() < 0.3:
            opened.close(keep_draft=chance.random() < 0.5 or bool(opened.unsaved_edits))
        else:
            opened.close(keep_draft=True)


def go_back(opened, said: int, *, again: bool) -> None:
    """Undo the last edit, and perhaps redo it; say before what is begun, and after that it is done."""
    name = opened.document.label(undone=False).removeprefix("Add ")
    os.write(said, f"?{name}\n".encode())
    opened.document.undo()
    os.write(said, f"u{name}\n".encode())
    if again:
        os.write(said, f"?{name}\n".encode())
        opened.document.redo()
        os.write(said, f"e{name}\n".encode())


def believed(told: list[str], accepted: set[str]) -> tuple[set[str], set[str], str]:
    """Return what must be there, what must not, and the edit that undo must name, if any."""
    there, gone, begun, last = set(accepted), set[str](), "", ""
    for line in told:
        what, name = line[:1], line[1:]
        begun = name if what == "?" else ""
        if what in "eu" and len(name) == 8:
            (there if what == "e" else gone).add(name)
            (gone if what == "e" else there).discard(name)
            last = name if what == "e" else ""
    there.discard(begun)
    gone.discard(begun)
    return there, gone, "" if begun else last


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
        "kills": 0, "edits acknowledged": 0, "undone and redone": 0, "saves acknowledged": 0,
        "lost": 0, "come back": 0, "steps lost": 0, "unsound": 0,
    }  # fmt: skip
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = project.create(path, who="Ann")
        opened.save()
        opened.close()
        accepted: set[str] = set()
        while figures["kills"] < count:
            told = one(path, 1 + 10_000 * figures["kills"], chance)
            accepted, gone, last = believed(told, accepted)
            figures["kills"] += 1
            figures["edits acknowledged"] += sum(line.startswith("e") for line in told)
            figures["undone and redone"] += sum(line.startswith("u") for line in told)
            figures["saves acknowledged"] += told.count("s")
            figures["unsound"] += not project.check(path).sound
            opened = reopened(path)
            here, named = names(opened), opened.document.label(undone=False).removeprefix("Add ")
            figures["lost"] += len(accepted - here)
            figures["come back"] += len(gone & here)
            # one more edit may be there than was told; never one less
            figures["steps lost"] += bool(last and opened.unsaved_edits) and named < last
            accepted = here
            opened.save(overwrite=True)
            opened.close()
    return figures


def kept(figures: dict[str, int]) -> bool:
    """Whether the promise is kept."""
    return not any(figures[name] for name in ("lost", "come back", "steps lost", "unsound"))


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=kept(found))
