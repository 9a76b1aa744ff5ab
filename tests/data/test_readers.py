"""What people send: every file is read rightly or asked about, never silently wrong."""

import datetime as dt
import zipfile

import numpy as np
import pytest
import xlsxwriter

from leanlab.core.errors import Cancelled, ImportProblem
from leanlab.data import guarded
from leanlab.data.csv_text import parse
from leanlab.data.dates import date_in, fitting_orders
from leanlab.data.numbers import read_number
from leanlab.data.table import Settings
from leanlab.data.typing_cells import cell_value, retyped


def read(text, **settings):
    content = text if isinstance(text, bytes) else text.encode()
    return parse(content, Settings(**settings))


def one(text, **settings):
    return read(text, **settings).columns[0]


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1,234.5", ".", 1234.5), ("1.234,5", ",", 1234.5), ("1 234,5", ",", 1234.5), ("−3", ".", -3.0),
        ("1'234.5", ".", 1234.5), (".5", ".", 0.5), ("1.2e3", ".", 1200.0), ("1e+3", ".", 1000.0),
        ("1E5", ".", None), ("1_000", ".", None), ("nan", ".", None), ("inf", ".", None), ("12,34,567", ".", None),
        ("1e999", ".", None), ("3a", ".", None), ("", ".", None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, decimal, number):
    assert read_number(text, decimal) == number


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("26.04.2026", "dmy", "2026-04-26"), ("04/26/2026", "mdy", "2026-04-26"),
        ("2026-04-26T17:30:05", "ymd", "2026-04-26 17:30:05"), ("26 Apr 2026", "dmy", "2026-04-26"),
        ("Apr 26, 2026 5:30 PM", "mdy", "2026-04-26 17:30"), ("26.4.26", "dmy", "2026-04-26"),
        ("26.04.2026 24:00", "dmy", "2026-04-27"), ("31.02.2026", "dmy", None), ("2026", "ymd", None),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text, order, day):
    assert date_in(text, order) == (dt.datetime.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["03/04/2026", "05/06/2026"], ["dmy", "mdy"]), (["03/04/2026", "25/06/2026"], ["dmy"]),
        (["03/04/2026", "05/26/2026"], ["mdy"]), (["03.04.2026", "05.06.2026"], ["dmy"]),
        (["2026-04-03"], ["ymd"]), (["3 Apr 2026", "4 May 2026"], ["ymd"]), (["yes", "no"], []),
        (["2026-04-03", "03/04/2026", "25/04/2026"], ["dmy"]),
    ],
)  # fmt: skip
def test_orders_that_fit_the_dates(cells, orders):
    assert fitting_orders(cells) == orders


@pytest.mark.parametrize(
    ("content", "setting", "words"),
    [
        ("größe\n1\n".encode("cp1252"), "encoding", "not written in UTF-8"),
        (b"a,b\n1,\x00\x00\x00\x00a\n", "encoding", "NUL"),
        (b"d\n03/04/2026\n05/06/2026\n", "date_order", "day/month/year or as month/day/year"),
        (b"a;b\n1,5;2.5\n2,5;3.5\n", "decimal", "some with a point"),
        (b"a;b\n1.234;x\n2.345;y\n", "decimal", "'1.234'"),
        (b'a,b\n"1,234",x\n"2,345",y\n', "decimal", "'1,234'"),
        (b"a,b\n1,2\n3,4,5\n", "delimiter", "row 2 has 3 cells"),
        (b'a,b\n"1,2\n', "delimiter", "cannot be split"),
        (b"a,b\n", "header", "no data"),
        (",".join(f"c{i}" for i in range(2000)).encode() + b"\n" + b",".join([b"1"] * 2000), "most_columns", "2\u202f000 columns"),
        (b"x" * (1024 * 1024 + 2), "", "longer than 1 MB"),
        (b"  \n \n", "", "empty"),
        (b"1,2\n3,4\n", "delimiter", "or two cells"),
    ],
)  # fmt: skip
def test_what_is_unclear_names_the_setting_that_settles_it(content, setting, words):
    with pytest.raises(ImportProblem, match=words) as caught:
        read(content)
    assert caught.value.setting == setting
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("größe,ä\n1,2\n", "cp1252"), ("размер,вес\nбольшой,2\n", "cp1251"), ("品名,重さ\n大きい,2\n", "shift_jis")],
)  # fmt: skip
def test_the_likeliest_encoding_is_proposed_first_and_the_failed_one_never(text, encoding):
    with pytest.raises(ImportProblem) as caught:
        read(text.encode(encoding))
    assert caught.value.choices[0] == encoding
    assert "utf-8" not in caught.value.choices
    for choice in caught.value.choices:
        assert read(text.encode(encoding), encoding=choice).rows == 1


