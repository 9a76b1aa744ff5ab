"""Files that attack whoever opens them; each is refused or does nothing, soon and with little memory.

python -m tests.robustness.hostile
"""

import json
import os
import sqlite3
import sys
import time
from contextlib import closing

from leanlab.core.errors import DocumentProblem
from leanlab.store import project
from leanlab.store.checks import sealed
from leanlab.store.schema import data_table
from tests.robustness.scene import add, home, told

LONGEST = 3.0  # seconds
MOST = 256  # MB of the process that opens


def trigger_that_wipes_the_history(path):
    """A trigger deletes audit rows on the next edit."""
    _sql(path, "CREATE TRIGGER t AFTER INSERT ON person BEGIN DELETE FROM audit; END")


def trigger_named_like_an_index(path):
    """A trigger that the schema calls an index of a key, which are not compared by their text."""
    _sql(
        path,
        "CREATE TRIGGER t AFTER INSERT ON person BEGIN DELETE FROM audit; END",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET name = 'sqlite_autoindex_person_2' WHERE name = 't'",
    )


def view_in_the_place_of_a_table(path):
    """A view that never ends stands where a table should."""
    _view(
        path,
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r",
    )


def view_that_multiplies(path):
    """A view that joins the schema with itself eight times."""
    _view(
        path,
        "SELECT 1 AS id FROM sqlite_schema a, sqlite_schema b, sqlite_schema c, sqlite_schema d, "
        "sqlite_schema e, sqlite_schema f, sqlite_schema g, sqlite_schema h",
    )


def view_that_takes_memory(path):
    """A view whose every row is a text of 900 MB."""
    _view(path, "SELECT printf('%.900000000c', 'x') AS id FROM record")


def view_that_calls_a_function(path):
    """A view that calls a function which a program may have given to SQLite."""
    _view(path, "SELECT load_extension('/tmp/evil') AS id, writefile('/tmp/evil', 'x') FROM record")


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


def constraint_that_takes_memory(path):
    """A constraint that is evaluated by every write, and makes 100 MB."""
    _sql(
        path,
        "DROP TABLE counter",
        "CREATE TABLE counter (prefix TEXT PRIMARY KEY, last INTEGER NOT NULL "
        "CHECK (length(hex(zeroblob(50000000))) > last)) STRICT",
    )


def thousands_of_tables(path):
    """Five thousand tables that LeanLab did not make."""
    _sql(path, "BEGIN", *(f"CREATE TABLE t{n} (x)" for n in range(5_000)), "COMMIT")


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
    _sheet(path, 7, "c1 TEXT); DROP TABLE audit; --", data_table(7, [("c1", "text")]))


def sheet_without_a_number(path):
    """A data sheet that has no number, and so no table."""
    _sheet(path, None, "c1", "CREATE TABLE data_0 (x TEXT) STRICT")


def two_sheets_of_one_table(path):
    """Two data sheets that write into one table."""
    _sheet(path, 7, "c1", data_table(7, [("c1", "text")]))
    _sheet(path, 7, "c1", sheet_id="b" * 32)


def sheets_without_end(path):
    """A hundred thousand data sheets, none of which has a table."""
    _sql(
        path,
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 100000) "
        "INSERT INTO record SELECT printf('%032x', n), 'sheet', NULL, '2026', 1, NULL FROM r",
        "INSERT INTO sheet (id, number, title, more) "
        "SELECT id, rowid, 'evil', '{}' FROM record WHERE kind = 'sheet'",
    )


def deep_json(path):
    """A record whose text nests five million brackets."""
    _sql(path, "UPDATE person SET more = ?", values=["[" * 5_000_000 + "]" * 5_000_000])


def broken_json(path):
    """A record whose text is no JSON, which would be met by every page that shows it."""
    _sql(path, "UPDATE person SET more = '{'")


def json_of_another_shape(path):
    """A record whose text is a list where names and values should be."""
    _sql(path, "UPDATE person SET more = '[1, 2]'")


def large_cell(path):
    """A value of 300 MB."""
    _sql(
        path,
        "INSERT INTO record VALUES ('c', 'comment', NULL, '2026', 1, NULL)",
        "INSERT INTO comment (id, text, more) VALUES ('c', printf('%.300000000c', 'x'), '{}')",
    )


def number_that_is_none(path):
    """A count of changes that is a word."""
    _sql(path, "UPDATE meta SET value = 'many' WHERE key = 'revision'")


def backups_in_another_folder(path):
    """An id that would lead the backups to a folder of the user's, where old ones are thinned out."""
    victim = path.with_name("20200101T000000000000-0123456789abcdef-ok.leanlab")
    victim.write_bytes(b"years of work")
    _sql(path, "UPDATE meta SET value = ? WHERE key = 'project_id'", values=[str(path.parent)])
    return victim.exists


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


def link_to_itself(path):
    """A link that never arrives."""
    path.unlink()
    path.symlink_to(path)


def folder(path):
    """A folder with our ending."""
    path.unlink()
    path.mkdir()


def unknown_kind_of_record(path):
    """A record of a kind there is not, whose name would be read as a table."""
    _sql(path, "INSERT INTO record VALUES ('x', 'sqlite_schema; --', NULL, '2026', 1, NULL)")


