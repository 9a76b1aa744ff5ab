"""All worksheets, in menu order; a module is imported when its worksheet is first needed."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module

from leanlab.core.errors import DataProblem
from leanlab.worksheets.declare import WorksheetType

# id -> module of leanlab.worksheets.catalog and the name of the declaration in it
_WHERE: dict[str, tuple[str, str]] = {
    "charter": ("charter", "CHARTER"),
    "sipoc": ("sipoc", "SIPOC"),
    "stakeholder": ("stakeholder", "STAKEHOLDER"),
    "map": ("process_map", "PROCESS_MAP"),
    "fishbone": ("fishbone", "FISHBONE"),
    "whys": ("whys", "WHYS"),
    "fmea": ("fmea", "FMEA"),
    "impact_effort": ("impact_effort", "IMPACT_EFFORT"),
    "actions": ("actions", "ACTIONS"),
    "newspaper": ("actions", "NEWSPAPER"),
    "takt": ("takt", "TAKT"),
    "controlplan": ("control_plan", "CONTROL_PLAN"),
    "benefits": ("benefits", "BENEFITS"),
    "risk": ("risk", "RISK"),
}


@cache
def find(type_id: str) -> WorksheetType:
    """Return a worksheet type by its id; an unknown one is a DataProblem that lists those there are."""
    if type_id not in _WHERE:
        raise DataProblem(
            f"There is no worksheet named {type_id!r}.", hint="Known: " + ", ".join(_WHERE) + "."
        )
    module, name = _WHERE[type_id]
    found = getattr(import_module(f"leanlab.worksheets.catalog.{module}"), name)
    assert isinstance(found, WorksheetType)  # noqa: S101 - a slip in the table above
    return found


class _ById(Mapping[str, WorksheetType]):
    """The worksheet types by id; each is loaded when it is asked for."""

    def __getitem__(self, type_id: str) -> WorksheetType:
        if type_id not in _WHERE:
            raise KeyError(type_id)
        return find(type_id)

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


BY_ID: Mapping[str, WorksheetType] = _ById()
WORKSHEETS: Collection[WorksheetType] = BY_ID.values()