def test_a_stray_nul_asks_for_nothing_that_cannot_help():
    with pytest.raises(ImportProblem, match="NUL") as caught:
        read(b"a,b\n1,2\nx\0y,3\n")
    assert caught.value.setting == ""
    assert "Save it again" in caught.value.hint


def test_the_answer_settles_it():
    assert one("a;b\n1.234;x\n2.345;y\n", decimal=",").values.tolist() == [1234.0, 2345.0]
    assert one("a;b\n1.234;x\n2.345;y\n", decimal=".").values.tolist() == [1.234, 2.345]
    assert (
        len(read(",".join(["a"] * 2000) + "\n" + ",".join(["1"] * 2000), most_columns=1990).columns)
        == 1990
    )
    assert [c.name for c in read("a,b\n1,2\n3,4,5\n", delimiter=",").columns] == [
        "a",
        "b",
        "Column 3",
    ]
    assert read("a;b\n1,5;2.5\n2,5;3.5\n", decimal=",").columns[1].values.tolist() == [2.5, 3.5]
    assert one("1,2\n3,4\n", delimiter=",").values.tolist() == [1.0, 3.0]


MIXED_MARKS = "a;v\n" + "x;1,5\n" * 9 + "y;2.5\n" * 19


@pytest.mark.parametrize(("decimal", "fitting", "bad"), [(".", 19, "1,5"), (",", 9, "2.5")])
def test_cells_that_do_not_fit_the_chosen_mark_are_marked_not_lost(decimal, fitting, bad):
    with pytest.raises(ImportProblem, match="some with a point"):
        read(MIXED_MARKS)
    table = read(MIXED_MARKS, decimal=decimal)
    column = table.columns[1]
    assert column.kind == "number"
    assert np.isfinite(column.values).sum() == fitting
    assert set(column.bad.values()) == {bad}
    assert len(column.bad) == 28 - fitting
    assert any(f"{28 - fitting} cells do not fit" in note for note in table.notes)


def test_a_column_wholly_in_the_other_mark_is_read_with_that_mark_and_said_so():
    table = read("a;b\n1,5;2.5\n2,5;3.5\n", decimal=",")
    assert any("'b' is written with a decimal point and is read so" in n for n in table.notes)


def test_a_column_with_too_many_words_stays_text_and_offers_numbers():
    text = "v,w\n" + "1.5,x\n" * 19 + "none yet,x\n" * 9
    table = read(text)
    column = table.columns[0]
    assert (column.kind, column.offers) == ("category", ("number",))
    assert any("19 of 28 cells are numbers, others such as 'none yet'" in n for n in table.notes)
    assert table.columns[1].offers == ()
    taken = read(text, kinds={"v": column.offers[0]}).columns[0]
    assert (taken.kind, len(taken.bad), np.isfinite(taken.values).sum()) == ("number", 9, 19)


THREE_ORDERS = "day,v\n" + "2026-04-26,1\n26/04/2026,2\n04/26/2026,3\n05/04/2026,4\n" * 5


def test_dates_in_different_orders_stay_text_and_say_so():
    table = read(THREE_ORDERS)
    column = table.columns[0]
    assert column.kind in {"category", "text"}
    assert column.offers == ("datetime/dmy", "datetime/mdy")
    assert any("dates in this column are written in different orders" in n for n in table.notes)


@pytest.mark.parametrize(("order", "misfit"), [("dmy", "04/26/2026"), ("mdy", "26/04/2026")])
@pytest.mark.parametrize("asked", ["kinds", "date_order"])
def test_an_order_that_was_chosen_marks_what_does_not_fit(order, misfit, asked):
    chosen = {"kinds": {"day": f"datetime/{order}"}, "date_order": order}[asked]
    table = read(THREE_ORDERS, **{asked: chosen})
    column = table.columns[0]
    assert (column.kind, column.order) == ("datetime", order)
    assert set(column.bad.values()) == {misfit}
    assert len(column.bad) == 5
    assert str(column.values[3])[:10] == {"dmy": "2026-04-05", "mdy": "2026-05-04"}[order]
    assert any("written in different orders" in note for note in table.notes)


