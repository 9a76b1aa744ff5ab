"""The certificate: a dated PDF that says what was run, on what, and how well it agreed."""

import json
import math
import os
import platform
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from leanlab import __version__
from leanlab.core import clock
from leanlab.core.files import write_whole
from leanlab.core.resources import font_files, resource
from leanlab.validation.running import OperationLine, Outcome

_PARTS = ("numpy", "scipy", "statsmodels", "pandas")
_GROUPS = {
    "capability": "Capability",
    "constants": "Chart constants",
    "descriptive": "Descriptive statistics",
    "doe": "Design of experiments",
    "forecast": "Forecasting",
    "lean": "Lean",
    "msa": "Measurement systems",
    "nist": "NIST Statistical Reference Datasets",
    "normality": "Normality",
    "outlier": "Outliers",
    "power": "Power and sample size",
    "quality": "Pareto",
    "regression": "Regression",
    "reliability": "Reliability",
    "sampling": "Acceptance sampling",
    "spc": "Control charts",
    "test": "Hypothesis tests",
    "tolerance": "Tolerance intervals",
}
_MOST_DIGITS = 12  # reference values carry thirteen


def write(outcome: Outcome, path: Path) -> None:
    """Write the certificate of an outcome.

    Raises
    ------
    Problem
        The file cannot be written.
    """
    content = pdf(outcome)
    with suppress(OSError):  # a folder that cannot be made is told by the writing
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def pdf(outcome: Outcome) -> bytes:
    """Return the pages as tagged PDF; the same outcome, clock and machine give the same bytes."""
    import typst

    template = resource("report/certificate.typ")
    folders = sorted({str(file.parent) for file in font_files()})
    pages = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=folders,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(clock.now().timestamp()),
        sys_inputs={"certificate": json.dumps(as_data(outcome), ensure_ascii=False)},
    )
    return bytes(pages)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Return everything that the template shows."""
    moment = clock.now()
    return {
        "date": f"{moment.day} {moment:%B %Y}",
        "time": f"{moment:%H:%M} UTC",
        "program": f"LeanLab {__version__}",
        "passed": outcome.passed,
        "failed": outcome.failed,
        "total": len(outcome.verdicts),
        "operations": len(outcome.by_operation()),
        "digest": outcome.digest,
        "folder": outcome.folder.resolve().name,
        "versions": _versions(),
        "machine": _machine(),
        "groups": _groups(outcome.by_operation()),
        "failures": [
            {"id": v.id, "error": v.error[:400]} for v in outcome.verdicts if not v.passed
        ],
        "cases": [
            {"id": v.id, "digest": v.digest[:32], "passed": v.passed} for v in outcome.verdicts
        ],
        "sources": _sources(outcome),
    }


def _versions() -> list[list[str]]:
    rows = [["LeanLab", __version__], ["Python", platform.python_version()]]
    for part in _PARTS:
        try:
            rows.append([part, version(part)])
        except PackageNotFoundError:  # a bundle may leave out the metadata
            module = sys.modules.get(part)
            rows.append([part, str(getattr(module, "__version__", "not known"))])
    return rows


def _machine() -> list[list[str]]:
    return [
        ["Computer", platform.node() or "not named"],
        ["System", f"{platform.system()} {platform.release()}"],
        ["Processor", _processor()],
        ["Cores", str(os.cpu_count() or "not known")],
        ["Arithmetic", f"IEEE 754 double, {sys.float_info.mant_dig} bits"],
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _groups(lines: list[OperationLine]) -> list[dict[str, Any]]:
    out: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        prefix = line.op.partition(".")[0]
        out.setdefault(_GROUPS.get(prefix, prefix.capitalize()), []).append(
            {
                "op": line.op,
                "cases": line.cases,
                "passed": line.passed,
                "worst": _worst(line.worst_rel),
                "digits": _digits(line.worst_rel),
            }
        )
    return [{"title": title, "rows": rows} for title, rows in sorted(out.items())]


def _worst(rel: float | None) -> str:
    if rel is None:
        return "–"
    if rel == 0:
        return "exact"
    mantissa, _, exponent = f"{rel:.1e}".partition("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _digits(rel: float | None) -> int | None:
    """Return how many significant digits agree, at most as many as the references carry."""
    if rel is None or math.isnan(rel):
        return None
    if rel <= 0:
        return _MOST_DIGITS
    return max(0, min(_MOST_DIGITS, math.floor(-math.log10(rel))))


def _sources(outcome: Outcome) -> list[list[Any]]:
    """Count the cases per kind of source, the most frequent kind first."""
    counts: dict[str, int] = {}
    for verdict in outcome.verdicts:
        kind = _kind(verdict.source)
        counts[kind] = counts.get(kind, 0) + 1
    return [[kind, n] for kind, n in sorted(counts.items(), key=lambda pair: -pair[1])]


def _kind(source: str) -> str:
    if source.startswith("NIST"):
        return "certified values of the NIST Statistical Reference Datasets"
    if "own formulas" in source or "literal" in source:
        return "published formulas, computed independently in R"
    if source.startswith("R "):
        return "functions of R and its packages"
    return "other sources, named in the case"
