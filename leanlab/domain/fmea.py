"""Risk numbers of a failure mode: RPN, and action priority from a table that a site may replace."""

import json
from functools import cache
from typing import Any

from leanlab.core.resources import resource

SEVERE = 9


def risk_number(severity: int | None, occurrence: int | None, detection: int | None) -> int | None:
    """Return S x O x D, or None while a rating is missing."""
    if severity is None or occurrence is None or detection is None:
        return None
    return int(severity) * int(occurrence) * int(detection)


def action_priority(
    severity: int | None, occurrence: int | None, detection: int | None
) -> str | None:
    """Return H, M or L from the table, severity first; None while a rating is missing."""
    if severity is None or occurrence is None or detection is None:
        return None
    for band in _table():
        if band["severity"][0] <= severity <= band["severity"][1]:
            for line in band["rows"]:
                if line["occurrence"][0] <= occurrence <= line["occurrence"][1]:
                    return str(line["priority"][_detection_column(int(detection))])
    return None


def _detection_column(detection: int) -> int:
    return next(i for i, lowest in enumerate((7, 5, 2, 1)) if detection >= lowest)


@cache
def _table() -> list[dict[str, Any]]:
    table = json.loads(resource("worksheets/fmea_action_priority.json").read_text("utf-8"))
    bands: list[dict[str, Any]] = table["bands"]
    return bands
