"""`make run` without a display: the walk leaves a report and a picture of every screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.e2e
def test_the_walk_leaves_a_report_and_screens(tmp_path):
    environment = {
        **{k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}},
        "LEANLAB_BUILD": str(tmp_path), "LEANLAB_HOME": str(tmp_path / "home"),
        "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "walk.py"], env=environment, cwd=tmp_path,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "sample-report.pdf").read_bytes().startswith(b"%PDF")
    screens = sorted((tmp_path / "screens").glob("*.png"))
    names = " ".join(s.name for s in screens)
    for word in (
        "home",
        "phase-control",
        "worksheet-fishbone",
        "analysis-",
        "gate",
        "report",
        "actions",
    ):
        assert word in names
    assert all(s.stat().st_size > 8000 for s in screens)


def test_without_a_display_it_says_so(tmp_path):
    script = (ROOT / "packaging" / "run.sh").read_text(encoding="utf-8")
    assert "There is no display here" in script
    subprocess.run(["/bin/bash", "-n", ROOT / "packaging" / "run.sh"], check=True)
