"""Files that attack whoever opens them; each is refused or does nothing.

python -m tests.robustness.hostile
"""

import json
import os
import sqlite3
import time
from contextlib import closing

from leanlab.core.errors import DocumentProblem
from leanlab.store import project
from leanlab.store.checks import sealed
from leanlab.store.schema import APPLICATION_ID
from tests.robustness.scene import add, home


def trigger_that_wipes_the_history(path):
    """A trigger deletes audit rows on the next edit."""
    _sql(path, "CREATE TRIGGER t AFTER INSERT ON person BEGIN DELETE FROM audit; END")


def view_in_the_place_of_a_table(path):
    """A view that never ends stands where a table should."""
    _sql(
        path,
        "DROP TABLE comment",
        "CREATE VIEW comment AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
        "SELECT n AS id FROM r",
    )


def extra_table(path):
    """A table that LeanLab did not make."""
    _sql(path, "CREATE TABLE evil (x TEXT) STRICT")


def virtual_table(path):
    """A full-text table, whose code runs when it is read."""
    _sql(path, "CREATE VIRTUAL TABLE evil USING fts5(x)")


def generated_column(path):
    """A column that is computed when a row is read, and takes a gigabyte."""
    _sql(
        path,
        "DROP TABLE setting",
        "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT GENERATED ALWAYS AS "
        "(printf('%.900000000c', 'x'))) STRICT",
    )


def index_on_an_expression(path):
    """An index whose expression is evaluated by every write."""
    _sql(path, "CREATE INDEX evil ON person (hex(zeroblob(100000000)))")


def rewritten_schema(path):
    """Two tables on one root page, by writing to the schema itself."""
    _sql(
        path,
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'audit') "
        "WHERE name = 'person'",
    )


def default_of_a_column(path):
    """The DDL of a table differs by one word."""
    _sql(
        path,
        "DROP TABLE counter",
        "CREATE TABLE counter (prefix TEXT PRIMARY KEY, last INTEGER NOT NULL DEFAULT 7) STRICT",
    )


def sheet_with_a_name_of_its_own(path):
    """A data sheet claims a column whose name is SQL."""
    _sql(
        path,
        "INSERT INTO record VALUES ('s', 'sheet', NULL, '2026', 1, NULL)",
        "INSERT INTO sheet (id, number, title, more) VALUES ('s', 1, 'evil', '{}')",
        "INSERT INTO sheet_column VALUES ('s', 'c1 TEXT); DROP TABLE audit; --', 0, 'x', 'text', '', 0, NULL, 0)",
        "CREATE TABLE data_1 (row_id INTEGER PRIMARY KEY, pos REAL NOT NULL, c1 TEXT) STRICT",
    )


def deep_json(path):
    """A record whose text nests a hundred thousand brackets."""
    _sql(path, "UPDATE person SET more = ?", values=["[" * 100_000 + "]" * 100_000])


def foreign_application(path):
    """A database of another program."""
    _sql(path, "PRAGMA application_id = 7")


def newer_format(path):
    """A project of a LeanLab to come."""
    _sql(path, "PRAGMA user_version = 99")


def write_ahead_header(path):
    """A header that asks for a write-ahead log beside the file."""
    content = bytearray(path.read_bytes())
    content[18:20] = b"\x02\x02"
    path.write_bytes(content)


def changed_value(path):
    """One value changed with another program; the structure is sound."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE person SET name = 'someone else'")
        connection.commit()


def not_a_database(path):
    """A picture with our ending."""
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(4000))


def empty_file(path):
    """Nothing at all."""
    path.write_bytes(b"")


def named_pipe(path):
    """A pipe on which a reader waits for ever."""
    path.unlink()
    os.mkfifo(path)


def device(path):
    """A link to a device without end."""
    path.unlink()
    path.symlink_to("/dev/zero")


def folder(path):
    """A folder with our ending."""
    path.unlink()
    path.mkdir()


def unknown_kind_of_record(path):
    """A record of a kind there is not, whose name would be read as a table."""
    _sql(path, "INSERT INTO record VALUES ('x', 'sqlite_schema; --', NULL, '2026', 1, NULL)")


ATTACKS = (
    trigger_that_wipes_the_history, view_in_the_place_of_a_table, extra_table, virtual_table,
    generated_column, index_on_an_expression, rewritten_schema, default_of_a_column,
    sheet_with_a_name_of_its_own, deep_json, foreign_application, newer_format, write_ahead_header,
    changed_value, not_a_database, empty_file, named_pipe, device, folder, unknown_kind_of_record,
)  # fmt: skip


def _sql(path, *statements, values=()):
    """Change a project with plain SQLite and seal it again, as a skilled attacker would."""
    token = "f" * 64
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for sql in statements:
            connection.execute(sql, values)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'seal'", [token])
    sealed(path, token)


def outcome(attack) -> str:
    """Return what the user gets who opens the file."""
    with home() as place:
        path = place / "plant.leanlab"
        opened = project.create(path, who="Ann")
        add(opened, "Ben")
        opened.save()
        opened.close()
        attack(path)
        begun = time.perf_counter()
        try:
            project.open_project(path, who="Ann").close()
        except DocumentProblem as problem:
            return f"refused in {1000 * (time.perf_counter() - begun):.0f} ms: {problem.message}"
        return "opened"


def planted_journal() -> str:
    """A journal beside the file that makes stock SQLite delete a file the attacker names."""
    with home() as place:
        path = place / "plant.leanlab"
        opened = project.create(path, who="Ann")
        opened.save()
        opened.close()
        victim = place / "thesis.txt"
        victim.write_text("years of work", encoding="utf-8")
        journal = place / "plant.leanlab-journal"
        name = str(victim).encode()
        checksum = sum(name) & 0xFFFFFFFF
        trailer = name + len(name).to_bytes(4, "big") + checksum.to_bytes(4, "big")
        magic = bytes.fromhex("d9d505f920a163d7")
        journal.write_bytes(magic + bytes(504) + trailer + magic)
        project.open_project(path, who="Ann").close()
        there = victim.exists() and journal.exists()
        return "ignored" if there else "obeyed"


if __name__ == "__main__":
    for one in ATTACKS:
        print(json.dumps({one.__name__: outcome(one)}, ensure_ascii=False))  # noqa: T201
    print(json.dumps({"planted_journal": planted_journal(), "application": APPLICATION_ID}))  # noqa: T201
