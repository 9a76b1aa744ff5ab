"""Whole processes beside the floor of the same run: a bare window with one label."""

import os
import re
import statistics
import subprocess
import sys
import time

import pytest

RUNS = 11
SLACK = 1.3  # a shared machine is noisy; the promise itself is printed beside the figure
BARE = """
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
app = QApplication([]); window = QMainWindow(); window.setCentralWidget(QLabel("LeanLab"))
window.show(); app.processEvents(); window.grab()
"""
APART = {"PYTHONDONTWRITEBYTECODE", "LEANLAB_NO_WARMUP"}  # of the surroundings, not used here
FIRST_CHART = """
import tempfile, time
from pathlib import Path
import sys
from leanlab.ui.application import make_application
app = make_application()
from leanlab.ui.window import MainWindow
window = MainWindow(); window.show(); app.processEvents()
from leanlab.app.session import Session
from leanlab.app.stored import add_analysis
session = Session.open(Path(sys.argv[1]))
window.show_project(session)
window.go_to(session.records("analysis")[0].id)
page = window.navigation.page
while page.presentation is None:
    app.processEvents(); time.sleep(0.001)
app.processEvents(); window.grab()
window.leave_project(); session.close(); window.close()
"""
JITTER = """
import sys, time
from PySide6.QtCore import QTimer, Qt
from leanlab.ui.application import WarmUp, make_application
app = make_application()
from leanlab.ui.window import MainWindow
window = MainWindow(); window.show(); app.processEvents()
gaps, last = [], [time.perf_counter()]
def tick():
    now = time.perf_counter(); gaps.append(1000 * (now - last[0])); last[0] = now
timer = QTimer(); timer.setTimerType(Qt.TimerType.PreciseTimer); timer.timeout.connect(tick); timer.start(10)
warm = WarmUp(); warm.begin()
check = QTimer(); check.timeout.connect(lambda: None if warm.running else app.quit()); check.start(50)
app.exec()
gaps.sort()
print("GAPS", round(gaps[int(0.99 * len(gaps)) - 1]), round(gaps[-1]), sum(g > 150 for g in gaps))
window.close()
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Compiled files in a place of their own, one BLAS thread; warm-up where a script begins it."""
    found = {k: v for k, v in os.environ.items() if k not in APART}
    return found | {
        "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled")),
        "LEANLAB_HOME": str(tmp_path_factory.mktemp("home")),
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
    }


def seconds(arguments, environment):
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


def paired(benchmark, arguments, environment, most):
    """Run both in turn; store the median of the ratios."""
    for warm in (arguments, ["-c", BARE]):
        seconds(warm, environment)
    pairs = [
        (seconds(arguments, environment), seconds(["-c", BARE], environment)) for _ in range(RUNS)
    ]
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    quickest = min(ours for ours, _ in pairs) / min(bare for _, bare in pairs)
    benchmark.extra_info["x bare window"] = round(ratio, 2)
    benchmark.extra_info["quickest of each"] = round(quickest, 2)
    benchmark.extra_info["at most"] = most
    benchmark.pedantic(seconds, args=(arguments, environment), rounds=1)
    assert ratio <= SLACK * most


def test_start_page(benchmark, environment):
    paired(benchmark, ["-m", "leanlab", "--smoke"], environment, 2.0)


def test_first_chart(benchmark, environment, tmp_path):
    import numpy as np

    from leanlab.app.session import Session
    from leanlab.app.stored import add_analysis
    from leanlab.data.columns import ColumnData

    path = tmp_path / "one.leanlab"
    session = Session.create(path, name="One chart")
    sheet = session.add_sheet(
        "Log", [ColumnData("value", "number", np.random.default_rng(1).normal(10, 1, 200))]
    )
    add_analysis(session, "spc.i_mr", sheet)
    session.save()
    session.close()
    paired(benchmark, ["-c", FIRST_CHART, str(path)], environment, 7.5)


def test_warm_up_leaves_the_window_alive(benchmark, environment):
    told = subprocess.run(
        [sys.executable, "-c", JITTER],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    p99, worst, over = re.search(r"GAPS (\d+) (\d+) (\d+)", told).groups()
    benchmark.extra_info.update({"p99 ms": p99, "worst ms": worst, "over 150 ms": over})
    benchmark.extra_info["at most"] = "p99 60 ms, one over 150 ms"
    benchmark.pedantic(lambda: None, rounds=1)
    assert float(p99) <= SLACK * 60
    assert int(over) <= 1 + int(SLACK)
