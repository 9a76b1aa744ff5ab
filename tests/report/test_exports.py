"""A result as a file: vector pictures with real text, tables whose text never becomes a formula."""

import zipfile
from io import BytesIO

import pytest

from leanlab.analyses.declare import Chart, Presentation, Table
from leanlab.core.errors import Problem
from leanlab.figures.axes import prepared
from leanlab.report import exports

HARMFUL = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "http://example.invalid", "{=1}")
TABLE = Table("=title", ["@name", "n"], [[text, 1.5] for text in HARMFUL] + [["plain", -2]])


def draw(figure, theme):
    prepared(figure, theme).subplots().set_title("Late orders")


SHOWN = Presentation((), (), (Chart("Late", draw, alt="Late orders"),), (TABLE,))


def written(tmp_path, ending, shown=SHOWN):
    path = tmp_path / f"out{ending}"
    exports.write(shown, path)
    return path.read_bytes()


def test_a_picture_is_png_or_a_drawing_with_real_text(tmp_path):
    assert written(tmp_path, ".png").startswith(b"\x89PNG")
    svg = written(tmp_path, ".svg").decode()
    assert ">Late orders</text>" in svg
    assert "<image" not in svg
    assert written(tmp_path, ".pdf").startswith(b"%PDF")


def test_text_in_csv_is_no_formula_and_numbers_stay_numbers(tmp_path):
    text = written(tmp_path, ".csv").decode("utf-8-sig")
    cells = [line.split(",") for line in text.replace("\r\n", "\n").split("\n") if line]
    assert not [c for line in cells for c in line if c.startswith(("=", "+", "@", "\t"))]
    assert ["plain", "-2"] in cells
    assert ["'@name", "n"] in cells


def test_text_in_a_workbook_is_no_formula_and_no_link(tmp_path):
    with zipfile.ZipFile(BytesIO(written(tmp_path, ".xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "<v>-2</v>" in sheet
    assert "=1+1" in words


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_result_without_a_picture_says_so(tmp_path, ending):
    with pytest.raises(Problem, match="no picture"):
        written(tmp_path, ending, Presentation((), (), (), (TABLE,)))


def test_an_unknown_ending_names_those_that_are_known(tmp_path):
    with pytest.raises(Problem) as told:
        written(tmp_path, ".doc")
    assert ".xlsx" in told.value.hint
