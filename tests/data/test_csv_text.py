import numpy as np
import pytest

from leanlab.core.errors import ImportProblem
from leanlab.data.csv_text import Settings, parse


def columns(text, **settings):
    content = text if isinstance(text, bytes) else text.encode()
    return {c.name: c for c in parse(content, Settings(**settings)).columns}


def test_one_bad_cell_never_changes_a_column():
    column = columns("late\n" + "7.5\n" * 9 + "3a\n")["late"]
    assert column.kind == "number"
    assert column.bad == {9: "3a"}
    assert np.isnan(column.values[9])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x\n00123\n00124\n", "id"),
        ("x\n1\n2\n", "whole"),
        ("x\n1.5\n2\n", "number"),
        ("x\n2026-04-26\n2026-05-03\n", "datetime"),
        ("x\n26.04.2026 17:30\n03.05.2026 08:00\n", "datetime"),
        ("x\nNorth\nSouth\nNorth\n", "category"),
    ],
)
def test_kinds_follow_all_cells(text, kind):
    assert columns(text)["x"].kind == kind


def test_semicolons_and_decimal_commas_are_found():
    found = columns("day;late_h\n2026-04-26;7,5\n2026-05-03;96,0\n")
    assert found["late_h"].values.tolist() == [7.5, 96.0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"a,b\n", "no data"),
        ("größe\n1\n".encode("cp1252"), "not written in UTF-8"),
        (b"a\n1\x00\n", "NUL"),
        (b'a,b\n"1,2\n', "cannot be split"),
        (b"day\n03/04/2026\n05/06/2026\n", "day/month"),
        (b"a;b\n1,5;2.5\n2,5;3.5\n", "decimal comma"),
    ],
)
def test_what_cannot_be_decided_is_said(content, words):
    with pytest.raises(ImportProblem, match=words) as caught:
        parse(content, Settings())
    assert caught.value.hint


def test_a_chosen_setting_answers_the_question():
    found = columns(b"day\n03/04/2026\n05/06/2026\n", date_order="dmy")
    assert str(found["day"].values[0]).startswith("2026-04-03")
    assert columns("größe\n1\n".encode("cp1252"), encoding="cp1252")["größe"].kind == "whole"


def test_duplicate_names_are_told_apart_and_ragged_rows_are_reported():
    table = parse(b"a,a\n1,2\n3\n", Settings())
    assert [c.name for c in table.columns] == ["a", "a (2)"]
    assert any("fewer cells" in note for note in table.notes)
