"""Which page shows which place: by name, by kind of record."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from leanlab.ui.pages.base import Page

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

# place -> module of leanlab.ui and class; phases carry the phase's id: "phase:measure"
_PLACES: Mapping[str, tuple[str, str]] = {
    "home": ("pages.home", "HomePage"),
    "data": ("pages.sheets", "SheetsPage"),
    "analyses": ("pages.analyses", "AnalysesPage"),
    "actions": ("pages.actions", "ActionsPage"),
    "report": ("pages.report", "ReportPage"),
    "card": ("portfolio.card_page", "CardPage"),
}
_KINDS: Mapping[str, tuple[str, str]] = {
    "sheet": ("pages.data", "DataPage"),
    "analysis": ("pages.analysis", "AnalysisPage"),
    "finding": ("pages.finding", "FindingPage"),
    "worksheet": ("worksheets.page", "WorksheetPage"),
}
# records that are rows of a register are shown where the register is
REGISTERS: Mapping[str, str] = {
    "action": "actions", "cause": "worksheet:fishbone", "solution": "worksheet:impact_effort",
    "risk": "worksheet:risk", "control_item": "worksheet:controlplan", "process_step": "worksheet:map",
    "benefit_line": "worksheet:benefits", "person": "worksheet:charter", "metric": "metric:",
    "gate": "phase:", "worksheet_row": "worksheet_row:",
}  # fmt: skip


def make(window: "MainWindow", target: str) -> Page | None:
    """Return a new page for a place; None when there is no such place (any more)."""
    if target.startswith("phase:"):
        page: Page = _page_type("pages.phase", "PhasePage")(window, target.partition(":")[2])
        return page
    if target.startswith("gate:"):
        gate: Page = _page_type("pages.gate", "GatePage")(window, target.partition(":")[2])
        return gate
    if target in _PLACES:
        made: Page = _page_type(*_PLACES[target])(window)
        return made
    kind = window.project.kind_of(target) or ""
    if kind not in _KINDS:
        return None
    shown: Page = _page_type(*_KINDS[kind])(window, target)
    return shown


def _page_type(module: str, name: str) -> Callable[..., Page]:
    found: Callable[..., Page] = getattr(import_module(f"leanlab.ui.{module}"), name)
    return found
