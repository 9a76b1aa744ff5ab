"""The tables of a project file as data, one set a format; the DDL follows from it, byte for byte."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

APPLICATION_ID = 0x4C4C4142  # "LLAB", so that `file` and we can tell our projects
FORMAT = 1  # raised only when an older LeanLab must not open the file

JSON = "JSON"  # stored as TEXT

# Registers and other records: kind -> columns. A value that has no column stands in `more`.
KINDS: Mapping[str, Mapping[str, str]] = {
    "person": {
        "name": "TEXT", "role": "TEXT", "initials": "TEXT", "team": "TEXT", "email": "TEXT",
        "hours": "REAL", "pos": "REAL",
    },
    "metric": {
        "name": "TEXT", "role": "TEXT", "unit": "TEXT", "direction": "TEXT", "definition": "TEXT",
        "lsl": "REAL", "usl": "REAL", "target": "REAL", "baseline": "REAL", "binding": JSON,
        "pos": "REAL",
    },
    "process_step": {
        "name": "TEXT", "lane": "TEXT", "step_type": "TEXT", "value_added": "TEXT",
        "cycle_time": "REAL", "wait_time": "REAL", "first_pass": "REAL", "in_sipoc": "INTEGER",
        "inputs": "TEXT", "outputs": "TEXT", "pos": "REAL", "shift_x": "REAL", "shift_y": "REAL",
        "next": JSON,
    },
    "cause": {
        "text": "TEXT", "branch": "TEXT", "parent_id": "TEXT", "status": "TEXT", "source": "TEXT",
        "evidence": "TEXT", "evidence_kind": "TEXT", "observer": "TEXT", "observed_on": "TEXT",
        "therefore": "INTEGER", "stop": "TEXT", "votes": "INTEGER", "pos": "REAL",
    },
    "action": {
        "title": "TEXT", "owner": "TEXT", "due": "TEXT", "status": "TEXT", "done_on": "TEXT",
        "kind": "TEXT", "issue": "TEXT", "progress": "INTEGER", "verified_by": "TEXT",
        "process_change": "INTEGER", "metric_id": "TEXT", "note": "TEXT", "pos": "REAL",
    },
    "solution": {
        "title": "TEXT", "impact": "REAL", "effort": "REAL", "status": "TEXT", "cost": "REAL",
        "weeks": "REAL", "solution_type": "TEXT", "owner": "TEXT", "note": "TEXT", "pos": "REAL",
    },
    "control_item": {
        "title": "TEXT", "process_step_id": "TEXT", "metric_id": "TEXT", "characteristic": "TEXT",
        "item_class": "TEXT", "requirement": "TEXT", "technique": "TEXT", "sample": "TEXT",
        "method": "TEXT", "frequency": "TEXT", "owner": "TEXT", "limits": "TEXT",
        "reaction": "TEXT", "record_place": "TEXT", "document": "TEXT", "review_on": "TEXT",
        "pos": "REAL",
    },
    "benefit_line": {
        "title": "TEXT", "benefit_class": "TEXT", "unit": "TEXT", "recurring": "INTEGER",
        "pl_line": "TEXT", "driver": "TEXT", "metric_id": "TEXT", "state": "TEXT", "owner": "TEXT",
        "validated_by": "TEXT", "validated_on": "TEXT", "note": "TEXT", "months": JSON,
        "better": "TEXT", "rate_before": "REAL", "rate_unit": "TEXT", "unit_value": "REAL",
        "volume_unit": "TEXT", "volume_plan": "REAL", "pos": "REAL",
    },
    "risk": {
        "title": "TEXT", "category": "TEXT", "probability": "INTEGER", "impact": "INTEGER",
        "trigger_sign": "TEXT", "response": "TEXT", "owner": "TEXT", "action_id": "TEXT",
        "later_probability": "INTEGER", "later_impact": "INTEGER", "review_on": "TEXT",
        "status": "TEXT", "pos": "REAL",
    },
    "worksheet": {
        "type_id": "TEXT", "version": "INTEGER", "title": "TEXT", "phase": "TEXT", "status": "TEXT",
        "reason": "TEXT", "reviewed_on": "TEXT", "body": JSON,
    },
    "worksheet_row": {"worksheet_id": "TEXT", "section": "TEXT", "pos": "REAL", "body": JSON},
    "analysis": {
        "analysis_id": "TEXT", "version": "INTEGER", "title": "TEXT", "phase": "TEXT",
        "sheet_id": "TEXT", "metric_id": "TEXT", "roles": JSON, "options": JSON, "marks": JSON,
    },
    "finding": {
        "source_id": "TEXT", "analysis_id": "TEXT", "title": "TEXT", "caption": "TEXT", "alt": "TEXT",
        "svg": "TEXT", "digest": "TEXT", "numbers": JSON, "findings": JSON, "report_card": JSON,
        "tables": JSON, "options": JSON,
    },
    "gate": {
        "phase": "TEXT", "decision": "TEXT", "decided_by": "TEXT", "decided_on": "TEXT",
        "answers": JSON, "snapshot": "TEXT", "note": "TEXT",
    },
    "waiver": {"rule": "TEXT", "about_id": "TEXT", "reason": "TEXT", "who": "TEXT"},
    "comment": {"about_id": "TEXT", "text": "TEXT", "who": "TEXT"},
    "review": {"about_id": "TEXT", "decision": "TEXT", "text": "TEXT", "who": "TEXT"},
    "report_page": {"title": "TEXT", "pos": "REAL", "blocks": JSON},
    "attachment": {"about_id": "TEXT", "name": "TEXT", "sha256": "TEXT", "size": "INTEGER"},
    "sheet": {"number": "INTEGER", "title": "TEXT", "source": JSON, "settings": JSON},
}  # fmt: skip

CODES = {
    "metric": "Y", "cause": "C", "action": "A", "solution": "S", "risk": "R", "control_item": "K",
    "benefit_line": "B", "process_step": "P", "finding": "F",
}  # fmt: skip

_FIXED = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE record (id TEXT PRIMARY KEY, kind TEXT NOT NULL, code TEXT, created TEXT NOT NULL, "
    "revision INTEGER NOT NULL, deleted_at TEXT) STRICT",
    "CREATE TABLE counter (prefix TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT",
    "CREATE TABLE link (from_id TEXT NOT NULL REFERENCES record(id), verb TEXT NOT NULL, "
    "to_id TEXT NOT NULL REFERENCES record(id), PRIMARY KEY (from_id, verb, to_id)) STRICT",
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE content (sha256 TEXT PRIMARY KEY, data BLOB NOT NULL) STRICT",
    "CREATE TABLE sheet_column (sheet_id TEXT NOT NULL REFERENCES record(id), id TEXT NOT NULL, "
    "pos INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, "
    "decimals INTEGER NOT NULL, metric_id TEXT, hidden INTEGER NOT NULL, PRIMARY KEY (sheet_id, id)) STRICT",
    "CREATE TABLE row_state (sheet_id TEXT NOT NULL REFERENCES record(id), row_id INTEGER NOT NULL, "
    "state TEXT NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, "
    "PRIMARY KEY (sheet_id, row_id)) STRICT",
    "CREATE TABLE bad_cell (sheet_id TEXT NOT NULL REFERENCES record(id), row_id INTEGER NOT NULL, "
    "column_id TEXT NOT NULL, raw TEXT NOT NULL, PRIMARY KEY (sheet_id, row_id, column_id)) STRICT",
    "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, "
    "what TEXT NOT NULL, payload TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
    "CREATE TABLE summary (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT",
)

SQL_TYPES = {
    "number": "REAL", "whole": "REAL", "datetime": "TEXT", "category": "TEXT", "text": "TEXT",
    "id": "TEXT",
}  # fmt: skip


_COLUMN_ID = re.compile(r"c[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Format:
    """The tables of one format. Old ones stay, so that files of them can be checked and rescued."""

    fixed: tuple[str, ...]
    kinds: Mapping[str, Mapping[str, str]]

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the DDL of a new project of this format."""
        made = (kind_table(kind, columns) for kind, columns in self.kinds.items())
        return (*self.fixed, *made)

    def json_columns(self, kind: str) -> tuple[str, ...]:
        """Return the columns of a kind that hold JSON."""
        return (*(name for name, sql in self.kinds[kind].items() if sql == JSON), "more")


FORMATS: dict[int, Format] = {1: Format(_FIXED, KINDS)}


def kind_table(kind: str, kinds: Mapping[str, str]) -> str:
    """Return the DDL of one kind of record."""
    columns = ", ".join(f"{name} {'TEXT' if sql == JSON else sql}" for name, sql in kinds.items())
    return f"CREATE TABLE {kind} (id TEXT PRIMARY KEY REFERENCES record(id), {columns}, more TEXT NOT NULL) STRICT"


def data_table(number: int, columns: Sequence[tuple[str, str]]) -> str:
    """Return the DDL of a data sheet's table from column ids (c1, c2...) and kinds."""
    for column_id, kind in columns:
        if not (_COLUMN_ID.fullmatch(column_id) and kind in SQL_TYPES):
            raise ValueError(column_id, kind)
    parts = "".join(f", {column_id} {SQL_TYPES[kind]}" for column_id, kind in columns)
    return f"CREATE TABLE data_{int(number)} (row_id INTEGER PRIMARY KEY, pos REAL NOT NULL{parts}) STRICT"
