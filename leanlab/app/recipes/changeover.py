"""A kaizen event on a press: nine changeovers before, nine after, by stopwatch."""

from pathlib import Path

import numpy as np

from leanlab.app.marks import annotate, start_stage
from leanlab.app.recipes.telling import Story
from leanlab.app.session import Session

BEFORE, CRANE = 9, 6  # changeovers
LEADER, SPONSOR, OWNER = "Hana Sato", "Piotr Zielinski", "Marta Silva"
TEAM = ("Marta Silva", "Deniz Acar", "Lou Bernard", "Ivan Petrov")


def build(path: Path) -> Session:
    """Tell the project."""
    with Story(path, name="Changeover of press 3", kind="kaizen", author=LEADER, began=40) as story:
        story.session.set_fact("currency", "EUR")
        metric, sheet = _prepare(story)
        _event(story, metric)
        _sustain(story, metric, sheet)
        return story.end_here()


def _rows(story: Story, sheet: str, numbers: range) -> list[int]:
    column = story.session.sheet(sheet).named("Changeover")
    found = np.isin(story.session.column(sheet, column.id), list(numbers))
    return [int(i) for i in np.asarray(story.session.row_ids(sheet))[found]]


def _prepare(story: Story) -> tuple[str, str]:
    story.phase = "prepare"
    with story.on(38):
        story.team(
            (LEADER, "Leader", "Lean office"), (SPONSOR, "Sponsor", "Production"), (OWNER, "Process owner, setter", "Press shop"),
            *((name, "Team", "Press shop") for name in TEAM[1:]),
        )  # fmt: skip
        metric = story.add(
            "metric", name="Changeover time", role="primary", unit="min", direction="lower", target=20.0,
            definition="Last good piece of the old job to first good piece of the new job, by stopwatch.",
            measurement_reason="Stopwatch, two people, always the same start and end.",
        )  # fmt: skip
        story.add("metric", name="Scrap at start", role="counter", unit="pcs", direction="lower",
                  definition="Pieces thrown away until the first release.")  # fmt: skip
        story.worksheet("charter", {
            "what": "a changeover takes too long", "object": "press 3", "where": "press shop, bay B",
            "period": f"Since {story.date(76):%B %Y}", "size": 48, "size_unit": "min for each changeover", "standard": "20 min",
            "affected": "Planning, which therefore runs large batches", "impact": "38 press hours a month",
            "sentence": f"Since {story.date(76):%B %Y}, a changeover of press 3 takes 48 minutes on average. The plan allows 20. "
            "The press loses 38 hours a month and planning runs batches for three weeks of stock.",
            "verb": "reduce", "by_date": story.day(0), "strategic": "Small batches, half the stock",
            "case": "Stock of pressed parts ties up 310 000 EUR.",
            "process_start": "Last good piece", "process_end": "First good piece released",
            "in_scope": "Press 3, all six tools", "out_scope": "New tools, new crane",
            "sponsor": SPONSOR, "leader": LEADER, "owner": OWNER, "department": "Press shop", "start_on": story.day(38),
        }, rows={
            "milestones": [{"name": "Event", "planned": story.day(28), "done_on": story.day(26)},
                           {"name": "Outcome after 30 days", "planned": story.day(-4)}],
            "signoffs": [{"role": "Sponsor", "person": SPONSOR, "on": story.day(36), "decision": "agreed"}],
        })  # fmt: skip
    with story.on(31):
        content = story.table(
            "changeovers.csv", dates=("Started",), keep=lambda r: int(r["Changeover"]) <= BEFORE
        )
        sheet = story.sheet("Changeovers", "stopwatch.csv", content)
        story.bind(sheet, "Minutes", metric)
        info = story.session.sheet(sheet)
        story.session.edit(metric, {"baseline": 48.2, "binding": {
            "sheet_id": sheet, "date": info.named("Started").id, "value": info.named("Minutes").id, "period": "row",
        }}, label="Tie the metric to its data")  # fmt: skip
        chart = story.analysis(
            "spc.run_chart",
            "Minutes for each changeover",
            sheet,
            metric=metric,
            value="Minutes",
            order="Started",
        )
        annotate(
            story.session,
            chart,
            _rows(story, sheet, range(CRANE, CRANE + 1)),
            "Crane was down",
            point=f"point {CRANE}",
        )
        baseline = story.save(chart)
        story.session.link(metric, "baseline", baseline)
        story.sheet("Steps of a changeover", "film.csv", story.table("changeover_steps.csv"))
        story.say("P3", "Three days with the four setters; press 3 is planned empty.")
        story.decide("passed", SPONSOR, "Sponsor")
    return metric, sheet


