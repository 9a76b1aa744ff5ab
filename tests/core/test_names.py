"""Names of attachments stay in their folder and tell what they are."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.names import LONGEST, runs, safe_name, with_ending

RESERVED = {"con", "prn", "aux", "nul", "com1", "lpt9"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "-.-etc-passwd"),
        ("C:\\Windows\\evil.exe", "C--Windows-evil.exe"),
        ("CON", "file CON"),
        ("nul.txt", "file nul.txt"),
        ("", "file"),
        ("...", "file"),
        ("report\u202egpj.exe", "reportgpj.exe"),
        ("a\x00b\n.txt", "ab.txt"),
        ("Zürich plan.pdf", "Zürich plan.pdf"),
        (" trailing. ", "trailing"),
    ],
)
def test_a_name_becomes_safe(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=300))
@settings(max_examples=2000, derandomize=True, deadline=None)
def test_no_name_leaves_its_folder(name):
    safe = safe_name(name)
    assert safe
    assert len(safe) <= LONGEST + 20
    assert PurePosixPath(safe).name == safe
    assert PureWindowsPath(safe).name == safe
    assert safe.split(".")[0].casefold().strip() not in RESERVED
    assert safe == safe.strip(" .")
    assert safe_name(safe) == safe


def test_what_could_run_is_known_by_any_of_its_endings():
    assert runs("invoice.pdf.exe")
    assert runs("drawing.svg")
    assert not runs("photo.jpg")


@pytest.mark.parametrize(
    ("name", "whole"),
    [("plan", "plan.leanlab"), ("plan 1.2", "plan 1.2.leanlab"), ("plan.LEANLAB", "plan.LEANLAB")],
)
def test_an_ending_is_added_and_never_cuts_a_name(name, whole):
    assert with_ending(Path("a") / name, ".leanlab") == Path("a") / whole
