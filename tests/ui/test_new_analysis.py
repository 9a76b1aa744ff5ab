import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton

from leanlab.analyses.registry import ANALYSES, find
from leanlab.core.option import option
from leanlab.data.columns import ColumnData
from leanlab.ui.commands import analyze
from leanlab.ui.dialogs import generator as generator_dialog
from leanlab.ui.dialogs import new_analysis
from leanlab.ui.dialogs.generator import GeneratorDialog
from leanlab.ui.dialogs.new_analysis import NewAnalysisDialog, lacks, suiting
from leanlab.ui.options_form import OptionsForm

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, not ours


@pytest.fixture
def sheet(session):
    rows = 20
    return session.add_sheet(
        "Deliveries",
        [
            ColumnData(
                "day", "datetime", np.datetime64("2026-04-01", "s") + 86400 * np.arange(rows)
            ),
            ColumnData("late_h", "number", np.arange(rows) + 0.5, unit="h"),
        ],
    )


@pytest.fixture
def dialog(qtbot, session, sheet, window):
    made = NewAnalysisDialog(session, sheet, window)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(qtbot, dialog, text):
    """Return the visible button with these words; it comes with the next layout."""

    def found():
        buttons = dialog.findChildren(QPushButton)
        return [b for b in buttons if b.accessibleName() == text and b.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    return found()[0]


def titles(dialog):
    return [item.text(0) for item in dialog._items()]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("xmr", "spc.i_mr"), ("process behaviour", "spc.i_mr"), ("80/20", "quality.pareto"),
        ("welch", "test.t_two_sample_welch"), ("gage", "msa.gage_rr_crossed"),
    ],
)  # fmt: skip
def test_other_names_find_an_analysis(typed, found):
    assert found in [a.id for a in suiting(ANALYSES, typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("imr", "spc.i_mr"), ("xbarr", "spc.xbar_r"), ("parteo", "quality.pareto"),
     ("capabilty", "capability.normal"), ("histogramm", "descriptive.summary")],
)  # fmt: skip
def test_names_without_their_signs_and_with_a_slip_are_found(typed, first):
    assert suiting(ANALYSES, typed)[0].id == first


def test_every_analysis_is_listed_in_its_group(dialog):
    assert sorted(titles(dialog)) == sorted(a.title for a in ANALYSES)


def test_typing_filters_and_enter_opens_with_the_columns_that_fit(qtbot, dialog, sheet):
    qtbot.keyClicks(dialog.box, "individuals")
    assert titles(dialog)[0] == "I-MR chart"
    qtbot.keyClick(dialog.box, Qt.Key.Key_Return)
    assert dialog.chosen.analysis_id == "spc.i_mr"
    assert dialog.chosen.sheet_id == sheet
    assert dialog.chosen.roles == {"value": ["c2"], "order": ["c1"]}


def test_arrows_move_in_the_list_while_the_box_keeps_the_focus(qtbot, dialog):
    first = dialog.tree.currentItem().text(0)
    qtbot.keyClick(dialog.box, Qt.Key.Key_Down)
    assert dialog.tree.currentItem().text(0) != first
    qtbot.keyClick(dialog.box, Qt.Key.Key_Up)
    assert dialog.tree.currentItem().text(0) == first


def test_what_the_data_lack_is_said_and_nothing_opens(qtbot, session, sheet, dialog):
    assert lacks(find("quality.pareto"), session.sheet(sheet)) != ""
    dialog._go_to("quality.pareto")
    assert not dialog.open_button.isEnabled()
    dialog._open()
    assert dialog.chosen is None


def test_an_analysis_without_data_needs_none(dialog, sheet):
    dialog._go_to("power.t_two_sample")
    dialog.open_button.click()
    assert dialog.chosen.sheet_id is None


def test_goals_lead_over_questions_to_a_suggestion_with_reasons(qtbot, dialog):
    dialog.tabs.setCurrentIndex(1)
    for text in (
        "See it over time",
        "A measured value: hours, millimetres, money",
        "One value at a time",
        "15 or more",
    ):
        shown(qtbot, dialog, text).click()
    assert dialog._analysis.id == "spc.i_mr"
    shown(qtbot, dialog, "Run chart").click()
    assert dialog._analysis.id == "spc.run_chart"
    dialog.open_button.click()
    assert dialog.chosen.analysis_id == "spc.run_chart"


def test_the_chooser_opens_the_analysis_in_the_phase_that_is_shown(
    project_window, session, sheet, monkeypatch
):
    chosen = new_analysis.Chosen("spc.i_mr", sheet, {"value": ["c2"]})
    monkeypatch.setattr(new_analysis, "choose_analysis", lambda *_, **__: chosen)
    analyze.choose(project_window, phase="measure")
    record = session.records("analysis")[0]
    assert project_window.navigation.target == record.id
    assert record.get("phase") == "measure"


