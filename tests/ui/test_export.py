"""Ctrl+Shift+E: what is open goes to a file, or the window says why nothing can."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMenu

from leanlab.app import results, stored
from leanlab.app.worksheets import add_worksheet
from leanlab.data.columns import ColumnData
from leanlab.ui.pages.base import NOTHING_TO_EXPORT

BEGINS = {
    ".png": b"\x89PNG", ".svg": b"<", ".pdf": b"%PDF", ".html": b"<!", ".xlsx": b"PK",
    ".csv": b"\xef\xbb\xbf",
}  # fmt: skip


@pytest.fixture
def sheet(session):
    values = np.round(10 + np.sin(np.arange(30)), 1)
    return session.add_sheet("Deliveries", [ColumnData("late_h", "number", values, decimals=1)])


@pytest.fixture
def fishbone(session):
    session.add("cause", {"text": "Belt too slow", "branch": "Machine"})
    return add_worksheet(session, "fishbone")


@pytest.fixture
def exported(qtbot, project_window, monkeypatch, tmp_path):
    """Export the open page in every kind that is offered; return the files by ending."""

    def run():
        offered, files = [], {}

        def ask(_parent, _title, proposal, kinds):
            offered[:] = [kind.rpartition("*")[2].rstrip(")") for kind in kinds.split(";;")]
            assert proposal.endswith(offered[0])
            name = tmp_path / f"out{offered[len(files)]}"
            files[offered[len(files)]] = name
            return str(name), ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
        while not offered or len(files) < len(offered):
            assert project_window.bar.commands["export_result"].why_not() == ""
            project_window.bar.run("export_result")
            qtbot.waitUntil(lambda: project_window.jobs.idle, timeout=60_000)
        for ending, path in files.items():
            assert path.read_bytes().startswith(BEGINS[ending]), ending
        return files

    return run


def test_a_drawing_is_exported_as_picture_pages_and_tables(project_window, fishbone, exported):
    project_window.go_to(fishbone)
    files = exported()
    assert list(files) == [".png", ".svg", ".pdf", ".xlsx", ".csv"]
    picture = QImage(str(files[".png"]))
    assert picture.width() >= 1600
    assert len({picture.pixel(x, picture.height() // 2) for x in range(picture.width())}) > 1
    assert "Belt too slow" in files[".csv"].read_text("utf-8-sig")


def test_a_table_offers_the_workbook_first(project_window, session, exported):
    project_window.go_to("actions")
    project_window.bar.run("export_result")
    assert project_window.statusBar().currentMessage() == "There is nothing here yet."
    session.add("action", {"title": "Ask the night shift", "owner": "M. Ito"})
    files = exported()
    assert list(files) == [".xlsx", ".csv"]
    assert "Ask the night shift" in files[".csv"].read_text("utf-8-sig")


def test_data_is_exported_by_the_same_key(project_window, sheet, exported):
    project_window.go_to(sheet)
    files = exported()
    assert list(files) == [".csv", ".xlsx"]
    assert len(files[".csv"].read_text("utf-8-sig").splitlines()) == 31


def test_an_analysis_and_its_saved_result_are_exported(
    qtbot, project_window, session, sheet, exported
):
    made = stored.add_analysis(session, "spc.i_mr", sheet, phase="measure")
    project_window.go_to(made)
    page = project_window.navigation.page
    qtbot.waitUntil(lambda: page.presentation is not None, timeout=60_000)
    assert set(exported()) == {".png", ".svg", ".pdf", ".xlsx", ".csv"}
    project_window.go_to(results.save_result(session, made))
    assert list(exported()) == [".png", ".svg", ".pdf", ".xlsx", ".csv"]


@pytest.mark.parametrize(
    ("target", "kinds"),
    [("gate:define", [".pdf"]), ("phase:define", [".pdf"]), ("card", [".pdf"]), ("report", [".pdf", ".html"])],
)  # fmt: skip
def test_pages_of_a_report_are_exported_as_pages(project_window, exported, target, kinds):
    project_window.go_to(target)
    assert list(exported()) == kinds


@pytest.mark.parametrize("target", ["home", "data", "analyses"])
def test_where_there_is_nothing_to_export_the_window_says_so(project_window, monkeypatch, target):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked"))
    project_window.go_to(target)
    project_window.bar.run("export_result")
    assert project_window.statusBar().currentMessage() == NOTHING_TO_EXPORT
    project_window.bar.refresh()
    assert not project_window.bar.actions["export_result"].isEnabled()


def test_the_portfolio_asks_what_to_export(window, qtbot, session, monkeypatch):
    assert window.bar.commands["export_result"].why_not() == "Open a project first."
    window.show_portfolio(session.path.parent)
    qtbot.waitUntil(lambda: window.portfolio.found is not None, timeout=30_000)
    qtbot.waitUntil(lambda: window.jobs.idle, timeout=30_000)
    shown = []
    monkeypatch.setattr(window.portfolio.export, "showMenu", lambda: shown.append(True))
    window.bar.run("export_result")
    assert shown == [True]
    assert isinstance(window.portfolio.export.menu(), QMenu)
