"""Our own line icons, 24 px, drawn in the colour of the text."""

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_SHAPES = {
    "home": "M4 11 12 4l8 7v9h-5v-6h-6v6H4z",
    "define": "M12 3a9 9 0 1 0 9 9M12 8a4 4 0 1 0 4 4M12 12l8-8M17 4h3v3",
    "measure": "M3 8h18v8H3zM7 8v3M11 8v4M15 8v3M19 8v4",
    "analyse": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5M8 12l2-3 3 4 1-2",
    "improve": "M12 3a6 6 0 0 0-4 10.5V16h8v-2.500A6 6 0 0 0 12 3zM9 19h6M10 21h4",
    "control": "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM8.500 12l2.500 2.500 4.500-5",
    "data": "M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14",
    "chart": "M4 4v16h16M7 15l4-5 3 3 5-7",
    "actions": "M5 6l1.500 1.500L9 5M5 12l1.500 1.500L9 11M5 18l1.500 1.500L9 17M12 6.500h8M12 12.500h8M12 18.500h8",
    "report": "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7",
    "sheet": "M7 4h10v16H7zM10 8h4M10 12h4M10 16h2",
    "new": "M12 5v14M5 12h14",
    "open": "M3 7h6l2 2h10v10H3z",
    "save": "M5 4h11l3 3v13H5zM8 4v5h7V4M8 20v-6h8v6",
    "undo": "M9 7 4 11l5 4M4 11h10a5 5 0 0 1 0 10h-3",
    "redo": "M15 7l5 4-5 4M20 11H10a5 5 0 0 0 0 10h3",
    "back": "M14 5l-7 7 7 7",
    "forward": "M10 5l7 7-7 7",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
    "ok": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12l3 3 5-6",
    "open_item": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
    "warning": "M12 4 2.500 20h19zM12 10v5M12 17.500v.500",
    "problem": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
    "unknown": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12h8",
    "moon": "M20 14A8.500 8.500 0 0 1 10 4a8.500 8.500 0 1 0 10 10z",
    "fishbone": "M3 12h15M6 6l4 6M12 6l4 6M6 18l4-6M12 18l4-6M18 9v6l3-3z",
}


def icon(name: str, colour: str) -> QIcon:
    """Return an icon in one colour, sharp at single and double resolution."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" '
        f'stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="{_SHAPES[name]}"/></svg>'
    )
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    made = QIcon()
    for size in (20, 40):
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        made.addPixmap(pixmap)
    return made
