"""Benefits: one trustworthy money page, from estimate to what finance has confirmed."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise

from leanlab.core import format as words
from leanlab.domain.benefits import (
    BETTER,
    CLASSES,
    DRIVERS,
    HARD,
    MONEY,
    SERIES,
    STANDINGS,
    STATES,
    YEAR,
    Annual,
    by_month,
    claims,
    counted_value,
    in_money,
    judged_by_finance,
    month_standing,
    month_value,
    months_from,
    moved,
    moved_words,
    stood,
    total,
    unit_of,
    weak_months,
    worked,
    worked_words,
    year_of,
)
from leanlab.domain.cards_worth import USUAL_RATE, Cash, cash
from leanlab.stats.lean import Investment, npv_irr_payback
from leanlab.worksheets.checking import each, when
from leanlab.worksheets.declare import (
    Begin,
    Canvas,
    Check,
    Computed,
    Example,
    Field,
    Hit,
    Row,
    Section,
    View,
    WorksheetType,
)
from leanlab.worksheets.layout import plots
from leanlab.worksheets.layout.drawing import Drawing, Measure, Room
from leanlab.worksheets.show import shown

ABSURD = 10.0  # above 1,000 % a year a rate of return only says that the costs are small
_TITLES = {"plan": "Plan", "forecast": "Forecast", "actual": "Actual"}


def months(view: View) -> tuple[str, ...]:
    """Return the months of the page, from the chosen start."""
    count = int(view.number("horizon") or 12)
    first = view.text("start_month") or f"{view.today:%Y-%m}"
    try:
        return months_from(first, max(1, min(count, 60)))
    except ValueError:
        return ()


def _money_lines(view: View) -> list[Row]:
    return in_money(view.all("lines"))


def _cash(view: View) -> Cash:
    return cash(view.all("lines"), view.all("costs"), months(view))


def _annual(view: View) -> Annual | None:
    return year_of(_money_lines(view), months(view), "actual")


def _annual_words(view: View) -> str:
    found = _annual(view)
    if found is None:
        return ""
    money = shown(Field(id="x", label="x", type="money"), found.value, view)
    return (
        f"{money} (run rate of {words.count(found.months, 'month')})"
        if found.is_run_rate
        else money
    )


def _sum(series: str) -> Computed:
    def value(view: View) -> float | None:
        known = [v for v in by_month(_money_lines(view), months(view), series) if v is not None]
        return sum(known) if known else None

    return Computed(series, f"{_TITLES[series]} in total", value, "money")


def _present_value(view: View) -> float | None:
    rate = view.number("rate")
    found = _cash(view).npv(USUAL_RATE if rate is None else rate) if months(view) else None
    return None if found is None else round(found, 2)


def _payback(view: View) -> str:
    if not months(view) or not _cash(view).spent:
        return ""
    return _cash(view).payback_words(_cash(view).payback)


def _invested(view: View) -> Investment | None:
    """Return the usual figures of an investment per month; None without costs."""
    flows = _cash(view).flows if months(view) else []
    if len(flows) < 2 or not _cash(view).spent:  # noqa: PLR2004 - one flow has no rate
        return None
    rate = view.number("rate")
    monthly = (1 + (USUAL_RATE if rate is None else rate)) ** (1 / YEAR) - 1
    return npv_irr_payback(monthly, flows)


def _discounted(view: View) -> str:
    found = _invested(view)
    if found is None:
        return ""
    back = found.discounted_payback_periods
    return _cash(view).payback_words(None if math.isnan(back) else back)


def _turns(flows: Sequence[float]) -> int:
    """Return how often money turns from going out to coming in, or back."""
    signs = [flow > 0 for flow in flows if flow]
    return sum(one is not other for one, other in pairwise(signs))


def _irr(view: View) -> float | None:
    """Return the internal rate of return a year; None where none, several or an absurd one solve it."""
    found = _invested(view)
    if found is None or math.isnan(found.irr) or _turns(_cash(view).flows) > 1:
        return None
    yearly = (1 + found.irr) ** YEAR - 1
    return yearly if abs(yearly) < ABSURD else None


def _roi(view: View) -> float | None:
    return _cash(view).roi if months(view) else None


def _finance(view: View) -> str:
    """Say how the actual of these months stands with finance, rejected lines too."""
    money = [r for r in view.all("lines") if r.text("benefit_class") in MONEY]
    return stood(money, months(view)).words(_currency(view))


def _realised(view: View) -> float | None:
    seen = [
        m
        for m, v in zip(
            months(view), by_month(_money_lines(view), months(view), "actual"), strict=True
        )
        if v is not None
    ]
    plan = sum(total(r, seen, "plan") for r in _money_lines(view))
    return sum(total(r, seen, "actual") for r in _money_lines(view)) / plan if plan > 0 else None


def _nothing_planned(view: View) -> bool:
    lines = _money_lines(view)
    return not any(v is not None for s in SERIES for v in by_month(lines, months(view), s))


def draw(view: View, measure: Measure, room: Room | None = None) -> Drawing:
    """Draw plan, forecast and actual, cumulated over the months."""
    lines = _money_lines(view)
    actual = by_month(lines, months(view), "actual")
    expected = by_month(lines, months(view), "forecast")
    if any(v is not None for v in expected):  # a forecast goes on from what was reached
        expected = [e if a is None else a for a, e in zip(actual, expected, strict=True)]
    plan = by_month(lines, months(view), "plan")
    series = [(_TITLES[s], s, v) for s, v in zip(SERIES, (plan, expected, actual), strict=True)]
    known = [
        (name, style, values)
        for name, style, values in series
        if any(v is not None for v in values)
    ]
    money = Field(id="x", label="x", type="money")
    sums = [
        f"{name} {shown(money, sum(v or 0.0 for v in values), view)}" for name, _, values in known
    ]
    alt = (
        f"Benefits added up over {len(months(view))} months: {', '.join(sums) or 'no entries yet'}."
    )
    return plots.month_lines(
        months(view), known, measure, unit=view.facts.get("currency") or "EUR", alt=alt, room=room
    )


def _total_words(row: Row, view: View, series: str) -> str:
    """Return the sum of what a line counts in words; nothing while no month has an entry."""
    if all(month_value(row, m, series) is None for m in months(view)):
        return ""
    value = total(row, months(view), series)
    return f"{words.number(value, 0)} {unit_of(row, _currency(view))}"


def _judged(row: Row, view: View) -> str:
    """Return how each month that has an actual stands with finance."""
    said: dict[str, list[str]] = {}
    for month in months(view):
        if month_value(row, month, "actual") is not None:
            said.setdefault(STANDINGS[month_standing(row, month)], []).append(_named(month))
    parts = [f"{what}: {', '.join(which)}" for what, which in said.items()]
    return "; ".join([*parts, *filter(None, [moved_words(row, _currency(view))])])


def _named(month: str) -> str:
    return f"{date.fromisoformat(month + '-01'):%b %y}"


def _worked_out(month: str, row: Row) -> str:
    """Say why an actual cannot be typed: it follows from rate and volume."""
    if worked(row, month) is None:
        return ""
    return (
        f"The actual of {_named(month)} is worked out from rate and volume: change those, or "
        "empty one of them."
    )


def _month_fields(series: str) -> Callable[[View], tuple[Field, ...]]:
    def fields(view: View) -> tuple[Field, ...]:
        made = [_month_field(month, series) for month in months(view)]
        sums = Field(id=f"sum_{series}", label="Total", type="calc", width=104,
                     value=lambda row, v: _total_words(row, v, series))  # fmt: skip
        said = Field(id="judged", label="Finance says", type="calc", width=260, value=_judged)
        return (*made, sums, said) if series == "actual" else (*made, sums)

    return fields


def _month_field(month: str, series: str) -> Field:
    """Return the column of a month; actual shows what follows from rate and volume."""
    name = f"months.{month}.{series}"
    if series != "actual":
        return Field(id=name, label=_named(month), type="num", width=84)
    return Field(
        id=name, label=_named(month), type="num", width=84,
        value=lambda row, _view: month_value(row, month, "actual"),
        locked=lambda row: _worked_out(month, row),
    )  # fmt: skip


def _monthly(series: str, hint: str) -> Section:
    return Section(
        id=series, title=_TITLES[series], register="benefit_line", repeats=True, row_word="line",
        blank="Enter benefit lines first.", help=hint, more_fields=_month_fields(series),
        fields=(Field(id="title", label="Benefit", required=True, width=200),),
    )  # fmt: skip


def _worked_amount(month: str) -> Callable[[Row, View], str]:
    """Return the amount of a month that rate and volume give; nothing while one is missing."""

    def value(row: Row, view: View) -> str:
        found = worked(row, month)
        return (
            ""
            if found is None
            else f"{words.number(found.amount, 0)} {unit_of(row, _currency(view))}"
        )

    return value


def _volume_fields(view: View) -> tuple[Field, ...]:
    made: list[Field] = []
    for m in months(view):
        name = _named(m)
        made += [
            Field(id=f"months.{m}.rate", label="Rate", type="num", width=66, group=name),
            Field(id=f"months.{m}.volume", label="Volume", type="num", minimum=0, width=80, group=name),
            Field(id=f"worked_{m}", label="So", type="calc", width=96, group=name, value=_worked_amount(m)),
        ]  # fmt: skip
    return (
        *made,
        Field(id="parts", label="Of it", type="calc", width=230, value=_parts,
              help="What the better rate brought at the planned volume, and what another volume added."),
        Field(id="worked", label="The sum of the last month", type="calc", width=560, value=_last_sum),
    )  # fmt: skip


def _parts(row: Row, view: View) -> str:
    """Split the months into what the better rate and what another volume brought."""
    found = [w for m in months(view) if (w := worked(row, m)) is not None and w.planned is not None]
    if not found:
        return ""
    unit = unit_of(row, _currency(view))
    rate, volume = sum(w.rate_part or 0.0 for w in found), sum(w.volume_part or 0.0 for w in found)
    return f"rate {words.number(rate, 0)} {unit}, volume {words.number(volume, 0)} {unit}"


def _last_sum(row: Row, view: View) -> str:
    """Write out the newest month that rate and volume give."""
    known = [m for m in months(view) if worked(row, m) is not None]
    return f"{_named(known[-1])}: {worked_words(row, known[-1], _currency(view))}" if known else ""


def _currency(view: View) -> str:
    return view.facts.get("currency") or "EUR"


_VOLUME = Section(
    id="volume", title="From rate and volume", register="benefit_line", repeats=True, row_word="line",
    blank="Enter benefit lines first.", more_fields=_volume_fields,
    help="What a unit saves, times the volume that really was. A month with rate and volume needs no typed actual.",
    fields=(
        Field(id="title", label="Benefit", required=True, width=200),
        Field(id="better", label="Which way", type="enum", choices=BETTER, default="lower", width=130),
        Field(id="rate_before", label="Rate before", type="num", width=92, example="14.3"),
        Field(id="rate_unit", label="Unit of the rate", width=110, example="% late"),
        Field(id="unit_value", label="Worth of one unit", type="num", width=120, example="4",
              help="What one unit less (or more) is worth, per unit of volume: for a rate in percent the worth of one late order."),
        Field(id="volume_unit", label="Unit of the volume", width=122, example="orders"),
        Field(id="volume_plan", label="Planned volume", type="num", minimum=0, width=112, example="5200",
              help="Per month. With it the benefit is split into the part of the better rate and the part of the volume."),
    ),
)  # fmt: skip


def _hard(row: Row) -> bool:
    return row.text("benefit_class") in HARD


def _past_without_actual(view: View) -> Iterable[Hit]:
    this_month = f"{view.today:%Y-%m}"
    for row in _money_lines(view):
        missing = [
            m
            for m in months(view)
            if m < this_month
            and month_value(row, m, "plan")
            and month_value(row, m, "actual") is None
        ]
        if missing:
            yield Hit(
                f"{words.coded(row.text('title'), row.code)}: no actual for {words.count(len(missing), 'past month')}.",
                row.id,
                f"months.{missing[0]}.actual",
                "actual",
            )


def _counted_once(row: Row, view: View) -> bool:
    entries = [m for m in months(view) if month_value(row, m, "plan")]
    return not row.get("recurring") and len(entries) > 1


def _weak(view: View) -> Iterable[Hit]:
    for first, second in weak_months(_money_lines(view), months(view))[:1]:
        yield Hit(
            f"Less than 80 % of the plan was reached in {words.month(first)} and "
            f"{words.month(second)}.",
            "",
            "",
            "actual",
        )


def _without_sum(row: Row, view: View) -> bool:
    """Whether rates or volumes stand there from which nothing can be worked out."""
    given = [
        m
        for m in months(view)
        if row.get(f"months.{m}.rate") is not None or row.get(f"months.{m}.volume") is not None
    ]
    return any(worked(row, m) is None for m in given)


def _counted_twice(view: View) -> Iterable[Hit]:
    lines = _money_lines(view)
    for at, row in enumerate(lines):
        for other in lines[:at]:
            both = [
                m
                for m in months(view)
                if any(counted_value(row, m, s) is not None for s in SERIES)
                and any(counted_value(other, m, s) is not None for s in SERIES)
            ]
            if both and _claims(row, view) & _claims(other, view):
                text = f"{words.coded(row.text('title'), row.code)} and {words.coded(other.text('title'), other.code)} may count the same money in {_named(both[0])}."
                yield Hit(text, row.id, "title", "lines")


def _claims(row: Row, view: View) -> set[tuple[str, ...]]:
    metric = view.record("metric", row.get("metric_id")).text("name")
    return claims({"title": row.text("title"), "pl_line": row.text("pl_line"), "metric": metric})


def _rejected(row: Row, view: View) -> bool:
    return row.text("state") != "rejected" and stood([row], months(view)).rejected > 0


def _no_unit(row: Row, _view: View) -> bool:
    measured = row.text("benefit_class") in {"quality", "sustainability"} and bool(
        row.get("months")
    )
    return measured and not row.text("unit")


def _no_proof(row: Row, view: View) -> bool:
    has_actual = any(month_value(row, m, "actual") is not None for m in months(view))
    proven = any(f.get("analysis_id") == "compare.before_after" for f in view.records("finding"))
    return has_actual and bool(row.get("metric_id")) and not proven


def _time_as_money(row: Row, _view: View) -> bool:
    return _hard(row) and row.text("driver") in {"hours", "fte"} and not row.text("note")


def _year_plan(start: str, amount: float, plan_months: int = 12) -> dict[str, dict[str, float]]:
    return {m: {"plan": amount} for m in months_from(start, plan_months)}


def _example_months() -> dict[str, dict[str, float]]:
    found = _year_plan("2026-02", 12000.0)
    for month, amount in zip(months_from("2026-02", 3), (11200.0, 12600.0, 13100.0), strict=True):
        found[month]["actual"] = amount
    for month in months_from("2026-05", 9):
        found[month]["forecast"] = 12500.0
    return found


_LINES = Section(
    id="lines", title="Benefit lines", register="benefit_line", repeats=True, row_word="line",
    new={"recurring": 1, "state": "estimated"},
    blank="One line for each effect that somebody else can check.",
    fields=(
        Field(id="title", label="Benefit", required=True, width=220, example="Fewer penalties for late parcels"),
        Field(id="benefit_class", label="Class", type="enum", choices=CLASSES, required=True, width=170,
              help="Hard means that a line of the profit and loss account changes."),
        Field(id="unit", label="Unit", width=70, example="h",
              help="Of amounts that are no money: hours, accidents, tonnes. Money is in the currency of the project."),
        Field(id="recurring", label="Recurring", type="bool", width=90),
        Field(id="pl_line", label="P&L line", width=140, example="Contract penalties"),
        Field(id="driver", label="Worked out from", type="enum", choices=DRIVERS, width=150),
        Field(id="metric_id", label="Metric", type="metric", width=140),
        Field(id="owner", label="Owner", type="person", width=110),
        Field(id="state", label="State", type="enum", choices=STATES, width=100),
        Field(id="validated_by", label="Confirmed by", type="person", width=120, help="Somebody from finance."),
        Field(id="validated_on", label="Confirmed on", type="date", width=110),
        Field(id="note", label="How it is worked out, proof", type="long", width=260),
    ),
)  # fmt: skip
_COSTS = Section(
    id="costs", title="Costs", repeats=True, row_word="cost",
    blank="What the change costs: once or month by month.",
    fields=(
        Field(id="item", label="Cost", required=True, width=220, example="Change of the order system"),
        Field(id="month", label="Month", type="month", width=100, example="May 2026"),
        Field(id="amount", label="Amount", type="money", required=True, width=120),
        Field(id="note", label="Note", width=240),
    ),
)  # fmt: skip


def _sentences(view: View) -> tuple[str, ...]:
    money = Field(id="x", label="x", type="money")
    parts: list[str] = []
    plan = _sum("plan").value(view)
    if plan:
        parts.append(f"Planned: {shown(money, plan, view)} in {len(months(view))} months.")
    share = _realised(view)
    if share is not None:
        parts.append(f"So far {words.percent(share)} of the plan of these months was reached.")
    hard = [r for r in _money_lines(view) if _hard(r)]
    judged = [r for r in hard if judged_by_finance(r)]
    if hard:
        parts.append(f"Finance has judged {len(judged)} of {words.count(len(hard), 'hard line')}.")
    if _finance(view):
        parts.append(f"Of the actual amounts: {_finance(view)}.")
    return tuple(parts)


def _lines_of(view: View) -> Sequence[Row]:
    return view.all("lines")


BENEFITS = WorksheetType(
    id="benefits", version=1, title="Benefits", phases="DIC", archetype="grid", landscape=True,
    question="What is it worth, what did it really bring, and who confirms it?",
    also_called=("business case", "savings", "financial impact", "NPV", "ROI", "payback"),
    sections=(
        Section(
            id="frame", title="Frame",
            fields=(
                Field(id="start_month", label="First month", type="month", required=True, example="May 2026"),
                Field(id="horizon", label="Months", type="int", minimum=1, maximum=60, example="12"),
                Field(id="rate", label="Interest a year", type="pct", minimum=0, maximum=1, unit="%", example="10",
                      help="For the present value; 10 % if empty."),
                Field(id="price_year", label="Prices of", required=True, example="2026, EUR", help="Year and currency of all amounts."),
            ),
        ),
        _LINES,
        _monthly("plan", "What was promised. It is locked by the gate of Define."),
        _monthly("forecast", "What is expected now, for the months to come."),
        _monthly("actual", "What the accounts show, at the volume that really was."),
        _VOLUME,
        _COSTS,
    ),
    computed=(
        _sum("plan"), _sum("actual"),
        Computed("finance", "Of the actual", _finance),
        Computed("annual", "A year", _annual_words),
        Computed("realised", "Plan reached so far", _realised, "pct"),
        Computed("npv", "Present value", _present_value, "money"),
        Computed("payback", "Paid back", _payback),
        Computed("payback_discounted", "Paid back at present value", _discounted),
        Computed("irr", "Internal rate of return a year", _irr, "pct"),
        Computed("roi", "Return on investment", _roi, "pct"),
    ),
    words=_sentences,
    checks=(
        Check("BN-01", "must", "Hard lines name their P&L line",
              each("lines", lambda r, _v: _hard(r) and not r.text("pl_line"), "{row} is hard: which line of the accounts changes?", field="pl_line")),
        Check("BN-02", "should", "Finance confirmed the hard lines",
              each("lines", lambda r, _v: _hard(r) and not judged_by_finance(r),
                   "{row} is hard, but not confirmed by finance.", field="validated_by")),
        Check("BN-03", "should", "No money is counted twice", _counted_twice),
        Check("BN-04", "should", "Time saved is not booked as money without proof",
              each("lines", _time_as_money, "{row} counts hours as money: which people or overtime were saved?", field="note")),
        Check("BN-05", "should", "What was realised is shown by data",
              each("lines", _no_proof, "{row} has actuals, but no before/after comparison is saved.", field="metric_id")),
        Check("BN-06", "should", "Past months have an actual", _past_without_actual),
        Check("BN-07", "should", "One-time effects are counted once",
              each("lines", _counted_once, "{row} is one-time, but planned in several months.", field="recurring")),
        Check("BN-08", "should", "The plan is reached", _weak),
        Check("BN-10", "should", "What finance rejected is mended",
              each("lines", _rejected, "Finance rejected months of {row}: correct the amounts, or leave them out.", field="state")),
        Check("BN-13", "should", "Finance saw the amounts that count",
              each("lines", lambda r, _v: bool(moved(r)), "{row} changed after finance gave its word: ask again, or correct the amount.", field="validated_by")),
        Check("BN-11", "should", "Rates and volumes lead to an amount",
              each("lines", _without_sum, "{row} has a rate or a volume from which no amount follows: both are needed, with the rate before and the value of one.", field="title")),
        Check("BN-12", "should", "What is no money has a unit",
              each("lines", _no_unit, "{row} has amounts: in which unit?", field="unit")),
        Check("BN-09", "hint", "There is a benefit",
              when(lambda v: not _lines_of(v), "Enter the first benefit; an estimate will do.", section="lines")),
    ),
    canvas=Canvas(draw=draw, fitted=draw, title="Plan, forecast and actual", begins=(
        Begin("Enter the first month: the lines of the drawing begin there.", "Enter the first month", "frame", "start_month"),
        Begin("Add a benefit that somebody else can check.", "Add the first benefit", "lines"),
        Begin("Enter what each month should bring: the plan appears as a line.", "Enter the plan", "plan", lacks=_nothing_planned),
    )),
    example=Example(
        title="Late departures",
        body={"start_month": "2026-02", "horizon": 12, "rate": 0.1, "price_year": "2026, EUR"},
        rows={"costs": ({"item": "Change of the order system", "month": "2026-02", "amount": 38000.0},
                        {"item": "Signs at the gates", "month": "2026-03", "amount": 2400.0})},
        registers={
            "benefit_line": (
                {"id": "b1", "title": "Fewer penalties for late parcels", "benefit_class": "hard", "recurring": 1, "pl_line": "Contract penalties",
                 "driver": "rate", "metric_id": "y", "owner": "T. Lind", "state": "validated", "validated_by": "P. Novak",
                 "validated_on": "2026-04-30", "months": _example_months()},
                {"id": "b2", "title": "Less waiting at the gates", "benefit_class": "soft", "recurring": 1, "driver": "hours", "state": "estimated"},
            ),
            "metric": ({"id": "y", "name": "Late departures", "role": "primary"},),
            "finding": ({"id": "f1", "title": "Before and after", "analysis_id": "compare.before_after"},),
        },
    ),
)  # fmt: skip
