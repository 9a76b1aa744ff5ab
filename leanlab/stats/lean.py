"""Lean arithmetic: flow, yield, inventory and money."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leanlab.core.errors import DataProblem
from leanlab.core.typing import FloatArray
from leanlab.stats.inputs import counts, fraction, known, number, numbers, whole

_NAN = float("nan")
SHIFT = 1.5  # the customary long-term shift; always an input, never hidden


@dataclass(frozen=True, slots=True)
class Dpmo:
    """Result of `dpmo`; sigma levels are NaN without defects or with nothing but defects."""

    dpu: float
    dpo: float
    dpmo: float
    yield_dpo: float
    yield_poisson: float
    sigma_long_term: float
    sigma_level: float


@dataclass(frozen=True, slots=True)
class SigmaLevel:
    """Result of `sigma_level`."""

    sigma_level: float
    yield_: float


@dataclass(frozen=True, slots=True, eq=False)
class RolledYield:
    """Result of `rty`: first-pass yield per step and of the whole chain."""

    fpy: FloatArray
    rty: float
    normalized_yield: float
    total_dpu: float


@dataclass(frozen=True, slots=True)
class Oee:
    """Result of `oee`; performance and quality are NaN where nothing ran or nothing was made."""

    availability: float
    performance: float
    quality: float
    oee: float


@dataclass(frozen=True, slots=True)
class Takt:
    """Result of `takt`; the bottleneck is a 0-based index."""

    takt: float
    total_work: float
    operators_min_exact: float
    operators_min: int
    line_balance_efficiency: float
    balance_delay: float
    bottleneck_index: int
    meets_takt: bool


@dataclass(frozen=True, slots=True)
class CycleEfficiency:
    """Result of `process_cycle_efficiency`."""

    value_added: float
    lead_time: float
    pce: float


@dataclass(frozen=True, slots=True)
class Kanban:
    """Result of `kanban`: number of cards, exact and rounded up."""

    kanban_exact: float
    kanban: int


@dataclass(frozen=True, slots=True)
class Eoq:
    """Result of `eoq`."""

    eoq: float
    orders_per_year: float
    annual_ordering_plus_holding_cost: float
    safety_stock: float
    reorder_point: float


@dataclass(frozen=True, slots=True)
class Queue:
    """Result of `queue_mmc`: chance to wait, mean numbers and mean times."""

    utilization: float
    p_wait: float
    lq: float
    wq: float
    w: float
    l: float  # noqa: E741 - Little's letter, and the name of the reference field


@dataclass(frozen=True, slots=True)
class Investment:
    """Result of `npv_irr_payback`; NaN where a figure does not exist."""

    npv: float
    irr: float
    payback_periods: float
    discounted_payback_periods: float
    profitability_index: float
    roi: float


def _normal_quantile(p: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(p))


def dpmo(defects: float, units: float, opportunities_per_unit: float, shift: float = SHIFT) -> Dpmo:
    """Turn defects into defects per million opportunities and a sigma level.

    Parameters
    ----------
    defects, units, opportunities_per_unit : float
        Found defects, inspected units, chances for a defect on each.
    shift : float, default 1.5
        Added to the long-term sigma level.

    Returns
    -------
    Dpmo

    Raises
    ------
    DataProblem
        Negative defects, no units, no opportunities.

    References
    ----------
    Breyfogle, Implementing Six Sigma; sigma level = normal quantile of 1 - DPO, plus the shift.

    Examples
    --------
    >>> round(dpmo(34, 500, 5).sigma_level, 4)
    3.7086
    """
    found = number(defects, "Defects", least=0)
    n = number(units, "Units", above=0)
    per_unit = number(opportunities_per_unit, "Opportunities per unit", above=0)
    shift = number(shift, "Shift")
    per_opportunity = found / (n * per_unit)
    z = _NAN
    if 0 < per_opportunity < 1:
        z = -_normal_quantile(per_opportunity)
    return Dpmo(
        dpu=found / n,
        dpo=per_opportunity,
        dpmo=1e6 * per_opportunity,
        yield_dpo=1 - per_opportunity,
        yield_poisson=math.exp(-found / n),
        sigma_long_term=z,
        sigma_level=z + shift,
    )


def sigma_level(dpmo: float, shift: float = SHIFT) -> SigmaLevel:
    """Turn defects per million opportunities into a sigma level.

    Parameters
    ----------
    dpmo : float
        0 to 1,000,000; at both ends the sigma level is not defined (NaN).
    shift : float, default 1.5

    Examples
    --------
    >>> round(sigma_level(3.4).sigma_level, 2)
    6.0
    """
    rate = number(dpmo, "DPMO", least=0) / 1e6
    if rate > 1:
        raise DataProblem(f"DPMO cannot be above 1,000,000 ({dpmo:g}).")
    shift = number(shift, "Shift")
    z = -_normal_quantile(rate) if 0 < rate < 1 else _NAN
    return SigmaLevel(z + shift, 1 - rate)


def sigma_to_dpmo(sigma_level: float, shift: float = SHIFT) -> float:
    """Return the defects per million opportunities of a sigma level (one tail).

    Examples
    --------
    >>> round(sigma_to_dpmo(6.0), 1)
    3.4
    """
    from scipy.special import ndtr

    return 1e6 * float(ndtr(number(shift, "Shift") - number(sigma_level, "Sigma level")))


def rty(units_in: ArrayLike, units_defective_first_pass: ArrayLike) -> RolledYield:
    """Multiply first-pass yields along a chain of steps.

    Parameters
    ----------
    units_in, units_defective_first_pass : array_like, shape (steps,)
        Units that entered each step, and those not right the first time.

    Returns
    -------
    RolledYield
        ``normalized_yield`` is the geometric mean per step; ``total_dpu`` = -ln(rolled yield),
        NaN if a step lets nothing through.

    Raises
    ------
    DataProblem
        Steps without units, more defective units than units.

    References
    ----------
    Harry and Schroeder, Six Sigma.

    Examples
    --------
    >>> round(rty([100, 90], [10, 9]).rty, 2)
    0.81
    """
    entered = counts(units_in, "Units in")
    bad = counts(units_defective_first_pass, "Units defective")
    if entered.size != bad.size:
        raise DataProblem(f"There are {entered.size} steps but {bad.size} numbers of defectives.")
    empty = np.flatnonzero(entered == 0)
    if empty.size:
        raise DataProblem(f"No units entered step {empty[0] + 1}.", hint="Leave the step out.")
    over = np.flatnonzero(bad > entered)
    if over.size:
        raise DataProblem(f"Step {over[0] + 1} has more defective units than units.")
    fpy = 1 - bad / entered
    rolled = float(np.prod(fpy))
    dpu = -math.log(rolled) if rolled > 0 else _NAN
    return RolledYield(fpy, rolled, rolled ** (1 / fpy.size), dpu + 0.0)


def oee(
    planned_minutes: float,
    downtime_minutes: float,
    ideal_cycle_minutes: float,
    total_count: float,
    good_count: float,
) -> Oee:
    """Split equipment effectiveness into availability, performance and quality.

    Parameters
    ----------
    planned_minutes, downtime_minutes, ideal_cycle_minutes : float
        Planned time, stops, and the shortest time per part.
    total_count, good_count : float
        Parts made, and those good the first time.

    Returns
    -------
    Oee
        Performance may exceed 1: then the ideal cycle time is wrong.

    References
    ----------
    Nakajima, Introduction to TPM.

    Examples
    --------
    >>> round(oee(480, 47, 1, 400, 392).oee, 4)
    0.8167
    """
    planned = number(planned_minutes, "Planned time", above=0)
    down = number(downtime_minutes, "Downtime", least=0)
    cycle = number(ideal_cycle_minutes, "Ideal cycle time", above=0)
    total = number(total_count, "Total count", least=0)
    good = number(good_count, "Good count", least=0)
    if down > planned:
        raise DataProblem(f"Downtime ({down:g}) is longer than the planned time ({planned:g}).")
    if good > total:
        raise DataProblem(f"Good parts ({good:g}) are more than all parts ({total:g}).")
    run = planned - down
    performance = cycle * total / run if run > 0 else _NAN
    quality = good / total if total > 0 else _NAN
    defined = not (math.isnan(performance) or math.isnan(quality))
    return Oee(run / planned, performance, quality, good * cycle / planned if defined else 0.0)


def takt(available_seconds: float, demand: float, cycle_times: ArrayLike) -> Takt:
    """Compare the pace of demand with the work of each station.

    Parameters
    ----------
    available_seconds : float
        Working time per period.
    demand : float
        Pieces asked for in that period.
    cycle_times : array_like, shape (stations,)
        Seconds of work per piece at each station.

    Returns
    -------
    Takt
        ``line_balance_efficiency`` = total work / (stations x longest).

    References
    ----------
    Rother and Harris, Creating Continuous Flow.

    Examples
    --------
    >>> takt(27000, 450, [52, 48, 61, 55]).operators_min
    4
    """
    pace = number(available_seconds, "Available time", above=0) / number(demand, "Demand", above=0)
    times = numbers(cycle_times, "Cycle time")
    wrong = np.flatnonzero(~(times >= 0))
    if times.size == 0 or wrong.size:
        row = f" of station {wrong[0] + 1}" if wrong.size else "s"
        raise DataProblem(f"The cycle time{row} must be 0 or more.", hint="Enter seconds of work.")
    work, longest = float(times.sum()), float(times.max())
    if longest == 0:
        raise DataProblem("All cycle times are 0.", hint="Enter seconds of work.")
    efficiency = work / (times.size * longest)
    return Takt(
        takt=pace,
        total_work=work,
        operators_min_exact=work / pace,
        operators_min=_ceil(work / pace),
        line_balance_efficiency=efficiency,
        balance_delay=1 - efficiency,
        bottleneck_index=int(np.argmax(times)),
        meets_takt=longest <= pace,
    )


def _ceil(exact: float) -> int:
    """Round up, forgiving the last digits of a quotient that should be whole."""
    nearest = round(exact)
    return nearest if abs(exact - nearest) <= 1e-9 * max(1.0, abs(exact)) else math.ceil(exact)


def process_cycle_efficiency(
    process_minutes: ArrayLike, waiting_minutes: ArrayLike
) -> CycleEfficiency:
    """Return the share of the lead time in which value is added.

    Parameters
    ----------
    process_minutes, waiting_minutes : array_like
        Times that add value, and times that do not.

    Examples
    --------
    >>> process_cycle_efficiency([10], [90]).pce
    0.1
    """
    value = _times(process_minutes, "Process time")
    lead = value + _times(waiting_minutes, "Waiting time")
    if lead <= 0:
        raise DataProblem("The lead time is 0.", hint="Enter the times of the steps.")
    return CycleEfficiency(value, lead, value / lead)


def _times(values: ArrayLike, what: str) -> float:
    times = numbers(values, what)
    wrong = np.flatnonzero(times < 0)
    if wrong.size:
        raise DataProblem(f"{what} in row {wrong[0] + 1} is negative.")
    return float(np.nansum(times))


def littles_law(wip: float, throughput_per_day: float) -> float:
    """Return the lead time in days: work in process / throughput (Little 1961).

    Examples
    --------
    >>> littles_law(240, 60)
    4.0
    """
    return number(wip, "Work in process", least=0) / number(
        throughput_per_day, "Throughput", above=0
    )


def kanban(
    daily_demand: float, lead_time_days: float, safety_factor: float, container_size: float
) -> Kanban:
    """Return the number of kanban cards: demand x lead time x (1 + safety) / container.

    Parameters
    ----------
    daily_demand, lead_time_days : float
    safety_factor : float
        0.15 adds 15 %.
    container_size : float
        Pieces per card.

    References
    ----------
    Monden, Toyota Production System.

    Examples
    --------
    >>> kanban(200, 2.5, 0.15, 25).kanban
    23
    """
    exact = (
        number(daily_demand, "Daily demand", least=0)
        * number(lead_time_days, "Lead time", least=0)
        * (1 + number(safety_factor, "Safety factor", least=0))
        / number(container_size, "Container size", above=0)
    )
    return Kanban(exact, _ceil(exact))


def eoq(
    annual_demand: float,
    order_cost: float,
    holding_cost: float,
    daily_demand: float,
    daily_demand_sd: float,
    lead_time_days: float,
    service_level: float,
) -> Eoq:
    """Return the economic order quantity, safety stock and reorder point.

    Parameters
    ----------
    annual_demand, order_cost, holding_cost : float
        Pieces a year, cost per order, cost to hold one piece for a year.
    daily_demand, daily_demand_sd, lead_time_days : float
        Mean and standard deviation per day; days from order to receipt.
    service_level : float
        Chance not to run out during the lead time, 0 to 1.

    References
    ----------
    Harris 1913; safety stock = z sd sqrt(lead time).

    Examples
    --------
    >>> round(eoq(12000, 85, 2.4, 60, 12, 3, 0.95).eoq, 1)
    922.0
    """
    demand = number(annual_demand, "Annual demand", above=0)
    cost = number(order_cost, "Order cost", above=0)
    holding = number(holding_cost, "Holding cost", above=0)
    quantity = math.sqrt(2 * demand * cost / holding)
    lead = number(lead_time_days, "Lead time", least=0)
    z = _normal_quantile(fraction(service_level, "Service level"))
    safety = z * number(daily_demand_sd, "Standard deviation of demand", least=0) * math.sqrt(lead)
    return Eoq(
        eoq=quantity,
        orders_per_year=demand / quantity,
        annual_ordering_plus_holding_cost=demand / quantity * cost + quantity / 2 * holding,
        safety_stock=safety,
        reorder_point=number(daily_demand, "Daily demand", least=0) * lead + safety,
    )


def queue_mmc(arrival_rate: float, service_rate: float, servers: int) -> Queue:
    """Describe a queue with random arrivals, random service times and equal servers.

    Parameters
    ----------
    arrival_rate, service_rate : float
        Arrivals, and customers that one server finishes, per unit of time.
    servers : int

    Returns
    -------
    Queue
        Steady state (Erlang C).

    Raises
    ------
    DataProblem
        More work than the servers can do: the queue would grow for ever.

    References
    ----------
    Hopp and Spearman, Factory Physics.

    Examples
    --------
    >>> round(queue_mmc(18, 20, 1).wq, 2)
    0.45
    """
    arrivals = number(arrival_rate, "Arrival rate", above=0)
    service = number(service_rate, "Service rate", above=0)
    count = whole(servers, "Number of servers", least=1)
    load = arrivals / service
    if load >= count:
        raise DataProblem(
            f"{count} servers can do {count * service:g} per unit of time, but {arrivals:g} arrive.",
            hint="Add servers, or the queue grows without end.",
        )
    blocked = 1.0  # Erlang B by its recursion, which cannot overflow
    for busy in range(1, count + 1):
        blocked = load * blocked / (busy + load * blocked)
    utilization = load / count
    p_wait = blocked / (1 - utilization * (1 - blocked))
    lq = p_wait * utilization / (1 - utilization)
    return Queue(utilization, p_wait, lq, lq / arrivals, lq / arrivals + 1 / service, lq + load)


def npv_irr_payback(rate: float, cash_flows: ArrayLike) -> Investment:
    """Judge an investment by its cash flows.

    Parameters
    ----------
    rate : float
        Discount rate per period, above -1.
    cash_flows : array_like, shape (periods + 1,)
        The first is at time 0 and is not discounted (Excel's NPV discounts it).

    Returns
    -------
    Investment
        Payback interpolates inside the period and is NaN if it never comes; irr is the root of
        the net present value between -0.99 and 20, NaN without a change of sign there.

    References
    ----------
    Brealey, Myers and Allen, Principles of Corporate Finance.

    Examples
    --------
    >>> round(npv_irr_payback(0.1, [-100, 60, 60]).npv, 2)
    4.13
    """
    rate = number(rate, "Rate", above=-1)
    flows = known(cash_flows, "Cash flow", least=2)
    if flows.size != np.size(cash_flows):
        raise DataProblem("A cash flow is missing.", hint="Enter 0 for a period without one.")
    discounted = flows / (1 + rate) ** np.arange(flows.size)
    npv = float(discounted.sum())
    outlay = -float(flows[0])
    later = float(discounted[1:].sum())
    return Investment(
        npv=npv,
        irr=_irr(flows),
        payback_periods=_payback(flows),
        discounted_payback_periods=_payback(discounted),
        profitability_index=later / outlay if outlay > 0 else _NAN,
        roi=float(flows.sum()) / outlay if outlay > 0 else _NAN,
    )


def _payback(flows: FloatArray) -> float:
    total = np.cumsum(flows)
    if total[0] >= 0:
        return 0.0
    paid = np.flatnonzero(total >= 0)
    if not paid.size:
        return _NAN
    at = int(paid[0])
    return float(at - 1 + -total[at - 1] / flows[at])


def _irr(flows: FloatArray) -> float:
    from scipy.optimize import brentq

    def worth(rate: float) -> float:
        return float(np.polynomial.polynomial.polyval(1 / (1 + rate), flows))

    low, high = -0.99, 20.0
    if worth(low) * worth(high) >= 0:
        return _NAN
    root, result = brentq(worth, low, high, xtol=1e-15, rtol=1e-14, full_output=True)
    return float(root) if result.converged else _NAN
