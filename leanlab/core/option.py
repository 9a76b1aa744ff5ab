"""Describe a field once; forms, files, help and the command line read the description."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from leanlab.core.errors import DataProblem


@dataclass(frozen=True, slots=True)
class Spec:
    """What a user needs to know to fill in one field.

    `choices` maps the stored value to the words on the screen; `basic` fields are shown
    at once, the others below "More".
    """

    label: str
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    basic: bool = False


def option(default: Any, label: str, **spec: Any) -> Any:
    """Declare a dataclass field with its label, help, bounds and choices."""
    return field(default=default, metadata={"spec": Spec(label, **spec)})


def spec_of(option_field: dataclasses.Field[Any]) -> Spec:
    """Return the description that `option` attached to a field."""
    spec = option_field.metadata["spec"]
    assert isinstance(spec, Spec)  # noqa: S101 - a field without option() is a bug
    return spec


def told(options: type[Any] | None, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and value of stored options as a person reads them, in the declared order.

    What this version does not know, because an older one stored it, keeps its name.
    """
    declared = dataclasses.fields(options) if options is not None else ()
    specs = {f.name: spec_of(f) for f in declared}
    names = [*(name for name in specs if name in values), *(n for n in values if n not in specs)]
    found = []
    for name in names:
        value = values[name]
        spec = specs.get(name, Spec(name))
        text = "" if value is None else spec.choices.get(str(value)) or _in_words(value)
        if text:
            found.append((spec.label, f"{text} {spec.unit}".strip()))
    return found


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def kinds(options: type[Any]) -> dict[str, tuple[type[Any], bool]]:
    """Return for each option its plain type and whether it may be left empty."""
    hints = get_type_hints(options)
    return {f.name: _plain(hints[f.name]) for f in dataclasses.fields(options)}


def options_from(options: type[Any], values: Mapping[str, Any]) -> Any:
    """Build an options object from text or JSON values; unknown or bad ones are a DataProblem."""
    known = {f.name: f for f in dataclasses.fields(options)}
    types = kinds(options)
    built: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise DataProblem(
                f"There is no option named {name!r}.",
                hint="Known options: " + (", ".join(known) or "none") + ".",
            )
        built[name] = _converted(value, *types[name], spec_of(known[name]))
    return options(**built)


def _plain(hint: Any) -> tuple[type[Any], bool]:
    if get_origin(hint) in (Union, UnionType):
        plain = [a for a in get_args(hint) if a is not type(None)]
        return _plain(plain[0])[0], True
    return get_origin(hint) or hint, False


def _converted(value: Any, kind: type[Any], optional: bool, spec: Spec) -> Any:  # noqa: FBT001
    if value is None or (optional and value == ""):
        if optional:
            return None
        raise DataProblem(f"{spec.label} needs a value.")
    match kind.__name__:
        case "bool":
            return _truth(value, spec)
        case "int" | "float":
            return _number(value, kind, spec)
        case "tuple":
            return tuple(value.split(",")) if isinstance(value, str) else tuple(value)
    return _choice(str(value), spec)


def _truth(value: Any, spec: Spec) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise DataProblem(f"{spec.label} is yes or no, not {value!r}.")


def _number(value: Any, kind: type[Any], spec: Spec) -> Any:
    try:
        number = kind(value)
    except (TypeError, ValueError) as error:
        what = "a whole number" if kind is int else "a number"
        raise DataProblem(f"{spec.label} must be {what}, not {value!r}.") from error
    if not _inside(number, spec):
        raise DataProblem(f"{spec.label} is {number}.", hint=f"Choose {_range(spec)}.")
    return number


def _inside(number: float, spec: Spec) -> bool:
    low = -math.inf if spec.minimum is None else spec.minimum
    high = math.inf if spec.maximum is None else spec.maximum
    return low <= number <= high


def _range(spec: Spec) -> str:
    if spec.minimum is None:
        return f"at most {spec.maximum:g}"
    if spec.maximum is None:
        return f"at least {spec.minimum:g}"
    return f"a value from {spec.minimum:g} to {spec.maximum:g}"


def _choice(value: str, spec: Spec) -> str:
    if spec.choices and value not in spec.choices:
        raise DataProblem(
            f"{spec.label} cannot be {value!r}.", hint="Choices: " + ", ".join(spec.choices) + "."
        )
    return value
