"""A presentation as plain values for JSON: full precision, null for NaN."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

from leanlab.analyses.declare import Analysis, Presentation


def plain(value: Any) -> Any:
    """Turn numpy values, dataclasses and mappings into what JSON knows."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def as_json(analysis: Analysis, options: Any, presentation: Presentation) -> dict[str, Any]:
    """Return what `leanlab run --json` prints and what a saved result keeps."""
    return {
        "analysis": analysis.id,
        "version": analysis.version,
        "options": plain(options),
        "numbers": plain(presentation.numbers),
        "findings": plain(presentation.findings),
        "report_card": plain(presentation.report_card),
        "tables": plain(presentation.tables),
    }
