"""Damage a project file at random; it is never opened as good, never crashes, never hangs.

python -m tests.robustness.mutants 4000
"""

import json
import random
import sys
import time
from pathlib import Path

from leanlab.core.errors import DocumentProblem
from leanlab.store import project
from tests.robustness.scene import add, home, told

LONGEST = 2_000  # ms to look at a file


def flipped(content: bytearray, chance: random.Random) -> None:
    """Turn over single bits."""
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def zeroed(content: bytearray, chance: random.Random) -> None:
    """Lose a sector."""
    at = chance.randrange(0, len(content), 512)
    content[at : at + 512] = bytes(len(content[at : at + 512]))


def noise(content: bytearray, chance: random.Random) -> None:
    """Write noise over a stretch."""
    at, length = chance.randrange(len(content)), chance.randrange(1, 4096)
    content[at : at + length] = chance.randbytes(len(content[at : at + length]))


def cut(content: bytearray, chance: random.Random) -> None:
    """Lose the end."""
    del content[chance.randrange(1, len(content)) :]


def swapped(content: bytearray, chance: random.Random) -> None:
    """Exchange two pages."""
    a, b = (4096 * chance.randrange(len(content) // 4096) for _ in range(2))
    content[a : a + 4096], content[b : b + 4096] = content[b : b + 4096], content[a : a + 4096]


DAMAGES = (flipped, zeroed, noise, cut, swapped)


def run(count: int, seed: int = 1) -> dict[str, float]:
    """Make and open `count` damaged files; return the figures."""
    chance = random.Random(seed)
    figures: dict[str, float] = {"mutants": 0, "opened as good": 0, "slowest ms": 0}
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = project.create(path, who="Ann")
        for number in range(400):
            add(opened, f"p{number:07d}")
        opened.save()
        opened.close()
        good = path.read_bytes()
        mutant = Path(folder, "mutant.leanlab")
        while figures["mutants"] < count:
            content = bytearray(good)
            chance.choice(DAMAGES)(content, chance)
            if content == good:
                continue
            mutant.write_bytes(content)
            figures["mutants"] += 1
            begun = time.perf_counter()
            figures["opened as good"] += project.check(mutant).sound
            figures["slowest ms"] = max(
                figures["slowest ms"], round(1000 * (time.perf_counter() - begun))
            )
            if mutant.read_bytes() != content:
                raise AssertionError("the damaged file was changed")
    return figures


def rescued_share(count: int, seed: int = 1) -> dict[str, float]:
    """Damage files and rescue them; return how many rows came back on average."""
    chance = random.Random(seed)
    shares, shown_as_verified = [], 0
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = project.create(path, who="Ann")
        with opened.document.step("Add many"):
            for number in range(6000):
                add(opened, f"p{number:07d}")
        opened.save()
        opened.close()
        good = path.read_bytes()
        whole, found = project.rescue_project(path, folder / "whole.leanlab", who="Ann")
        whole.close()
        total = found.count
        for number in range(count):
            content = bytearray(good)
            DAMAGES[number % len(DAMAGES)](content, chance)
            mutant = Path(folder, f"mutant{number}.leanlab")
            mutant.write_bytes(content)
            try:
                again, found = project.rescue_project(
                    mutant, folder / f"r{number}.leanlab", who="Ann"
                )
            except DocumentProblem:
                shares.append(0.0)
                continue
            shares.append(found.count / total)
            shown_as_verified += _as_verified(again)
            again.close()
            mutant.unlink()
    return {
        "damaged files": count, "rows back %": round(100 * sum(shares) / len(shares), 1),
        "shown as verified": shown_as_verified,
    }  # fmt: skip


def _as_verified(opened) -> bool:
    """Whether something rescued does not say that it is."""
    rows = opened.document.rows("SELECT more FROM person")
    marked = all(json.loads(more).get("unverified") for (more,) in rows)
    return not (opened.document.meta("rescued") and marked)


if __name__ == "__main__":
    number = int(sys.argv[1])
    damaged = run(number)
    told(damaged, promised=not damaged["opened as good"] and damaged["slowest ms"] <= LONGEST)
    rescued = rescued_share(max(20, number // 10))
    told(rescued, promised=rescued["rows back %"] >= 85 and not rescued["shown as verified"])