def _event(story: Story, metric: str) -> None:
    story.phase = "event"
    with story.on(28):
        inside = story.cause("Tool and papers are fetched while the press stands", "Method", "verified", votes=8,
                             evidence="Film: 9.5 of 47 minutes", evidence_kind="observed", observer="Deniz Acar",
                             observed_on=story.day(28), source="fishbone", therefore=True)  # fmt: skip
        list_ = story.cause("The setter learns of the next job only when the press stops", "Method", "verified", parent=inside,
                            evidence="Order slip comes with the fork lift", evidence_kind="observed", observer="Lou Bernard",
                            observed_on=story.day(28), stop="root", therefore=True)  # fmt: skip
        bolts = story.cause("Twelve bolts hold each tool", "Machine", "verified", votes=7, evidence="Film: 11 minutes for bolts",
                            evidence_kind="observed", observer="Deniz Acar", observed_on=story.day(28))  # fmt: skip
        align = story.cause("The tool is aligned with a ruler", "Machine", "verified", votes=5, evidence="Film: 7 minutes, three tries",
                            evidence_kind="observed", observer="Ivan Petrov", observed_on=story.day(28))  # fmt: skip
        for text, branch, why in (
            ("Setters are not trained", "People", "All four take the same time"),
            ("Tools weigh too much for the crane", "Machine", "Heaviest tool 1.8 t, crane 3 t"),
        ):
            story.cause(
                text,
                branch,
                "refuted",
                evidence=why,
                evidence_kind="observed",
                observer=LEADER,
                observed_on=story.day(28),
            )
        story.worksheet(
            "fishbone", {"effect": "Changeover takes 48 minutes instead of 20", "preset": "6m"}
        )
        story.worksheet(
            "whys",
            {"problem": "The press stands while the tool is fetched", "start_cause_id": inside},
        )
        _takt(story)
        ideas: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
            ("Prepare tool and papers while the press runs", 9, 2, (inside, list_)), ("Quarter-turn clamps instead of bolts", 8, 4, (bolts,)),
            ("Stop blocks on the press bed", 7, 3, (align,)),
        )  # fmt: skip
        for title, impact, effort, aims in ideas:
            story.solution(
                title, impact, effort, "done", *aims, owner=OWNER, solution_type="eliminate"
            )
        story.solution(
            "Second setter for each changeover",
            6,
            8,
            "rejected",
            note="Not needed after the clamps",
            solution_type="standardise",
        )
        story.worksheet("impact_effort")
        points = (
            ("Job list for the next shift at the press", "Setter does not know the next job", OWNER, 27, 27, (list_,), 1),
            ("Trolley for tool and papers", "Tool is fetched while the press stands", "Deniz Acar", 27, 26, (inside,), 1),
            ("Clamps on all six tools", "Twelve bolts", "Ivan Petrov", 26, 26, (bolts,), 1),
            ("Stop blocks on the bed", "Ruler", "Ivan Petrov", 26, 26, (align,), 1),
            ("Numbers of height and feed on the setting sheet", "Set by trial", "Lou Bernard", 14, 12, (), 0),
            ("Brush with a hook at the press", "Brush is searched", "Lou Bernard", 26, 26, (), 0),
            ("Same clamps for press 4", "Only press 3 has them", LEADER, 10, 8, (), 0),
        )  # fmt: skip
        for title, issue, owner, due, done, causes, change in points:
            more = {"process_change": 1, "metric_id": metric} if change else {}
            story.action(
                title, owner, due, done, *causes, kind="kaizen", issue=issue, progress=100, **more
            )
        story.worksheet("newspaper", {"event_end": story.day(26)})
    with story.on(25):
        story.say("E2", "All four setters did two changeovers each on the third day.")
        story.decide("passed", SPONSOR, "Sponsor", "Film again after 30 days.")


