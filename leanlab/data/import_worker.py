"""Reads one foreign file in a process of its own, with little memory and time.

Called as `python -m leanlab.data.import_worker FOLDER`; the folder holds `request.json` and gets
the typed columns. Each line on standard output is JSON: progress, a problem, or "done".
"""

import gc
import json
import sys
from pathlib import Path
from typing import Any

from leanlab.core.errors import ImportProblem, Problem
from leanlab.data.table import Settings, Table


def main(folder: Path) -> int:
    """Do what the request asks; say how it went."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    _limit(int(request["memory"]), int(request["seconds"]))
    gc.disable()  # millions of small objects, none of them in a circle
    try:
        table = _read(Path(request["path"]), Settings.from_json(request["settings"]))
        from leanlab.data.exchange import write_table

        write_table(table, folder)
    except Problem as problem:
        setting, choices = getattr(problem, "setting", ""), getattr(problem, "choices", ())
        _say(problem=problem.message, hint=problem.hint, setting=setting, choices=list(choices))
        return 1
    except MemoryError:
        _say(
            problem="The file needs more memory than LeanLab gives to an import.",
            hint="Leave out columns, split the file, or save a sheet as CSV.",
            setting="",
        )
        return 1
    except Exception as error:
        _say(
            problem=f"The file cannot be read ({type(error).__name__}).",
            hint="Open it in the program it comes from and save it again as CSV.",
            setting="",
        )
        raise
    _say(finished=True)
    return 0


def _read(path: Path, settings: Settings) -> Table:
    from leanlab.data.import_guard import form_of

    form = form_of(path)
    if form == "text":
        from leanlab.data.csv_text import read_table

        return read_table(path, settings, _progress)
    from leanlab.data.spreadsheet import read_workbook

    return read_workbook(path, settings, _progress, form)


def _progress(done: int, total: int) -> None:
    _say(done=done, total=total)


def _say(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _limit(memory: int, seconds: int) -> None:
    """Let the system itself stop a file that eats memory or time."""
    try:
        import resource
    except ImportError:  # Windows has no such limits: the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - program and folder
        raise ImportProblem("The import worker is started by LeanLab itself.")
    sys.exit(main(Path(sys.argv[1])))
