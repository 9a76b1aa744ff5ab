import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent

from leanlab.analyses.declare import Column, Columns
from leanlab.analyses.registry import find
from leanlab.ui.chart_view import ChartView
from leanlab.ui.theme import LIGHT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # offscreen, not ours
N = 40
VALUES = np.round(10 + np.sin(np.arange(N)), 1)
VALUES[16] = 20.0
VALUES[29] = 19.0


def presentation(values=VALUES):
    analysis = find("spc.i_mr")
    days = np.datetime64("2026-04-01", "s") + 86400 * np.arange(len(values))
    roles = {
        "value": (Column("late_h", "number", values, unit="h", decimals=1),),
        "order": (Column("day", "datetime", days),),
    }
    columns = Columns(roles, np.arange(101, 101 + len(values)), np.zeros(len(values), np.bool_))
    return analysis.present(analysis.compute(columns, analysis.options()))


@pytest.fixture
def view(qtbot):
    made = ChartView()
    qtbot.addWidget(made)
    made.resize(900, 560)
    made.show()
    made.show_charts(presentation().charts, LIGHT)
    made.canvas.draw()
    return made


@pytest.fixture
def canvas(view):
    return view.canvas


def press(qtbot, canvas, *keys, shift=False, control=False):
    modifier = Qt.KeyboardModifier.NoModifier
    if shift:
        modifier |= Qt.KeyboardModifier.ShiftModifier
    if control:
        modifier |= Qt.KeyboardModifier.ControlModifier
    for key in keys:
        qtbot.keyClick(canvas, key, modifier)


def wheel(canvas, at, notches):
    event = QWheelEvent(
        QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)


def test_a_click_selects_the_point_and_its_data_row(qtbot, canvas):
    with qtbot.waitSignal(canvas.selected):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.position_of(16))
    assert canvas.selection == (16, 16)
    assert list(canvas.rows_of_selected()) == [117]


def test_a_click_on_the_spread_panel_selects_the_same_point(qtbot, canvas):
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.position_of(16, panel=1))
    assert canvas.current == 16


def test_a_click_beside_all_points_selects_none(qtbot, canvas):
    canvas.select(16)
    middle = (canvas.position_of(16) + canvas.position_of(5)) / 2
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(middle.x(), 60))
    assert canvas.current == -1


def test_shift_extends_the_selection_by_mouse_and_by_key(qtbot, canvas):
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.position_of(16))
    qtbot.mouseClick(
        canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, canvas.position_of(19)
    )
    assert canvas.selection == (16, 19)
    press(qtbot, canvas, Qt.Key.Key_Right, shift=True)
    assert canvas.selection == (16, 20)
    assert list(canvas.rows_of_selected()) == [117, 118, 119, 120, 121]


def test_keys_walk_along_the_points(qtbot, canvas):
    keys = Qt.Key
    press(qtbot, canvas, keys.Key_Right)
    assert canvas.current == 0
    press(qtbot, canvas, keys.Key_Right, keys.Key_Right, keys.Key_Left)
    assert canvas.current == 1
    press(qtbot, canvas, keys.Key_End, keys.Key_Right)
    assert canvas.current == N - 1
    press(qtbot, canvas, keys.Key_Home)
    assert canvas.current == 0
    press(qtbot, canvas, keys.Key_Escape)
    assert canvas.current == -1


def test_keys_jump_from_signal_to_signal(qtbot, canvas):
    signals = canvas.points.signals.tolist()
    assert 16 in signals
    canvas.select(0)
    press(qtbot, canvas, Qt.Key.Key_PageDown)
    assert canvas.current == signals[0]
    press(qtbot, canvas, Qt.Key.Key_Period, control=True)
    assert canvas.current == signals[1]
    press(qtbot, canvas, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp)
    assert canvas.current == signals[-1]


@pytest.mark.parametrize(
    ("key", "verb"),
    [
        (Qt.Key.Key_Delete, "exclude"), (Qt.Key.Key_A, "annotate"), (Qt.Key.Key_S, "stage"),
        (Qt.Key.Key_L, "limits"), (Qt.Key.Key_I, "include"), (Qt.Key.Key_Return, "inspect"),
    ],
)  # fmt: skip
def test_letters_ask_for_what_can_be_done(qtbot, canvas, key, verb):
    asked = []
    canvas.asked.connect(lambda what, _at: asked.append(what))
    press(qtbot, canvas, key)
    assert asked == []
    canvas.select(3)
    press(qtbot, canvas, key)
    assert asked == [verb]


def test_the_selected_point_is_described_for_those_who_cannot_see_it(canvas):
    canvas.select(16)
    text = canvas.describe()
    assert text.startswith("point 17, 17 Apr 2026, 20.0")
    assert "upper limit" in text
    assert canvas.accessibleDescription() == canvas.chart.alt


