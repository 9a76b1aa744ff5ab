"""200 projects of 5 MB: the first list in 10 s, again in 1 s, a card in 300 ms, the window alive."""

import os
import shutil
import time
import uuid
from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from leanlab.app import portfolio
from leanlab.app.samples_folder import PLANS, told
from leanlab.app.session import Session
from leanlab.core import clock
from leanlab.ui.portfolio.card_dialog import CardDialog

COUNT, KINDS, SIZE = 200, 12, 4_700_000
FIRST, AGAIN, CARD = 10.0, 1.0, 0.3  # seconds
DEAF = 0.25  # seconds that the window may not answer
NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """Whole projects at all stages, each many times under another id, all of 5 MB."""
    place = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOW):
        patch.setenv("LEANLAB_HOME", str(tmp_path_factory.mktemp("home")))
        originals = [told(plan, place / f"{plan.code}.leanlab") for plan in PLANS[:KINDS]]
        for number in range(COUNT - KINDS):
            path = place / f"{number:03}.leanlab"
            shutil.copyfile(originals[number % KINDS], path)
            session = Session.open(path)
            session.set_fact("project_id", uuid.uuid4().hex)
            padded(session)
        for path in originals:
            padded(Session.open(path))
    return place


def padded(session):
    metric = session.add("metric", {"name": "Other", "role": "other"})
    session.attach(metric, "film.bin", os.urandom(SIZE))
    session.save()
    session.close()


def test_the_first_list_is_read_in_time(benchmark, projects, home):
    def again(index):
        for file in portfolio.cache("portfolios").iterdir():
            file.unlink()
        return (), {}

    found = []
    benchmark.pedantic(
        lambda: found.append(portfolio.scan(projects)), setup=lambda: again(None), rounds=3
    )
    assert (len(found[0].good), found[0].fresh) == (COUNT, COUNT)
    assert sum(seen.size for seen in found[0].good) > 900_000_000
    assert benchmark.stats.stats.median <= FIRST


def test_the_second_list_is_there_at_once(benchmark, projects):
    portfolio.scan(projects)
    found = []
    benchmark.pedantic(lambda: found.append(portfolio.scan(projects)), rounds=5)
    assert found[0].fresh == 0
    assert benchmark.stats.stats.median <= AGAIN


@pytest.fixture
def window(qtbot):
    from leanlab.ui.window import MainWindow

    opened = MainWindow()
    opened.resize(1440, 900)
    opened.show()
    yield opened
    opened.close()


def until(done, longest=60.0):
    """Run the event loop; return the longest time in which it did nothing else."""
    gaps, last = [], time.perf_counter()
    timer = QTimer()
    beats = []
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start(10)
    while not done() and time.perf_counter() - last < longest:
        QApplication.processEvents()
        time.sleep(0.002)
    timer.stop()
    gaps = np.diff([last, *beats])
    return float(gaps.max()) if gaps.size else 0.0


def test_the_window_lives_while_the_folder_is_read(benchmark, window, projects):
    deaf = []

    def look():
        window.show_portfolio(projects)
        deaf.append(until(lambda: window.jobs.idle))

    benchmark.pedantic(look, rounds=1)
    assert len(window.portfolio.entries) == COUNT
    benchmark.extra_info["longest silence"] = f"{1000 * max(deaf):.0f} ms"
    assert max(deaf) <= DEAF, f"{max(deaf):.3f} s"


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_a_card_opens_from_the_list_in_time(benchmark, window, projects):
    window.show_portfolio(projects)
    until(lambda: window.jobs.idle)
    entries = window.portfolio.entries
    at = next(i for i, e in enumerate(entries) if e.path.endswith("P-001.leanlab"))

    def look():
        dialog = CardDialog(window, entries, at)
        dialog.show()
        until(lambda: dialog.shown is not None)
        dialog.grab()
        dialog.close()
        dialog.deleteLater()

    benchmark.pedantic(look, rounds=7, warmup_rounds=2)
    assert benchmark.stats.stats.median <= CARD
