import importlib.util
from pathlib import Path

import numpy as np
import pytest

from leanlab.analyses.declare import Column, Columns
from leanlab.analyses.registry import ANALYSES, find
from leanlab.app.python_code import code_of, recorded_calls
from leanlab.app.readiness import Ready

RNG = np.random.default_rng(7)
N = 40
VALUES = np.round(RNG.normal(50, 4, N), 1)
GROUPS = np.asarray(["North", "South"] * (N // 2), dtype=object)
CASES = {
    "spc.i_mr": {"value": (Column("hours", "number", VALUES),)},
    "spc.run_chart": {"value": (Column("hours", "number", VALUES),)},
    "test.t_two_sample_welch": {
        "value": (Column("hours", "number", VALUES),),
        "group": (Column("hub", "category", GROUPS),),
    },
}


def run_of(analysis_id, **options):
    analysis = find(analysis_id)
    columns = Columns(
        CASES[analysis_id], np.arange(1, N + 1), np.zeros(N, dtype=np.bool_), sheet="Log"
    )
    return Ready(analysis, columns, analysis.options(**options))


def believable(analysis_id):
    """Return the data on which the contract tests of the analyses run."""
    path = Path(__file__).parents[1] / "analyses" / "realistic.py"
    spec = importlib.util.spec_from_file_location("realistic_data", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.data_for(analysis_id)


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda a: a.id)
def test_every_analysis_has_code_that_runs(analysis, capsys):
    run = Ready(analysis, believable(analysis.id), analysis.options())
    exec(code_of(run, analysis.title), {})  # noqa: S102 - this is what is promised
    assert capsys.readouterr().out


@pytest.mark.parametrize("analysis_id", CASES)
def test_the_code_runs_by_itself_and_prints_results(analysis_id, capsys):
    code = code_of(run_of(analysis_id), 'A title with "quotes"')
    exec(compile(code, "copied.py", "exec"), {})  # noqa: S102 - this is what is promised
    assert capsys.readouterr().out
    assert "leanlab.analyses" not in code


def test_the_code_reproduces_the_numbers():
    run = run_of("spc.i_mr", k=2.5)
    names = {}
    exec(code_of(run, "I-MR"), names)  # noqa: S102
    chart = names["result_1"]
    expected = run.run().numbers
    assert chart.panels[0].ucl[0] == expected["i.ucl"][0]
    assert chart.mean_by_stage[0] == expected["mean_by_stage"][0]


def test_rule_sets_are_named_and_defaults_left_out():
    code = code_of(run_of("spc.i_mr", rules="nelson"), "I-MR")
    assert "RULE_SETS['nelson']" in code
    assert "mr_length" not in code


def test_recording_leaves_no_profiler_behind():
    import sys

    before = sys.getprofile()
    assert recorded_calls(run_of("spc.i_mr"))
    assert sys.getprofile() is before
