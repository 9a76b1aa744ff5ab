"""Our own line icons, 24 px, drawn in the colour of the text."""

from functools import cache

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
    "sun": "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400",
    "form": "M6 3h12v18H6zM9 8h6M9 12h6M9 16h4",
    "help": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.700.300-1 .900-1 1.700M12 16.500v.300",
    "current": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
    "bin": "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
    "filter": "M4 5h16l-6 8v6l-4-2v-4z",
    "copy": "M8 8h12v12H8zM16 8V4H4v12h4",
    "export": "M12 15V4M8 8l4-4 4 4M5 14v6h14v-6",
    "print": "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "more": "M6 12h.010M12 12h.010M18 12h.010",
    "star": "M12 4l2.400 5 5.600.700-4.100 3.800 1.100 5.500-5-2.800-5 2.800 1.100-5.500L4 9.700 9.600 9z",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.500 2",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 20.500c.800-4 3.800-6 7.500-6s6.700 2 7.500 6",
    "money": "M3 6h18v12H3zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM6 9v.010M18 15v.010",
    "tree": "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
    "grid": "M4 4h16v16H4zM4 9.300h16M4 14.700h16M9.300 4v16M14.700 4v16",
    "calculator": "M6 3h12v18H6zM9 7h6M9 12h.010M12 12h.010M15 12h.010M9 16h.010M12 16h.010M15 16h.010",
    "fishbone": "M3 12h15M6 6l4 6M12 6l4 6M6 18l4-6M12 18l4-6M18 9v6l3-3z",
}


@cache
def icon(name: str, colour: str, *, muted: str = "") -> QIcon:
    """Return an icon in one colour, sharp at single and double resolution.

    `muted` is the colour of the icon where it cannot be used.
    """
    made = QIcon()
    for size in (20, 40):
        drawn = _drawn(name, colour, size)
        made.addPixmap(drawn, QIcon.Mode.Normal)
        made.addPixmap(drawn, QIcon.Mode.Selected)  # must not dim the sign of a state
        if muted:
            made.addPixmap(_drawn(name, muted, size), QIcon.Mode.Disabled)
    return made


def picture(name: str, colour: str, size: int) -> QPixmap:
    """Return one icon as a picture for a label, sharp on fine screens."""
    found = QPixmap(_drawn(name, colour, 2 * size))
    found.setDevicePixelRatio(2.0)
    return found


def _drawn(name: str, colour: str, size: int) -> QPixmap:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{colour}" '
        f'stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="{_SHAPES[name]}"/></svg>'
    )
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return pixmap
