"""Which columns an analysis takes when nobody chose."""

import numpy as np
import pytest

from leanlab.app import stored
from leanlab.app.session import Session
from leanlab.data.columns import ColumnData

N = 24


@pytest.fixture
def session(tmp_path):
    opened = Session.create(tmp_path / "a.leanlab", name="Fill weight")
    yield opened
    opened.close()


def sheet_of(session, **categories):
    days = np.datetime64("2026-04-01", "s") + 86400 * np.arange(N)
    columns = [
        ColumnData("day", "datetime", days),
        ColumnData("weight", "number", np.round(500 + np.sin(np.arange(N)), 1), decimals=1),
    ]
    for name, values in categories.items():
        cells = np.resize(np.asarray(values, dtype=object), N)
        columns.append(ColumnData(name, "category", cells))
    return session.add_sheet("Fills", columns)


def guessed(session, analysis, sheet):
    roles = session.record(stored.add_analysis(session, analysis, sheet)).get("roles")
    named = {c.id: c.name for c in session.sheet(sheet).columns}
    return {role: [named[c] for c in chosen] for role, chosen in roles.items()}


T, ANOVA = "test.t_two_sample_welch", "test.anova_oneway"


def test_two_groups_are_named_by_the_category_with_two_values(session):
    sheet = sheet_of(session, head=["1", "2", "3"], shift=["early", "late"])
    assert guessed(session, T, sheet) == {"value": ["weight"], "group": ["shift"]}
    assert guessed(session, ANOVA, sheet) == {"value": ["weight"], "group": ["head"]}
    made = stored.add_analysis(session, T, sheet)
    text = stored.ready(session, session.record(made)).run().findings[0].text
    assert "'early' and 'late'" in text or "'late'" in text


def test_missing_cells_are_no_group_and_one_or_very_many_values_make_none(session):
    many = [f"lot {i}" for i in range(N)]
    sheet = sheet_of(session, line=["A"], lot=many, shift=["early", "late", None])
    assert guessed(session, T, sheet)["group"] == ["shift"]
    only = sheet_of(session, line=["A"], lot=many)
    assert "group" not in guessed(session, T, only)
    assert "group" not in guessed(session, ANOVA, only)


def test_stages_are_guessed_from_a_category_that_changes_in_blocks(session):
    size = 20
    parts = {
        "carrier": ["N", "S"] * (size // 2), "stage": ["before"] * 12 + ["after"] * 8,
        "hub": ["one"] * size,
    }  # fmt: skip
    columns = [ColumnData("late", "number", np.arange(size, dtype=float))]
    columns += [
        ColumnData(name, "category", np.asarray(values, dtype=object))
        for name, values in parts.items()
    ]
    sheet = session.add_sheet("Late", columns)
    found = guessed(session, "compare.before_after", sheet)
    assert found["stage"] == ["stage"]
    assert "stage" not in guessed(session, "spc.i_mr", sheet)
    only = session.add_sheet("No stages", columns[:2])
    assert "stage" not in guessed(session, "compare.before_after", only)
