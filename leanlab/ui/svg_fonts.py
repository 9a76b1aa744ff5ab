"""Pictures for Qt's own SVG reader, which takes a list of fonts for the name of one."""

import re

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase

_FAMILIES = re.compile(r"""(font-family(?:\s*:\s*|="))([^;">]*,[^;">]*)""")


def for_qt(svg: str) -> QByteArray:
    """Return a picture whose every font is one that is there: the first of those it names."""
    return QByteArray(_FAMILIES.sub(_first, svg).encode())


def _first(found: re.Match[str]) -> str:
    names = [name.strip(" '\n") for name in found.group(2).split(",")]
    there = (name for name in names if QFontDatabase.hasFamily(name))
    return f"{found.group(1)}{next(there, names[0])}"
