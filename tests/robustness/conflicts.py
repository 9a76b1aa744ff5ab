"""Somebody else touches the file while it is open; nothing of theirs or of ours is overwritten unseen.

python -m tests.robustness.conflicts 300
"""

import os
import random
import shutil
import sys

from leanlab.core.errors import ChangedElsewhere
from leanlab.store import backups, project
from tests.robustness.scene import add, home, names, told


def replaced(path):
    """A sync client puts another version in its place."""
    other = path.with_name("incoming")
    shutil.copyfile(path, other)
    _write_at(other, other.stat().st_size - 1, b"!")
    other.replace(path)


def written_over(path):
    """Another program writes into the file; its size stays, and its time is set back."""
    before = path.stat()
    _write_at(path, before.st_size // 2, b"theirs")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def grown(path):
    """Another program appends to the file."""
    with path.open("ab") as file:
        file.write(b"theirs")


def deleted(path):
    """The file is deleted."""
    path.unlink()


def renamed(path):
    """The file is renamed."""
    path.rename(path.with_name("renamed.leanlab"))


def replaced_by_a_folder(path):
    """A folder stands in its place."""
    path.unlink()
    path.mkdir()


def touched(path):
    """Only its time changes: that is no conflict."""
    os.utime(path)


def copied_back(path):
    """It is restored from a copy of the same bytes: that is no conflict."""
    other = path.with_name("copy")
    shutil.copyfile(path, other)
    path.unlink()
    other.replace(path)


CHANGES = (replaced, written_over, grown, deleted, renamed, replaced_by_a_folder)
HARMLESS = (touched, copied_back)


def _write_at(path, offset, content):
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def theirs(folder):
    """Return all that lies beside the project, by its content."""
    found = {}
    for path in folder.iterdir():
        if not path.name.startswith(".~lock"):
            found[path.name] = path.read_bytes() if path.is_file() else b"a folder"
    return found


def one(change, figures, chance):
    """Let somebody change the file between opening and saving; count what goes wrong."""
    with home() as folder:
        path = folder / "plant.leanlab"
        opened = project.create(path, who="Ann")
        add(opened, "Ben")
        opened.save()
        for number in range(chance.randrange(1, 4)):
            add(opened, f"p{number}")
        edits = names(opened)
        change(path)
        before = theirs(folder)
        figures["changes by others"] += 1
        try:
            opened.save()
            noticed = False
        except ChangedElsewhere as problem:
            noticed = bool(problem.hint)
        figures["noticed"] += noticed == (change in CHANGES)
        figures["overwritten unseen"] += noticed and theirs(folder) != before
        figures["edits lost"] += names(opened) != edits
        if noticed and not path.is_dir():
            theirs_now = path.read_bytes() if path.exists() else None
            opened.save(overwrite=True)
            kept = [b.read_bytes() for b in backups.listed(opened.document.meta("project_id"))]
            figures["overwritten unseen"] += theirs_now is not None and theirs_now not in kept
            figures["edits lost"] += not project.check(path).sound
        opened.close(keep_draft=True)
        again = project.recover(project.drafts()[0], who="Ann") if project.drafts() else None
        if again is not None:
            figures["edits lost"] += names(again) != edits
            again.close()


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Change the file `count` times; return the figures."""
    chance = random.Random(seed)
    figures = {"changes by others": 0, "noticed": 0, "overwritten unseen": 0, "edits lost": 0}
    while figures["changes by others"] < count:
        every = (*CHANGES, *HARMLESS)
        one(every[figures["changes by others"] % len(every)], figures, chance)
    return figures


def kept(figures) -> bool:
    """Whether the promise is kept."""
    lost = figures["overwritten unseen"], figures["edits lost"]
    return figures["noticed"] == figures["changes by others"] and lost == (0, 0)


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=kept(found))
