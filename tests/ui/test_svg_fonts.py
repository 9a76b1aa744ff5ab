"""Qt's SVG reader knows one font, not a list: letters come out as they do in print."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from leanlab.ui.svg_fonts import for_qt

ATTRIBUTE = '<text x="5" y="25" font-size="20" font-family="{}">Quality 14.2 %</text>'
STYLE = (
    '<text x="5" y="25" style="font-size: 20px; font-family: {}; fill: black">Quality 14.2 %</text>'
)


def painted(text):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 40">{text}</svg>'
    picture = QImage(240, 40, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    QSvgRenderer(for_qt(svg)).render(painter, QRectF(0, 0, 240, 40))
    painter.end()
    return picture


@pytest.mark.parametrize(
    ("text", "families"),
    [
        (ATTRIBUTE, "Fira Sans, DejaVu Sans, Arial, sans-serif"),
        (ATTRIBUTE, "No such font, Fira Sans"),
        (STYLE, "'Fira Sans', 'DejaVu Sans'"),
    ],
)
def test_the_first_font_that_is_there_is_used(qapp, text, families):
    assert painted(text.format(families)) == painted(text.format("Fira Sans"))
    assert painted(text.format(families)) != painted(text.format("DejaVu Sans"))


def test_nothing_but_fonts_is_changed(qapp):
    text = "<text>font-family: a, b</text><rect width='3'/>"
    assert b"<rect width='3'/>" in for_qt(text).data()
    assert for_qt("<text font-family='Arial'/>").data() == b"<text font-family='Arial'/>"
