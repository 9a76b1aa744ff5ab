"""Typed columns through a folder: numpy arrays and JSON, never pickle."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from leanlab.data.columns import ColumnData
from leanlab.data.table import Settings, Table

_FACTS = ("name", "kind", "unit", "decimals", "notes", "order", "offers")
_TABLE = ("fingerprint", "notes", "rows", "first_row", "letters", "sheets", "complete")


def write_table(table: Table, folder: Path) -> None:
    """Put a table into a folder."""
    columns = [_written(column, at, folder) for at, column in enumerate(table.columns)]
    facts = {name: getattr(table, name) for name in _TABLE}
    body = {**facts, "settings": asdict(table.settings), "columns": columns}
    (folder / "table.json").write_text(json.dumps(body), encoding="utf-8")


def _written(column: ColumnData, at: int, folder: Path) -> dict[str, Any]:
    facts = {name: getattr(column, name) for name in _FACTS}
    facts["bad"] = [[row, raw] for row, raw in column.bad.items()]
    if column.kind in {"category", "text", "id"}:
        places: dict[str, int] = {}
        codes = [-1 if v is None else places.setdefault(v, len(places)) for v in column.values]
        np.save(folder / f"{at}.npy", np.asarray(codes, dtype=np.int32), allow_pickle=False)
        (folder / f"{at}.json").write_text(json.dumps(list(places)), encoding="utf-8")
    else:
        np.save(folder / f"{at}.npy", column.values, allow_pickle=False)
    return facts


def read_table(folder: Path) -> Table:
    """Take a table out of a folder."""
    body = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    columns = tuple(_read(facts, at, folder) for at, facts in enumerate(body["columns"]))
    facts: dict[str, Any] = {n: tuple(v) if isinstance(v := body[n], list) else v for n in _TABLE}
    return Table(columns=columns, settings=Settings.from_json(body["settings"]), **facts)


def _read(facts: Mapping[str, Any], at: int, folder: Path) -> ColumnData:
    values: Any = np.load(folder / f"{at}.npy", allow_pickle=False)
    if facts["kind"] in {"category", "text", "id"}:
        texts = np.array(
            [*json.loads((folder / f"{at}.json").read_text(encoding="utf-8")), None], dtype=object
        )
        values = texts[values]
    return ColumnData(
        name=facts["name"], kind=facts["kind"], values=values, unit=facts["unit"],
        bad=dict(facts["bad"]), decimals=facts["decimals"],
        notes=tuple(facts["notes"]), order=facts["order"], offers=tuple(facts["offers"]),
    )  # fmt: skip
