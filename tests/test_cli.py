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


# leanlab run: files, flags and mistakes --------------------------------------------------------


def test_every_kind_of_file_is_written(late, tmp_path):
    kinds = {
        "png": b"\x89PNG",
        "svg": b"<?xml",
        "pdf": b"%PDF",
        "csv": b"\xef\xbb\xbf",
        "xlsx": b"PK",
    }
    words = [w for kind in kinds for w in (f"--{kind}", tmp_path / f"out.{kind}")]
    out = run("run", "spc.i_mr", late, "--value", "late_h", "--order", "week", *words)
    assert out.exit_code == 0, out.output
    for kind, start in kinds.items():
        assert (tmp_path / f"out.{kind}").read_bytes().startswith(start), kind
    table = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "Signals" in table
    assert table.count("\n") > 30  # all points
    assert "late_h" in (tmp_path / "out.svg").read_text(encoding="utf-8")


def test_columns_may_come_before_the_file(late):
    out = run("run", "spc.i_mr", "--value", "late_h", late, "--json")
    assert out.exit_code == 0
    assert json.loads(out.stdout)["numbers"]["i.points"][0] == 8.0


def test_a_role_with_many_columns_repeats_its_flag(tmp_path):
    path = tmp_path / "pieces.csv"
    path.write_text(
        "a,b,c\n" + "".join(f"{9 + i % 3},{10 + i % 2},{11 - i % 4}\n" for i in range(12)),
        encoding="utf-8",
    )
    out = run("run", "spc.xbar_r", path, "--value", "a", "--value", "b", "--value", "c", "--json")
    assert json.loads(out.stdout)["numbers"]["n"] == [3] * 12


def test_yes_or_no_options_may_stand_alone(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text(
        "y,g\n" + "".join(f"{i % 7 + (i % 2)},{'ab'[i % 2]}\n" for i in range(40)), encoding="utf-8"
    )
    words = ("run", "test.anova_oneway", path, "--value", "y", "--group", "g", "--json")
    assert json.loads(run(*words).stdout)["options"]["equal_variances"] is False
    assert json.loads(run(*words, "--equal-variances").stdout)["options"]["equal_variances"] is True
    off = run(*words, "--equal_variances", "no")
    assert json.loads(off.stdout)["options"]["equal_variances"] is False


def test_an_analysis_without_data_needs_no_file():
    out = run("run", "power.t_two_sample", "--difference", "2", "--sd", "3", "--json")
    assert json.loads(out.stdout)["numbers"]["n"] == 37


def test_negative_numbers_are_values(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("x\n" + "\n".join(str(i % 7 - 3) for i in range(40)), encoding="utf-8")
    out = run(
        "run", "capability.normal", path, "--value", "x", "--lsl", "-9", "--usl", "9", "--json"
    )
    assert json.loads(out.stdout)["options"]["lsl"] == -9.0


def test_a_second_picture_is_chosen_by_number(late, tmp_path):
    words = ("run", "descriptive.summary", late, "--value", "late_h")
    assert run(*words, "--chart", 2, "--png", tmp_path / "two.png").exit_code == 0
    out = run(*words, "--chart", 9, "--png", tmp_path / "nine.png")
    assert out.exit_code == 1
    assert "no picture 9" in out.stderr
    assert "1 Summary of late_h" in out.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--valu", "late_h"), "Choose a column for Value"),
        (("--value", "late_h", "--rules", "western"), "Rules cannot be 'western'"),
        (("--value", "late_h", "--k", "many"), "must be a number"),
        (("--value", "late_h", "--k", "99"), "a value from 1 to 6"),
        (("--value", "late_h", "--value", "late_h"), "takes one column"),
        (("--value",), "needs a value"),
        (("--value", "late_h", "other.csv"), "One data file is enough"),
        (("--value", "late_h", "--png", "/nowhere/late.png"), "cannot be written"),
    ],
)
def test_mistakes_on_the_command_line_are_told(late, words, message):
    out = run("run", "spc.i_mr", late, *words)
    assert out.exit_code in {1, 2}
    assert message in out.stderr
    assert "Traceback" not in out.output


def test_a_wrong_option_lists_those_there_are(late):
    out = run("run", "spc.i_mr", late, "--value", "late_h", "--sigmamethod", "MRbar")
    assert "Known options: rules, sigma_method" in out.stderr


def test_the_listing_tells_all_that_a_script_needs():
    listed = {a["id"]: a for a in json.loads(run("analyses", "--json").stdout)}
    chart = listed["spc.i_mr"]
    sigma = next(o for o in chart["options"] if o["id"] == "sigma_method")
    assert sigma["choices"]["MRbar"]
    assert sigma["kind"] == "str"
    assert listed["power.t_two_sample"]["roles"] == []
    assert listed["msa.gage_rr_crossed"]["makes_sheet"]
    assert "spc.i_mr" in run("analyses").stdout