def test_a_generator_asks_previews_and_creates(qtbot, session, window):
    dialog = GeneratorDialog(session, find("msa.gage_rr_crossed"), window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "rows in random order" in dialog.preview.text()
    dialog._create()
    assert session.sheet(dialog.made.sheet_id).rows > 0
    assert session.record(dialog.made.analysis_id).get("analysis_id") == "msa.gage_rr_crossed"


def test_the_analysis_opens_when_the_last_result_is_typed(
    qtbot, project_window, session, monkeypatch
):
    from leanlab.app.generators import generate

    analysis = find("msa.gage_rr_crossed")
    monkeypatch.setattr(
        generator_dialog,
        "create_data",
        lambda s, a, *_, **__: generate(s, a, a.generator.options()),
    )
    analyze.create(project_window, analysis.id)
    record = session.records("analysis")[0]
    sheet = record.get("sheet_id")
    assert project_window.navigation.target == sheet
    value = record.get("roles")["value"][0]
    rows = session.sheet(sheet).rows
    numbers = np.round(np.random.default_rng(3).normal(10, 1, rows), 2)
    session.set_cells(sheet, [(r + 1, value, str(numbers[r])) for r in range(rows - 1)])
    assert project_window.navigation.target == sheet
    session.set_cells(sheet, [(rows, value, "10.1")])
    qtbot.waitUntil(lambda: project_window.navigation.target == record.id)
    page = project_window.navigation.page
    qtbot.waitUntil(lambda: page.presentation is not None, timeout=30_000)


# the form --------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class Every:
    """One field of each kind."""

    yes: bool = option(default=False, label="Yes", basic=True)
    whole: int = option(3, "Whole", minimum=2, maximum=9, unit="points")
    number: float | None = option(None, "Number", help="Leave empty to estimate it")
    choice: str = option("a", "Choice", choices={"a": "First", "b": "Second"})
    names: tuple[str, ...] = option(("x", "y"), "Names")
    text: str = option("", "Text")


@pytest.fixture
def form(qtbot):
    made = OptionsForm(Every())
    qtbot.addWidget(made)
    made.show()
    return made


def type_into(form, name, text):
    line = form.findChild(QLineEdit, f"option_{name}")
    line.setText(text)
    line.editingFinished.emit()


def test_every_kind_of_option_can_be_edited(qtbot, form):
    form.findChild(QCheckBox, "option_yes").click()
    type_into(form, "whole", "5")
    type_into(form, "number", "1,5")
    box = form.findChild(QComboBox, "option_choice")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    type_into(form, "names", "x,y,z")
    type_into(form, "text", "hello, world")
    assert form.options == Every(True, 5, 1.5, "b", ("x", "y", "z"), "hello, world")


def test_bounds_are_told_and_held(form):
    changed = []
    form.changed.connect(changed.append)
    type_into(form, "whole", "12")
    assert not form.sound
    assert changed == []
    assert "2 to 9" in form._problems["whole"].text()
    assert "2 to 9" in form.findChild(QLineEdit, "option_whole").toolTip()
    type_into(form, "whole", "9")
    assert form.sound
    assert changed[0].whole == 9


def test_an_empty_optional_field_is_not_set(form):
    type_into(form, "number", "2")
    type_into(form, "number", "")
    assert form.options.number is None
    assert form.findChild(QLineEdit, "option_number").placeholderText() == "not set"


def test_options_changed_elsewhere_are_shown_without_an_echo(form):
    changed = []
    form.changed.connect(changed.append)
    form.show_options(Every(whole=4, choice="b"))
    assert form.findChild(QLineEdit, "option_whole").text() == "4"
    assert form.findChild(QComboBox, "option_choice").currentData() == "b"
    assert changed == []


def test_basics_and_the_rest_are_two_forms(qtbot):
    basics, more = OptionsForm(Every(), basic=True), OptionsForm(Every(), basic=False)
    qtbot.addWidget(basics)
    qtbot.addWidget(more)
    assert basics.findChild(QCheckBox, "option_yes") is not None
    assert basics.findChild(QLineEdit, "option_whole") is None
    assert more.findChild(QLineEdit, "option_whole") is not None


def test_going_back_keeps_the_answers_until_another_one_is_given(qtbot, dialog):
    dialog.tabs.setCurrentIndex(1)
    goal = next(g for g in new_analysis.GOALS if g.leads_to in new_analysis.QUESTIONS)
    question = new_analysis.QUESTIONS[goal.leads_to]
    shown(qtbot, dialog, goal.title).click()
    shown(qtbot, dialog, question.answers[0].text).click()
    kept = [text for text, _ in dialog._path]
    assert kept == [goal.title, question.answers[0].text]
    shown(qtbot, dialog, "Back to the question before").click()
    again = shown(qtbot, dialog, question.answers[0].text)
    assert again.text().startswith("✓")
    assert [text for text, _ in dialog._path] == kept
    shown(qtbot, dialog, f"Back to the question answered with {goal.title}").click()
    assert shown(qtbot, dialog, goal.title).text().startswith("✓")
    shown(qtbot, dialog, goal.title).click()
    assert [text for text, _ in dialog._path] == kept
    shown(qtbot, dialog, question.answers[1].text).click()
    assert [text for text, _ in dialog._path] == [goal.title, question.answers[1].text]