def _takt(story: Story) -> None:
    steps = (
        ("Press the part", 14.0, "va"), ("Deburr", 11.0, "va"), ("Wash", 9.0, "needed"), ("Check and pack", 13.0, "needed"),
    )  # fmt: skip
    sheet = story.worksheet("takt", {"product": "Bracket 4711"}, rows={
        "scenarios": [
            {"name": "Before", "demand": 1500.0, "available": 25200.0 - 4 * 48 * 60},
            {"name": "After", "demand": 1500.0, "available": 25200.0 - 4 * 21 * 60},
        ],
        "stations": [{"name": name} for name, _, _ in steps],
    })  # fmt: skip
    columns = [
        r.id
        for r in story.session.records("worksheet_row")
        if r.get("worksheet_id") == sheet and r.get("section") == "scenarios"
    ]
    story.rows(sheet, "elements", [
        {"element": name, "time": time, "value": value, "cycles": 10, "station": dict.fromkeys(columns, name)}
        for name, time, value in steps
    ])  # fmt: skip


def _sustain(story: Story, metric: str, sheet: str) -> None:
    story.phase = "sustain"
    with story.on(0):
        content = story.table(
            "changeovers.csv", dates=("Started",), keep=lambda r: int(r["Changeover"]) > BEFORE
        )
        story.newer(sheet, "stopwatch.csv", content, "Changeover")
        story.keep(*(f.id for f in story.session.records("finding")))
        proof = story.analysis(
            "compare.before_after",
            "Minutes before and after the event",
            sheet,
            metric=metric,
            value="Minutes",
            order="Started",
        )
        first = _rows(story, sheet, range(BEFORE + 1, BEFORE + 2))
        start_stage(story.session, proof, first, "After the event", point=f"point {BEFORE + 1}")
        story.save(proof)
        counter = next(m.id for m in story.session.records("metric") if m.get("role") == "counter")
        scrap = story.analysis("compare.before_after", "Scrap at start before and after", sheet, metric=counter,
                               value="Scrap at start (pcs)", order="Started")  # fmt: skip
        start_stage(story.session, scrap, first, "After the event", point=f"point {BEFORE + 1}")
        story.save(scrap)
        item = story.add(
            "control_item", title="Changeover time", metric_id=metric, characteristic="process", item_class="critical", requirement="at most 25 min",
            technique="Stopwatch", sample="every changeover", frequency="each shift", method="chart", limits="run chart", owner=OWNER,
            reaction="Above 25 minutes: write down which step took longer; look at it in the next morning meeting.",
            record_place="Card at the press", last_checked=story.yesterday(),
        )  # fmt: skip
        for cause in story.session.records("cause"):
            if cause.get("status") == "verified":
                story.session.link(item, "controls", cause.id)
        story.worksheet(
            "controlplan",
            {"process": "Changeover of press 3", "approved_by": OWNER, "approved_on": story.day(1)},
        )
        story.add("benefit_line", title="Press hours freed: about 21 a month", benefit_class="soft", recurring=1, unit="EUR", driver="hours",
                  metric_id=metric, owner=LEADER, state="estimated",
                  months={story.month(-i): {"plan": 1200.0, "forecast": 1250.0} for i in range(12)},
                  note="27 minutes x 48 changeovers a month x 58 EUR an hour; capacity, no cost falls.")  # fmt: skip
        story.worksheet(
            "benefits",
            {
                "start_month": story.month(0),
                "horizon": 12,
                "rate": 0.08,
                "price_year": f"{story.end.year}, EUR",
            },
        )
        story.decide("passed", SPONSOR, "Sponsor", "Sustained. Press 4 has the clamps already.")