def test_the_pointer_tells_about_the_point_below_it(qtbot, canvas):
    qtbot.mouseMove(canvas, canvas.position_of(16))
    label = canvas.findChild(object, "chart_hover")
    qtbot.waitUntil(label.isVisible)
    assert label.text().startswith("Point 17, 17 Apr 2026")
    qtbot.mouseMove(canvas, QPoint(3, 3))
    qtbot.waitUntil(lambda: not label.isVisible())


def test_the_wheel_zooms_around_the_pointer_and_reset_shows_everything(view, canvas):
    whole = canvas.figure.axes[0].get_xlim()
    at = canvas.position_of(16)
    wheel(canvas, at, 4)
    low, high = canvas.figure.axes[0].get_xlim()
    assert whole[0] < low < 16 < high < whole[1]
    assert abs(canvas.position_of(16).x() - at.x()) <= 2
    assert view.reset.isEnabled()
    view.reset.click()
    assert canvas.figure.axes[0].get_xlim() == whole
    assert not view.reset.isEnabled()


def test_all_panels_zoom_together_and_never_beyond_the_data(canvas):
    whole = canvas.figure.axes[0].get_xlim()
    canvas.zoom(0.1)
    assert canvas.figure.axes[0].get_xlim() == canvas.figure.axes[1].get_xlim()
    for _ in range(10):
        canvas.zoom(0.5)
    low, high = canvas.figure.axes[0].get_xlim()
    assert high - low == pytest.approx(4)
    for _ in range(10):
        canvas.zoom(3)
    assert canvas.figure.axes[0].get_xlim() == pytest.approx(whole)
    assert not canvas.is_zoomed


def test_dragging_moves_a_zoomed_chart(qtbot, canvas):
    canvas.select(20)
    canvas.zoom(0.3)
    low = canvas.figure.axes[0].get_xlim()[0]
    begin = QPoint(400, 120)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(canvas, begin + QPoint(60, 0))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=begin + QPoint(60, 0))
    assert canvas.figure.axes[0].get_xlim()[0] < low
    assert canvas.current == 20


def test_a_box_is_zoomed_into(qtbot, view, canvas):
    view.box.click()
    begin, end = canvas.position_of(10) - QPoint(0, 30), canvas.position_of(20) + QPoint(0, 30)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    low, high = canvas.figure.axes[0].get_xlim()
    assert (low, high) == pytest.approx((10, 20), abs=0.3)


def test_zoom_and_selection_survive_a_new_result_with_the_same_points(view, canvas):
    canvas.select(16)
    canvas.zoom(0.2)
    shown = canvas.figure.axes[0].get_xlim()
    view.show_charts(presentation(VALUES + 1).charts, LIGHT)
    assert canvas.figure.axes[0].get_xlim() == shown
    assert canvas.current == 16
    view.show_charts(presentation(VALUES[:30]).charts, LIGHT)
    assert not canvas.is_zoomed
    assert canvas.current == -1


def test_a_point_outside_the_view_is_brought_into_it(qtbot, canvas):
    canvas.select(2)
    canvas.zoom(0.15)
    press(qtbot, canvas, Qt.Key.Key_End)
    low, high = canvas.figure.axes[0].get_xlim()
    assert low <= N - 1 <= high


def test_a_million_points_are_drawn_as_what_the_range_can_show(qtbot):
    values = np.random.default_rng(1).normal(0, 1, 1_000_000)
    view = ChartView()
    qtbot.addWidget(view)
    view.resize(900, 560)
    view.show()
    view.show_charts(presentation(values).charts, LIGHT)
    axes = view.canvas.composed().axes[0]
    assert max(len(line.get_xdata()) for line in axes.lines) < 20_000
    bands = len(axes.collections)
    view.canvas.select(500_000)
    view.canvas.zoom(0.0001)
    assert len(axes.collections) < bands
    assert max(len(line.get_xdata()) for line in axes.lines) >= 100
    view.canvas.reset_view()
    assert len(axes.collections) == bands


def test_the_picture_is_copied_as_png_and_svg(view):
    assert view.copy_picture()
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert data.imageData().width() > 800
    assert b"<svg" in bytes(data.data("image/svg+xml"))


def test_several_charts_are_switched(qtbot, view):
    charts = (*presentation().charts, *presentation(VALUES[:20]).charts)
    view.show_charts(charts, LIGHT)
    assert view.which.isVisible()
    with qtbot.waitSignal(view.switched):
        view.show_number(1)
    assert view.chart is charts[1]
    view.show_charts(charts, LIGHT)
    assert view.chart is charts[1]
    view.show_charts(charts[:1], LIGHT)
    assert view.chart is charts[0]
    assert not view.which.isVisible()


def test_no_picture_is_no_trouble(qtbot, view):
    view.show_charts((), LIGHT)
    press(qtbot, view.canvas, Qt.Key.Key_Right, Qt.Key.Key_Delete, Qt.Key.Key_PageDown)
    view.canvas.zoom(0.5)
    assert not view.copy_picture()
    assert view.canvas.accessibleName() == "No picture yet"
