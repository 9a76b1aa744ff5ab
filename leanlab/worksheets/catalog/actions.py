"""The action register, and the kaizen newspaper as a view of it."""

from datetime import date, timedelta

from leanlab.domain.registers import ACTION_KINDS, ACTION_STATUS, due_words, is_late, is_open
from leanlab.worksheets.checking import each, when
from leanlab.worksheets.declare import (
    Check,
    Computed,
    Example,
    Field,
    Filter,
    Row,
    Section,
    View,
    WorksheetType,
)

_TOO_LATE = 0.3
_DAYS = 30


def late(row: Row, view: View) -> bool:
    """Whether an action is open after its date."""
    return is_late(row.text("status"), row.text("due") or None, view.today)


def _due(row: Row, view: View) -> str:
    return due_words(row.text("status"), row.text("due") or None, view.today)


def _level(value: object) -> str:
    return "problem" if str(value).endswith("late") else "attention" if str(value) else ""


def _done_share(section: str) -> Computed:
    def share(view: View) -> float | None:
        rows = [r for r in view.all(section) if r.text("status") != "cancelled"]
        return sum(not is_open(r.text("status")) for r in rows) / len(rows) if rows else None

    return Computed("done", "Done", share, "pct")


def _late_share(section: str) -> Computed:
    return Computed("late", "Overdue", lambda v: sum(late(r, v) for r in v.all(section)), "int")


def _many_late(view: View) -> bool:
    rows = [r for r in view.all("actions") if is_open(r.text("status"))]
    return bool(rows) and sum(late(r, view) for r in rows) / len(rows) > _TOO_LATE


def _bare(row: Row, _view: View) -> bool:
    return is_open(row.text("status")) and not (row.text("owner") and row.text("due"))


def _no_metric(row: Row, _view: View) -> bool:
    return bool(row.get("process_change")) and not row.get("metric_id")


def _unproven(row: Row, _view: View) -> bool:
    return row.text("status") == "verified" and not row.text("note") and not row.text("verified_by")


_STATUS = Field(id="status", label="Status", type="enum", choices=ACTION_STATUS, width=105)
_OWNER = Field(id="owner", label="Owner", type="person", width=120)
_WHEN = Field(id="due", label="Due", type="date", width=105)
_CHANGE = Field(id="process_change", label="Process change", type="bool", width=115,
                help="When it is done, charts of its metric show a dated flag and offer a new stage.")  # fmt: skip
_METRIC = Field(
    id="metric_id",
    label="Metric",
    type="metric",
    width=140,
    help="The metric that the change should move.",
)
_FILTERS = (
    Filter("open", "Open", lambda r, _v: is_open(r.text("status"))),
    Filter("late", "Overdue", late),
    Filter("kaizen", "Kaizen newspaper", lambda r, _v: r.text("kind") == "kaizen"),
    Filter("change", "Process changes", lambda r, _v: bool(r.get("process_change"))),
    Filter("unowned", "Without owner or date", _bare),
)  # fmt: skip
_EXAMPLE_ACTIONS = (
    {"id": "a1", "title": "Freeze the loading list at 17:00", "owner": "T. Lind", "due": "2026-05-29", "status": "open",
     "kind": "improvement", "process_change": 1, "metric_id": "y"},
    {"id": "a2", "title": "Draw a plan of gates for the evening", "owner": "S. Haddad", "due": "2026-06-12", "status": "in progress",
     "kind": "improvement"},
    {"id": "a3", "title": "Tell the customers about the new order time", "owner": "M. Okafor", "due": "2026-04-24", "status": "verified",
     "done_on": "2026-04-22", "note": "Letter sent to 214 customers", "verified_by": "T. Lind", "progress": 100},
)  # fmt: skip

