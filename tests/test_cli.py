"""The command line, as a user types it."""

import json

import pytest
from click.testing import CliRunner

from leanlab.cli import cli

DATA = "week,late_h\n" + "".join(
    f"2026-{1 + i // 4:02d}-{1 + 7 * (i % 4):02d},{8 + (i * 7 % 5) / 10}\n" for i in range(30)
)


@pytest.fixture
def late(tmp_path):
    path = tmp_path / "late.csv"
    path.write_text(DATA, encoding="utf-8")
    return path


def run(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_run_prints_numbers_under_their_reference_names(late, tmp_path):
    picture = tmp_path / "late.png"
    out = run(
        "run", "spc.i_mr", late, "--value", "late_h", "--order", "week", "--json", "--png", picture
    )
    shown = json.loads(out.stdout)
    assert shown["analysis"] == "spc.i_mr"
    assert len(shown["numbers"]["i.ucl"]) == 30
    assert {f["line"] for f in shown["findings"]} == {"verdict", "evidence", "size", "next"}
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_options_bear_their_reference_names(late):
    out = run(
        "run",
        "spc.i_mr",
        late,
        "--value",
        "late_h",
        "--k",
        "2",
        "--sigma_method",
        "MRmedian",
        "--json",
    )
    assert json.loads(out.stdout)["options"]["k"] == 2.0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--value", "late"), "no column named"),
        (("--value", "week"), "holds dates"),
        ((), "Choose a column for Value"),
        (("--value", "late_h", "--kk", "2"), "no option named"),
    ],
)
def test_mistakes_get_a_sentence_and_status_1(late, words, message):
    out = run("run", "spc.i_mr", late, *words)
    assert out.exit_code == 1
    assert message in out.stderr
    assert "Traceback" not in out.output


def test_a_missing_file_and_an_unknown_analysis_are_told(late):
    assert (
        "cannot be read" in run("run", "spc.i_mr", late.with_name("no.csv"), "--value", "x").stderr
    )
    assert "no analysis named" in run("run", "spc.xyz", late).stderr


def test_analyses_lists_roles(late):
    listed = {a["id"]: a for a in json.loads(run("analyses", "--json").stdout)}
    assert [r["id"] for r in listed["spc.i_mr"]["roles"]] == ["value", "order", "stage", "label"]
