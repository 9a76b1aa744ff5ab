"""Results of slow work may come when their page or dialog is gone: then nobody wants them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid


def while_alive(owner: QObject, then: Callable[[Any], object]) -> Callable[[Any], None]:
    """Return `then`, called only as long as Qt has the owner."""

    def call(result: Any) -> None:
        if isValid(owner):
            then(result)

    return call