def planted_journal(path):
    """A journal beside the file that makes stock SQLite delete a file the attacker names."""
    victim = path.with_name("thesis.txt")
    victim.write_text("years of work", encoding="utf-8")
    journal = path.with_name(f"{path.name}-journal")
    name = str(victim).encode()
    checksum = sum(name) & 0xFFFFFFFF
    trailer = name + len(name).to_bytes(4, "big") + checksum.to_bytes(4, "big")
    magic = bytes.fromhex("d9d505f920a163d7")
    journal.write_bytes(magic + bytes(504) + trailer + magic)
    return lambda: victim.exists() and journal.exists()


def planted_log(path):
    """A write-ahead log of another file beside this one, which SQLite would lay over it."""
    other = path.with_name("other.db")
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.execute("CREATE TABLE evil (x)")
        content = other.with_name("other.db-wal").read_bytes()
    log = path.with_name(f"{path.name}-wal")
    log.write_bytes(content)
    return lambda: log.read_bytes() == content


ATTACKS = (
    trigger_that_wipes_the_history, trigger_named_like_an_index, view_in_the_place_of_a_table,
    view_that_multiplies, view_that_takes_memory, view_that_calls_a_function, extra_table,
    virtual_table, generated_column, index_on_an_expression, constraint_that_takes_memory,
    thousands_of_tables, rewritten_schema, default_of_a_column, sheet_with_a_name_of_its_own,
    sheet_without_a_number, two_sheets_of_one_table, sheets_without_end, deep_json, broken_json,
    json_of_another_shape, large_cell, number_that_is_none, backups_in_another_folder,
    unknown_kind_of_record, foreign_application, newer_format, write_ahead_header, changed_value,
    not_a_database, empty_file, named_pipe, device, link_to_itself, folder, planted_journal,
    planted_log,
)  # fmt: skip
INERT = {planted_journal, planted_log}  # the project itself is sound: it opens, they do nothing


def _sql(path, *statements, values=()):
    """Change a project with plain SQLite and seal it again, as a skilled attacker would."""
    token = "f" * 64
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for sql in statements:
            connection.execute(sql, values)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'seal'", [token])
    sealed(path, token)


def _view(path, select):
    _sql(path, "DROP TABLE comment", f"CREATE VIEW comment AS {select}")


def _sheet(path, number, column, *tables, sheet_id="a" * 32):
    token, described = (
        "f" * 64,
        "INSERT INTO sheet_column VALUES (?, ?, 0, 'x', 'text', '', 0, NULL, 0)",
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO record VALUES (?, 'sheet', NULL, '2026', 1, NULL)", [sheet_id]
        )
        connection.execute(
            "INSERT INTO sheet (id, number, title, more) VALUES (?, ?, 'evil', '{}')",
            [sheet_id, number],
        )
        connection.execute(described, [sheet_id, column])
        for sql in tables:
            connection.execute(sql)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'seal'", [token])
    sealed(path, token)


def outcome(attack) -> dict[str, object]:
    """Return what the user gets who opens the file, in how many seconds, with how much memory.

    The file is opened in a process of its own, so that its memory can be told.
    """
    with home() as place:
        path = place / "plant.leanlab"
        opened = project.create(path, who="Ann")
        add(opened, "Ben")
        opened.save()
        opened.close()
        unharmed = attack(path)
        reading, writing = os.pipe()
        begun = time.perf_counter()
        child = os.fork()
        if child == 0:
            os.write(writing, _opened(path).encode())
            os._exit(0)
        _, status, used = os.wait4(child, 0)
        seconds = time.perf_counter() - begun
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read().decode()
        if status:
            said = f"ended with {status}"
        if unharmed is not None and not unharmed():
            said = f"harmed: {said}"
    return {
        "file": attack.__name__, "what": attack.__doc__, "said": said,
        "seconds": round(seconds, 3), "MB": round(used.ru_maxrss / 1024),
    }  # fmt: skip


def _opened(path):
    try:
        held = project.open_project(path, who="Ann")
        with closing(held):
            held.save(overwrite=True)
            add(held, "Cy")
            held.save()
    except DocumentProblem as problem:
        return f"refused: {problem.message}"
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        return f"crashed: {error!r}"
    return "opened"


def kept(attack, found) -> bool:
    """Whether an attack got what it should: a refusal, or nothing."""
    expected = "opened" if attack in INERT else "refused: "
    soon = found["seconds"] <= LONGEST and found["MB"] <= MOST
    return str(found["said"]).startswith(expected) and soon


def run() -> dict[str, object]:
    """Open all hostile files; return the figures."""
    figures = {
        "hostile files": 0, "refused or inert": 0, "slowest ms": 0, "most MB": 0, "harmed": 0,
    }  # fmt: skip
    for attack in ATTACKS:
        found = outcome(attack)
        sys.stderr.write(json.dumps(found, ensure_ascii=False) + "\n")
        figures["hostile files"] += 1
        figures["refused or inert"] += kept(attack, found)
        figures["slowest ms"] = max(figures["slowest ms"], round(1000 * found["seconds"]))
        figures["most MB"] = max(figures["most MB"], found["MB"])
        figures["harmed"] += str(found["said"]).startswith("harmed")
    return figures


if __name__ == "__main__":
    figures = run()
    told(
        figures, promised=figures["refused or inert"] == figures["hostile files"] >= 22
    )  # files of the design and more
