"""What the docstrings promise holds: examples run, and imports stay light."""

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import leanlab.stats
from leanlab.validation.operations import operations

MODULES = sorted(
    module.name for module in pkgutil.walk_packages(leanlab.stats.__path__, "leanlab.stats.")
)
HEAVY = ("scipy", "statsmodels", "pandas", "matplotlib")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_say(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_no_module_of_statistics_imports_more_than_numpy():
    """scipy, statsmodels and pandas come when the first function needs them."""
    code = (
        f"import sys, importlib\nfor name in {MODULES!r}: importlib.import_module(name)\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def public_functions():
    """Yield the functions that the operations of the reference cases go through."""
    from leanlab.stats import (
        capability,
        conventions,
        descriptive,
        distributions,
        normality,
        outliers,
        reliability,
        sampling,
        tolerance,
    )

    for module in (capability, conventions, descriptive, distributions, normality, outliers,
                   reliability, sampling, tolerance):  # fmt: skip
        names = getattr(module, "__all__", None) or [n for n in vars(module) if n[0] != "_"]
        for name in names:
            found = getattr(module, name)
            if inspect.isfunction(found) and found.__module__.startswith(module.__name__):
                yield pytest.param(found, id=f"{module.__name__}.{name}")


@pytest.mark.parametrize("function", list(public_functions()))
def test_every_public_function_has_an_example(function):
    assert ">>>" in (inspect.getdoc(function) or "")


PAGE = Path(leanlab.__file__).parents[1] / "docs" / "statistics.md"


def test_the_session_on_top_of_the_page_gives_what_it_says():
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert result.attempted == 9
    assert result.failed == 0


def test_every_operation_is_on_the_page():
    named = re.findall(r"`([a-z0-9]+\.[a-z0-9_]+)`", PAGE.read_text(encoding="utf-8"))
    assert set(operations()) - set(named) == set()


def test_every_row_of_the_page_names_an_operation():
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    for row in rows:
        first, definition, _ = (cell.strip() for cell in row.strip("|").split("|"))
        assert set(re.findall(r"`([^`]+)`", first)) <= set(operations())
        assert definition
    assert len(rows) > 80
