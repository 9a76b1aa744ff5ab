"""What a filled worksheet says in report, help and clipboard."""

from leanlab.worksheets.blocks import Grid, worksheet_blocks
from leanlab.worksheets.declare import Example, rows_shown
from leanlab.worksheets.examples import example_view
from leanlab.worksheets.registry import find

WHYS = find("whys")
CAUSES = (
    {"id": "a", "text": "The list changes late", "branch": "Method"},
    {"id": "b", "text": "New sorters", "branch": "People"},
    {"id": "a2", "text": "Orders come until 17:30", "parent_id": "a"},
    {"id": "a1", "text": "Nobody closes the list", "parent_id": "a"},
    {"id": "a11", "text": "No rule says who", "parent_id": "a1"},
)


def answers(start=""):
    body = {"problem": "Lorry 14 left late", **({"start_cause_id": start} if start else {})}
    return example_view(WHYS, Example("Late", body=body, registers={"cause": CAUSES}))


def table(view):
    return next(b for b in worksheet_blocks(view) if isinstance(b, Grid))


def test_whys_that_begin_with_a_cause_tell_only_the_answers_below_it():
    grid = table(answers("a"))
    told = [line[grid.columns.index("Answer")] for line in grid.rows]
    assert told == ["Orders come until 17:30", "Nobody closes the list", "No rule says who"]
    asked = [line[grid.columns.index("Question")] for line in grid.rows]
    assert asked[0] == asked[1] == "Why: the list changes late?"
    assert asked[2] == "Why: nobody closes the list?"


def test_a_tree_is_told_from_the_top_down():
    shown = rows_shown(answers(), WHYS.section("answers"))
    assert [row.id for row in shown] == ["a", "a2", "a1", "a11", "b"]


def test_a_branch_that_bites_its_tail_is_left_out_and_told_once():
    loop = ({"id": "x", "text": "x", "parent_id": "y"}, {"id": "y", "text": "y", "parent_id": "x"})
    view = example_view(WHYS, Example("Loop", registers={"cause": (*CAUSES, *loop)}))
    assert [row.id for row in rows_shown(view, WHYS.section("answers"))].count("a") == 1


def test_benefits_say_what_finance_decided_and_no_total_of_nothing():
    kind = find("benefits")
    judged = {"2026-05": {"decision": "validated"}, "2026-06": {"decision": "rejected"}}
    lines = (
        {"id": "b", "title": "Less credit", "months": {"2026-05": {"plan": 10.0, "actual": 8.0}, "2026-06": {"actual": 7.0}},
         "month_reviews": judged},
    )  # fmt: skip
    body = {"start_month": "2026-05", "horizon": 2}
    view = example_view(kind, Example("Late", body=body, registers={"benefit_line": lines}))
    grids = {b.title: b for b in worksheet_blocks(view) if isinstance(b, Grid)}
    plan, actual = grids["Plan"], next(g for t, g in grids.items() if t.startswith("Actual"))
    assert plan.rows[0][plan.columns.index("Total")] == "10 EUR"
    assert actual.rows[0][actual.columns.index("Total")] == "8 EUR"  # June was rejected
    assert "validated by finance: May 26; rejected, not counted: Jun 26" in actual.rows[0]
