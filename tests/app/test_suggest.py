import pytest

from leanlab.analyses.registry import ANALYSES
from leanlab.app.suggest import GOALS, QUESTIONS, SUGGESTIONS, suggestions_that_exist

MOST_QUESTIONS = 3


def ways(name, asked=()):
    """Return every way from a goal to its suggestions."""
    if name not in QUESTIONS:
        return [(name, asked)]
    return [way for a in QUESTIONS[name].answers for way in ways(a.leads_to, (*asked, name))]


@pytest.mark.parametrize("goal", GOALS, ids=lambda g: g.id)
def test_every_goal_ends_in_a_suggestion_after_at_most_three_questions(goal):
    for end, asked in ways(goal.leads_to):
        assert end in SUGGESTIONS
        assert len(asked) <= MOST_QUESTIONS
        assert len(set(asked)) == len(asked)


def test_every_question_and_suggestion_can_be_reached():
    reached = [way for goal in GOALS for way in ways(goal.leads_to)]
    assert {end for end, _ in reached} == set(SUGGESTIONS)
    assert {name for _, asked in reached for name in asked} == set(QUESTIONS)


def test_only_analyses_of_this_version_are_suggested():
    known = frozenset(a.id for a in ANALYSES)
    for one in suggestions_that_exist(known).values():
        assert one.analysis in known
        assert {other.analysis for other in one.others} <= known
        assert one.because.endswith(".")


def test_a_missing_analysis_gives_way_to_the_closest():
    found = suggestions_that_exist(frozenset({"test.t_two_sample_welch"}))
    assert found["s.paired"].analysis == "test.t_two_sample_welch"
    assert "not part of this version" in found["s.paired"].because
    assert "s.pareto" not in found
