"""Cases with other data and options than the shipped ones, answered by R 4.2.2.

`second_opinion.json` holds random samples (ties, gaps, stages, unequal sizes, one-sided questions)
of 114 operations. Its answers come from R's own functions (stats, survival, MASS, nortest, spc) or,
where R has none, from the formula of the textbook written in R.
"""

import json
from pathlib import Path

import pytest

from leanlab.validation.compare import compare
from leanlab.validation.operations import operations

CASES = json.loads(Path(__file__).with_name("second_opinion.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_r_agrees(case):
    assert compare(case, operations()[case["op"]](case["inputs"])).mismatches == []
