"""A review goes through two windows of two people: only the files between them tell."""

import hashlib
import os
import subprocess
import sys

import pytest

from leanlab.app import review_file as files
from leanlab.app.session import Session
from leanlab.store import project
from tests.stories.test_first_walk import ROOT, lines_until, screen

CHARTER = {
    "what": "late orders", "where": "hub", "period": "2025", "size": 13.9, "size_unit": "%",
    "by_date": "2026-06-01", "case": "Customers leave", "in_scope": "sorting",
    "out_scope": "carriers", "sponsor": "M. Ito", "leader": "A. Ruiz",
}  # fmt: skip


def made(path):
    session = Session.create(path, name="Late orders", author="A. Ruiz")
    session.add("worksheet", {"type_id": "charter", "version": 1, "title": "Project charter",
                              "phase": "define", "status": "ready", "body": CHARTER})  # fmt: skip
    session.add("metric", {"name": "Late orders", "role": "primary", "unit": "%", "direction": "lower",
                           "definition": "late / all", "target": 5.0})  # fmt: skip
    session.save()
    session.close()
    return path


def state(path):
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns


def content(path):
    """Return what a project holds of everything that a review must leave alone."""
    session = Session.open(path, read_only=True)
    try:
        return {r.id: (r.kind, dict(r.values)) for kind in ("worksheet", "metric", "cause", "action")
                for r in session.records(kind)}  # fmt: skip
    finally:
        session.close()


def play(part, path, review, environment, person):
    """Run one person's window in a process and a home of its own; return what it told."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stories.review_driver", part, str(path), str(review)],
        cwd=ROOT, env={**os.environ, **environment, "LEANLAB_HOME": str(person)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        told = lines_until(process, "closed")
        assert process.wait(60) == 0, process.stderr.read()
    finally:
        process.stdout.close()
        process.stderr.close()
    return told


@pytest.mark.e2e
@pytest.mark.slow
def test_a_review_goes_through_two_windows_and_changes_nothing_else(tmp_path):
    path, review = made(tmp_path / "late.leanlab"), tmp_path / "mail" / "late.leanreview"
    review.parent.mkdir()
    before, held = state(path), content(path)
    with screen() as environment:
        told = play("lead", path, review, environment, tmp_path / "lead")
        assert state(path) == before, "the lead's window changed the project"
        assert any("Send it to A. Ruiz" in line for line in told)
        parcel = files.read_parcel(review)
        told = play("owner", path, review, environment, tmp_path / "owner")
    assert (parcel.reviewer, parcel.role) == ("M. Ito", "Sponsor")
    assert [(i.kind, i.choice, i.text) for i in parcel.parts[0].items] == [
        ("opinion", "agree", ""), ("opinion", "disagree", "Since when?"), ("gate", "rework", "Say since when"),
    ]  # fmt: skip
    assert "merged ['gate', 'opinion', 'opinion']" in told
    assert "undone ['gate']" in told
    assert project.check(path).sound
    assert content(path) == held, "something else changed"
    session = Session.open(path, read_only=True)
    try:
        (decision,) = [r for r in session.records("gate") if r.get("decision")]
        assert (decision.get("decision"), decision.get("decided_by")) == ("rework", "M. Ito")
        assert decision.get("code") == files.code_of(parcel)
        assert [r.get("type") for r in session.records("review")] == ["gate"]
    finally:
        session.close()
    assert [p.name for p in tmp_path.glob("*lock*")] == []
