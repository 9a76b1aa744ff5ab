"""Which function answers which operation of the reference cases."""

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import leanlab.validation

Operation = Callable[[Mapping[str, Any]], dict[str, Any]]


@cache
def operations() -> Mapping[str, Operation]:
    """Return every operation by name, from the `OPS` of the ops modules of this room.

    The ops modules rename inputs and results; they hold no mathematics.
    """
    found: dict[str, Operation] = {}
    for module in pkgutil.iter_modules(leanlab.validation.__path__):
        if module.name.startswith("ops_"):
            found |= import_module(f"leanlab.validation.{module.name}").OPS
    return found
