"""All analyses: one module of `catalog` each, found by its name and imported when needed.

The module of `spc.i_mr` is `catalog/spc_i_mr.py`, and its declaration is named ANALYSIS.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from leanlab.analyses import catalog
from leanlab.analyses.declare import GROUPS, Analysis
from leanlab.core.errors import DataProblem


def _module_of(analysis_id: str) -> str:
    return analysis_id.replace(".", "_", 1)


@cache
def _modules() -> frozenset[str]:
    return frozenset(module.name for module in iter_modules(catalog.__path__))


def _load(module: str) -> Analysis:
    found = import_module(f"leanlab.analyses.catalog.{module}").ANALYSIS
    assert isinstance(found, Analysis)  # noqa: S101 - the module's author forgot it
    return found


@cache
def find(analysis_id: str) -> Analysis:
    """Return an analysis by its id; an unknown one is a DataProblem that lists those there are."""
    module = _module_of(analysis_id)
    if module in _modules():
        found = _load(module)
        if found.id == analysis_id:
            return found
    known = ", ".join(analysis.id for analysis in ANALYSES)
    raise DataProblem(f"There is no analysis named {analysis_id!r}.", hint=f"Known: {known}.")


@cache
def _in_menu_order() -> tuple[Analysis, ...]:
    found = (_load(module) for module in _modules())
    return tuple(sorted(found, key=lambda a: (GROUPS.index(a.group), a.place, a.title)))


class _All(Sequence[Analysis]):
    """The analyses as a sequence that loads its items when they are asked for."""

    def __getitem__(self, index: int) -> Analysis:  # type: ignore[override]
        return _in_menu_order()[index]

    def __len__(self) -> int:
        return len(_modules())

    def __iter__(self) -> Iterator[Analysis]:
        return iter(_in_menu_order())


ANALYSES: Sequence[Analysis] = _All()
