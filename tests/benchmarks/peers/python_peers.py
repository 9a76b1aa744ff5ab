"""Time one call of one peer, inside the peer's own environment.

`python python_peers.py PEER CASE DATA.npz` prints one JSON line: processor seconds of the best call, and one number of
its result, so that the reader sees whether it answered the same question. It imports nothing of LeanLab: the peers have
an environment of their own (packaging/peers.sh).

A case gives the peer its data in the shape it wants, outside the clock.
"""

import json
import sys
from importlib.metadata import version
from time import process_time

import numpy as np

ENOUGH = 1.0  # seconds of repeated calls
ALL_EIGHT = (1, 2, 3, 4, 5, 6, 7, 8)


# pccpy


def pccpy_i_mr(x):
    import pccpy

    return lambda: pccpy.imr_chart(x, tests=ALL_EIGHT), lambda chart: _first(chart.panels[0].ucl)


def pccpy_xbar_r(x):
    import pccpy

    return lambda: pccpy.xbar_r_chart(x, tests=ALL_EIGHT), lambda chart: _first(chart.panels[0].ucl)


def pccpy_xbar_s(x):
    import pccpy

    return lambda: pccpy.xbar_s_chart(x, tests=ALL_EIGHT), lambda chart: _first(chart.panels[0].ucl)


def pccpy_p(counts, sizes):
    import pccpy

    return lambda: pccpy.p_chart(counts, sizes, tests=(1, 2, 3, 4)), lambda chart: _first(
        chart.panels[0].ucl
    )


def pccpy_ewma(x):
    import pccpy

    return lambda: pccpy.ewma_chart(x), lambda chart: chart.panels[0].ucl[-1]


def pccpy_cusum(x):
    import pccpy

    return lambda: pccpy.cusum_chart(x, target=10.0, h=5.0), lambda chart: _first(
        chart.panels[0].ucl
    )


def pccpy_capability(x):
    import pccpy

    return lambda: pccpy.capability_analysis(x, 6.0, 14.0), lambda result: result.cpk


def pccpy_gage(readings):
    import pccpy

    parts, operators, trials = readings.shape
    return (
        lambda: pccpy.gage_rr(readings, parts, operators, trials, alpha_interaction=0.05),
        lambda result: result.ndc,
    )


def pccpy_fits(x):
    """The nine families it offers, one call each: it has no search of its own."""
    import pccpy

    families = (
        "normal", "lognormal", "weibull", "gamma", "exponential", "loglogistic", "logistic",
        "largest_extreme", "smallest_extreme",
    )  # fmt: skip

    def call():
        return [pccpy.capability_nonnormal(x, usl=40.0, distribution=name) for name in families]

    return call, len


# capstat-core


def capstat_i_mr(x):
    import capstat_core as peer

    def call():
        charts = peer.i_mr_chart(x)
        return charts, peer.nelson_rules(charts.location)

    return call, lambda result: _first(result[0].location.limits.upper)


def capstat_xbar_r(x):
    import capstat_core as peer

    def call():
        charts = peer.xbar_r_chart(x)
        return charts, peer.nelson_rules(charts.location)

    return call, lambda result: _first(result[0].location.limits.upper)


def capstat_xbar_s(x):
    import capstat_core as peer

    def call():
        charts = peer.xbar_s_chart(x)
        return charts, peer.nelson_rules(charts.location)

    return call, lambda result: _first(result[0].location.limits.upper)


def capstat_ewma(x):
    import capstat_core as peer

    return lambda: peer.ewma_chart(x), lambda chart: _last(chart.upper)


def capstat_cusum(x):
    import capstat_core as peer

    return lambda: peer.cusum_chart(x, target=10.0), lambda chart: chart.H


def capstat_capability(x):
    import capstat_core as peer

    return lambda: peer.capability(x, lsl=6.0, usl=14.0), lambda result: result.cpk


def capstat_gage(readings):
    import capstat_core as peer

    return lambda: peer.gage_rr(readings, interaction_alpha=0.05), lambda result: result.ndc


def capstat_fits(x):
    import capstat_core as peer

    return lambda: peer.fit_distribution(x), lambda result: 4


# shewhart


def shewhart_i_mr(x):
    import shewhart

    return lambda: shewhart.imr(x), lambda result: result.stats["i_ucl"]


def shewhart_xbar_r(x):
    import shewhart

    frame = _long(x)
    return (
        lambda: shewhart.xbar_r(frame, value="v", subgroup="g"),
        lambda result: result.stats["xbar_ucl"],
    )


def shewhart_xbar_s(x):
    import shewhart

    frame = _long(x)
    return (
        lambda: shewhart.xbar_s(frame, value="v", subgroup="g"),
        lambda result: result.stats["xbar_ucl"],
    )


def shewhart_p(counts, sizes):
    import pandas as pd
    import shewhart

    frame = pd.DataFrame({"d": counts, "n": sizes})
    return lambda: shewhart.p_chart(frame, defectives="d", size="n"), lambda result: None


def shewhart_ewma(x):
    import shewhart

    return lambda: shewhart.ewma(x), lambda result: None


def shewhart_cusum(x):
    import shewhart

    return lambda: shewhart.cusum(x, center=10.0, h=5.0), lambda result: result.stats["cusum_limit"]


