"""Read a foreign file in a worker process that may be killed, run out of memory or time."""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from leanlab.core.errors import ImportProblem
from leanlab.data.exchange import read_table
from leanlab.data.table import Settings, Table

Progress = Callable[[int, int], None]
_LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """What a foreign file may cost."""

    memory: int = 3 * 1024**3
    seconds: int = 60
    seconds_per_mb: float = 0.4  # large text files are slow, not hostile

    def time_for(self, path: Path) -> int:
        """Return how long this file may take."""
        size = path.stat().st_size / 1024**2 if path.is_file() else 0
        return int(self.seconds + self.seconds_per_mb * size)


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def _go_on() -> None:
    """Nobody cancels."""


def read(
    path: Path,
    settings: Settings | None = None,
    *,
    check: Callable[[], None] = _go_on,
    progress: Progress = _silent,
    limits: Limits | None = None,
) -> Table:
    """Read a file; `check` may raise to cancel, which kills the worker."""
    limits = limits or Limits()
    folder = Path(tempfile.mkdtemp(prefix="leanlab-import-"))
    try:
        seconds = limits.time_for(path)
        request = {
            "path": str(path.absolute()), "settings": asdict(settings or Settings()),
            "memory": limits.memory, "seconds": seconds,
        }  # fmt: skip
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        _run(folder, path.name, seconds, check, progress)
        return read_table(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_text(
    text: str,
    settings: Settings | None = None,
    *,
    check: Callable[[], None] = _go_on,
    progress: Progress = _silent,
) -> Table:
    """Read what was copied from elsewhere, the same way as a file."""
    folder = Path(tempfile.mkdtemp(prefix="leanlab-paste-"))
    try:
        path = folder / "clipboard.txt"
        path.write_bytes(text.encode("utf-8", "replace"))
        return read(path, settings, check=check, progress=progress)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(folder: Path) -> Sequence[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--import-worker", str(folder)]
    return [sys.executable, "-P", "-m", "leanlab.data.import_worker", str(folder)]


def _environment() -> dict[str, str]:
    """One thread for arithmetic, and the same LeanLab as this one."""
    import leanlab

    home = str(Path(leanlab.__file__).parent.parent)
    known = os.environ.get("PYTHONPATH")
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    path = os.pathsep.join([home, known]) if known else home
    return {**os.environ, **threads, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def _run(
    folder: Path, name: str, seconds: int, check: Callable[[], None], progress: Progress
) -> None:
    with (folder / "errors.txt").open("wb") as errors:
        worker = subprocess.Popen(  # noqa: S603 - our own program
            _command(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            env=_environment(), creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
        lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        assert worker.stdout is not None  # noqa: S101 - it is a pipe
        listener = threading.Thread(
            target=_listen, args=(worker.stdout, lines), name="leanlab-import", daemon=True
        )
        listener.start()
        try:
            finished = _followed(lines, name, time.monotonic() + seconds, check, progress)
        finally:
            worker.kill()
            worker.wait()
            listener.join()
            worker.stdout.close()
    if not finished:
        raise ImportProblem(
            f"{name} could not be read: the reader stopped without a word.",
            hint="The file may be damaged or far too large. Open it in the program it comes from "
            "and save it again as CSV.",
        )


def _listen(pipe: IO[bytes], lines: "queue.SimpleQueue[bytes | None]") -> None:
    for line in pipe:
        lines.put(line)
    lines.put(None)


def _followed(
    lines: "queue.SimpleQueue[bytes | None]",
    name: str,
    deadline: float,
    check: Callable[[], None],
    progress: Progress,
) -> bool:
    """Follow the worker's words; return whether it came to its end."""
    finished = False
    while True:
        check()
        if time.monotonic() > deadline:
            raise ImportProblem(
                f"Reading {name} takes too long.",
                hint="Leave out rows or columns, or save the sheet as CSV.",
            )
        try:
            line = lines.get(timeout=_LOOK_EVERY)
        except queue.Empty:
            continue
        if line is None:
            return finished
        said = _parsed(line)
        if "problem" in said:
            raise ImportProblem(
                str(said["problem"]), hint=str(said["hint"]), setting=str(said["setting"]),
                choices=tuple(map(str, said.get("choices", ()))),
            )  # fmt: skip
        finished = finished or bool(said.get("finished"))
        if "done" in said:
            progress(int(said["done"]), int(said["total"]))


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
