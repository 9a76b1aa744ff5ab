"""The built wheel works outside the source tree: it starts, makes a sample and writes its report."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def run(*words, cwd, **environment):
    known = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LEANLAB"))}
    done = subprocess.run(
        [str(w) for w in words], cwd=cwd, env={**known, **environment}, capture_output=True,
        text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An empty environment with the wheel; libraries come from this one, nothing from a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *PIP,
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        folder,
        ROOT,
        cwd=folder,
    )
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    wheel = next(folder.glob("leanlab-*.whl"))
    run(*PIP, "--python", python, "install", "-q", "--no-deps", "--no-index", wheel, cwd=folder)
    site = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    )
    libraries = sysconfig.get_path("purelib")
    (site / "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.e2e
def test_the_installed_wheel_starts_builds_a_sample_and_writes_a_report(place):
    leanlab = place / "venv" / "bin" / "leanlab"
    home = {"LEANLAB_HOME": str(place / "home"), "QT_QPA_PLATFORM": "offscreen"}
    where = run(
        place / "venv" / "bin" / "python",
        "-c",
        "import leanlab; print(leanlab.__file__)",
        cwd=place,
    )
    assert where.startswith(str(place / "venv"))
    assert int(run(leanlab, "--smoke", cwd=place, **home)) > 0
    run(leanlab, "sample", "changeover", "-o", "c.leanlab", cwd=place, **home)
    assert "sound" in run(leanlab, "check", "c.leanlab", cwd=place, **home)
    run(leanlab, "report", "c.leanlab", "-o", "c.pdf", cwd=place, **home)
    assert (place / "c.pdf").read_bytes().startswith(b"%PDF")
    run(leanlab, "report", "c.leanlab", "-o", "c.html", cwd=place, **home)
    assert "<svg" in (place / "c.html").read_text(encoding="utf-8")
