"""How work flows through the steps of a process: visits, loops, handovers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """A connector: where it leads and what share of the cases takes it (None = not said)."""

    to: str
    share: float | None = None


def shares(ways: Sequence[Way]) -> list[float]:
    """Return the share of each way; what is not said is split equally."""
    said = sum(w.share for w in ways if w.share is not None)
    silent = sum(w.share is None for w in ways)
    rest = max(0.0, 1.0 - said) / silent if silent else 0.0
    return [w.share if w.share is not None else rest for w in ways]


def expected_visits(ways: Mapping[str, Sequence[Way]]) -> dict[str, float] | None:
    """Return how often a case visits each step on average; None if a loop never ends.

    Cases start at the steps that no other step leads to, the first one if there is none.
    """
    steps = list(ways)
    entered = {w.to for out in ways.values() for w in out}
    starts = [s for s in steps if s not in entered] or steps[:1]
    size = len(steps)
    at = {step: i for i, step in enumerate(steps)}
    matrix = [[float(i == j) for j in range(size)] for i in range(size)]
    for step, out in ways.items():
        for way, share in zip(out, shares(out), strict=True):
            if way.to in at:
                matrix[at[way.to]][at[step]] -= share
    right = [1.0 / len(starts) if s in starts else 0.0 for s in steps]
    solved = _solved(matrix, right)
    if solved is None or any(v < -1e-9 or v > 1e6 for v in solved):  # noqa: PLR2004
        return None
    return dict(zip(steps, solved, strict=True))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Solve by elimination with the largest pivot; None if there is no single answer."""
    size = len(right)
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(matrix[r][i]))
        if abs(matrix[pivot][i]) < 1e-9:  # noqa: PLR2004
            return None
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        right[i], right[pivot] = right[pivot], right[i]
        for r in range(i + 1, size):
            factor = matrix[r][i] / matrix[i][i]
            if factor:
                right[r] -= factor * right[i]
                matrix[r] = [a - factor * b for a, b in zip(matrix[r], matrix[i], strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(matrix[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (right[i] - rest) / matrix[i][i]
    return solution


def reachable(ways: Mapping[str, Sequence[Way]], starts: Sequence[str]) -> set[str]:
    """Return the steps that can be reached from the starts."""
    seen = set(starts)
    waiting = list(starts)
    while waiting:
        for way in ways.get(waiting.pop(), ()):
            if way.to in ways and way.to not in seen:
                seen.add(way.to)
                waiting.append(way.to)
    return seen
