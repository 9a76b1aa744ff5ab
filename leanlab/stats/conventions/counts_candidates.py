"""Every usual interval of a proportion or a rate."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from leanlab.core.errors import DataProblem
from leanlab.stats import inputs
from leanlab.stats.conventions.candidates import Candidate, show


def of_counts(data: Mapping[str, Any], level: float) -> Iterator[Candidate]:
    """Yield estimate and interval ends of events in trials, or per exposure."""
    events = float(inputs.whole(data["events"], "Events"))
    if "trials" in data:
        trials = float(inputs.whole(data["trials"], "Trials", least=1))
        if events > trials:
            raise DataProblem(f"There are {events:g} events in only {trials:g} trials.")
        yield from _of_proportion(events, trials, level)
    elif "exposure" in data:
        exposure = inputs.number(data["exposure"], "Exposure", above=0)
        yield from _of_rate(events, exposure, level)
    else:
        raise DataProblem("Events need trials or an exposure.", hint="Add one of them.")


def _ends(
    low: float, high: float, words: str, text: str, settings: dict[str, Any]
) -> Iterator[Candidate]:
    yield Candidate("lower", low, words, f"lower end of {text}", settings)
    yield Candidate("upper", high, words, f"upper end of {text}", settings)


def _of_proportion(events: float, n: float, level: float) -> Iterator[Candidate]:
    from scipy.special import betaincinv, ndtri

    p, z, tail = events / n, float(ndtri(0.5 + level / 2)), (1 - level) / 2
    yield Candidate("proportion", p, "events / trials", f"{events:g} / {n:g}")
    low = 0.0 if events == 0 else float(betaincinv(events, n - events + 1, tail))
    high = 1.0 if events == n else float(betaincinv(events + 1, n - events, 1 - tail))
    yield from _ends(low, high, "exact (Clopper-Pearson)", f"beta quantiles of {events:g} of {n:g}",
                     {"interval": "exact"})  # fmt: skip
    reach = z * math.sqrt(p * (1 - p) / n)
    text = f"{show(p)} -+ {show(z)} sqrt({show(p)} x {show(1 - p)} / {n:g})"
    yield from _ends(p - reach, p + reach, "normal approximation (Wald)", text,
                     {"interval": "normal"})  # fmt: skip
    wider = reach + 0.5 / n
    yield from _ends(p - wider, p + wider, "Wald with continuity correction", f"{text} -+ 1/(2n)",
                     {"interval": "normal_corrected"})  # fmt: skip
    center = (events + z * z / 2) / (n + z * z)
    wilson = z / (n + z * z) * math.sqrt(n * p * (1 - p) + z * z / 4)
    yield from _ends(center - wilson, center + wilson, "Wilson score",
                     f"{show(center)} -+ {show(wilson)}", {"interval": "wilson"})  # fmt: skip
    coull = z * math.sqrt(center * (1 - center) / (n + z * z))
    yield from _ends(center - coull, center + coull, "Agresti-Coull",
                     f"{show(center)} -+ {show(coull)}", {"interval": "agresti_coull"})  # fmt: skip


def _of_rate(events: float, exposure: float, level: float) -> Iterator[Candidate]:
    from scipy.special import gammainccinv, gammaincinv, ndtri

    rate, z, tail = events / exposure, float(ndtri(0.5 + level / 2)), (1 - level) / 2
    yield Candidate("rate", rate, "events / exposure", f"{events:g} / {show(exposure)}")
    low = 0.0 if events == 0 else float(gammaincinv(events, tail)) / exposure
    high = float(gammainccinv(events + 1, tail)) / exposure
    yield from _ends(low, high, "exact (Garwood)", f"chi-square quantiles of {events:g} events",
                     {"interval": "exact"})  # fmt: skip
    reach = z * math.sqrt(events) / exposure
    yield from _ends(rate - reach, rate + reach, "normal approximation",
                     f"{show(rate)} -+ {show(z)} sqrt({events:g}) / {show(exposure)}",
                     {"interval": "normal"})  # fmt: skip
