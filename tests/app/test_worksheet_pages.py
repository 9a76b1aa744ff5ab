"""How worksheets and saved results are set in a report: tables that can be read upright, plain captions."""

from leanlab.app.records import Record
from leanlab.app.summary import plain_caption
from leanlab.app.worksheet_pages import _from_worksheet, _needs_width, _together
from leanlab.worksheets.blocks import Facts, Grid
from leanlab.worksheets.registry import WORKSHEETS

PLAN = Grid("Plan", ["No.", "Benefit", "Jan", "Feb", "Mar", "Apr", "Total"],
            [["B1", "Credit notes", "1", "2", "3", "4", "10"]], (2, 3, 4, 5))  # fmt: skip
ACTUAL = Grid("Actual", ["No.", "Benefit", "Feb", "Mar", "Apr", "May", "Total"],
              [["B1", "Credit notes", "5", "6", "7", "8", "26"]], (2, 3, 4, 5, 6))  # fmt: skip


def test_tables_over_months_stand_side_by_side_and_lose_nothing():
    first, joined, last = _together([Facts("a", []), PLAN, ACTUAL, Facts("b", [])])
    assert (first.title, last.title) == ("a", "b")
    assert joined.title == "Plan, actual"
    assert list(joined.columns) == ["", "Plan", "Actual"]
    assert joined.rows == [
        ["Jan", "1", ""], ["Feb", "2", "5"], ["Mar", "3", "6"], ["Apr", "4", "7"], ["May", "", "8"],
        ["Total", "10", "26"],
    ]  # fmt: skip


def test_a_single_table_over_months_stays_as_it_is():
    assert list(_together([PLAN])) == [PLAN]


def test_only_a_table_that_cannot_be_read_upright_lies_on_its_side():
    short = Grid("Actions", [f"Column {i}" for i in range(10)], [["a few words"] * 10] * 5)
    wide = Grid("Wide", [f"Characteristic{i}" for i in range(12)], [["a few words"] * 12] * 5)
    assert not _needs_width(short, alone=False)
    assert _needs_width(short, alone=True)  # one page is worth more than standing upright
    assert _needs_width(wide, alone=False)


def caption(analysis_id, **more):
    values = {"analysis_id": analysis_id, "caption": "sigma from mean moving range / d2", **more}
    return plain_caption(Record("x", "finding", "F1", "", 1, values))


def test_the_sponsor_is_told_how_to_read_a_picture_without_statistics():
    text = caption("compare.before_after", data={"points_excluded": 2})
    assert "sigma" not in text
    assert "the shaded part is after the change" in text
    assert text.endswith("2 points with a known cause are crossed out.")
    assert "shaded" not in caption("spc.i_mr")
    assert "middle value" in caption("spc.run_chart")
    assert caption("quality.pareto").startswith("sigma")


def test_letters_of_a_table_are_spelled_out_beside_or_below_it():
    columns = ["Step", "S", *(f"Column {i}" for i in range(10))]
    legend = [("S", "severity"), ("O", "occurrence")]
    few = Grid("Failure modes", columns, [["Load", "7", *["text"] * 10]] * 2, (1,), legend)
    (turned,) = _from_worksheet(few, 168.0)
    assert [row[0] for row in turned.rows][:2] == ["S, severity", "Column 0"]
    many = Grid("Failure modes", columns, [["Load", "7", *["text"] * 10]] * 9, (1,), legend)
    table, told = _from_worksheet(many, 168.0)
    assert list(table.columns) == columns
    assert told.text == "S severity; O occurrence."


def test_every_letter_that_heads_a_column_says_what_it_stands_for():
    fields = [
        (kind.id, field)
        for kind in WORKSHEETS
        for section in kind.sections
        for field in section.fields
        if not any(len(word) > 3 for word in field.label.split())
    ]
    assert [(name, f.label) for name, f in fields if f.label.isupper() and not f.spelled] == []
