"""Data out again: full precision, nothing that a spreadsheet would run, and it reads back the same."""

import csv
import io

import numpy as np
import pytest

from leanlab.app import sheet_export
from leanlab.app.importing import read
from leanlab.app.session import Session
from leanlab.core.errors import Problem
from leanlab.data.columns import ColumnData


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="P", author="A")
    yield made
    made.close()


@pytest.fixture
def sheet(session):
    made = session.add_sheet(
        "Orders: 2026/1",
        [
            ColumnData("day", "datetime", np.array(["2026-01-05", "2026-01-06T07:30", "NaT"], "datetime64[s]")),
            ColumnData("late", "number", np.array([1 / 3, np.nan, -2.0]), unit="h", decimals=1, bad={1: "3a"}),
            ColumnData("note", "text", np.array(["=1+1", 'two\n"lines"', None], dtype=object)),
        ],
    )  # fmt: skip
    session.add_calculated_column(made, "double", "late * 2")
    session.set_row_state(made, [3], "excluded", "trial run")
    return made


def test_csv_holds_everything_and_runs_nothing(session, sheet, tmp_path):
    path = tmp_path / "out.csv"
    assert sheet_export.export(session, sheet, path) == 3
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows == [
        ["day", "late (h)", "note", "double", "Row state", "Reason"],
        ["2026-01-05", repr(1 / 3), "'=1+1", repr(2 / 3), "", ""],
        ["2026-01-06 07:30:00", "3a", 'two\n"lines"', "", "", ""],
        ["", "-2", "", "-4", "excluded", "trial run"],
    ]


def test_a_workbook_reads_back_as_it_was(session, sheet, tmp_path):
    path = tmp_path / "out.xlsx"
    sheet_export.export(session, sheet, path)
    table = read(path)
    found = {c.name: c for c in table.columns}
    assert table.settings.sheet == "Orders 20261"
    assert found["late (h)"].values[[0, 2]].tolist() == [1 / 3, -2.0]
    assert found["late (h)"].bad == {1: "3a"}
    assert found["note"].values[0] == "=1+1"
    assert str(found["day"].values[1]) == "2026-01-06T07:30:00"
    assert found["Reason"].values.tolist() == [None, None, "trial run"]


def test_what_cannot_be_written_is_said(session, sheet, tmp_path, monkeypatch):
    with pytest.raises(Problem, match=r"cannot be written as \.docx"):
        sheet_export.export(session, sheet, tmp_path / "out.docx")
    with pytest.raises(Problem, match=r"out\.csv cannot be written"):
        sheet_export.export(session, sheet, tmp_path / "nowhere" / "out.csv")
    monkeypatch.setattr(sheet_export, "MOST_IN_EXCEL", 2)
    with pytest.raises(Problem, match="this data has more"):
        sheet_export.export(session, sheet, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()
