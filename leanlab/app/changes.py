"""Changes of the process: done actions that charts of their metric mark with a dated flag."""

from dataclasses import dataclass

from leanlab.app.session import Session
from leanlab.core.format import coded


@dataclass(frozen=True, slots=True)
class ProcessChange:
    """A change of the process, as a chart flags it and offers it as the reason of a stage."""

    action_id: str
    code: str
    title: str
    day: str  # ISO date on which the action was done
    metric_id: str

    @property
    def reason(self) -> str:
        """What a stage that begins here is called."""
        return coded(self.title, self.code)


def process_changes(session: Session, metric_id: str | None) -> tuple[ProcessChange, ...]:
    """Return the done changes of a metric, the earliest first; those without a metric count for the primary one."""
    primary = {m.id for m in session.records("metric") if m.get("role") == "primary"}
    found = [
        ProcessChange(
            a.id,
            a.code,
            str(a.get("title", "")),
            str(a.get("done_on")),
            str(a.get("metric_id") or ""),
        )
        for a in session.records("action")
        if a.get("process_change")
        and a.get("done_on")
        and a.get("status") in {"done", "verified"}
        and (a.get("metric_id") == metric_id or (not a.get("metric_id") and metric_id in primary))
    ]
    return tuple(sorted(found, key=lambda change: change.day))