def test_reading_such_a_column_as_dates_asks_for_the_order():
    with pytest.raises(ImportProblem) as caught:
        retyped("day", ["26/04/2026", "04/26/2026"] * 3, "datetime")
    assert caught.value.choices == ("dmy", "mdy")


def test_one_slip_in_the_other_order_is_a_marked_cell():
    column = one("day\n" + "26/04/2026\n" * 30 + "04/26/2026\n")
    assert (column.kind, column.bad) == ("datetime", {30: "04/26/2026"})


def test_a_single_column_with_decimal_commas():
    assert one("late\n7,5\n8,5\n").values.tolist() == [7.5, 8.5]
    assert one("late\n10.012\n9.998\n").values.tolist() == [10.012, 9.998]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("zip\n01067\n80331\n10115\n", "id"), ("n\n1234567890123456\n1234567890123457\n", "id"),
        ("c\nNA\nUS\nDE\n", "category"), ("c\n1E5\n2E7\n3E1\n", "category"), ("o\nA10017\nA10018\nA10019\n", "id"),
        ("x\n1\n2\n3\n4\n5\n6\n7\n007\n", "whole"), ("x\nNA\n1\n2\n", "whole"), ("x\n1\n2\n3a\n", "whole"),
    ],
)  # fmt: skip
def test_codes_stay_codes_and_numbers_stay_numbers(text, kind):
    assert one(text).kind == kind


def test_a_unit_behind_numbers_is_told_and_read_on_request():
    table = read("w\n12 kg\n13.5 kg\n14 kg\n")
    assert table.columns[0].kind == "category"
    assert any("numbers with a unit" in note for note in table.notes)
    found = one("w\n12 kg\n13.5 kg\n14 kg\n", kinds={"w": "number"})
    assert (found.values.tolist(), found.unit) == ([12.0, 13.5, 14.0], "kg")


def test_titles_boms_quotes_and_odd_rows():
    table = read("Hub report\n\nday,late\n2026-04-26,7.5\n,\n2026-04-27\n")
    assert table.settings.skip == 2
    assert table.rows == 2
    assert any("left out" in n for n in table.notes)
    assert any("fewer cells" in n for n in table.notes)
    assert [c.name for c in read("\ufeffa,b\n1,2\n".encode("utf-16")).columns] == ["a", "b"]
    assert one('a,b\n"x\ny",2\n"z ""q""",3\n').values.tolist() == ["x\ny", 'z "q"']
    assert one("5\n6\n").name == "Column 1"


PROTOCOL = "Filling protocol\n\nDate:;1 April 2026\nLine:;4\n\n"


def test_lines_with_a_name_and_a_value_above_the_table_are_left_out():
    body = "day;kg;shift;remark\n2026-03-02;13.5;early;\n2026-03-03;13.7;late;burst\n"
    table = read(PROTOCOL + body)
    assert [c.name for c in table.columns] == ["day", "kg", "shift", "remark"]
    assert table.settings.skip == 5
    assert any("Line: / 4" in note for note in table.notes)


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("Weight (kg)", "kg"), ("Speed [m/s]", "m/s"), ("Time in min", "min"), ("Share (%)", "%"),
     ("Weight (new)", ""), ("Size (2)", ""), ("Weight", ""), ("Checked in 2024", ""), ("in", "")],
)  # fmt: skip
def test_the_unit_of_a_column_stands_in_its_heading(heading, unit):
    column = one(f"{heading};x\n1,5;a\n2,5;b\n")
    assert (column.name, column.unit) == (heading, unit)


def test_the_unit_of_the_cells_stands_above_that_of_the_heading():
    column = one("Weight (kg)\n12 g\n13 g\n14 g\n", kinds={"Weight (kg)": "number"})
    assert column.unit == "g"
    assert one("Code (kg)\na\nb\n").unit == ""


def test_an_empty_row_between_the_data_hides_none_of_them():
    table = read("name,town,remark\nAnn,Bonn\n\nBob,Celle,old\nEve,Duren,new\n")
    assert table.rows == 3
    table = read("day,kg,x\n2026-03-02,13.5\n\n2026-03-03,13.7,burst\n2026-03-04,13.7,burst\n")
    assert table.rows == 3


