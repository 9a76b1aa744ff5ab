"""A disk that takes nothing more is called full, whatever the system says."""

import errno
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from leanlab.core.errors import DocumentProblem
from leanlab.store import project

OVER_THE_LIMIT = """
import resource, signal, sqlite3, sys
from leanlab.core.errors import DocumentProblem
from leanlab.store.document import explained
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
base = sqlite3.connect(sys.argv[1])
base.execute("CREATE TABLE t (x)")
try:
    with explained():
        base.execute("INSERT INTO t VALUES (zeroblob(2000000))")
        base.commit()
except DocumentProblem as problem:
    sys.stdout.write(f"{problem.message} {problem.hint}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes")
def test_a_working_copy_that_cannot_grow_says_that_the_disk_is_full(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", OVER_THE_LIMIT, tmp_path / "a.db"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith("The disk is full")
    assert "Free some space" in done.stdout


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG])
def test_a_save_that_finds_no_room_says_that_the_disk_is_full(tmp_path, monkeypatch, code):
    def full(self, target):
        raise OSError(code, os.strerror(code))

    with closing(project.create(tmp_path / "a.leanlab", who="Ann")) as opened:
        opened.save()
        with opened.document.step("Rename"):
            opened.document.put_meta("title", "Plant")
        before = opened.path.read_bytes()
        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(DocumentProblem, match="the disk is full") as caught:
            opened.save()
        monkeypatch.undo()
        assert "Free some space" in caught.value.hint
        assert opened.path.read_bytes() == before
        opened.save()
        assert opened.path.read_bytes() != before
