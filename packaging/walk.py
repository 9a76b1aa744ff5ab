"""Walk a sample project through the real window without a display: its report and its screens.

`make run` does this where there is no display; tests/shots.py uses the same steps.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leanlab.app.session import Session
    from leanlab.ui.window import MainWindow

BUILD = Path(os.environ.get("LEANLAB_BUILD") or Path(__file__).resolve().parents[1] / "build")
SAMPLE = "late-deliveries"
PATIENCE = 30.0  # seconds for a page to fill


def headless() -> None:
    """Keep the user's own state out of it, and draw nowhere."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("LEANLAB_HOME", tempfile.mkdtemp(prefix="leanlab-walk-"))
    os.environ["LEANLAB_NO_WARMUP"] = "1"


def places(session: "Session") -> Iterator[tuple[str, str]]:
    """Yield a name and a target for every page of a project."""
    from leanlab.app.roadmap import roadmap_of

    yield "home", "home"
    for phase in roadmap_of(session).phases:
        yield f"phase-{phase.id}", f"phase:{phase.id}"
    for place in ("data", "analyses", "actions"):
        yield place, place
    for kind in ("sheet", "analysis", "worksheet"):
        for record in session.records(kind):
            yield f"{kind}-{named(str(record.get('title', record.id)))}", record.id
    found = session.records("finding")
    if found:
        yield "saved-result", found[0].id
    yield "gate", f"gate:{roadmap_of(session).phases[-1].id}"
    yield "card", "card"
    yield "report", "report"


def named(text: str) -> str:
    """Return a title as part of a file name."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())[:60]


def settle(window: "MainWindow") -> None:
    """Wait until nothing is under way and everything is painted."""
    from PySide6.QtWidgets import QApplication

    from leanlab.ui.chart_canvas import ChartCanvas

    until = time.monotonic() + PATIENCE
    quiet = 0
    while time.monotonic() < until and quiet < 3:  # noqa: PLR2004 - a job may start the next one
        QApplication.processEvents()
        drawn = not any(c.settling for c in window.findChildren(ChartCanvas) if c.isVisible())
        quiet = quiet + 1 if window.jobs.idle and drawn else 0
        time.sleep(0.01)
    QApplication.processEvents()


def window_on(session: "Session", size: tuple[int, int]) -> "MainWindow":
    """Open the real window on a project."""
    from PySide6.QtCore import qInstallMessageHandler

    from leanlab.ui.application import make_application
    from leanlab.ui.window import MainWindow

    qInstallMessageHandler(lambda *_: None)  # the offscreen plugin grumbles about size hints
    make_application()
    window = MainWindow()
    window.resize(*size)
    window.show()
    window.show_project(session)
    settle(window)
    return window


def shoot(window: "MainWindow", target: str, file: Path) -> None:
    """Show a place and keep its picture."""
    window.go_to(target)
    settle(window)
    window.grab().save(str(file))


def leave(window: "MainWindow", session: "Session") -> None:
    """Close window and project without asking."""
    window.leave_project()
    session.close()
    window.close()


def fresh(name: str, folder: Path) -> "Session":
    """Build a sample anew."""
    from leanlab.app.samples import build

    path = folder / f"{name}.leanlab"
    path.unlink(missing_ok=True)
    return build(name, path)


def main() -> int:
    """Build the sample, write its report, keep a picture of every screen."""
    headless()
    from leanlab.app.reporting import write_report

    began = time.monotonic()
    screens = BUILD / "screens"
    screens.mkdir(parents=True, exist_ok=True)
    for old in screens.glob("*.png"):
        old.unlink()
    session = fresh(SAMPLE, BUILD)
    write_report(session, BUILD / "sample-report.pdf")
    window = window_on(session, (1440, 900))
    count = 0
    for count, (name, target) in enumerate(places(session), start=1):
        shoot(window, target, screens / f"{count:02}-{name}.png")
    leave(window, session)
    print(f"Report: {BUILD / 'sample-report.pdf'}")
    print(f"Screens: {count} pictures in {screens}")
    print(f"Took {time.monotonic() - began:.0f} s on {datetime.now().astimezone():%d %b %Y}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
