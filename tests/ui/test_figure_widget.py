import pytest
from PySide6.QtGui import QColor

from leanlab.ui.figure_widget import FigureWidget


class Field(FigureWidget):
    """Paints its whole figure green, and counts."""

    def __init__(self):
        super().__init__()
        self.composed_times = self.drawn_times = 0

    def compose(self):
        self.composed_times += 1
        self.figure.clear()
        axes = self.figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        self.figure.set_facecolor("#00aa00")

    def _draw(self):
        self.drawn_times += 1
        super()._draw()


@pytest.fixture
def field(qtbot):
    made = Field()
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


def seen(qtbot, widget):
    widget.show()
    qtbot.waitExposed(widget)
    return widget.grab().toImage()


def test_a_figure_fills_its_widget(qtbot, field):
    field.compose_later()
    picture = seen(qtbot, field)
    corners = ((0, 0), (299, 0), (0, 199), (299, 199), (150, 100))
    assert {picture.pixelColor(*at).name() for at in corners} == {"#00aa00"}


def test_what_nobody_sees_is_not_drawn(field):
    field.compose_later()
    field.resize(500, 300)
    field.compose_later()
    assert (field.composed_times, field.drawn_times) == (0, 0)


def test_changes_of_one_moment_are_drawn_once(qtbot, field):
    seen(qtbot, field)
    field.compose_later()
    field.resize(320, 200)
    field.draw_later()
    field.resize(340, 210)
    field.compose_later()
    before = field.drawn_times
    field.grab()
    field.grab()
    assert (field.composed_times, field.drawn_times - before) == (1, 1)


def test_a_new_size_is_composed_anew_once_it_has_settled(qtbot, field):
    field.compose_later()
    seen(qtbot, field)
    qtbot.waitUntil(lambda: field.composed_times == 1)
    field.resize(400, 260)
    qtbot.waitUntil(lambda: field.composed_times == 2)
    assert (field.figure.bbox.width, field.figure.bbox.height) == (400, 260)


def test_an_empty_figure_looks_like_the_card_it_lies_on(qtbot, field):
    palette = field.palette()
    palette.setColor(palette.ColorRole.Base, QColor("#123456"))
    field.setPalette(palette)
    assert seen(qtbot, field).pixelColor(10, 10).name() == "#123456"


def test_a_fine_screen_gets_a_fine_picture(qtbot, field, monkeypatch):
    monkeypatch.setattr(Field, "devicePixelRatioF", lambda _: 2.0)
    field.compose_later()
    seen(qtbot, field)
    assert field.ratio == 2.0
    assert (field._picture.width(), field._picture.height()) == (600, 400)
    assert field._picture.devicePixelRatioF() == 2.0
