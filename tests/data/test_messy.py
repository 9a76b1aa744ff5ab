"""What offices really send: signs of money, percentages, times, years as names, no marks."""

import numpy as np
import pytest
import xlsxwriter

from leanlab.core.errors import ImportProblem
from leanlab.data import guarded
from leanlab.data.csv_text import parse
from leanlab.data.numbers import hours_in, with_sign
from leanlab.data.table import Settings
from leanlab.data.typing_cells import cell_value, meant

GERMAN = "Größe;Preis\nA;1.234,50 €\nB;987,00 €\nC;2.001,75 €\n"


def read(text, **settings):
    return parse(text if isinstance(text, bytes) else text.encode(), Settings(**settings))


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("text", [GERMAN, "日付;重量\n2026/01/05;12,5\n2026/01/06;13,5\n"])
def test_utf_16_is_read_with_and_without_its_mark(order, mark, text):
    table = read((mark + text).encode(order))
    assert table.columns[0].name in {"Größe", "日付"}
    assert table.columns[1].kind == "number"


def test_a_file_of_nothing_but_its_mark_is_empty():
    for content in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xef\xbb\xbf \n\n"):
        with pytest.raises(ImportProblem, match="empty"):
            read(content)


@pytest.mark.parametrize(
    ("cell", "split"),
    [
        ("$1,200.50", ("1,200.50", "$")), ("($20.00)", ("-20.00", "$")), ("-$5.25", ("-5.25", "$")),
        ("€ -3", ("-3", "€")), ("12,5 %", ("12,5", "%")), ("1\u202f234,5\u00a0€", ("1 234,5", "€")),
        ("(5%)", ("-5", "%")), ("--$5", ("--$5", "")), ("-$-5", ("-$-5", "")), ("(5%", ("(5%", "")),
        ("5$6", ("5$6", "")), ("12 kg", ("12 kg", "")), ("%", ("%", "")),
    ],
)  # fmt: skip
def test_a_sign_is_split_from_its_number(cell, split):
    assert with_sign(cell) == split


def test_money_and_percentages_are_numbers_with_their_sign_as_unit():
    table = read(
        'Amount,Off,Mixed\n"$1,200.50",5%,$1\n($20.00),0%,€2\n-$5.25,2.5%,$3\nn.a.,10%,€4\n'
    )
    amount, off, mixed = table.columns
    assert (amount.kind, amount.unit, amount.bad) == ("number", "$", {3: "n.a."})
    assert amount.values[:3].tolist() == [1200.5, -20.0, -5.25]
    assert (off.unit, off.values.tolist()) == ("%", [5.0, 0.0, 2.5, 10.0])
    assert mixed.kind == "category"
    assert any("'$'" in note for note in table.notes)


def test_the_comma_of_percentages_decides_the_decimal_mark():
    table = read(GERMAN)
    assert table.settings.decimal == ","
    assert table.columns[1].values.tolist() == [1234.5, 987.0, 2001.75]


def test_a_bare_fraction_among_percentages_is_marked_not_guessed():
    column = read("p\n" + "12%\n" * 8 + "0.12\n0\n").columns[0]
    assert column.bad == {8: "0.12"}
    assert column.values[9] == 0.0


def test_a_typed_number_may_bear_the_unit_of_its_column_only():
    assert cell_value("number", "12.5 %", unit="%") == (12.5, None)
    assert cell_value("number", "12.5 %") == (None, "12.5 %")
    assert cell_value("number", "$3", unit="€") == (None, "$3")
    assert cell_value("number", "3", unit="€") == (3.0, None)


@pytest.mark.parametrize(
    ("cell", "hours"),
    [("08:15", 8.25), ("25:00:00", 25.0), ("0:00:36", 0.01), ("8:61", None), ("8", None)],
)
def test_times_are_hours(cell, hours):
    assert hours_in(cell) == hours


def test_times_stay_text_and_are_offered_as_hours():
    column = read("t\n08:15\n09:45\n17:05\n").columns[0]
    assert (column.kind, column.offers) == ("category", ("number",))
    taken = read("t\n08:15\n09:45\nlate\n17:00\n", kinds={"t": "number"}).columns[0]
    assert (taken.unit, taken.bad) == ("h", {2: "late"})
    assert taken.values[[0, 1, 3]].tolist() == [8.25, 9.75, 17.0]


def test_other_units_are_offered_as_numbers():
    assert read("w\n12 kg\n13.5 kg\n14 kg\n").columns[0].offers == ("number",)


def test_years_in_a_row_are_names_of_columns():
    assert [c.name for c in read("part,2024,2025\nA,1,2\nB,4,5\n").columns] == [
        "part",
        "2024",
        "2025",
    ]
    assert read("2024;5\n2025;6\n").columns[0].name == "Column 1"
    assert read("A,2024,7\nB,2025,8\n").columns[0].name == "Column 1"


def test_groups_of_thousands_with_spaces_show_the_decimal_comma():
    table = read("a;b\n1 234,5;x\n12 500,25;y\n")
    assert table.settings.decimal == ","


def test_sentences_of_a_workbook_count_rightly(tmp_path):
    path = tmp_path / "one.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["line", "v"])
        sheet.merge_range("A2:A3", "L1")
        sheet.write_column("B2", [5, 6])
        sheet.write_row(4, 0, ["L2", 7])
        sheet.write_formula("B7", "=B2", None, "")
    notes = " ".join(guarded.read(path).notes)
    assert "1 merged area was filled" in notes
    assert "1 empty row between the data was left out" in notes
    assert "1 formula has no stored result and counts as missing" in notes
    assert "(s)" not in notes


def test_a_web_page_named_like_a_workbook_is_told_so(tmp_path):
    path = tmp_path / "export.xls"
    path.write_text("<html><table><tr><td>a</td></tr></table></html>")
    with pytest.raises(ImportProblem, match="web page"):
        guarded.read(path)


def test_a_header_without_data_in_a_workbook_offers_to_be_data(tmp_path):
    path = tmp_path / "head.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
    with pytest.raises(ImportProblem) as caught:
        guarded.read(path)
    assert caught.value.choices == ("no",)
    assert np.array_equal(guarded.read(path, Settings(header=False)).columns[0].values, ["a"])


@pytest.mark.parametrize(
    ("kind", "raw", "values"),
    [
        ("number", "3a", ["3"]), ("number", "1,234", ["1234", "1.234"]), ("number", "~7.5?", ["7.5"]), ("number", "n.k.", []),
        ("number", "5-", ["-5", "5"]), ("whole", "12 h", ["12"]), ("datetime", "03/04/2026", ["2026-04-03", "2026-03-04"]),
        ("datetime", "31.02.2026", []), ("text", "3a", []),
    ],
)  # fmt: skip
def test_what_a_cell_that_does_not_fit_may_have_meant(kind, raw, values):
    assert meant(kind, raw) == values
