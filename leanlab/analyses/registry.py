"""All analyses, in menu order; a module is imported when its analysis is first needed."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module

from leanlab.analyses.declare import Analysis
from leanlab.core.errors import DataProblem

# id -> module of leanlab.analyses.catalog and the name of the declaration in it
_WHERE: dict[str, tuple[str, str]] = {
    "spc.run_chart": ("run_chart", "RUN_CHART"),
    "spc.i_mr": ("i_mr", "I_MR"),
    "spc.xbar_r": ("xbar", "XBAR_R"),
    "spc.xbar_s": ("xbar", "XBAR_S"),
    "spc.p": ("p_chart", "P"),
    "quality.pareto": ("pareto", "PARETO"),
}


@cache
def find(analysis_id: str) -> Analysis:
    """Return an analysis by its id; an unknown one is a DataProblem that lists those there are."""
    if analysis_id not in _WHERE:
        raise DataProblem(
            f"There is no analysis named {analysis_id!r}.", hint="Known: " + ", ".join(_WHERE) + "."
        )
    module, name = _WHERE[analysis_id]
    found = getattr(import_module(f"leanlab.analyses.catalog.{module}"), name)
    assert isinstance(found, Analysis)  # noqa: S101 - a slip in the table above
    return found


class _All(Sequence[Analysis]):
    """The analyses as a sequence that loads its items when they are asked for."""

    def __getitem__(self, index: int) -> Analysis:  # type: ignore[override]
        return find(list(_WHERE)[index])

    def __len__(self) -> int:
        return len(_WHERE)

    def __iter__(self) -> Iterator[Analysis]:
        return (find(name) for name in _WHERE)


ANALYSES: Sequence[Analysis] = _All()
