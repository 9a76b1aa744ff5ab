"""`leanlab run` on files that cannot be read without a word from the user."""

import json

import numpy as np
import pytest
import xlsxwriter
from click.testing import CliRunner

from leanlab.cli import cli


def run(*words):
    return CliRunner().invoke(cli, ["run", "spc.i_mr", *map(str, words)])


def centre(out):
    assert out.exit_code == 0, out.stderr
    return np.unique(json.loads(out.stdout)["numbers"]["i.center"]).tolist()


@pytest.fixture
def file(tmp_path):
    def made(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return made


VALUES = [2.5, 3.5] * 14
PLAIN = [f"{value}" for value in VALUES]


def test_the_encoding_is_asked_for_and_answered(file):
    path = file(("Größe\n" + "\n".join(PLAIN)).encode("latin-1"))
    asked = run(path, "--value", "Größe")
    assert asked.exit_code == 1
    assert "Here: --encoding cp1252 or" in asked.stderr
    assert centre(run(path, "--value", "Größe", "--encoding", "cp1252", "--json")) == [3.0]


def test_the_decimal_mark_is_asked_for_and_answered(file):
    path = file("w;v\n" + "x;1,5\n" * 9 + "x;2.5\ny;3.5\n" * 10)
    asked = run(path, "--value", "v")
    assert "Here: --decimal . or --decimal ,." in asked.stderr
    out = run(path, "--value", "v", "--decimal", ".", "--json")
    assert centre(out) == [3.0]
    assert "9 cells left out" in run(path, "--value", "v", "--decimal", ".").stdout


UNCLEAR = "day,v\n" + "".join(
    f"{1 + i % 9:02d}/{1 + i % 7:02d}/2026,{v}\n" for i, v in enumerate(VALUES)
)


def test_unclear_dates_are_asked_for_only_where_they_are_used(file):
    path = file(UNCLEAR)
    assert centre(run(path, "--value", "v", "--json")) == [3.0]
    asked = run(path, "--value", "v", "--order", "day")
    assert "Here: --date-order dmy or --date-order mdy." in asked.stderr
    assert centre(run(path, "--value", "v", "--order", "day", "--date-order", "dmy", "--json")) == [
        3.0
    ]


def test_separator_header_and_lines_above_are_told(file):
    path = file("a report, of; May\nw;v\n" + "".join(f"x;{v}\n" for v in VALUES))
    assert centre(run(path, "--value", "v", "--delimiter", ";", "--skip", 1, "--json")) == [3.0]
    bare = file("\n".join(PLAIN))
    assert centre(run(bare, "--value", "Column 1", "--no-header", "--json")) == [3.0]
    assert "takes one mark" in run(bare, "--delimiter", "many").output


def test_a_column_that_stayed_text_is_read_as_numbers(file):
    path = file("v\n" + "".join(f"{v}\n" for v in VALUES) + "not yet\n" * 10)
    asked = run(path, "--value", "v")
    assert "needs numbers" in asked.stderr
    assert '--kind "v=number"' in asked.stderr
    assert centre(run(path, "--value", "v", "--kind", "v=number", "--json")) == [3.0]
    assert "COLUMN=KIND" in run(path, "--value", "v", "--kind", "v=words").output


def test_the_sheet_of_a_workbook_is_chosen(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write_row(0, 0, ["title", "x"])
        book.get_worksheet_by_name("Cover").write_row(1, 0, ["y", "z"])
        sheet = book.add_worksheet("May")
        sheet.write_column(0, 0, ["v", *VALUES])
    assert centre(run(path, "--value", "v", "--sheet", "May", "--json")) == [3.0]
    assert (
        "Its sheets: Cover, May. Here: --sheet NAME."
        in run(path, "--value", "v", "--sheet", "June").stderr
    )


def test_two_thousand_columns_do_not_keep_from_using_one(file):
    head = ",".join(f"c{i}" for i in range(2000))
    path = file("\n".join([head, *(",".join([str(v)] * 2000) for v in VALUES)]))
    assert centre(run(path, "--value", "c1999", "--json")) == [3.0]


def test_a_long_list_of_columns_is_cut(file):
    head = ",".join(f"c{i}" for i in range(2000))
    asked = run(file(f"{head}\n{','.join(['1'] * 2000)}\n"), "--value", "v")
    assert asked.stderr.rstrip().endswith("c28, c29 and 1\u202f970 more.")


@pytest.mark.parametrize("name", ["fake.xlsx", "fake.ods"])
def test_text_named_like_a_workbook_is_told_so(file, name):
    out = run(file("v\n1\n2\n", name), "--value", "v")
    assert out.exit_code == 1
    assert "is not an Excel or OpenDocument file" in out.stderr
    assert "save it again" in out.stderr


def test_a_full_disk_is_called_full(file, monkeypatch):
    import errno
    import os
    from pathlib import Path

    def full(self, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = file("v\n" + "\n".join(PLAIN))
    monkeypatch.setattr(Path, "write_bytes", full)
    out = run(path, "--value", "v", "--csv", "out.csv")
    assert "the disk is full" in out.stderr
    assert "Free some space" in out.stderr


def test_remarks_on_the_reading_go_beside_the_result(file):
    path = file(
        "d,v,w\n03/04/2026,1,x\n25/04/2026,2a,y\n06/05/2026,4,z\n07/05/2026,5,z\n28/05/2026,6,\n"
    )
    done = run(path, "--value", "v", "--order", "d", "--json")
    assert done.exit_code == 0, done.output
    assert (
        "Note: Column 'd': dates are read as day/month/year, as '25/04/2026' can only be; so '03/04/2026' is 3 Apr 2026."
        in done.stderr
    )
    assert "Note: Column 'v': 1 cell does not fit" in done.stderr
    assert set(json.loads(done.stdout)) == {
        "analysis", "version", "options", "numbers", "findings", "report_card", "tables",
    }  # fmt: skip
    alone = run(path, "--value", "v")
    assert "Column 'd'" not in alone.stderr
    assert "Column 'v'" in alone.stderr
