"""Every operation against values that we did not compute."""

import json

import pytest

from leanlab.core.resources import resource
from leanlab.validation.compare import compare
from leanlab.validation.operations import operations

CASES = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(resource("reference").glob("*.json"))
]


def test_every_operation_of_the_cases_has_a_function():
    assert {case["op"] for case in CASES} - set(operations()) == set()
    assert len({case["op"] for case in CASES}) >= 141


def test_every_function_has_a_case():
    assert set(operations()) - {case["op"] for case in CASES} == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_reference_value_is_met(case):
    assert compare(case, operations()[case["op"]](case["inputs"])).mismatches == []