def test_names_kinds_and_columns_follow_the_settings():
    table = read("a,a,c\n1,2,3\n4,5,6\n", names={"a (2)": "b"}, kinds={"c": "text"}, left_out=["a"])
    assert [(c.name, c.kind) for c in table.columns] == [("b", "whole"), ("c", "text")]
    assert Settings.from_json(table.settings.as_json()).names == {"a (2)": "b"}


def test_typed_values_are_marked_when_they_could_mean_two_things():
    assert cell_value("number", "7,5") == (7.5, None)
    assert cell_value("number", "1,234") == (None, "1,234")
    assert cell_value("datetime", "03/04/2026") == (None, "03/04/2026")
    assert cell_value("datetime", "26.04.2026") == ("2026-04-26T00:00:00", None)
    with pytest.raises(ImportProblem, match="day/month"):
        retyped("d", ["03/04/2026"], "datetime")


# workbooks ---------------------------------------------------------------------------------


@pytest.fixture
def workbook(tmp_path, request):
    path = tmp_path / "book.xlsx"
    options = getattr(request, "param", {})
    book = xlsxwriter.Workbook(str(path), options)
    book.add_worksheet("Empty")
    sheet = book.add_worksheet("Data")
    stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    hours = book.add_format({"num_format": "[h]:mm"})
    sheet.write(0, 1, "Report of the hub")
    sheet.write_row(2, 1, ["when", "late", "duration", "ratio", "code", "ok"])
    for i in range(6):
        sheet.write_datetime(3 + i, 1, dt.datetime(2026, 4, 26 + i % 4, 10, 30), stamp)  # noqa: DTZ001 - as in the file
        sheet.write_number(3 + i, 2, 7.5 + i)
        sheet.write_number(3 + i, 3, 1.5 + i / 24, hours)
        sheet.write_formula(3 + i, 4, "=1/0", None, "#DIV/0!" if i == 2 else 0.5)
        sheet.write_string(3 + i, 5, f"00{i}")
        sheet.write_boolean(3 + i, 6, i % 2 == 0)
    other = book.add_worksheet("Merged")
    other.write(0, 0, "Line")
    other.merge_range(0, 1, 0, 2, "Q1")
    other.write_row(1, 1, ["Jan", "Feb"])
    other.merge_range(2, 0, 3, 0, "L1")
    other.write_row(2, 1, [5, 6])
    other.write_row(3, 1, [7, 8])
    book.close()
    return path


def test_a_protocol_above_the_table_of_a_sheet_is_left_out(tmp_path):
    path = tmp_path / "protocol.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    rows = (
        ["Filling protocol"], [], ["Date:", 46113], [], ["day", "kg", "shift", "remark"],
        ["2026-03-02", 13.5, "early"], ["2026-03-03", 13.7, "late"],
    )  # fmt: skip
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    table = guarded.read(path)
    assert [c.name for c in table.columns] == ["day", "kg", "shift", "remark"]
    assert table.rows == 2
    assert any("2 rows above the table are left out" in note for note in table.notes)


@pytest.mark.parametrize("workbook", [{}, {"date_1904": True}], indirect=True, ids=["1900", "1904"])
def test_a_workbook_keeps_dates_durations_codes_and_error_cells(workbook):
    table = guarded.read(workbook)
    columns = {c.name: c for c in table.columns}
    assert str(columns["when"].values[0]) == "2026-04-26T10:30:00"
    assert columns["late"].values.tolist() == [7.5, 8.5, 9.5, 10.5, 11.5, 12.5]
    assert (columns["duration"].values[0], columns["duration"].unit) == (36.0, "h")
    assert columns["ratio"].bad == {2: "#DIV/0!"}
    assert np.isnan(columns["ratio"].values[2])
    assert columns["code"].kind == "id"
    assert columns["ok"].values.tolist()[:2] == ["yes", "no"]
    assert any("cell E6 ('#DIV/0!')" in note for note in table.notes)
    assert table.sheets == ("Data", "Merged")


def test_merged_headers_are_joined_and_merged_cells_filled(workbook):
    table = guarded.read(workbook, Settings(sheet="Merged"))
    assert [c.name for c in table.columns] == ["Line", "Q1 Jan", "Q1 Feb"]
    assert table.columns[0].values.tolist() == ["L1", "L1"]
    assert any("merged" in note for note in table.notes)
    with pytest.raises(ImportProblem, match="no sheet 'Other'") as caught:
        guarded.read(workbook, Settings(sheet="Other"))
    assert caught.value.setting == "sheet"


