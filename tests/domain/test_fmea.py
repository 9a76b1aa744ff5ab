"""Risk numbers: the table of action priority is monotone and has the known counts."""

from collections import Counter
from itertools import product

from leanlab.domain.fmea import action_priority, risk_number

ALL = range(1, 11)
RANK = {"L": 0, "M": 1, "H": 2}


def test_the_risk_number_is_the_product_of_the_three_ratings():
    assert risk_number(7, 7, 5) == 245
    assert risk_number(7, None, 5) is None


def test_there_are_only_120_different_risk_numbers():
    assert len({risk_number(*r) for r in product(ALL, ALL, ALL)}) == 120


def test_priorities_have_the_known_counts():
    found = Counter(action_priority(*r) for r in product(ALL, ALL, ALL))
    assert found == {"H": 318, "M": 214, "L": 468}


def test_a_worse_rating_never_lowers_the_priority():
    for s, o, d in product(ALL, ALL, ALL):
        here = RANK[action_priority(s, o, d)]
        for worse in ((s + 1, o, d), (s, o + 1, d), (s, o, d + 1)):
            if max(worse) <= 10:
                assert RANK[action_priority(*worse)] >= here


def test_severity_counts_first():
    assert (risk_number(9, 4, 2), action_priority(9, 4, 2)) == (72, "H")
    assert (risk_number(3, 7, 10), action_priority(3, 7, 10)) == (210, "L")


def test_a_missing_rating_has_no_priority():
    assert action_priority(9, None, 2) is None
