"""Which days the data behind a result cover: what the evidence chain asks for."""

from typing import Any

import numpy as np

from leanlab.analyses.declare import Columns


def data_days(columns: Columns) -> dict[str, str]:
    """Return first and last day of the data, and the first day of the last stage.

    Nothing where the rows have no dates. Points after the end of the limits base do not count as
    data of a baseline.
    """
    if not columns.has("order") or columns.one("order").kind != "datetime":
        return {}
    times = np.asarray(columns.one("order").values, dtype="datetime64[s]")
    used = ~np.isnat(times) & ~columns.excluded
    until = columns.marks.limits_until
    if until is not None and (at := np.flatnonzero(columns.row_ids == until)).size:
        used &= times <= times[at[0]]
    if not used.any():
        return {}
    days = {"first_day": _day(times[used].min()), "last_day": _day(times[used].max())}
    if columns.marks.stages:
        rows = columns.marks.stages[-1].row_ids
        starts = times[np.isin(columns.row_ids, rows) & ~np.isnat(times)]
        if starts.size:
            days["first_day_after"] = _day(starts.min())
    return days


def _day(moment: Any) -> str:
    return str(np.datetime64(moment, "D"))
