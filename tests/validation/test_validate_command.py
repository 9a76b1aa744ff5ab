"""`leanlab validate`, as a user types it."""

import json

import pytest
from click.testing import CliRunner

from leanlab.cli import cli

CASE = {
    "id": "capability.poisson-90", "op": "capability.poisson",
    "inputs": {"defects": [3, 1, 2], "units": [1, 1, 1]}, "expected": {"mean_dpu": 2.0},
    "rtol": 1e-9, "atol": 1e-9,
}  # fmt: skip


def run(*words):
    return CliRunner().invoke(cli, ["validate", *map(str, words)])


@pytest.fixture
def cases(tmp_path):
    (tmp_path / "capability.poisson-90.json").write_text(json.dumps(CASE), encoding="utf-8")
    return tmp_path


def test_one_line_per_operation(cases):
    result = run(cases)
    assert result.exit_code == 0
    first = result.stdout.splitlines()[0].split()
    assert first[:5] == ["capability.poisson", "1", "cases", "1", "passed"]
    assert "1 cases, 1 passed, 0 failed" in result.stdout


def test_json_is_one_document_and_nothing_else(cases):
    result = run(cases, "--json", "--certificate", cases / "out" / "c.pdf")
    plain = json.loads(result.stdout)
    assert (plain["passed"], plain["failed"], len(plain["cases"])) == (1, 0, 1)
    assert (cases / "out" / "c.pdf").read_bytes().startswith(b"%PDF-")


def test_a_failed_case_sets_the_exit_status_and_is_explained(cases):
    wrong = CASE | {"id": "capability.poisson-91", "expected": {"mean_dpu": 3.0}}
    (cases / "capability.poisson-91.json").write_text(json.dumps(wrong), encoding="utf-8")
    result = run(cases)
    assert result.exit_code == 1
    assert "capability.poisson-91: mean_dpu: expected 3.0, got 2.0" in result.stdout


def test_an_unknown_operation_sets_the_exit_status(cases):
    (cases / "no.such-01.json").write_text(json.dumps(CASE | {"op": "no.such"}), encoding="utf-8")
    result = run(cases, "--json")
    assert result.exit_code == 1
    assert "Unknown operation" in json.loads(result.stdout)["cases"][1]["error"]


def test_a_missing_folder_is_a_sentence(tmp_path):
    result = run(tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "There is no folder" in result.output
