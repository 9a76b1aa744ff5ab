"""Nested results under dotted names, as the numbers of a presentation want them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def dotted(value: Any, prefix: str = "") -> dict[str, Any]:
    """Return every leaf of nested dataclasses and mappings under its path."""
    if is_dataclass(value) and not isinstance(value, type):
        items = {field.name: getattr(value, field.name) for field in fields(value)}
    elif isinstance(value, Mapping):
        items = {str(name): item for name, item in value.items()}
    else:
        return {prefix: value}
    out: dict[str, Any] = {}
    for name, item in items.items():
        out |= dotted(item, f"{prefix}.{name}" if prefix else name)
    return out
