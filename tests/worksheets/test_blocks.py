"""What a filled worksheet says in report, help and clipboard."""

import pytest

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


def test_whys_without_a_cause_to_begin_with_show_what_was_asked_here():
    causes = (
        {"id": "f", "text": "Few sorters", "source": "fishbone"},
        {"id": "g", "text": "The list is late", "source": "fishbone"},
        {"id": "g1", "text": "Orders come late", "parent_id": "g", "source": "whys"},
        {"id": "w", "text": "Parcels were reloaded", "source": "whys"},
    )
    view = example_view(WHYS, Example("Late", registers={"cause": causes}))
    assert [r.id for r in rows_shown(view, WHYS.section("answers"))] == ["g", "g1", "w"]
    asked = example_view(
        WHYS, Example("Late", body={"start_cause_id": "f"}, registers={"cause": causes})
    )
    assert rows_shown(asked, WHYS.section("answers")) == ()


def test_a_branch_that_bites_its_tail_is_left_out_and_told_once():
    loop = ({"id": "x", "text": "x", "parent_id": "y"}, {"id": "y", "text": "y", "parent_id": "x"})
    view = example_view(WHYS, Example("Loop", registers={"cause": (*CAUSES, *loop)}))
    assert [row.id for row in rows_shown(view, WHYS.section("answers"))].count("a") == 1


def test_benefits_say_what_finance_decided_and_no_total_of_nothing():
    kind = find("benefits")
    judged = {
        "2026-05": {"decision": "validated", "amount": 8.0},
        "2026-06": {"decision": "rejected"},
    }
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


def computed(view, name):
    return next(c for c in view.type.computed if c.id == name).value(view)


def benefits(costs, actual=6_000.0, rate=0.10):
    months = {f"2026-{m:02}": {"actual": actual} for m in range(1, 13)}
    line = {"id": "b", "title": "Less credit", "benefit_class": "hard", "months": months}
    body = {"start_month": "2026-01", "horizon": 12, "rate": rate}
    rows = {"costs": ({"item": "Machine", "month": "2025-12", "amount": costs},)} if costs else {}
    return example_view(
        find("benefits"), Example("Late", body=body, rows=rows, registers={"benefit_line": (line,)})
    )


def test_benefits_tell_the_usual_figures_of_an_investment():
    """R 4.2.2: uniroot on sum(cf / (1 + r)^(0:12)); cumsum of cf / 1.1^((0:12) / 12)."""
    view = benefits(50_000.0)
    assert computed(view, "payback") == "in Sep 2026, 8.3 months after what was spent before"
    assert (
        computed(view, "payback_discounted")
        == "in Sep 2026, 8.7 months after what was spent before"
    )
    assert computed(view, "irr") == pytest.approx(1.0374894502, rel=1e-8)


def test_figures_of_an_investment_need_a_cost_and_a_sensible_answer():
    free = benefits(0)
    assert [computed(free, n) for n in ("payback", "payback_discounted", "irr")] == ["", "", None]
    small = benefits(100.0)
    assert computed(small, "payback") == "in Jan 2026"
    assert computed(small, "irr") is None, "a rate of millions of percent tells nothing"
    never = benefits(500_000.0)
    assert computed(never, "payback_discounted") == "not within these months"
    assert computed(never, "irr") < 0
