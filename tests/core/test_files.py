"""A file is written whole or not at all, and what fails is a sentence."""

import errno
from pathlib import Path

import pytest

from leanlab.core.errors import Problem
from leanlab.core.files import write_whole


def test_a_file_is_replaced_in_one_stroke(tmp_path):
    path = tmp_path / "page.pdf"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(errno.ENOSPC, "page.pdf cannot be written: the disk is full."),
     (errno.EROFS, "page.pdf cannot be written: Read-only file system.")],
)  # fmt: skip
def test_what_fails_is_told_and_leaves_the_old_file(tmp_path, monkeypatch, error, sentence):
    path = tmp_path / "page.pdf"
    path.write_bytes(b"old")

    def fails(*_words, **_how):
        raise OSError(error, {errno.ENOSPC: "No space left", errno.EROFS: "Read-only file system"}[error])  # fmt: skip

    monkeypatch.setattr(Path, "open", fails)
    monkeypatch.setattr(Path, "unlink", fails)  # as on a stick that cannot be written
    with pytest.raises(Problem) as caught:
        write_whole(path, b"new")
    monkeypatch.undo()
    assert caught.value.message == sentence
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
