"""Cases run one by one: a broken one is a failed case, never a crash."""

import hashlib
import json

import pytest

from leanlab.core.errors import DataProblem, Problem
from leanlab.validation import running

GOOD = {
    "id": "capability.poisson-90", "op": "capability.poisson", "title": "By hand",
    "source": "by hand", "inputs": {"defects": [3, 1, 2], "units": [1, 1, 1]},
    "expected": {"mean_dpu": 2.0, "total_defects": 6}, "rtol": 1e-9, "atol": 1e-9,
}  # fmt: skip


def put(folder, name, content):
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


def only(folder):
    (verdict,) = running.run_folder(folder).verdicts
    return verdict


def test_a_case_that_is_met_passes_with_its_worst_error(tmp_path):
    put(tmp_path, "capability.poisson-90", GOOD)
    verdict = only(tmp_path)
    assert (verdict.id, verdict.op, verdict.passed, verdict.error) == (
        "capability.poisson-90", "capability.poisson", True, "",
    )  # fmt: skip
    assert verdict.worst.rel == 0
    assert verdict.digest == hashlib.sha256(json.dumps(GOOD).encode()).hexdigest()


def test_a_wrong_number_fails_and_is_shown(tmp_path):
    put(tmp_path, "a-01", GOOD | {"expected": {"mean_dpu": 2.5}})
    verdict = only(tmp_path)
    assert not verdict.passed
    assert "mean_dpu: expected 2.5, got 2.0" in verdict.error


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "not an object"),
        ("7", "not an object"),
        ("", "not JSON"),
        (GOOD | {"op": "capability.nosuch"}, "Unknown operation 'capability.nosuch'"),
        ({k: v for k, v in GOOD.items() if k != "inputs"}, "has no inputs"),
        ({k: v for k, v in GOOD.items() if k not in ("rtol", "atol")}, "has no rtol, atol"),
        (GOOD | {"expected": [1]}, "expected must be an object"),
        (GOOD | {"rtol": "small"}, "tolerances must be numbers"),
        (GOOD | {"rtol": True}, "tolerances must be numbers"),
        (GOOD | {"rtol_fields": {"mean_dpu": -1}}, "tolerances must be numbers"),
        (GOOD | {"rtol_fields": [1]}, "rtol_fields must be an object"),
        (GOOD | {"inputs": {"defects": [-1], "units": [1]}}, "Refused: Defects in row 1"),
        (GOOD | {"inputs": {"nonsense": 1}}, "TypeError"),
    ],
)
def test_a_broken_case_fails_and_says_why(tmp_path, content, said):
    put(tmp_path, "capability.poisson-91", content)
    put(tmp_path, "capability.poisson-92", GOOD)
    broken, whole = running.run_folder(tmp_path).verdicts
    assert not broken.passed
    assert said in broken.error
    assert whole.passed


def test_a_file_that_is_not_text_fails(tmp_path):
    (tmp_path / "spc.p-01.json").write_bytes(b"\xff\xfe\x00{")
    verdict = only(tmp_path)
    assert (verdict.op, verdict.passed) == ("spc.p", False)


def test_an_operation_that_breaks_fails_only_its_own_case(tmp_path):
    def breaks(inputs):
        raise ZeroDivisionError("division by zero")

    def refuses(inputs):
        raise DataProblem("No values.")

    put(tmp_path, "x-01", GOOD | {"op": "x"})
    put(tmp_path, "y-01", GOOD | {"op": "y"})
    known = {"x": breaks, "y": refuses}
    errors = [running.run_file(p, known).error for p in sorted(tmp_path.glob("*.json"))]
    assert errors == ["ZeroDivisionError: division by zero", "Refused: No values."]


def test_lines_count_by_operation(tmp_path):
    put(tmp_path, "a-01", GOOD)
    put(tmp_path, "a-02", GOOD | {"expected": {"mean_dpu": 2.0000001}})
    put(tmp_path, "b-01", GOOD | {"op": "b"})
    outcome = running.run_folder(tmp_path)
    assert (outcome.passed, outcome.failed) == (1, 2)
    lines = {line.op: line for line in outcome.by_operation()}
    assert (lines["capability.poisson"].cases, lines["capability.poisson"].passed) == (2, 1)
    assert lines["capability.poisson"].worst_rel == pytest.approx(5e-8, rel=1e-3)
    assert (lines["b"].cases, lines["b"].passed, lines["b"].worst_rel) == (1, 0, None)


def test_plain_data_can_be_written_as_strict_json(tmp_path):
    put(tmp_path, "a-01", GOOD | {"expected": {"mean_dpu": 2.0}})
    put(tmp_path, "b-01", "{")
    plain = json.loads(json.dumps(running.as_json(running.run_folder(tmp_path)), allow_nan=False))
    assert (plain["passed"], plain["failed"]) == (1, 1)
    assert plain["cases"][0] == {
        "id": "capability.poisson-90", "op": "capability.poisson", "passed": True,
        "worst": {"field": "mean_dpu", "expected": 2.0, "actual": 2.0, "rel": 0.0}, "error": "",
    }  # fmt: skip
    assert set(plain["cases"][1]) == {"id", "op", "passed", "worst", "error"}


def test_the_digest_changes_with_any_case(tmp_path):
    put(tmp_path, "a-01", GOOD)
    before = running.run_folder(tmp_path).digest
    put(tmp_path, "a-01", GOOD | {"title": "Other"})
    assert running.run_folder(tmp_path).digest != before


def test_a_folder_without_cases_is_a_problem(tmp_path):
    with pytest.raises(Problem, match="holds no case"):
        running.run_folder(tmp_path)
    with pytest.raises(Problem, match="There is no folder"):
        running.run_folder(tmp_path / "nowhere")