def test_an_opendocument_sheet_is_read(tmp_path):
    def cell(value):
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = [["name", "late"], ["a", 7.5], ["b", 8.5]]
    body = "".join(f"<table:table-row>{''.join(map(cell, r))}</table:table-row>" for r in rows)
    names = " ".join(
        f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"'
        for p in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    table = guarded.read(path)
    assert [(c.name, c.values.tolist()) for c in table.columns] == [
        ("name", ["a", "b"]),
        ("late", [7.5, 8.5]),
    ]


# the guard ---------------------------------------------------------------------------------


def package(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"xl/workbook.xml": "<x/>", "xl/big.xml": b"0" * 60_000_000}, "times its size"),
        ({f"xl/{i}.xml": "<x/>" for i in range(2500)}, "2,500 parts|2\u202f500 parts"),
        (
            {"xl/workbook.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'},
            "document type",
        ),
        ({"readme.txt": "hello"}, "archive, not a spreadsheet"),
        ({"xl/workbook.xml": "<x/>"}, "cannot be read as a spreadsheet|stopped without a word"),
    ],
)
def test_traps_and_wrong_files_are_refused_with_a_way_out(tmp_path, parts, words):
    with pytest.raises(ImportProblem, match=words) as caught:
        guarded.read(package(tmp_path / "a.xlsx", parts))
    assert caught.value.hint


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk"],
)
def test_other_kinds_of_files_are_named(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ImportProblem) as caught:
        guarded.read(path)
    assert caught.value.hint


def test_a_cell_far_away_does_not_take_the_window_down(tmp_path):
    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_column(0, 0, ["a", 1, 2])
    sheet.write(1_048_575, 16_383, 1)
    book.close()
    with pytest.raises(ImportProblem) as caught:
        guarded.read(path)
    assert caught.value.hint


def test_memory_time_and_cancel_stop_the_worker(tmp_path):
    path = tmp_path / "big.csv"
    path.write_text("x,y\n" + "1.5,abcdefgh\n" * 400_000)
    with pytest.raises(ImportProblem, match=r"memory|stopped"):
        guarded.read(path, limits=guarded.Limits(memory=100 * 1024**2))
    with pytest.raises(ImportProblem, match="too long"):
        guarded.read(path, limits=guarded.Limits(seconds=0, seconds_per_mb=0))

    def stop():
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        guarded.read(path, check=stop)


def test_the_worker_gives_back_what_was_read_and_tells_how_far_it_is(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("when,late,who\n2026-04-26,7.5,Ann\n2026-04-27,x,\n2026-04-28,8.5,Bob\n")
    seen = []
    table = guarded.read(path, progress=lambda done, total: seen.append((done, total)))
    here = parse(path.read_bytes(), Settings())
    assert seen[-1][0] == seen[-1][1]
    for got, wanted in zip(table.columns, here.columns, strict=True):
        assert list(map(str, got.values)) == list(map(str, wanted.values))
        assert (got.name, got.kind, got.bad, got.decimals) == (
            wanted.name,
            wanted.kind,
            wanted.bad,
            wanted.decimals,
        )
    assert table.fingerprint == here.fingerprint
    assert table.settings == here.settings
    assert guarded.read_text("a\tb\n1\t2\n").columns[1].values.tolist() == [2.0]


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ("2026-01-05,3\n2026-01-06,4\n2026-01-07,5\n2026-01-08,2\nTotal,14", "Total"),
        ("Müller;3\nKurz;4\nBrandt;5\nÖz;2\nSumme:;14", "Summe:"),
        ("A,3\nB,4\nTotal,7\nC,5\nD,2\nTotal,7", ""),  # a word of the data
        ("Total,3\nB,4\nC,5\nD,2\nE,1", ""),
        ("A,3\nTotal,3", ""),  # too little to tell
    ],
)
def test_a_row_of_totals_is_told(rows, word):
    mark = ";" if ";" in rows else ","
    table = read(f"Key{mark}Count\n{rows}\n")
    said = [note for note in table.notes if note.startswith("The last row is a total")]
    assert len(said) == bool(word)
    assert not word or f"('{word}')" in said[0]
