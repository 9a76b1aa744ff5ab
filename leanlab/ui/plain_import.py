"""Bring in Qt, and leave Python's own way of importing as it was.

PySide replaces `builtins.__import__` by a function that reads the source of every module imported
from then on (in search of `from __feature__ import ...`, which nobody here writes) and keeps its
lines for ever: a fifth of the time of a first chart, and much memory. This module must be
imported before anything else of Qt.
"""

import builtins

_own = builtins.__import__

import PySide6.QtCore  # noqa: E402, F401 - this is what replaces the function

builtins.__import__ = _own
