"""The same work by other packages, in the same run: who answers, how fast, and with the same number?

Each peer runs in an environment of its own (`make bench` sets it up in `build/peers`), so that none of them can become a
dependency by accident. All times are processor seconds of the best call, after the data stand in the shape that the
package wants; a call that takes longer than LIMIT is reported as such. Without the environment the table holds LeanLab
alone, and says so.
"""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pytest

from leanlab.stats import capability, distributions, hypothesis, msa, spc
from leanlab.stats.run_rules import NELSON

ROOT = Path(__file__).parents[2]
PEERS = Path(__file__).parent / "peers"
PYTHON = ROOT / "build" / "peers" / "bin" / "python"
LIMIT = 25.0


@dataclass(frozen=True)
class Work:
    """One row of the table: data, our call, the number that all must agree on, and who else does it."""

    title: str
    data: Callable[[np.random.Generator], tuple[np.ndarray, ...]]
    call: Callable[..., Any]
    number: Callable[[Any], float]
    peers: tuple[str, ...]
    r: bool = False


def crossed(random):
    part, _, _ = np.indices((100, 10, 5))
    return (part % 7 + random.normal(0, 0.3, part.shape),)


def gage(readings):
    part, operator, _ = (v.ravel() for v in np.indices(readings.shape))
    values = readings.ravel()
    return lambda: msa.gage_rr_crossed(part, operator, values)


def inspected(random):
    sizes = random.integers(50, 150, 100_000)
    return random.binomial(sizes, 0.05).astype(float), sizes.astype(float)


def groups(random):
    return (random.normal(10.0, 1.0, (5, 200)) + 0.1 * np.arange(5)[:, None],)


def anova(values):
    samples = {f"line {i}": v for i, v in enumerate(values)}
    return lambda: (hypothesis.anova_oneway(samples), hypothesis.tukey_hsd(samples))


WORK = {
    "i_mr": Work(
        "I-MR, eight rules, 1,000,000 points",
        lambda random: (random.normal(10.0, 1.0, 1_000_000),),
        lambda x: lambda: spc.i_mr(x, rules=NELSON),
        lambda chart: chart.panel("i").ucl[0],
        ("pccpy", "shewhart", "pycontrolcharts", "statprocon", "capstat", "mfgqc"),
    ),
    "xbar_r": Work(
        "X-bar/R, eight rules, 100,000 x 5",
        lambda random: (random.normal(10.0, 1.0, (100_000, 5)),),
        lambda x: lambda: spc.xbar_r(x, rules=NELSON),
        lambda chart: chart.panel("xbar").ucl[0],
        ("pccpy", "pycontrolcharts", "capstat", "mfgqc", "shewhart"),
    ),
    "xbar_s": Work(
        "X-bar/S, eight rules, 100,000 x 5",
        lambda random: (random.normal(10.0, 1.0, (100_000, 5)),),
        lambda x: lambda: spc.xbar_s(x, rules=NELSON),
        lambda chart: chart.panel("xbar").ucl[0],
        ("pccpy", "pycontrolcharts", "capstat", "mfgqc", "shewhart"),
    ),
    "p": Work(
        "P, rules, 100,000 samples",
        inspected,
        lambda counts, sizes: lambda: spc.p(counts, sizes),
        lambda chart: chart.panel("p").ucl[0],
        ("pccpy", "mfgqc", "shewhart", "pycontrolcharts"),
    ),
    "ewma": Work(
        "EWMA, 1,000,000 points",
        lambda random: (random.normal(10.0, 1.0, 1_000_000),),
        lambda x: lambda: spc.ewma(x),
        lambda chart: chart.panels[0].ucl[-1],
        ("pccpy", "capstat", "mfgqc", "shewhart"),
    ),
    "cusum": Work(
        "CUSUM, 1,000,000 points",
        lambda random: (random.normal(10.0, 1.0, 1_000_000),),
        lambda x: lambda: spc.cusum(x, target=10.0),
        lambda chart: chart.panels[0].ucl[0],
        ("pccpy", "capstat", "mfgqc", "shewhart"),
    ),
    "capability": Work(
        "capability, normal, 100,000 values",
        lambda random: (random.normal(10.0, 1.0, 100_000),),
        lambda x: lambda: capability.normal(x, lsl=6.0, usl=14.0),
        lambda result: result.cpk,
        ("pccpy", "capstat", "shewhart", "mfgqc"),
    ),
    "gage": Work(
        "gage R&R crossed, 100 x 10 x 5",
        crossed,
        gage,
        lambda study: study.ndc,
        ("pccpy", "capstat", "mfgqc"),
    ),
    "fits": Work(
        "distribution search, 10,000 values (14 families; peers 4 to 9)",
        lambda random: (random.gamma(3.0, 2.0, 10_000),),
        lambda x: lambda: distributions.identify(x),
        lambda found: None,
        ("pccpy", "capstat"),
        r=True,
    ),
    "anova": Work(
        "one-way ANOVA with Tukey, 5 x 200",
        groups,
        anova,
        lambda pair: pair[0].f,
        ("statsmodels", "mfgqc"),
        r=True,
    ),
}


def best_seconds(call):
    times, spent = [], 0.0
    while spent < 1.0:
        start = process_time()
        result = call()
        times.append(process_time() - start)
        spent += times[-1]
    return min(times), result


def asked(command):
    """Run one peer; return its answer, or the words that go into the table instead."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"over {LIMIT:.0f} s"
    if done.returncode:
        return "fails: " + done.stderr.strip().splitlines()[-1][:60]
    return json.loads(done.stdout.splitlines()[-1])


def told(answer, ours, expected):
    """Put a peer's answer into words: its time, how many times ours, and whether its number differs."""
    if isinstance(answer, str):
        return answer
    words = f"{milliseconds(answer['seconds'])} ({times(answer['seconds'] / ours)})"
    number = answer["number"]
    if number is None or expected is None or np.isclose(number, expected, rtol=1e-4):
        return words
    return f"{words}, says {number:.6g} for {expected:.6g}"


def times(ratio):
    return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.2g}x"


def milliseconds(seconds):
    return f"{1e3 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"


@pytest.mark.parametrize("case", WORK)
def test_beside_its_peers(benchmark, tmp_path, case):
    work = WORK[case]
    data = work.data(np.random.default_rng(11))
    call = work.call(*data)
    seconds, result = best_seconds(call)
    benchmark.pedantic(call, rounds=1)
    expected = work.number(result)
    facts = benchmark.extra_info
    facts["work"] = work.title
    facts["LeanLab"] = milliseconds(seconds)
    if not PYTHON.exists():
        facts["peers"] = "not installed (packaging/peers.sh)"
    else:
        np.savez(tmp_path / "data.npz", *data)
        for peer in work.peers:
            script = [PYTHON, PEERS / "python_peers.py", peer, case, tmp_path / "data.npz"]
            facts[peer] = told(asked(script), seconds, expected)
    if work.r and shutil.which("Rscript"):
        np.savetxt(tmp_path / "data.txt", np.ravel(data[0]))
        script = ["Rscript", PEERS / "r_peers.R", case, tmp_path / "data.txt"]
        facts["R"] = told(asked(script), seconds, expected)
