"""The commands about projects: sample, report, check, worksheets."""

import json

import pytest
from click.testing import CliRunner

from leanlab.app.session import Session
from leanlab.cli import cli


def leanlab(*words):
    return CliRunner().invoke(cli, [str(w) for w in words])


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "p.leanlab"
    Session.create(path, name="Late deliveries", author="A. Ruiz").close()
    return path


def test_a_sound_project_is_told_so(project):
    done = leanlab("check", project)
    assert done.exit_code == 0
    assert "The file is sound. Project: Late deliveries. SHA-256 " in done.output


def test_a_damaged_project_is_told_so_with_a_way_out(project):
    content = bytearray(project.read_bytes())
    content[len(content) // 2] ^= 0xFF
    project.write_bytes(content)
    done = leanlab("check", project)
    assert done.exit_code == 1
    assert "damaged" in done.stderr
    assert "backup" in done.stderr


def test_several_files_are_checked_at_once(project, tmp_path):
    (tmp_path / "bad.leanlab").write_bytes(b"hello")
    done = leanlab("check", tmp_path / "bad.leanlab", project)
    assert done.exit_code == 1
    assert "bad.leanlab" in done.stderr
    assert "The file is sound. Project: Late deliveries." in done.stdout
    assert leanlab("check", project, project).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 2000])
def test_a_foreign_file_is_no_project(tmp_path, content):
    path = tmp_path / "x.leanlab"
    path.write_bytes(content)
    done = leanlab("check", path)
    assert done.exit_code == 1
    assert path.read_bytes() == content


def test_a_missing_file_is_told(tmp_path):
    done = leanlab("check", tmp_path / "gone.leanlab")
    assert done.exit_code == 1
    assert "not there" in done.stderr


@pytest.mark.parametrize(("ending", "start"), [("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>")])
def test_a_report_leaves_the_project_as_it_is(project, tmp_path, ending, start):
    before = project.read_bytes()
    target = tmp_path / f"r.{ending}"
    done = leanlab("report", project, "-o", target)
    assert done.exit_code == 0, done.output
    assert target.read_bytes().startswith(start)
    assert project.read_bytes() == before


def test_a_report_of_an_unknown_kind_is_a_sentence(project, tmp_path):
    done = leanlab("report", project, "-o", tmp_path / "r.doc")
    assert done.exit_code == 1
    assert "Use .pdf or .html." in done.stderr


def test_a_report_into_a_missing_folder_is_a_sentence(project, tmp_path):
    done = leanlab("report", project, "-o", tmp_path / "no" / "r.html")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_worksheets_are_listed():
    done = leanlab("worksheets")
    assert done.exit_code == 0
    assert any(line.startswith("charter ") for line in done.output.splitlines())
    described = json.loads(leanlab("worksheets", "--json").output)
    charter = next(w for w in described if w["id"] == "charter")
    assert {"id": "what", "label": "What is wrong", "type": "text", "required": True} in charter[
        "sections"
    ][0]["fields"]


def test_samples_are_listed_and_an_unknown_one_is_a_sentence(tmp_path):
    assert "late-deliveries" in leanlab("sample").output
    done = leanlab("sample", "nothing", "-o", tmp_path / "x.leanlab")
    assert done.exit_code == 1
    assert "Samples: late-deliveries" in done.stderr


def test_a_sample_does_not_overwrite(project):
    before = project.read_bytes()
    done = leanlab("sample", "changeover", "-o", project)
    assert done.exit_code == 1
    assert project.read_bytes() == before


@pytest.mark.slow
def test_a_sample_is_written_and_sound(tmp_path):
    path = tmp_path / "c.leanlab"
    assert leanlab("sample", "changeover", "-o", path).exit_code == 0
    assert leanlab("check", path).exit_code == 0
