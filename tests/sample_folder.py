"""A few of the 24 sample projects, built once for the tests of a portfolio."""

import shutil
from datetime import UTC, datetime

import pytest

from leanlab.app import samples_folder
from leanlab.core import clock

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
GOOD = ("P-001", "P-002", "P-004", "P-008", "P-012")
SPOILT = ("P-022", "P-023", "P-024")


def plans(*codes):
    return tuple(p for p in samples_folder.PLANS if p.code in codes)


def build(place, monkeypatch):
    monkeypatch.setattr(samples_folder, "PLANS", plans(*GOOD, *SPOILT))
    return samples_folder.build_folder(place)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder as it was built; nobody changes it."""
    place = tmp_path_factory.mktemp("portfolio") / "projects"
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOW):
        patch.setenv("LEANLAB_HOME", str(tmp_path_factory.mktemp("home")))
        build(place, patch)
    return place


@pytest.fixture
def projects(built, tmp_path):
    """A copy of the folder that a test may change, on the day it was built."""
    place = tmp_path / "projects"
    shutil.copytree(built, place)
    with clock.frozen(NOW):
        yield place
