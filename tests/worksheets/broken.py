"""For every check one change of the example that must make it speak.

A new check without an entry here fails the contract tests.
"""

from dataclasses import replace

from leanlab.worksheets.examples import changed, without


def _body(**values):
    return lambda example: changed(example, "body", 0, values)


def _row(place, at=0, **values):
    return lambda example: changed(example, place, at, values)


def _first(place, keep=0):
    return lambda example: without(example, place, keep)


def _no_links(example):
    return replace(example, links=())


def _both(*steps):
    def run(example):
        for step in steps:
            example = step(example)
        return example

    return run


def _more(place, count, **values):
    def run(example):
        source = "registers" if place in example.registers else "rows"
        groups = dict(getattr(example, source))
        groups[place] = (
            *groups.get(place, ()),
            *({**values, "id": f"more{i}"} for i in range(count)),
        )
        return replace(example, **{source: groups})

    return run


def _register(place, *rows):
    return lambda example: replace(example, registers={**example.registers, place: rows})


BROKEN = {
    "charter.filled": _body(in_scope=""),
    "CH-02": _both(
        _register("benefit_line", {"id": "b", "title": "x", "benefit_class": "hard"}),
        _body(finance=""),
    ),
    "CH-03": _more("person", 8, name="Someone"),
    "CH-04": _row("milestones", 4, planned="2027-03-01"),
    "CH-05": _first("signoffs"),
    "CH-08": _body(leader="M. Okafor"),
    "CH-09": _row("milestones", 1, planned="2026-05-10"),
    "PS-01": _body(what="departures late due to old scanners"),
    "PS-02": _body(what="lorries that need to leave earlier"),
    "PS-03": _body(what="lorries that careless staff load"),
    "PS-04": _body(size=None),
    "PS-05": _body(period=""),
    "PS-06": _body(where=""),
    "PS-07": _body(what="late departures and also damaged parcels"),
    "PS-08": _body(
        sentence="Many lorries of the north hub leave late in the evening and customers complain about it."
    ),
    "PS-09": _body(sentence="12 % leave late."),
    "GS-01": _body(by_date=""),
    "GS-02": _row("metric", baseline=None),
    "GS-03": _row("metric", target=0.5),
    "GS-04": _body(strategic=""),
    "GS-05": _row("metric", name="Implement a list stop"),
    "GS-06": _row("metric", target=20.0),
    "sipoc.filled": _body(process=""),
    "SP-01": _first("process_step", 2),
    "SP-02": _row("process_step", name="Parcels"),
    "SP-03": _row("outputs", customer=""),
    "SP-04": _both(
        _row("outputs", 0, requirement="in time"), _row("outputs", 1, requirement="visible")
    ),
    "SP-05": _body(starts="Parcel is ordered"),
    "map.filled": _row("process_step", name=""),
    "PM-01": _both(
        _row("process_step", 6, next=[{"to": "s"}], step_type="step"),
        _row("process_step", 0, step_type="start"),
    ),
    "PM-02": _row("process_step", 3, lane=""),
    "PM-04": _body(walked_by=""),
    "PM-05": _more("process_step", 40, name="More", lane="Dispatch"),
    "PM-06": _row("process_step", 4, next=[{"to": "go"}]),
    "PM-07": _row(
        "process_step", 4, next=[{"to": "go", "share": 0.5}, {"to": "search", "share": 0.1}]
    ),
    "PM-08": _more("process_step", 1, name="Alone", lane="Dispatch"),
    "PM-09": _both(
        _row("process_step", 4, next=[{"to": "search", "share": 1.0}, {"to": "go", "share": 0.0}])
    ),
    "fishbone.filled": _row("cause", text=""),
    "FB-01": _body(effect="Late departures"),
    "FB-02": _both(_row("cause", 7, branch="Method"), _row("cause", 8, branch="Method")),
    "FB-03": _row("cause", 1, text="Lack of training"),
    "FB-04": _row("cause", 1, text="Loaders forget the list"),
    "FB-05": _first("cause", 6),
    "FB-06": _no_links,
    "whys.filled": _row("cause", text=""),
    "WH-01": _first("cause", 2),
    "WH-02": _row("cause", 4, text="The dispatcher forgot the plan"),
    "WH-03": _row("cause", 4, text="Lack of planning"),
    "WH-04": _row("cause", 2, evidence_kind="opinion"),
    "WH-05": _row("cause", 4, therefore=False),
    "WH-06": _both(
        _first("cause", 3), _register("finding", {"id": "f", "analysis_id": "quality.pareto"})
    ),
    "fmea.filled": _row("rows", effect=""),
    "FM-01": _row("rows", severity=None),
    "FM-02": _row("rows", 1, severity=9, occurrence=8),
    "FM-03": _row("rows", severity2=None),
    "FM-04": _row("rows", severity2=4),
    "FM-05": _row("rows", detection2=2, detection_control=""),
    "FM-06": _row("cause", text="Parcel is left behind"),
    "FM-07": _row("action", title="Retrain the loaders"),
    "FM-08": _row("rows", 1, cause_id="c1"),
    "FM-09": _body(mode="rpn"),
    "impact_effort.filled": _row("solution", title=""),
    "IE-01": _no_links,
    "IE-02": _both(*(_row("solution", i, impact=9.0, effort=2.0) for i in range(5))),
    "IE-03": _both(
        _row("solution", 0, solution_type="train"), _row("solution", 1, solution_type="inspect")
    ),
    "actions.filled": _row("action", title=""),
    "IM-01": _row("action", owner=""),
    "IM-02": _both(_row("action", 0, due="2026-04-01"), _row("action", 1, due="2026-04-01")),
    "IM-04": _row("action", 2, note="", verified_by=""),
    "IM-05": _row("action", metric_id=None),
    "newspaper.filled": _body(event_end=""),
    "KN-01": _row("action", owner=""),
    "KN-02": _row("action", due="2026-07-01"),
    "KN-03": _both(
        _body(event_end="2026-02-01"),
        _more("action", 6, title="Late", kind="kaizen", due="2026-02-20", owner="B. Weber"),
    ),
    "takt.filled": _body(product=""),
    "YZ-01": _both(_row("scenarios", 0, demand=None), _row("scenarios", 1, demand=None)),
    "YZ-02": _row("elements", cycles=3),
    "YZ-03": _row("elements", time=90.0),
    "YZ-04": _row("elements", 5, station={"now": "Fold"}),
    "controlplan.filled": _row("control_item", reaction=""),
    "CN-01": _row("control_item", metric_id=None),
    "CN-03": _row("control_item", 1, method="training"),
    "CN-04": _row("control_item", technique=""),
    "CN-05": _no_links,
    "CN-07": _row("control_item", limits="at most 5 %"),
    "CN-08": _row("control_item", review_on="2026-04-01"),
    "benefits.filled": _body(price_year=""),
    "BN-01": _row("benefit_line", pl_line=""),
    "BN-02": _row("benefit_line", validated_by="", validated_on=""),
    "BN-03": _row(
        "benefit_line",
        1,
        title="Fewer penalties  for late parcels",
        benefit_class="hard",
        months={"2026-03": {"actual": 1.0}},
    ),
    "BN-10": _row("benefit_line", month_reviews={"2026-03": {"decision": "rejected"}}),
    "BN-13": _row(
        "benefit_line", month_reviews={"2026-03": {"decision": "validated", "amount": 1.0}}
    ),
    "BN-11": _row("benefit_line", months={"2026-03": {"plan": 1.0, "actual": 1.0, "rate": 9.0}}),
    "BN-12": _row("benefit_line", 1, benefit_class="quality", months={"2026-03": {"plan": 3.0}}),
    "BN-04": _row("benefit_line", driver="fte", note=""),
    "BN-05": _register("finding"),
    "BN-06": _row(
        "benefit_line",
        months={"2026-02": {"plan": 12000.0}, "2026-03": {"plan": 1.0, "actual": 1.0}},
    ),
    "BN-07": _row("benefit_line", recurring=0),
    "BN-08": _row(
        "benefit_line", months={m: {"plan": 100.0, "actual": 50.0} for m in ("2026-02", "2026-03")}
    ),
    "BN-09": _register("benefit_line"),
    "stakeholder.filled": _row("people", who=""),
    "ST-01": _row("people", role="manager"),
    "ST-02": _row("people", 2, owner=""),
    "ST-03": _both(_row("people", 2, role="manager"), _row("people", 3, role="supplier")),
    "risk.filled": _row("risk", owner=""),
    "RK-01": _row("risk", action_id=None),
    "RK-02": _row("risk", later_probability=5),
    "RK-03": _row("risk", review_on="2026-01-01"),
    "RK-04": _row("risk", response="accept"),
}
