"""The map from operations to functions."""

import ast
from pathlib import Path

import leanlab.validation
from leanlab.validation.operations import operations


def test_every_operation_has_a_family_and_a_function():
    found = operations()
    assert len(found) == 141
    assert all(name.count(".") == 1 and callable(function) for name, function in found.items())


def test_no_operation_is_claimed_twice():
    names = []
    for path in Path(leanlab.validation.__path__[0]).glob("ops_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys = [k.value for k in node.keys if isinstance(k, ast.Constant)]
                names += [k for k in keys if isinstance(k, str) and k in operations()]
    assert sorted(names) == sorted(set(names))
