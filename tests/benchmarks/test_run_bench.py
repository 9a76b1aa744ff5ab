"""`leanlab run` as a whole process, beside a script that only reads the file and draws a line."""

import os
import statistics
import subprocess
import sys

import numpy as np
import pytest

RUNS = 7
MOST = 1.3
BARE = """
import sys
import numpy as np
from matplotlib.figure import Figure
data = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
figure = Figure(figsize=(9, 5.4), dpi=150)
figure.subplots().plot(data[:, 1])
figure.savefig(sys.argv[2])
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Compiled files in a place of their own, one BLAS thread, no other start-up work."""
    found = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return found | {
        "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled")),
        "LEANLAB_HOME": str(tmp_path_factory.mktemp("home")),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    values = np.round(np.random.default_rng(1).normal(50, 3, 10_000), 2)
    path = tmp_path_factory.mktemp("data") / "values.csv"
    path.write_text("n,value\n" + "".join(f"{i},{v}\n" for i, v in enumerate(values)), encoding="utf-8")  # fmt: skip
    return path


def cost(arguments, environment):
    """Return the processor seconds of a process: others on the machine do not count."""
    before = os.times()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def test_a_chart_of_10000_rows_costs_little_more_than_its_imports(benchmark, data, environment, tmp_path):  # fmt: skip
    picture = tmp_path / "chart.png"
    lean = [
        "-m",
        "leanlab",
        "run",
        "spc.i_mr",
        str(data),
        "--value",
        "value",
        "--png",
        str(picture),
    ]
    bare = ["-c", BARE, str(data), str(tmp_path / "bare.png")]
    for warm in (lean, bare):
        cost(warm, environment)
    pairs = [(cost(lean, environment), cost(bare, environment)) for _ in range(RUNS)]
    ratio = statistics.median(ours / floor for ours, floor in pairs)
    benchmark.extra_info["of a bare script"] = round(ratio, 2)
    benchmark.pedantic(cost, args=(lean, environment), rounds=1)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert ratio <= MOST


def test_a_chart_needs_neither_pandas_nor_scipy(data, tmp_path):
    code = (
        "import sys; from leanlab.cli import cli\n"
        f"cli(['run', 'spc.i_mr', {str(data)!r}, '--value', 'value', '--png', {str(tmp_path / 'x.png')!r}], standalone_mode=False)\n"
        "print([m for m in ('pandas', 'scipy', 'statsmodels', 'sqlite3', 'PySide6') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.rstrip().endswith("[]")
