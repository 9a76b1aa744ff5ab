"""Every operation against values that we did not compute."""

import json

import pytest

from leanlab.core.resources import resource
from leanlab.validation.compare import compare
from leanlab.validation.operations import operations

CASES = [
    case
    for path in sorted(resource("reference").glob("*.json"))
    if (case := json.loads(path.read_text(encoding="utf-8")))["op"] in operations()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_reference_value_is_met(case):
    assert compare(case, operations()[case["op"]](case["inputs"])).mismatches == []
