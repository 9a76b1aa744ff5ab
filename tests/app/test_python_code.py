import numpy as np
import pytest

from leanlab.analyses.declare import Column, Columns
from leanlab.analyses.registry import find
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
