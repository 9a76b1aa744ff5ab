"""The linter shows words and reasons; plain facts pass."""

import pytest

from leanlab.domain.linter import doubts, vague_words

RULES = ("cause", "solution", "blame", "two_problems")


def found(text, **more):
    return {d.rule: d.words for d in doubts(text, RULES, **more)}


def test_plain_facts_pass():
    assert found("From January to April 12.4 % of the evening lorries left late.") == {}


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("Late because the list changes", "cause", ("because",)),
        ("Errors caused by old scanners", "cause", ("caused by",)),
        ("We need to install a sorter", "solution", ("need to", "install")),
        ("Lack of training at gate 4", "solution", ("Lack of training",)),
        ("Operator error at loading", "blame", ("Operator error",)),
        ("Late departures and also damage", "two_problems", ("and also",)),
    ],
)
def test_doubtful_words_are_quoted(text, rule, words):
    assert found(text)[rule] == words


def test_parts_of_words_do_not_count():
    assert found("The installer's shoulder, a becauselike word and bloodless lists") == {}


def test_names_of_people_count_where_the_project_knows_them():
    (doubt,) = doubts("Parcels that J. Moreau sorts", ("person",), people=("J. Moreau",))
    assert doubt.words == ("J. Moreau",)
    assert "step" in doubt.reason


def test_vague_words_pass_beside_a_number():
    assert vague_words("Many lorries leave late").words == ("Many",)
    assert vague_words("Many lorries, 12 %, leave late") is None
