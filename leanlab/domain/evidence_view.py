"""What the rules may know of a project: a read-only snapshot of its records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

STUDIES = "msa."
CHARTS = ("spc.",)
BEFORE_AFTER = "compare.before_after"


class Entry(Protocol):
    """One record, as the rules see it."""

    @property
    def id(self) -> str:
        """Its id."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value of the record."""


def _unknown_day(_record_id: str) -> date | None:
    return None


def _never(_record_id: str) -> bool:
    return False


def _reads_column_of(analysis: Any, metric: Any) -> bool:
    bound, roles = metric.get("binding"), analysis.get("roles")
    if not isinstance(bound, Mapping) or not isinstance(roles, Mapping):
        return False
    same = bound.get("sheet_id") == analysis.get("sheet_id")
    return bool(same and bound.get("value") and bound.get("value") in (roles.get("value") or ()))


@dataclass(frozen=True, slots=True)
class ProjectView:
    """What the rules may know of a project: values only.

    `last_data_day` and `first_day_after` tell the days of the data behind a saved result,
    `out_of_date` whether its data changed since; they look at data sheets and cost time.
    `known_stale` says the same as far as that is known or told in a blink, else no.
    """

    records: Callable[[str], Sequence[Any]]
    links: Sequence[Any]
    today: date
    last_data_day: Callable[[str], date | None] = _unknown_day
    first_day_after: Callable[[str], date | None] = _unknown_day
    out_of_date: Callable[[str], bool] = _never
    known_stale: Callable[[str], bool] = _never

    def linked(self, from_id: str, verb: str) -> list[str]:
        """Return the ids that a record points to."""
        return [link.to_id for link in self.links if link.from_id == from_id and link.verb == verb]

    def linking(self, to_id: str, verb: str) -> list[str]:
        """Return the ids of the records that point to a record."""
        return [link.from_id for link in self.links if link.to_id == to_id and link.verb == verb]

    def metric(self, role: str) -> Any | None:
        """Return the first metric with a role: primary or counter."""
        return next((m for m in self.records("metric") if m.get("role") == role), None)

    def worksheet(self, type_id: str) -> Mapping[str, Any]:
        """Return the body of the first worksheet of a type."""
        found = self.worksheet_record(type_id)
        return found.get("body") or {} if found else {}

    def worksheet_record(self, type_id: str) -> Any | None:
        """Return the first worksheet of a type."""
        return next((w for w in self.records("worksheet") if w.get("type_id") == type_id), None)

    def rows(self, type_id: str, section: str = "") -> list[Mapping[str, Any]]:
        """Return the bodies of the rows of a worksheet, or of one of its sections."""
        found = self.worksheet_record(type_id)
        if found is None:
            return []
        return [
            r.get("body") or {}
            for r in self.records("worksheet_row")
            if r.get("worksheet_id") == found.id and (not section or r.get("section") == section)
        ]

    def with_status(self, kind: str, *status: str) -> list[Any]:
        """Return records of a kind whose status is one of these."""
        return [r for r in self.records(kind) if r.get("status") in status]

    def results(self, *prefixes: str) -> list[Any]:
        """Return the saved results of analyses whose id begins so, the newest last."""
        return [
            f for f in self.records("finding") if str(f.get("analysis_id", "")).startswith(prefixes)
        ]

    def metric_of(self, finding: Any) -> str:
        """Return the id of the metric that a saved result is about.

        An analysis reads a metric, or the very column that a metric is tied to.
        """
        source = str(finding.get("source_id", ""))
        found = next((a for a in self.records("analysis") if a.id == source), None)
        if found is None or found.get("metric_id"):
            return str(found.get("metric_id")) if found else ""
        return next((m.id for m in self.records("metric") if _reads_column_of(found, m)), "")

    def proof(self, metric: Any | None) -> Any | None:
        """Return the newest saved before/after comparison of a metric."""
        if metric is None:
            return None
        proofs = [f for f in self.results(BEFORE_AFTER) if self.metric_of(f) == metric.id]
        return proofs[-1] if proofs else None

    def baseline(self) -> Any | None:
        """Return the saved chart on which the baseline of the primary metric rests."""
        metric = self.metric("primary")
        if metric is None:
            return None
        named = set(self.linked(metric.id, "baseline"))
        charts = self.results(*CHARTS)
        return next((f for f in reversed(charts) if f.id in named), None) or next(
            (f for f in charts if self.metric_of(f) in {metric.id, ""}), None
        )

    def waiver(self, rule: str, about_id: str = "") -> Any | None:
        """Return the reason for which a rule was set aside, for one record or for all."""
        return next(
            (
                w
                for w in self.records("waiver")
                if w.get("rule") == rule and str(w.get("about_id") or "") in {about_id, ""}
            ),
            None,
        )


def verdict_level(finding: Any | None) -> str:
    """Return the level of a saved result's first sentence: good, warning, bad or info."""
    lines = finding.get("findings") or [] if finding is not None else []
    return str(lines[0].get("level", "info")) if lines else ""


def verdict(finding: Any | None) -> str:
    """Return the first sentence of a saved result."""
    lines = finding.get("findings") or [] if finding is not None else []
    return str(lines[0].get("text", "")) if lines else ""


def number(finding: Any, *names: str) -> float | None:
    """Return the first of these numbers that a saved result has."""
    numbers = finding.get("numbers") or {}
    for name in names:
        value = numbers.get(name)
        if isinstance(value, int | float):
            return float(value)
    return None


def has_evidence(view: ProjectView, cause: Any) -> bool:
    """Whether a cause has a linked saved result or a written observation."""
    return bool(view.linked(cause.id, "evidence") or str(cause.get("evidence") or "").strip())


def addressed(view: ProjectView, cause: Any) -> bool:
    """Whether a solution or an action addresses a cause, or a reason says why not."""
    return bool(view.linking(cause.id, "addresses") or str(cause.get("accepted") or "").strip())


def waiting(action: Any) -> bool:
    """Whether an action is still to be done."""
    return action.get("status", "open") not in {"done", "verified", "cancelled"}


def filled(body: Mapping[str, Any], *names: str) -> bool:
    """Whether all of these fields hold something."""
    return all(str(body.get(name) or "").strip() for name in names)
