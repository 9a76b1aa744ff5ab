"""Short verbs for telling a finished project; the days count back from the last Sunday."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from leanlab.app import refresh, roadmap
from leanlab.app.importing import add_table
from leanlab.app.metrics import chart_metric, series_of
from leanlab.app.results import keep, save_result
from leanlab.app.session import Session
from leanlab.app.stored import add_analysis
from leanlab.core import clock
from leanlab.core.resources import resource
from leanlab.data.csv_text import parse
from leanlab.data.table import Settings

REFERENCE = date(2026, 1, 4)  # the last day in the files of resources/samples
SUNDAY = 6


def last_sunday() -> date:
    """Return the Sunday before today: the end of the last full week."""
    today = clock.today()
    return today - timedelta(days=(today.weekday() - SUNDAY) % 7 or 7)


class Story:
    """A project being told, from its first day to its last."""

    def __init__(self, path: Path, *, name: str, kind: str, author: str, began: int) -> None:
        self.end = last_sunday()
        self.opened = clock.today()
        self.phase = ""
        with self.on(began):
            self.session = Session.create(path, name=name, kind=kind, author=author)

    def __enter__(self) -> "Story":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:  # nobody else could close it
            self.session.close()

    # days ----------------------------------------------------------------------------------

    def date(self, back: int) -> date:
        """Return the day so many days before the last Sunday (negative: after it)."""
        return self.end - timedelta(days=back)

    def day(self, back: int) -> str:
        """Return a day as text."""
        return self.date(back).isoformat()

    def yesterday(self) -> str:
        """Return the day before the opening as text."""
        return (self.opened - timedelta(days=1)).isoformat()

    def month(self, back: int) -> str:
        """Return the month so many months before the month of the last Sunday."""
        months = self.end.year * 12 + self.end.month - 1 - back
        return f"{months // 12}-{months % 12 + 1:02}"

    @contextmanager
    def on(self, back: int) -> Iterator[None]:
        """Do everything inside as if it were done on that day."""
        with clock.told(datetime.combine(self.date(back), time(9, 30), tzinfo=UTC)):
            yield

    # records -------------------------------------------------------------------------------

    def add(self, kind: str, **values: Any) -> str:
        """Add a record."""
        return self.session.add(kind, values)

    def team(self, *people: tuple[str, str, str]) -> None:
        """Name the people: name, role, department."""
        for name, role, team in people:
            initials = "".join(part[0] for part in name.split())
            self.add("person", name=name, role=role, team=team, initials=initials)

    def cause(self, text: str, branch: str, status: str, *, parent: str = "", **values: Any) -> str:
        """Add a cause."""
        number = len(self.session.records("cause")) + 1
        record = {"text": text, "branch": branch, "status": status, "pos": float(number), **values}
        if parent:
            record["parent_id"] = parent
        return self.session.add("cause", record)

    def solution(
        self, title: str, impact: int, effort: int, status: str, *causes: str, **more: Any
    ) -> str:
        """Add a solution and link the causes it addresses."""
        record = self.add(
            "solution", title=title, impact=impact, effort=effort, status=status, **more
        )
        for cause in causes:
            self.session.link(record, "addresses", cause)
        return record

    def action(
        self, title: str, owner: str, due: int, done: int | None = None, *causes: str, **more: Any
    ) -> str:
        """Add an action with days counted back; one with `done` is done."""
        values: dict[str, Any] = {"title": title, "owner": owner, "due": self.day(due), **more}
        values["status"] = "open" if done is None else more.get("status", "done")
        if done is not None:
            values["done_on"] = self.day(done)
        record = self.session.add("action", values)
        for cause in causes:
            self.session.link(record, "addresses", cause)
        return record

    def steps(self, names: Sequence[tuple[str, str, str, str]]) -> None:
        """Add the steps of the process, each leading to the next: name, lane, type, value."""
        ids = [
            self.add("process_step", name=name, lane=lane, step_type=kind, value_added=value, in_sipoc=1, pos=float(at))
            for at, (name, lane, kind, value) in enumerate(names, start=1)
        ]  # fmt: skip
        for here, there in pairwise(ids):
            self.session.edit(here, {"next": [{"to": there}]}, label="Connect steps")

    def benefit_plan(self, title: str, kind: str, line: str, monthly: float, *, owner: str) -> None:
        """Plan a benefit for twelve months from this one on."""
        months = {self.month(-i): {"plan": monthly} for i in range(12)}
        self.add("benefit_line", title=title, benefit_class=kind, recurring=1, unit="EUR", pl_line=line, driver="rate",
                 owner=owner, state="estimated", months=months, note="Overfill x bottles a month x price of the product.")  # fmt: skip

    def benefits(self, metric: str, finance: str, on: str, *, actual: Sequence[float]) -> None:
        """Forecast the planned benefit, count its first months, have finance confirm it."""
        line = self.session.records("benefit_line")[0]
        months = {
            m: {**v, "forecast": round(0.92 * v["plan"])} for m, v in line.values["months"].items()
        }
        for month, value in zip(months, actual, strict=False):
            months[month]["actual"] = value
        values = {
            "months": months,
            "metric_id": metric,
            "state": "validated",
            "validated_by": finance,
            "validated_on": on,
        }
        self.session.edit(line.id, values, label="Confirm the benefit")
        frame = {
            "start_month": next(iter(months)),
            "horizon": 12,
            "rate": 0.08,
            "price_year": f"{self.end.year}, EUR",
        }
        self.worksheet("benefits", frame)

    def rate_again(self, after: Sequence[tuple[str, int, int]], *, severity: int) -> None:
        """Rate the rows of the FMEA again: action, occurrence, detection."""
        fmea = next(w.id for w in self.session.records("worksheet") if w.get("type_id") == "fmea")
        rows = [r for r in self.session.records("worksheet_row") if r.get("worksheet_id") == fmea]
        for row, (action, occurrence, detection) in zip(rows, after, strict=True):
            rating = {"severity2": severity, "occurrence2": occurrence, "detection2": detection}
            body = {**row.values["body"], "action_id": action, **rating}
            self.session.edit(row.id, {"body": body}, label="Rate the risk again")

    def worksheet(
        self,
        type_id: str,
        body: Mapping[str, Any] | None = None,
        *,
        rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        status: str = "ready",
    ) -> str:
        """Fill a worksheet of the phase that is being told."""
        from leanlab.worksheets.registry import BY_ID

        kind = BY_ID[type_id]
        values = {
            "type_id": type_id, "version": kind.version, "title": kind.title, "phase": self.phase,
            "status": status, "body": dict(body or {}),
        }  # fmt: skip
        with self.session.step(f"Fill {kind.title}"):
            record = self.session.add("worksheet", values)
            for section, lines in (rows or {}).items():
                self.rows(record, section, lines)
        return record

    def rows(self, worksheet: str, section: str, lines: Sequence[Mapping[str, Any]]) -> None:
        """Add rows to a section of a worksheet."""
        for at, line in enumerate(lines, start=1):
            row = {
                "worksheet_id": worksheet,
                "section": section,
                "pos": float(at),
                "body": dict(line),
            }
            self.session.add("worksheet_row", row)

    # data ----------------------------------------------------------------------------------

    def table(
        self,
        name: str,
        *,
        dates: Sequence[str] = (),
        keep: Callable[[Mapping[str, str]], bool] = lambda _row: True,
        pattern: str = "%Y-%m-%d",
        delimiter: str = ",",
    ) -> bytes:
        """Return a file of the samples with its dates moved to the time of the story."""
        shift = timedelta(days=(self.end - REFERENCE).days)
        text = resource(f"samples/{name}").read_text("utf-8")
        reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
        out = io.StringIO()
        writer = csv.DictWriter(
            out, reader.fieldnames or [], delimiter=delimiter, lineterminator="\n"
        )
        writer.writeheader()
        length = len(datetime(2026, 1, 1).strftime(pattern))  # noqa: DTZ001 - data have no zone
        for row in reader:
            if keep(row):
                for column in dates:
                    row[column] = _moved(row[column], shift, pattern, length)
                writer.writerow(row)
        return out.getvalue().encode()

    def sheet(self, title: str, file_name: str, content: bytes, **settings: Any) -> str:
        """Import a file as a data sheet."""
        table = parse(content, Settings(**settings))
        return add_table(
            self.session, table, title=title, file_name=file_name, kept=(file_name, content)
        )

    def bind(self, sheet_id: str, column: str, metric_id: str) -> None:
        """Tie a column to its metric."""
        found = self.session.sheet(sheet_id).named(column)
        self.session.edit_column(sheet_id, found.id, metric_id=metric_id)

    def repair(self, sheet_id: str, column: str, words: Mapping[str, str]) -> None:
        """Correct the spelling of words in a column, as find and replace does."""
        info = self.session.sheet(sheet_id).named(column)
        values = self.session.column(sheet_id, info.id)
        rows = self.session.row_ids(sheet_id)
        cells = [
            (int(row), info.id, words[value])
            for row, value in zip(rows, values, strict=True)
            if value in words
        ]
        label = f"Correct the spelling of {column}: {len(cells)} cells"
        self.session.set_cells(sheet_id, cells, label=label)

    def repair_bad(self, sheet_id: str, column: str, words: Mapping[str, str], why: str) -> None:
        """Type cells again that did not fit their column."""
        info = self.session.sheet(sheet_id).named(column)
        for (row, where), raw in self.session.bad_cells(sheet_id).items():
            if where == info.id and raw in words:
                self.session.set_cells(
                    sheet_id, [(row, where, words[raw])], label=f"Correct {raw}: {why}"
                )

    def newer(self, sheet_id: str, file_name: str, content: bytes, key: str = "") -> None:
        """Add the rows of a newer file that are not there yet, told apart by a key column."""
        sheet = self.session.sheet(sheet_id)
        table = parse(content, refresh.settings_for(self.session, sheet_id))
        keys = (sheet.named(key).id,) if key else ()
        found = refresh.plan(self.session, sheet_id, table, keys=keys, mode="add")
        wishes = refresh.Wishes(update=False, add_duplicates=not key)
        refresh.carry_out(
            self.session, found, wishes, file_name=file_name, kept=(file_name, content)
        )

    # analyses ------------------------------------------------------------------------------

    def analysis(
        self,
        analysis_id: str,
        title: str,
        sheet_id: str | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        metric: str = "",
        **roles: str | Sequence[str],
    ) -> str:
        """Add an analysis; roles name columns by their title."""
        chosen: dict[str, list[str]] = {}
        if sheet_id is not None:
            known = {c.name: c.id for c in self.session.sheet(sheet_id).columns}
            chosen = {
                role: [known[n] for n in ([names] if isinstance(names, str) else names)]
                for role, names in roles.items()
            }
        with self.session.step(f"Add {title}"):
            record = add_analysis(
                self.session, analysis_id, sheet_id, roles=chosen, options=options,
                phase=self.phase, title=title,
            )  # fmt: skip
            if metric:
                self.session.edit(record, {"metric_id": metric})
        return record

    def charted(
        self, analysis_id: str, title: str, metric: str, options: Mapping[str, Any] | None = None
    ) -> str:
        """Add an analysis that reads a metric over time."""
        with self.session.step(f"Add {title}"):
            record = chart_metric(self.session, metric, analysis_id=analysis_id, phase=self.phase)
            self.session.edit(record, {"title": title, "options": dict(options or {})})
        return record

    def point(self, metric: str, number: int) -> tuple[list[int], str]:
        """Return the rows behind a point of a metric, and what the point is called."""
        series = series_of(self.session, self.session.record(metric))
        return series.rows(number - 1).tolist(), f"point {number}"

    def save(self, analysis: str) -> str:
        """Save the result of an analysis."""
        return save_result(self.session, analysis)

    def keep(self, *findings: str) -> None:
        """Keep saved results although newer data came in."""
        for finding in findings:
            keep(self.session, finding)

    def proves(self, finding: str, *causes: str) -> None:
        """Cite a saved result as evidence of causes."""
        for cause in causes:
            self.session.link(cause, "evidence", finding)

    # gates ---------------------------------------------------------------------------------

    def say(self, question: str, note: str, *, outside: bool = False) -> None:
        """Answer a gate question by hand."""
        roadmap.answer_by_hand(self.session, self.phase, question, "yes", note, outside=outside)

    def decide(self, decision: str, who: str, role: str, note: str = "") -> None:
        """Decide the gate of the phase that is being told."""
        roadmap.decide_gate(self.session, self.phase, decision, who, note, role=role)

    def end_here(self) -> Session:
        """Save the project and hand it over."""
        self.session.save()
        return self.session


def _moved(text: str, shift: timedelta, pattern: str, length: int) -> str:
    try:
        day = datetime.strptime(text[:length], pattern)  # noqa: DTZ007 - data have no zone
    except ValueError:
        return text  # a typing error of the file stays one
    return f"{(day + shift).strftime(pattern)}{text[length:]}"
