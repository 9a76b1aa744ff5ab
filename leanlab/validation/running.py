"""Runs reference cases: one verdict per file, whatever is wrong with it."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leanlab.core.errors import Problem
from leanlab.validation.compare import Worst, compare
from leanlab.validation.operations import Operation, operations

_NEEDED = ("op", "inputs", "expected", "rtol", "atol")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one case; `error` says why it failed, "" if it passed."""

    id: str
    op: str
    title: str
    source: str
    digest: str
    worst: Worst
    error: str

    @property
    def passed(self) -> bool:
        """Whether every expected value was met."""
        return not self.error


@dataclass(frozen=True, slots=True)
class OperationLine:
    """All cases of one operation."""

    op: str
    cases: int
    passed: int
    worst_rel: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All verdicts of a folder, in the order of the file names."""

    folder: Path
    verdicts: tuple[Verdict, ...] = field(repr=False)

    @property
    def passed(self) -> int:
        """Number of cases that passed."""
        return sum(v.passed for v in self.verdicts)

    @property
    def failed(self) -> int:
        """Number of cases that failed."""
        return len(self.verdicts) - self.passed

    @property
    def digest(self) -> str:
        """One SHA-256 over the digests and ids of all cases."""
        lines = "".join(f"{v.digest}  {v.id}\n" for v in self.verdicts)
        return hashlib.sha256(lines.encode()).hexdigest()

    def by_operation(self) -> list[OperationLine]:
        """Return one line per operation, by name."""
        lines = []
        for op in sorted({v.op for v in self.verdicts}):
            own = [v for v in self.verdicts if v.op == op]
            errors = [v.worst.rel for v in own if v.worst.name]
            lines.append(
                OperationLine(
                    op, len(own), sum(v.passed for v in own), max(errors) if errors else None
                )
            )
        return lines


def run_folder(folder: Path) -> Outcome:
    """Run every case file of a folder.

    Raises
    ------
    Problem
        The folder does not exist or holds no case.
    """
    if not folder.is_dir():
        raise Problem(f"There is no folder {folder}.", hint="Give the folder with the case files.")
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise Problem(f"{folder} holds no case.", hint="A case is a file like spc.i_mr-01.json.")
    known = operations()
    return Outcome(folder, tuple(run_file(path, known) for path in paths))


def run_file(path: Path, known: Mapping[str, Operation]) -> Verdict:
    """Run one case; a file that cannot be read is a failed case."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return _broken(path, "", f"The file cannot be read: {error.strerror}.")
    digest = hashlib.sha256(raw).hexdigest()
    try:
        case = json.loads(raw)
    except ValueError as error:  # not UTF-8 is a ValueError too
        return _broken(path, digest, f"The file is not JSON: {error}.")
    fault = _fault(case)
    if fault:
        return _broken(path, digest, fault, case if isinstance(case, dict) else None)
    return _judged(path, digest, case, known)


def _fault(case: Any) -> str:
    """Return what keeps a parsed file from being a case, "" if nothing."""
    if not isinstance(case, dict):
        return "The file holds no case: its outermost value is not an object."
    missing = [name for name in _NEEDED if name not in case]
    if missing:
        return f"The case has no {', '.join(missing)}."
    wrong = [name for name in ("inputs", "expected") if not isinstance(case[name], dict)]
    if wrong:
        return f"The case's {' and '.join(wrong)} must be an object."
    tolerances = [case["rtol"], case["atol"]]
    for name in ("rtol_fields", "atol_fields"):
        fields = case.get(name, {})
        if not isinstance(fields, dict):
            return f"The case's {name} must be an object."
        tolerances += fields.values()
    if not all(_is_tolerance(value) for value in tolerances):
        return "The case's tolerances must be numbers of 0 or more."
    return ""


def _is_tolerance(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _broken(path: Path, digest: str, error: str, case: Mapping[str, Any] | None = None) -> Verdict:
    case = case or {}
    op = str(case.get("op") or path.stem.rpartition("-")[0] or path.stem)
    return Verdict(str(case.get("id") or path.stem), op, "", "", digest, Worst(), error)


def _judged(
    path: Path, digest: str, case: dict[str, Any], known: Mapping[str, Operation]
) -> Verdict:
    op = str(case["op"])
    worst, error = Worst(), ""
    if op not in known:
        error = f"Unknown operation {op!r}."
    else:
        worst, error = _answered(case, known[op])
    return Verdict(
        id=str(case.get("id") or path.stem),
        op=op,
        title=str(case.get("title", "")),
        source=str(case.get("source", "")),
        digest=digest,
        worst=worst,
        error=error,
    )


def _answered(case: dict[str, Any], operation: Operation) -> tuple[Worst, str]:
    try:
        worst = compare(case, operation(case["inputs"]))
    except Problem as problem:
        return Worst(), f"Refused: {problem.message}"
    except Exception as error:  # noqa: BLE001 - whatever a case breaks, the next one still runs
        return Worst(), f"{type(error).__name__}: {error}"
    shown = "; ".join(worst.mismatches[:3])
    more = len(worst.mismatches) - 3
    return worst, f"{shown}; and {more} more" if more > 0 else shown


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome as plain data; values that JSON cannot hold become null."""
    return {
        "passed": outcome.passed,
        "failed": outcome.failed,
        "cases": [
            {
                "id": v.id,
                "op": v.op,
                "passed": v.passed,
                "worst": {
                    "field": v.worst.name,
                    "expected": _finite(v.worst.expected),
                    "actual": _finite(v.worst.actual),
                    "rel": _finite(v.worst.rel),
                },
                "error": v.error,
            }
            for v in outcome.verdicts
        ],
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
