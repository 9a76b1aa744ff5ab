"""Changing the shape of data in the window."""

import numpy as np
import pytest

from leanlab.data.columns import ColumnData
from leanlab.ui.dialogs import reshape
from leanlab.ui.dialogs.reshape import ReshapeDialog
from leanlab.ui.dialogs.sheet_source import lines_of


@pytest.fixture
def page(project_window, session, qtbot):
    sheet = session.add_sheet(
        "Fill",
        [
            ColumnData("line", "category", np.array(["A", "B", "A"], dtype=object)),
            ColumnData("H1", "number", np.array([1.0, 2.0, np.nan]), unit="g", decimals=1),
            ColumnData("H2", "number", np.array([4.0, 5.0, 6.0]), unit="g", decimals=1),
            ColumnData("speed", "number", np.array([4.0, 5.0, 6.0]), unit="m/s", decimals=1),
        ],
    )
    project_window.go_to(sheet)
    qtbot.waitUntil(lambda: project_window.jobs.idle)
    return project_window.navigation.page


def choose(dialog, way):
    dialog.way.setCurrentIndex(dialog.way.findData(way))
    dialog.work_out()


def test_each_shape_shows_its_fields_and_what_would_be_made(page, qtbot):
    dialog = ReshapeDialog(page)
    qtbot.addWidget(dialog)
    assert dialog.wish().columns == ("c2", "c3")  # those that share a unit
    assert "5 rows, 4 columns" in dialog.said.text()
    assert "1 empty cell makes no row" in dialog.said.text()
    assert dialog.preview.item(0, 3).text() == "1.0"
    assert dialog.form.isRowVisible(dialog.names)
    assert not dialog.form.isRowVisible(dialog.by)
    choose(dialog, "unstack")
    assert "2 rows, 2 columns" in dialog.said.text()
    assert dialog.form.isRowVisible(dialog.keys)
    choose(dialog, "transpose")
    assert "4 rows, 4 columns" in dialog.said.text()
    choose(dialog, "split")
    assert "2 data sheets: Fill – A (2); Fill – B (1)" in dialog.said.text()
    assert not dialog.form.isRowVisible(dialog.title)
    dialog.by.setCurrentIndex(0)
    choose(dialog, "unstack")
    dialog.value.setCurrentIndex(dialog.by.currentIndex())
    dialog.work_out()
    assert "Choose different columns" in dialog.said.text()
    assert not dialog.ok.isEnabled()


def test_the_new_data_opens_and_tells_its_origin(page, project_window, qtbot, monkeypatch):
    def answer(dialog):
        choose(dialog, "stack")
        dialog.title.setText("By head")
        return 1

    monkeypatch.setattr(reshape.ReshapeDialog, "exec", answer)
    project_window.bar.run("reshape")
    qtbot.waitUntil(lambda: project_window.jobs.idle and project_window.navigation.page is not page)
    new = project_window.navigation.page
    assert new.model.sheet.title == "By head"
    assert "made from Fill" in new.subtitle.text()
    assert "stacked from its columns H1, H2" in lines_of(new.model.sheet.source)[0]
    project_window.session.undo()
    assert len(project_window.session.sheets()) == 1
