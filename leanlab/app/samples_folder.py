"""A folder of 24 sample projects at all stages, built through the public API, for trying a portfolio.

Three of them are not as they should be: one is damaged, one was made with a newer LeanLab, and
one is open on another computer, as the note beside it says.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from leanlab.app import roadmap
from leanlab.app.marks import start_stage
from leanlab.app.recipes.telling import Story
from leanlab.core import clock
from leanlab.core.errors import DocumentProblem
from leanlab.data.columns import ColumnData
from leanlab.store.owner import note_of

DAMAGED, NEWER, OPEN_ELSEWHERE = "P-022.leanlab", "P-023.leanlab", "P-024.leanlab"
Progress = Callable[[float, float], None]
PHASES = {
    "dmaic": ("define", "measure", "analyse", "improve", "control"),
    "kaizen": ("prepare", "prepare", "prepare", "event", "sustain"),
}
CLOSED = 5
GATE_DAYS = (0.12, 0.30, 0.45, 0.65, 1.0)  # of the time since the beginning


@dataclass(frozen=True, slots=True)
class Plan:
    """One project to be told: `stage` 0 is the first phase, 5 means closed."""

    code: str
    title: str
    kind: str
    site: str
    leader: str
    stage: int
    began: int  # days ago
    metric: str
    unit: str
    before: float
    target: float
    after: float
    spread: float
    counter: str
    monthly: float  # money
    benefit: str
    benefit_class: str = "hard"
    validated: bool = False
    late: int = 0  # actions after their date
    idle: int = 0  # days without a change
    study: bool = True  # of the measurement
    cause: bool = True  # verified
    after_days: int = 60
    twin: bool = False  # claims the benefit of another project
    note: str = ""
    ending: str = ""  # the decision at the gate that is next: stop, rework
    currency: str = "EUR"
    rejected: bool = False  # finance rejected the first month
    watched: float | None = None  # the counter-metric after the change, as a share of before


NORTH, SOUTH, PLANT = "Hub north", "Hub south", "Plant Lyon"
RUIZ, SATO, BERG, COSTA = "Ana Ruiz", "Hana Sato", "Jonas Berg", "Rita Costa"
PLANS: tuple[Plan, ...] = (
    Plan("P-001", "Late lorries", "dmaic", NORTH, RUIZ, 5, 230, "Late departures", "%", 12.4, 5.0, 5.6, 1.6, "Damaged parcels", 6100, "Fewer contract penalties", validated=True, watched=1.0, after_days=110, idle=30, note="Check the gate plan before the shift, not after it."),
    Plan("P-002", "Changeover press 3", "kaizen", PLANT, SATO, 5, 120, "Changeover time", "min", 48, 20, 21, 3, "Scrap at start", 1900, "Press hours freed", "soft", after_days=75, idle=12, note="Film first, then talk."),
    Plan("P-003", "Fill weight line 2", "dmaic", PLANT, BERG, 4, 190, "Overfill", "g", 9.5, 4.0, 4.4, 1.1, "Underfilled bottles", 7000, "Less overfill", validated=True, watched=0.98, after_days=80),
    Plan("P-004", "Returns of shoes", "dmaic", SOUTH, COSTA, 4, 260, "Returns", "%", 18, 12, 19.4, 1.0, "Days to refund", 2500, "Fewer returns", late=3, idle=41, after_days=70),
    Plan("P-005", "Night shift picking errors", "dmaic", NORTH, RUIZ, 3, 140, "Picking errors", "per 1000", 7.2, 3.0, 6.7, 1.3, "Picks an hour", 3300, "Fewer corrections", late=2, after_days=24),
    Plan("P-006", "Invoices with errors", "dmaic", "Head office", COSTA, 2, 110, "Invoices with errors", "%", 8.1, 2.0, 0, 1.2, "Days to invoice", 2100, "Fewer credit notes", late=1),
    Plan("P-007", "Energy of the ovens", "dmaic", PLANT, BERG, 1, 70, "Energy per tonne", "kWh", 512, 450, 0, 14, "Bake colour", 5200, "Less gas", study=False),
    Plan("P-008", "Waiting at the dock", "dmaic", SOUTH, COSTA, 0, 20, "Waiting time", "min", 54, 30, 0, 9, "Lorries an hour", 1800, "Fewer demurrage fees"),
    Plan("P-009", "Scrap of label 7", "dmaic", PLANT, SATO, 4, 210, "Scrap", "%", 4.6, 2.0, 2.1, 0.5, "Line speed", 2900, "Less label scrap", after_days=30, study=False, watched=1.12),
    Plan("P-010", "Changeover press 4", "kaizen", PLANT, SATO, 4, 60, "Changeover time", "min", 51, 22, 26, 4, "Scrap at start", 1700, "Press hours freed", "soft", late=1, after_days=32),
    Plan("P-011", "Packing material", "kaizen", NORTH, RUIZ, 5, 210, "Board per parcel", "g", 212, 180, 184, 9, "Damaged parcels", 2600, "Less board", validated=True, after_days=130, idle=45, note="Let the packers choose the sizes."),
    Plan("P-012", "Penalties of the hub", "dmaic", NORTH, BERG, 3, 100, "Penalties", "k EUR", 21, 12, 15, 3.0, "Overtime", 6100, "Fewer contract penalties", twin=True, after_days=28),
    Plan("P-013", "Stock of spare parts", "dmaic", PLANT, COSTA, 1, 95, "Days of stock", "d", 62, 40, 0, 6, "Missing parts", 4100, "Less capital", "cash", idle=35, late=2, ending="rework", note="Count the slow movers apart."),
    Plan("P-014", "Complaints by phone", "dmaic", "Head office", RUIZ, 2, 125, "Complaints", "per week", 34, 20, 0, 5, "Length of calls", 1500, "Fewer calls", "avoidance", cause=False),
    Plan("P-015", "Set-up of the labeller", "kaizen", PLANT, SATO, 3, 35, "Set-up time", "min", 33, 15, 17, 3, "Crooked labels", 900, "Hours freed", "soft", after_days=12),
    Plan("P-016", "Forklift traffic", "kaizen", SOUTH, COSTA, 5, 240, "Near misses", "per week", 6.4, 2.0, 2.3, 1.2, "Pallets an hour", 0, "Fewer near misses", "quality", after_days=150, idle=60),
    Plan("P-017", "Rework of seams", "dmaic", PLANT, BERG, 4, 240, "Rework", "%", 6.8, 3.0, 6.5, 1.1, "Cycle time", 2300, "Less rework", after_days=90, cause=False, late=1, rejected=True),
    Plan("P-018", "Onboarding of drivers", "dmaic", SOUTH, RUIZ, 0, 55, "Days to first tour", "d", 19, 10, 0, 3, "Accidents", 1200, "Fewer temp drivers", idle=33, currency="USD"),
    Plan("P-019", "Cold room losses", "dmaic", NORTH, SATO, 5, 300, "Losses", "kg", 44, 20, 18, 6, "Energy", 3600, "Less waste", validated=True, after_days=120, idle=20, note="Door alarms need an owner on every shift."),
    Plan("P-020", "Paper forms in dispatch", "kaizen", NORTH, COSTA, 2, 25, "Forms a day", "forms", 85, 30, 0, 9, "Errors", 600, "Minutes freed", "soft", ending="stop", note="The new order system makes the forms needless."),
    Plan("P-021", "Water in the wash", "dmaic", PLANT, BERG, 5, 350, "Water per load", "l", 310, 240, 236, 12, "Rewash", 1400, "Less water", validated=True, after_days=170, idle=75),
    Plan("P-022", "Damaged on the way", "dmaic", SOUTH, RUIZ, 0, 30, "Transit damage", "%", 2.2, 1.0, 0, 0.4, "Cost a parcel", 900, "Fewer claims"),
    Plan("P-023", "From the newer version", "dmaic", NORTH, BERG, 0, 15, "Lead time", "d", 9, 5, 0, 2, "Errors", 800, "Less stock"),
    Plan("P-024", "Open elsewhere", "dmaic", SOUTH, COSTA, 1, 60, "Missed calls", "%", 15, 5, 0, 3, "Wait", 700, "Fewer calls back"),
)  # fmt: skip


def build_folder(place: Path, progress: Progress = lambda _done, _total: None) -> list[Path]:
    """Build the folder; return the paths of its 24 projects."""
    if place.exists() and any(place.iterdir()):
        raise DocumentProblem(f"{place.name} is not empty.", hint="Choose a new folder.")
    place.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, plan in enumerate(PLANS):
        progress(number, len(PLANS))
        where = place / plan.site
        where.mkdir(exist_ok=True)
        paths.append(told(plan, where / f"{plan.code}.leanlab", number))
    _spoil({path.name: path for path in paths})
    progress(len(PLANS), len(PLANS))
    return paths


def _spoil(paths: dict[str, Path]) -> None:
    damaged = bytearray(paths[DAMAGED].read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    paths[DAMAGED].write_bytes(damaged)
    newer = bytearray(paths[NEWER].read_bytes())
    newer[60:64] = struct.pack(">I", 99)  # the format, in the header of the file
    paths[NEWER].write_bytes(newer)
    note = {
        "user": "Rita Costa",
        "host": "PC-204",
        "since": clock.now().isoformat(timespec="seconds"),
    }
    note_of(paths[OPEN_ELSEWHERE]).write_text(json.dumps(note), encoding="utf-8")


def told(plan: Plan, path: Path, seed: int = 0) -> Path:
    """Tell one project from its first day to its last, save it and close it."""
    with Story(
        path, name=plan.title, kind=plan.kind, author=plan.leader, began=plan.began
    ) as story:
        teller = _Teller(story, plan, np.random.default_rng(seed))
        for stage, chapter in enumerate(
            (teller.define, teller.measure, teller.analyse, teller.improve, teller.control)
        ):
            if stage > plan.stage:
                break
            story.phase = PHASES[plan.kind][stage]
            with story.on(teller.day(stage)):
                chapter()
            _pass_gate(story, plan, stage, teller)
        with story.on(plan.idle):
            if plan.stage < CLOSED:
                teller.last()
            story.end_here()
        story.session.close()
    return path


def _pass_gate(story: Story, plan: Plan, stage: int, teller: "_Teller") -> None:
    """Decide the gate of a phase that is behind; kaizen has three gates, DMAIC five."""
    last_of_phase = stage == 4 or PHASES[plan.kind][stage + 1] != story.phase  # noqa: PLR2004
    if stage < plan.stage and last_of_phase:
        with story.on(teller.day(stage, end=True)):
            for blocking in roadmap.state_of(story.session).phase(story.phase).blocking:
                story.say(blocking.question.id, "Seen by the sponsor at the place.", outside=True)
            story.decide("conditions", "Piotr Zielinski", "Sponsor", plan.note)
    elif stage == plan.stage and plan.ending:
        with story.on(plan.idle + 1):
            story.decide(plan.ending, "Piotr Zielinski", "Sponsor", plan.note)


class _Teller:
    """Tells the chapters of one plan."""

    def __init__(self, story: Story, plan: Plan, chance: np.random.Generator) -> None:
        self.story, self.plan, self.chance = story, plan, chance
        self.metric = self.counter = self.sheet = self.cause = ""

    def day(self, stage: int, *, end: bool = False) -> int:
        """Return how many days ago a phase began, or ended."""
        plan = self.plan
        share = GATE_DAYS[stage] if end else (0.0, *GATE_DAYS)[stage]
        length = plan.began - plan.idle
        back = plan.began - round(share * length)
        if stage >= 3 and plan.after:  # noqa: PLR2004 - the change decides the last phases
            back = {3: plan.after_days + 6, 4: plan.idle + 3}[stage] if not end else {3: plan.after_days - 2, 4: plan.idle + 1}[stage]  # fmt: skip
        return max(plan.idle, min(back, plan.began))

    def define(self) -> None:
        """Name people, metric, problem and the money that is hoped for."""
        story, plan = self.story, self.plan
        session = story.session
        for fact, value in (
            ("code", plan.code), ("site", plan.site), ("sponsor", "Piotr Zielinski"),
            ("owner", "Marta Silva"), ("finance", "Milan Kovac"), ("currency", plan.currency),
        ):  # fmt: skip
            session.set_fact(fact, value)
        story.team((plan.leader, "Leader", plan.site), ("Marta Silva", "Process owner", plan.site))
        values: dict[str, Any] = (
            {"measurement_reason": "Counted by the system."} if plan.study else {}
        )
        self.metric = story.add(
            "metric", name=plan.metric, role="primary", unit=plan.unit, target=plan.target,
            direction="lower", definition=f"{plan.metric}, as the team agreed.", **values,
        )  # fmt: skip
        self.counter = story.add("metric", name=plan.counter, role="counter", direction="lower",
                                 definition=f"{plan.counter}, as before.")  # fmt: skip
        gates = [
            {"name": phase.title(), "planned": story.day(self._planned(at))}
            for at, phase in enumerate(PHASES["dmaic"])
        ]
        story.worksheet("charter", {
            "what": f"{plan.metric} is too high", "object": plan.title, "where": plan.site,
            "period": f"Since {story.date(plan.began + 60):%B %Y}", "by_date": story.day(-30),
            "in_scope": plan.site, "out_scope": "Other sites",
            "size": plan.before, "size_unit": plan.unit, "standard": f"{plan.target:g} {plan.unit}",
            "sentence": f"{plan.metric} is {plan.before:g} {plan.unit}; {plan.target:g} is wanted.",
            "case": plan.benefit, "sponsor": "Piotr Zielinski", "leader": plan.leader,
        }, rows={"milestones": gates if plan.kind == "dmaic" else []})  # fmt: skip
        story.add("risk", title=f"The people of {plan.site} have no time", probability=3, impact=3,
                  response="Agree on hours with the sponsor", owner=plan.leader, status="open")  # fmt: skip
        months = (
            {story.month(self._first_month() - i): {"plan": plan.monthly} for i in range(12)}
            if plan.monthly
            else {}
        )
        story.add("benefit_line", title=plan.benefit, benefit_class=plan.benefit_class, recurring=1,
                  unit=plan.currency, owner=plan.leader, state="estimated", metric_id=self.metric, months=months)  # fmt: skip
        story.worksheet(
            "benefits", {"start_month": story.month(self._first_month()), "horizon": 12, "rate": 0.08},
            rows={"costs": [{"item": "Team time and material", "month": story.month(self._first_month()),
                             "amount": max(500.0, 2.5 * plan.monthly)}]},
        )  # fmt: skip
        story.action("Agree on the goal", plan.leader, plan.began - 2, plan.began - 4)
        for number in range(plan.late):
            story.action(_LATE[number], ("Ben Okoro", "Lou Bernard", "")[number], 52 - 20 * number)
        story.action("Prepare the next review", plan.leader, -9)

    def _planned(self, stage: int) -> int:
        """Return how many days ago a gate was to be passed."""
        if stage < self.plan.stage:
            return self.day(stage, end=True) + 3
        return 22 if stage == self.plan.stage and self.plan.late else 14 - 30 * (stage - self.plan.stage + 1)  # fmt: skip

    def _first_month(self) -> int:
        """Return how many months ago the money was to begin."""
        return self.plan.after_days // 30 if self.plan.after else 0

    def last(self) -> None:
        """Leave a trace on the day of the last change."""
        self.story.action(
            "Show the numbers to the team", self.plan.leader, self.plan.idle, self.plan.idle
        )

    def measure(self) -> None:
        """Measure the level before, and save the chart on which it rests."""
        story, plan = self.story, self.plan
        days = 2 * np.arange(24) + 2
        self.sheet = self._added(story.date(self.day(1) + 50), days, plan.before)
        story.bind(self.sheet, plan.metric, self.metric)
        info = story.session.sheet(self.sheet)
        binding = {"sheet_id": self.sheet, "date": info.named("Day").id,
                   "value": info.named(plan.metric).id, "period": "row"}  # fmt: skip
        values = {"binding": binding, "baseline": plan.before}
        story.session.edit(self.metric, values, label="Tie the metric to its data")
        chart = story.analysis("spc.i_mr", f"{plan.metric} before", self.sheet, metric=self.metric,
                               value=plan.metric, order="Day")  # fmt: skip
        story.session.link(self.metric, "baseline", story.save(chart))

    def analyse(self) -> None:
        """Collect causes; one is verified unless the plan leaves that open."""
        story, plan = self.story, self.plan
        self.cause = story.cause(
            f"Nobody sees {plan.metric.lower()} before the end of the day", "Method",
            "verified" if plan.cause else "potential", evidence="Seen at the place" if plan.cause else "",
            evidence_kind="observed", observer=plan.leader, observed_on=story.day(self.day(2)),
        )  # fmt: skip
        story.cause("People are not trained", "People", "refuted", evidence="All shifts are alike",
                    evidence_kind="observed", observer=plan.leader)  # fmt: skip
        if plan.cause:
            story.action("Try a board at the line", plan.leader, -12, None, self.cause)
        story.worksheet("fishbone", {"effect": f"{plan.metric} is too high", "preset": "6m"})

    def improve(self) -> None:
        """Change the process."""
        story, plan = self.story, self.plan
        aims = (self.cause,) if plan.cause else ()
        story.solution("Show it at the place, every hour", 8, 3, "chosen", *aims, owner=plan.leader)
        for title, back in (
            ("Board at the line", 2),
            ("New order of steps", 1),
            ("Card with the standard", 1),
        ):
            story.action(title, plan.leader, plan.after_days + back, plan.after_days + back, *aims,
                         process_change=1, kind="kaizen" if plan.kind == "kaizen" else "improvement",
                         metric_id=self.metric)  # fmt: skip
        if plan.stage == 3 and plan.after_days <= 28:  # noqa: PLR2004 - a trial that still runs
            with story.on(plan.idle):
                self._prove()

    def control(self) -> None:
        """Compare before and after, hand over, count the money."""
        story, plan = self.story, self.plan
        with story.on(plan.idle + 2):
            self._prove()
            story.add(
                "control_item", title=plan.metric, metric_id=self.metric, requirement="on the card",
                frequency="each week", owner="" if plan.late else "Marta Silva",
                reaction="Stop, look, write it down.", document=f"SOP {plan.code[2:]}",
                last_checked=story.day(plan.idle + 2),
            )  # fmt: skip
            self._money()
            if plan.kind == "kaizen":
                self.photos()
            if plan.note:
                for fact, text in (("card.lessons", plan.note), ("card.trained", "9 of 9 people"),
                                   ("card.replicate", "Hub south" if plan.site == NORTH else NORTH)):  # fmt: skip
                    story.session.set_fact(fact, text)

    def _added(self, start: Any, days: Any, level: float) -> str:
        """Add a sheet with a day and a value in each row."""
        moments = np.datetime64(start, "s") + days.astype("timedelta64[D]")
        decimals = 1 if self.plan.before < 100 else 0  # noqa: PLR2004 - as people would note it
        values = np.maximum(0.0, self.chance.normal(level, self.plan.spread, days.size))
        return self.story.session.add_sheet(
            f"{self.plan.metric} by day",
            [ColumnData("Day", "datetime", moments),
             ColumnData(self.plan.metric, "number", np.round(values, decimals), unit=self.plan.unit)],
        )  # fmt: skip

    def _prove(self) -> None:
        """Add the values after the change, and save the comparison."""
        story, plan = self.story, self.plan
        session = story.session
        old = session.sheet(self.sheet)
        before = session.column(self.sheet, old.named(plan.metric).id)
        days = np.arange(0, plan.after_days - plan.idle, 3 if plan.after_days > 40 else 2)  # noqa: PLR2004
        start = np.datetime64(story.date(plan.after_days), "s")
        moments = np.concatenate([
            session.column(self.sheet, old.named("Day").id), start + days.astype("timedelta64[D]"),
        ])  # fmt: skip
        after = np.maximum(0.0, self.chance.normal(plan.after, plan.spread * 0.8, days.size))
        values = np.round(np.concatenate([before, after]), 1 if plan.before < 100 else 0)  # noqa: PLR2004
        sheet = session.add_sheet(
            f"{plan.metric} before and after",
            [ColumnData("Day", "datetime", moments), ColumnData(plan.metric, "number", values, unit=plan.unit)],
        )  # fmt: skip
        info = session.sheet(sheet)
        binding = {"sheet_id": sheet, "date": info.named("Day").id, "value": info.named(plan.metric).id, "period": "row"}  # fmt: skip
        session.edit(self.metric, {"binding": binding}, label="Tie the metric to the newer data")
        proof = story.analysis("compare.before_after", f"{plan.metric} before and after", sheet,
                               metric=self.metric, value=plan.metric, order="Day")  # fmt: skip
        first = int(session.row_ids(sheet)[before.size])
        start_stage(session, proof, [first], "After the change", point=f"point {before.size + 1}")
        story.save(proof)
        if plan.watched is not None:
            self._watch(moments, before.size, plan.watched)

    def _watch(self, moments: Any, changed: int, share: float) -> None:
        """Compare what must not get worse, on the same days."""
        story, plan = self.story, self.plan
        session = story.session
        values = self.chance.normal(20.0, 1.6, moments.size)
        values[changed:] *= share
        sheet = session.add_sheet(
            f"{plan.counter} before and after",
            [ColumnData("Day", "datetime", moments), ColumnData(plan.counter, "number", np.round(values, 1))],
        )  # fmt: skip
        info = session.sheet(sheet)
        binding = {"sheet_id": sheet, "date": info.named("Day").id, "value": info.named(plan.counter).id, "period": "row"}  # fmt: skip
        session.edit(self.counter, {"binding": binding}, label="Tie the metric to its data")
        story.bind(sheet, plan.counter, self.counter)
        proof = story.analysis("compare.before_after", f"{plan.counter} before and after", sheet,
                               metric=self.counter, value=plan.counter, order="Day")  # fmt: skip
        first = int(session.row_ids(sheet)[changed])
        start_stage(session, proof, [first], "After the change", point=f"point {changed + 1}")
        story.save(proof)

    def photos(self) -> None:
        """Keep a drawn picture of the place before and after."""
        sheet = next(
            w for w in self.story.session.records("worksheet") if w.get("type_id") == "charter"
        )
        for when, orderly in (("before", False), ("after", True)):
            self.story.session.attach(
                sheet.id, f"tool board {when}.png", _tool_board(orderly=orderly)
            )

    def _money(self) -> None:
        story, plan = self.story, self.plan
        line = story.session.records("benefit_line")[0]
        months = dict(line.get("months") or {})
        reached = max(0.0, (plan.before - plan.after) / (plan.before - plan.target))
        for number, month in enumerate(sorted(months)):
            value = {**months[month], "forecast": round(months[month]["plan"] * min(1.1, reached))}
            if number < plan.after_days // 30:
                value["actual"] = round(value["forecast"] * float(self.chance.uniform(0.85, 1.08)))
            months[month] = value
        values: dict[str, Any] = {"months": months, "state": "forecast"}
        if plan.validated:
            values |= {"state": "validated", "validated_by": "Milan Kovac", "validated_on": story.day(plan.idle + 1)}  # fmt: skip
        if plan.rejected:
            first = min(months)
            values["month_reviews"] = {
                first: {"decision": "rejected", "who": "Milan Kovac", "on": story.day(plan.idle + 1),
                        "amount": months[first].get("actual")},
            }  # fmt: skip
        story.session.edit(line.id, values, label="Count the benefit")


_LATE = ("Order the scanner", "Train the second shift", "Write the new instruction")


def _tool_board(*, orderly: bool) -> bytes:
    """Draw the tools of a press: strewn over the bench, or each at its place on a board."""
    from io import BytesIO

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    chance = np.random.default_rng(4)
    figure = Figure(figsize=(3.2, 2.4), dpi=100, facecolor="#DAD3C6" if orderly else "#B9AE9C")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 16), ylim=(0, 12))
    axes.axis("off")
    axes.add_patch(Rectangle((1, 1.2), 14, 9.6, color="#EFEAE0" if orderly else "#8C8272"))
    for tool in range(12):
        x, y = 2.2 + 2.1 * (tool % 6), 7 - 4.4 * (tool // 6)
        turn = 0.0
        if not orderly:
            x, y, turn = (
                x + chance.normal(0, 1.2),
                y + chance.normal(0, 1.3),
                float(chance.uniform(0, 180)),
            )
        else:
            axes.add_patch(Rectangle((x - 0.2, y - 0.2), 1.2, 3.2, color="#F6C445", alpha=0.8))
        axes.add_patch(
            Rectangle(
                (x, y), 0.8, 2.8, angle=turn, color=("#4A5A6A", "#7A2E22", "#2E5E4E")[tool % 3]
            )
        )
    out = BytesIO()
    figure.savefig(out, format="png", facecolor=figure.get_facecolor())
    return out.getvalue()
