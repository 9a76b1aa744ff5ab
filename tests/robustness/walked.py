"""Walk a sample whose every text is markup of an attacker's through the real window, offline.

Each free text of the project asks for a picture on this disk and one in the network. The system ends
the process at the first socket for a network, and tells whether the picture was opened.

python -m tests.robustness.walked
"""

import ctypes
import importlib.util
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.robustness import offline
from tests.robustness.scene import told

SAMPLE = "late-deliveries"
ROOT = Path(__file__).parents[2]
OPENED, NOT_BLOCKING = 0x20, 0o4000  # IN_OPEN, IN_NONBLOCK
FREE = {
    "title", "name", "text", "note", "reason", "definition", "evidence", "caption", "alt", "issue",
    "requirement", "technique", "method", "reaction", "inputs", "outputs", "trigger_sign", "driver",
}  # fmt: skip
NETWORK = ("socket", "ssl", "http.client", "urllib.request", "ftplib", "smtplib", "asyncio")


class Watch:
    """Counts how often a file is opened, as the system tells."""

    def __init__(self, path: Path) -> None:
        libc = ctypes.CDLL(None)
        self._handle = libc.inotify_init1(NOT_BLOCKING)
        libc.inotify_add_watch(self._handle, os.fsencode(path), OPENED)

    def count(self) -> int:
        """Return how often it was opened since the last count."""
        try:
            told_ = os.read(self._handle, 1 << 20)
        except BlockingIOError:
            return 0
        count = at = 0
        while at < len(told_):
            at += 16 + struct.unpack_from("iIII", told_, at)[3]
            count += 1
        return count


def markup(picture: Path) -> str:
    """Return text that rich text would follow."""
    near = f'<img src="{picture.as_uri()}"><img src="{picture}">'
    return f'<b>x</b>{near}<img src="http://192.0.2.1/a.png"><a href="https://192.0.2.1/">y</a>'


def planted(session, text: str) -> int:
    """Put the text before every free text of a project; return how many there are."""
    count = 0
    with session.step("Plant"):
        for key in ("title", "author"):
            session.set_fact(key, f"{text} {session.fact(key)}")
            count += 1
        from leanlab.store.schema import KINDS

        for kind in KINDS:
            for record in session.records(kind):
                values = {
                    name: f"{text} {value}"
                    for name, value in record.values.items()
                    if name in FREE and isinstance(value, str) and value
                }
                body = record.values.get("body")
                if isinstance(body, dict):
                    values["body"] = {
                        name: f"{text} {value}"
                        if isinstance(value, str) and " " in value
                        else value
                        for name, value in body.items()
                    }
                session.edit(record.id, values)
                count += len(values)
    return count


def seen_by_rich_text(watch: Watch, text: str) -> int:
    """Show the text as markup, as nothing of LeanLab's may: the watch must see that."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel

    label = QLabel(text.replace('<img src="http://192.0.2.1/a.png">', ""))
    label.setTextFormat(Qt.TextFormat.RichText)
    label.resize(300, 100)
    label.grab()
    return watch.count()


def walk(folder: Path) -> dict[str, int]:
    """Show every place of the planted project and write its reports; return the figures."""
    spec = importlib.util.spec_from_file_location("walk", ROOT / "packaging" / "walk.py")
    steps = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(steps)
    steps.headless()
    picture = folder / "honey.png"
    picture.write_bytes((ROOT / "resources" / "icons" / "leanlab.svg").read_bytes())
    session = steps.fresh(SAMPLE, folder)
    figures = {"texts with markup": planted(session, markup(picture)), "places shown": 0}
    watch = Watch(picture)
    window = steps.window_on(session, (1440, 900))
    for _, target in list(steps.places(session)):
        window.go_to(target)
        steps.settle(window)
        window.grab()
        figures["places shown"] += 1
    figures["reports"] = reports(session, folder)
    steps.leave(window, session)
    figures["files opened from a text"] = watch.count()
    figures["seen when it is shown as markup"] = int(seen_by_rich_text(watch, markup(picture)) > 0)
    return figures


def reports(session, folder: Path) -> int:
    """Write the report in every form; return how many there are."""
    from leanlab.app.reporting import write_report

    for ending in (".pdf", ".html"):
        write_report(session, folder / f"report{ending}")
    return 2


def alone() -> None:
    """Do the walk in this process, which no socket for a network survives."""
    if offline.possible() and not offline.enforce():
        sys.exit("this machine does not let a process go offline")
    with tempfile.TemporaryDirectory() as folder:
        figures = walk(Path(folder))
    loaded = [name for name in NETWORK if name in sys.modules]
    sys.stderr.write(f"network modules that libraries loaded: {', '.join(loaded) or 'none'}\n")
    kept_ = not figures["files opened from a text"] and figures["seen when it is shown as markup"]
    told({**figures, "network sockets": 0}, promised=bool(kept_))


if __name__ == "__main__":
    if sys.argv[1:] == ["alone"]:
        alone()
    else:
        done = subprocess.run(
            [sys.executable, "-m", "tests.robustness.walked", "alone"], check=False,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )  # fmt: skip
        if done.returncode:
            told({"network sockets": 1, "ended with": done.returncode}, promised=False)
