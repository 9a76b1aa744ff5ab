"""The certificate: the data it shows, and pages with real text."""

import datetime as dt
import json

import pytest

from leanlab.core import clock
from leanlab.core.errors import Problem
from leanlab.validation import certificate, running
from leanlab.validation.compare import Worst
from leanlab.validation.running import OperationLine

MOMENT = dt.datetime(2026, 3, 9, 14, 5, tzinfo=dt.UTC)
CASE = {
    "id": "capability.poisson-90", "op": "capability.poisson", "source": "R 4.2.2 base",
    "inputs": {"defects": [3, 1, 2], "units": [1, 1, 1]}, "expected": {"mean_dpu": 2.0},
    "rtol": 1e-9, "atol": 1e-9,
}  # fmt: skip


@pytest.fixture
def outcome(tmp_path):
    (tmp_path / "capability.poisson-90.json").write_text(json.dumps(CASE), encoding="utf-8")
    (tmp_path / "spc.p-01.json").write_text("{", encoding="utf-8")
    return running.run_folder(tmp_path)


def test_the_data_tells_date_counts_versions_and_digests(outcome):
    with clock.frozen(MOMENT):
        data = certificate.as_data(outcome)
    assert (data["date"], data["time"]) == ("9 March 2026", "14:05 UTC")
    assert (data["passed"], data["failed"], data["total"], data["operations"]) == (1, 1, 2, 2)
    assert {"LeanLab", "Python", "numpy", "scipy"} <= {name for name, _ in data["versions"]}
    assert [group["title"] for group in data["groups"]] == ["Capability", "Control charts"]
    assert data["failures"][0]["id"] == "spc.p-01"
    assert data["digest"] == outcome.digest
    assert data["cases"][0]["digest"] == outcome.verdicts[0].digest[:32]
    assert data["sources"][0][0] == "functions of R and its packages"


def test_pages_are_tagged_pdf_and_repeat_byte_for_byte(outcome):
    with clock.frozen(MOMENT):
        first, second = certificate.pdf(outcome), certificate.pdf(outcome)
    assert first.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in first
    assert first == second


def test_hostile_words_are_shown_not_run(outcome):
    words = '#panic("run") $x$ \\ <a> "quote" [b] *c* _d_'
    bad = running.Verdict(words, words, words, words, "0" * 64, Worst(), words)
    spoilt = running.Outcome(outcome.folder, (*outcome.verdicts, bad))
    assert certificate.pdf(spoilt).startswith(b"%PDF-")


def test_a_certificate_is_written_in_one_stroke(outcome, tmp_path):
    path = tmp_path / "deep" / "certificate.pdf"
    certificate.write(outcome, path)
    assert path.read_bytes().startswith(b"%PDF-")
    assert [p.name for p in path.parent.iterdir()] == ["certificate.pdf"]


def test_a_place_that_cannot_be_written_is_a_problem(outcome, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(Problem, match="cannot be written"):
        certificate.write(outcome, tmp_path / "file" / "certificate.pdf")


@pytest.mark.parametrize(
    ("rel", "shown", "digits"),
    [(0.0, "exact", 12), (3.14e-13, "3.1 × 10⁻¹³", 12), (2e-6, "2.0 × 10⁻⁶", 5), (None, "–", None)],
)
def test_errors_read_as_powers_of_ten_and_digits(rel, shown, digits):
    (group,) = certificate._groups([OperationLine("spc.p", 3, 3, rel)])
    assert (group["rows"][0]["worst"], group["rows"][0]["digits"]) == (shown, digits)
