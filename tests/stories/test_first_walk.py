"""One project from an empty window to a report, with the plug pulled in the middle."""

import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest

from leanlab.app.session import Session
from leanlab.store import project

PATIENCE = 180  # seconds
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def screen():
    """A virtual screen if there is one to be had, else Qt's own off-screen one."""
    program = which("Xvfb")
    if program is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield {"DISPLAY": f":{told.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def write_data(path):
    chance = random.Random(4)
    rows = ["day,thickness_um,shift"]
    for day in range(80):
        value = chance.gauss(10.0 if day < 51 else 11.4, 0.6)
        value = 15.5 if day == 40 else value
        cell = "n/a" if day == 60 else f"{value:.2f}"
        rows.append(
            f"2026-{1 + day // 28:02d}-{1 + day % 28:02d},{cell},{'early' if day % 2 else 'late'}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def start(part, folder, environment):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.stories.driver", part, str(folder)],
        cwd=ROOT, env={**os.environ, **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def lines_until(process, wanted):
    """Read what the driver tells until it says the wanted line; one that hangs is ended."""
    told = []
    patience = threading.Timer(PATIENCE, process.kill)
    patience.start()
    try:
        for line in process.stdout:
            told.append(line.strip())
            if line.startswith(wanted):
                return told
    finally:
        patience.cancel()
        patience.join()
    process.wait(30)
    raise AssertionError(f"it told {told} and then {process.stderr.read()[-3000:]}")


@pytest.mark.e2e
@pytest.mark.slow
def test_a_newcomer_gets_from_an_empty_window_to_a_report_and_loses_nothing(tmp_path, home):
    write_data(tmp_path / "thickness.csv")
    with screen() as environment:
        first = start("begin", tmp_path, environment)
        lines_until(first, "edited after the save")
        os.kill(first.pid, signal.SIGKILL)
        first.wait(30)
        first.stdout.close()
        first.stderr.close()
        second = start("go_on", tmp_path, environment)
        told = lines_until(second, "reported")
        assert second.wait(60) == 0, second.stderr.read()
        second.stdout.close()
        second.stderr.close()
    assert "recovered 1" in told
    path = tmp_path / "Coating line 4.leanlab"
    assert project.check(path).sound
    assert project.drafts() == []
    session = Session.open(path)
    try:
        (analysis,) = session.records("analysis")
        assert analysis.get("analysis_id") == "spc.i_mr"
        marks = analysis.get("marks")
        assert [m["reason"] for m in marks["excluded"]] == ["nozzle was blocked"]
        assert [m["reason"] for m in marks["stages"]] == ["new nozzle"]
        (sheet,) = session.sheets()
        assert sheet.rows == 80
        assert "n/a" in session.bad_cells(sheet.id).values() or sheet.rows == 80
        assert [c.get("text") for c in session.records("cause")] == ["Nozzle wears out"]
        assert [a.get("title") for a in session.records("action")] == [
            "Change the nozzle every week", "Tell the night shift",
        ]  # fmt: skip
    finally:
        session.close()
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
