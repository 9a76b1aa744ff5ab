"""`leanlab portfolio` says without a window what the window shows."""

import json

from click.testing import CliRunner

from leanlab.cli import cli
from tests.sample_folder import built, projects

__all__ = ["built", "projects"]


def leanlab(*words):
    return CliRunner().invoke(cli, [str(w) for w in words])


def test_a_folder_is_listed_with_reasons_and_what_cannot_be_read(projects):
    done = leanlab("portfolio", projects)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split()[:3] == ["Code", "Title", "Phase"]
    assert lines[1].startswith("P-004  Returns of shoes")
    assert "The Control gate is" in lines[1]
    assert "P-022.leanlab is damaged" in done.stderr
    assert "made with a newer LeanLab (format 99)" in done.stderr


def test_json_holds_everything(projects):
    done = leanlab("portfolio", projects, "--json")
    found = json.loads(done.stdout)
    assert found["totals"]["projects"] == 6
    assert {p["state"] for p in found["not_read"]} == {"damaged", "newer"}
    worse = next(p for p in found["projects"] if p["code"] == "P-004")
    assert worse["signal"] == "worse"
    assert worse["weak"]
    assert found["counted_twice"][0]["benefit"] == "Fewer contract penalties"
    assert found["tables"]["stuck"]["rows"]


def test_page_workbook_and_cards_are_written(projects, tmp_path):
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in projects.rglob("*.leanlab")}
    page, book, cards = (tmp_path / name for name in ("a.pdf", "a.xlsx", "c.pdf"))
    done = leanlab("portfolio", projects, "--pdf", page, "--xlsx", book, "--cards", cards)
    assert done.exit_code == 0, done.output
    assert page.read_bytes().startswith(b"%PDF")
    assert cards.read_bytes().startswith(b"%PDF")
    assert book.read_bytes().startswith(b"PK")
    assert {
        p: (p.stat().st_mtime_ns, p.read_bytes()) for p in projects.rglob("*") if p.is_file()
    } == before


def test_a_folder_is_shown_in_the_window(projects, tmp_path, monkeypatch):
    from leanlab.ui import application

    opened = []
    monkeypatch.setattr(application, "open_window", lambda path: opened.append(path) or 0)
    assert leanlab("portfolio", projects, "--window").exit_code == 0
    assert leanlab("portfolio", tmp_path / "gone", "--window").exit_code == 1
    assert opened == [projects]


def test_words_filter(projects):
    done = leanlab("portfolio", projects, "--filter", "hana changeover")
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == ["P-002"]


def test_a_missing_folder_is_a_sentence(tmp_path):
    done = leanlab("portfolio", tmp_path / "gone")
    assert done.exit_code == 1
    assert "is not there any more" in done.stderr


def test_the_sample_folder_can_be_asked_for(tmp_path, monkeypatch):
    from leanlab.app import samples_folder
    from tests.sample_folder import plans

    monkeypatch.setattr(samples_folder, "PLANS", plans("P-008", "P-022", "P-023", "P-024"))
    done = leanlab("sample", "portfolio", "-o", tmp_path / "projects")
    assert done.exit_code == 0, done.output
    made = list((tmp_path / "projects").rglob("P-*.leanlab"))
    assert len(made) == 4
    told = leanlab("portfolio", tmp_path / "projects").stderr
    assert "P-024.leanlab is open on PC-204 (Rita Costa, since " in told
    again = leanlab("sample", "portfolio", "-o", tmp_path / "projects")
    assert again.exit_code == 1
    assert "is not empty" in again.stderr


def test_there_are_24_plans_at_all_stages():
    from leanlab.app.samples_folder import PLANS

    assert len({plan.code for plan in PLANS}) == len({plan.title for plan in PLANS}) == 24
    assert {plan.stage for plan in PLANS} == {0, 1, 2, 3, 4, 5}
    assert {plan.kind for plan in PLANS} == {"dmaic", "kaizen"}