ACTIONS = WorksheetType(
    id="actions", version=1, title="Actions", phases="DMAIC", archetype="grid", landscape=True,
    question="Who does what by when?",
    also_called=("action list", "action plan", "implementation plan", "to-do list", "task"),
    sections=(
        Section(
            id="actions", title="Actions", repeats=True, register="action", row_word="action", new={"status": "open"},
            blank="No actions yet. Ctrl+Shift+N adds one from anywhere.", filters=_FILTERS,
            fields=(
                Field(id="title", label="Action", required=True, width=300, example="Freeze the loading list at 17:00"),
                _OWNER, _WHEN, _STATUS,
                Field(id="due_words", label="Time left", type="calc", value=_due, level=_level, width=100),
                Field(id="kind", label="Comes from", type="enum", choices=ACTION_KINDS, width=130),
                _CHANGE, _METRIC,
                Field(id="done_on", label="Done on", type="date", width=105),
                Field(id="causes", label="Against cause", type="cause", link="addresses", width=200),
                Field(id="verified_by", label="Verified by", type="person", width=120),
                Field(id="note", label="Note or proof", type="long", width=240),
            ),
        ),
    ),
    computed=(
        Computed("open", "Open", lambda v: sum(is_open(r.text("status")) for r in v.all("actions")), "int"),
        _late_share("actions"), _done_share("actions"),
    ),
    checks=(
        Check("IM-01", "must", "Open actions have owner and date",
              each("actions", _bare, "{row}: owner or date is missing.", field="owner")),
        Check("IM-02", "should", "Few actions are late",
              when(_many_late, "More than 30 % of the open actions are late: move dates or drop actions.", section="actions")),
        Check("IM-04", "should", "Verified actions have proof",
              each("actions", _unproven, "{row}: write who verified it, or what proves it.", field="note")),
        Check("IM-05", "should", "A change of the process names its metric",
              each("actions", _no_metric, "{row} changes the process: which metric should move?", field="metric_id")),
    ),
    example=Example(
        title="Late departures",
        registers={"action": _EXAMPLE_ACTIONS, "metric": ({"id": "y", "name": "Late departures", "role": "primary"},)},
    ),
)  # fmt: skip


def _event_end(view: View) -> date | None:
    return view.day("event_end")


def _far(row: Row, view: View) -> bool:
    end = _event_end(view)
    return bool(
        end and row.text("due") and row.text("due") > (end + timedelta(days=_DAYS)).isoformat()
    )


def _late_at_45(view: View) -> bool:
    end = _event_end(view)
    many = sum(late(r, view) for r in view.all("items")) > 5  # noqa: PLR2004
    return bool(end and (view.today - end).days >= 45 and many)  # noqa: PLR2004


def _since(view: View) -> int | None:
    end = _event_end(view)
    return (view.today - end).days if end and end <= view.today else None


NEWSPAPER = WorksheetType(
    id="newspaper", version=1, title="Kaizen newspaper", phases="I", archetype="grid",
    question="What is still to be done within 30 days after the event, and who does it?",
    also_called=("30-day list", "kaizen action list"),
    sections=(
        Section(id="event", title="Event", fields=(Field(id="event_end", label="Event ended on", type="date", required=True),)),
        Section(
            id="items", title="Open points", repeats=True, register="action", row_word="point",
            where=lambda r: r.get("kind") == "kaizen", new={"kind": "kaizen", "status": "open", "progress": 0},
            blank="Write down what could not be finished during the event.",
            filters=_FILTERS[:2],
            fields=(
                Field(id="issue", label="Issue", width=220, example="Labels run out during the shift"),
                Field(id="title", label="Action", required=True, width=260, example="Second roll at every printer"),
                _OWNER, _WHEN,
                Field(id="progress", label="Progress", type="enum", width=95,
                      choices={"0": "○ 0 %", "25": "◔ 25 %", "50": "◑ 50 %", "75": "◕ 75 %", "100": "● 100 %"}),
                Field(id="due_words", label="Time left", type="calc", value=_due, level=_level, width=100),
                _CHANGE, _METRIC,
                Field(id="verified_by", label="Verified by", type="person", width=120),
                Field(id="note", label="Note", width=220),
            ),
        ),
    ),
    computed=(
        Computed("since", "Days since the event", _since, "int"),
        _late_share("items"), _done_share("items"),
    ),
    checks=(
        Check("KN-01", "must", "Every point has owner and date", each("items", _bare, "{row}: owner or date is missing.", field="owner")),
        Check("KN-02", "should", "Everything is due within 30 days", each("items", _far, "{row} is due more than 30 days after the event.", field="due")),
        Check("KN-03", "should", "The list is worked off", when(_late_at_45, "More than five points are late 45 days after the event.", section="items")),
    ),
    example=Example(
        title="Changeover of line 3",
        body={"event_end": "2026-04-24"},
        registers={
            "action": (
                {"id": "k1", "issue": "Tools are fetched one by one", "title": "Trolley with all tools of the format", "kind": "kaizen",
                 "owner": "B. Weber", "due": "2026-05-15", "status": "in progress", "progress": 50},
                {"id": "k2", "issue": "First bottles are waste", "title": "Mark the setting of the guide rails", "kind": "kaizen",
                 "owner": "L. Costa", "due": "2026-05-08", "status": "done", "progress": 100, "done_on": "2026-05-01",
                 "process_change": 1, "metric_id": "m", "verified_by": "B. Weber"},
            ),
            "metric": ({"id": "m", "name": "Changeover time"},),
        },
    ),
)  # fmt: skip