def shewhart_capability(x):
    import shewhart

    return lambda: shewhart.capability(x, lsl=6.0, usl=14.0), lambda result: result.stats.get("cpk")


# mfgqc


def _mfgqc(x):
    import mfgqc
    import pandas as pd

    return mfgqc.load(pd.DataFrame({"v": x}), measure="v")


def mfgqc_i_mr(x):
    data = _mfgqc(x)
    return lambda: data.control_chart("i_mr"), lambda result: _first(result.location_ucl)


def mfgqc_xbar_r(x):
    import mfgqc

    data = mfgqc.load(_long(x), measure="v", subgroup="g")
    return lambda: data.control_chart("xbar_r"), lambda result: _first(result.location_ucl)


def mfgqc_xbar_s(x):
    import mfgqc

    data = mfgqc.load(_long(x), measure="v", subgroup="g")
    return lambda: data.control_chart("xbar_s"), lambda result: _first(result.location_ucl)


def mfgqc_p(counts, sizes):
    import mfgqc
    import pandas as pd

    data = mfgqc.load(pd.DataFrame({"d": counts, "n": sizes}), measure="d")
    return lambda: data.control_chart("p", n="n"), lambda result: _first(result.location_ucl)


def mfgqc_anova(groups):
    import mfgqc

    samples = list(groups)

    def call():
        test = mfgqc.test_anova(*samples, method="anova")
        return test, test.posthoc()

    return call, lambda result: result[0].statistic


def mfgqc_ewma(x):
    data = _mfgqc(x)
    return lambda: data.ewma_chart(0.2, 3.0), lambda result: _last(result.ucl)


def mfgqc_cusum(x):
    data = _mfgqc(x)
    return lambda: data.cusum_chart(mu0=10.0), lambda result: None  # its limit is in sigmas


def mfgqc_capability(x):
    data = _mfgqc(x).spec(6.0, 14.0)
    return data.capability, lambda result: result.cpk


def mfgqc_gage(readings):
    import mfgqc
    import pandas as pd

    part, operator, trial = (v.ravel() for v in np.indices(readings.shape))
    frame = pd.DataFrame({"part": part, "op": operator, "trial": trial, "v": readings.ravel()})
    data = mfgqc.load(frame, measure="v").roles(part="part", operator="op", replicate="trial")
    return lambda: data.gage_rr(alpha=0.05), lambda result: result.ndc


# pycontrolcharts, statprocon


def pycontrolcharts_i_mr(x):
    import pycontrolcharts as peer

    values = list(x)
    return lambda: peer.calc_xmr(values), lambda frame: frame["ucl"].iloc[0]


def _long(x):
    import pandas as pd

    return pd.DataFrame({"g": np.repeat(np.arange(len(x)), x.shape[1]), "v": x.ravel()})


def pycontrolcharts_xbar_r(x):
    import pycontrolcharts as peer

    frame = _long(x)
    return lambda: peer.calc_xbar_r(frame, subgroup="g", value_column="v"), lambda r: r["ucl"].iloc[
        0
    ]


def pycontrolcharts_xbar_s(x):
    import pycontrolcharts as peer

    frame = _long(x)
    return lambda: peer.calc_xbar_s(frame, subgroup="g", value_column="v"), lambda r: r["ucl"].iloc[
        0
    ]


def pycontrolcharts_p(counts, sizes):
    import pandas as pd
    import pycontrolcharts as peer

    frame = pd.DataFrame({"d": counts, "n": sizes})
    return (
        lambda: peer.calc_p(frame, value_column="d", sample_size_column="n"),
        lambda result: result["ucl"].iloc[0],
    )


def statprocon_i_mr(x):
    import statprocon

    values = [round(float(v), 6) for v in x]

    def call():
        chart = statprocon.XmR(values)
        return chart, chart.rule_1_x_indices_beyond_limits(), chart.rule_2_runs_about_central_line()

    return call, lambda result: result[0].upper_natural_process_limit()[0]


# statsmodels as a person would use it


def statsmodels_anova(groups):
    from statsmodels.stats.multicomp import pairwise_tukeyhsd
    from statsmodels.stats.oneway import anova_oneway

    labels, values = np.repeat(np.arange(len(groups)), groups.shape[1]), groups.ravel()

    def call():
        return anova_oneway(groups.tolist(), use_var="equal"), pairwise_tukeyhsd(values, labels)

    return call, lambda result: float(result[0].statistic)


def _first(values):
    return float(np.ravel(values)[0])


def _last(values):
    return float(np.ravel(values)[-1])


def best_seconds(call):
    """Return the least processor time of a call, and its result; the first call warms up unless it is long."""
    times, spent = [], 0.0
    while spent < ENOUGH:
        start = process_time()
        result = call()
        times.append(process_time() - start)
        spent += times[-1]
    return min(times), result


PACKAGES = {"capstat": "capstat-core"}


def main(peer, case, file):
    call, number = globals()[f"{peer}_{case}"](*np.load(file).values())
    seconds, result = best_seconds(call)
    value = number(result)
    print(  # noqa: T201 - one JSON line is the answer
        json.dumps(
            {
                "seconds": seconds,
                "number": None if value is None else float(value),
                "version": version(PACKAGES.get(peer, peer)),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
