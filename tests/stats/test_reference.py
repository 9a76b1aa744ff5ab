"""Every operation against values that we did not compute."""

import json

import pytest

from leanlab.core.resources import resource
from leanlab.validation import ops_spc, ops_tests
from leanlab.validation.compare import compare

OPS = ops_spc.OPS | ops_tests.OPS

CASES = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(resource("reference").glob("*.json"))
    if path.name.rpartition("-")[0] in OPS
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_reference_value_is_met(case):
    assert compare(case, OPS[case["op"]](case["inputs"])).mismatches == []
