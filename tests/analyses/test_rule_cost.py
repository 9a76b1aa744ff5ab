import re

import pytest

from leanlab.analyses.rules import cost_words


@pytest.mark.parametrize(
    ("name", "arl", "tolerance"),
    [
        ("beyond", 370.4, 0.5),  # 1 / (2 Phi(-3)), any textbook
        ("western_electric", 91.75, 0.5),  # Champ and Woodall 1987
    ],
)
def test_the_cost_is_that_of_the_literature(name, arl, tolerance):
    told = re.search(r"every ([\d\u202f]+) points", cost_words(name, 3.0, 50))
    assert float(told[1].replace("\u202f", "")) == pytest.approx(arl, abs=tolerance)


def test_narrower_limits_cost_more():
    assert "every 22 points" in cost_words("beyond", 2.0, 50)  # 1 / (2 Phi(-2)) = 21.98
