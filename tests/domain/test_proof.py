"""A gain that costs something else is not confirmed."""

from datetime import date

import pytest

from leanlab.domain.evidence_view import ProjectView
from leanlab.domain.proof import judged


class Made(dict):
    """A record as the rules see it."""

    @property
    def id(self):
        return self["id"]


def view(primary, *counters, stale=()):
    """Return a project; each counter is (name, verdict), "" for one that was not compared."""
    metrics = [Made(id="y", name="Late orders", role="primary")]
    metrics += [Made(id=f"c{n}", name=name, role="counter") for n, (name, _) in enumerate(counters)]
    said = [("y", primary)] + [(f"c{n}", v) for n, (_, v) in enumerate(counters)]
    said = [(metric, word) for metric, word in said if word]
    kept = {
        "metric": metrics,
        "analysis": [Made(id=f"a{m}", metric_id=m) for m, _ in said],
        "finding": [
            Made(id=f"f{m}", analysis_id="compare.before_after", source_id=f"a{m}",
                 numbers={"verdict": word})
            for m, word in said
        ],
    }  # fmt: skip
    return ProjectView(
        lambda kind: kept.get(kind, []), (), date(2026, 5, 4), known_stale=lambda i: i in stale
    )


def test_a_comparison_whose_data_changed_says_so():
    found = judged(view("confirmed", ("Scrap", "not_shown"), stale={"fy"}))
    assert (found.lowered, found.stale) == (True, True)
    assert "recompute it" in found.why


@pytest.mark.parametrize(
    ("counters", "verdict", "why"),
    [
        ([("Scrap", "not_shown")], "confirmed", ""),
        ([("Scrap", "confirmed")], "confirmed", ""),
        ([("Scrap", "worse")], "promising", "Scrap got worse: the gain is promising at most."),
        ([("Scrap", "not_shown"), ("Returns", "worse")], "promising", "Returns got worse: the gain is promising at most."),
        ([("Scrap", "worse"), ("Returns", "worse")], "promising", "Scrap and Returns got worse: the gain is promising at most."),
        ([("Scrap", "")], "confirmed", "Not compared before and after: Scrap."),
        ([("A", ""), ("B", ""), ("C", "")], "confirmed", "Not compared before and after: A, B and C."),
        ([], "confirmed", ""),
    ],
)  # fmt: skip
def test_confirmed_only_while_no_counter_metric_is_worse(counters, verdict, why):
    found = judged(view("confirmed", *counters))
    assert (found.verdict, found.why, found.lowered) == (verdict, why, verdict != "confirmed")


@pytest.mark.parametrize("own", ["too_early", "not_shown", "worse", ""])
def test_what_is_not_shown_is_not_lowered_further(own):
    assert judged(view(own, ("Scrap", "worse"))).verdict == own


def test_a_promising_gain_that_costs_something_else_is_no_good_sign():
    found = judged(view("promising", ("Scrap", "worse")))
    assert (found.verdict, found.lowered) == ("promising", True)
    assert judged(view("promising", ("Scrap", ""))).why == ""


@pytest.mark.parametrize(
    ("sheet", "column", "found"),
    [("s1", "c2", True), ("s1", "c3", False), ("s2", "c2", False)],
)
def test_a_comparison_of_the_column_of_a_metric_is_one_of_the_metric(sheet, column, found):
    kept = {
        "metric": [Made(id="y", role="primary", binding={"sheet_id": "s1", "value": "c2"})],
        "analysis": [Made(id="a", sheet_id=sheet, roles={"value": [column]})],
        "finding": [Made(id="f", analysis_id="compare.before_after", source_id="a")],
    }
    seen = ProjectView(lambda kind: kept.get(kind, []), (), date(2026, 5, 4))
    assert (seen.proof(seen.metric("primary")) is not None) == found
