"""Python code that reproduces the numbers of an analysis with leanlab.stats.

The calls are recorded while the analysis runs, so that the code cannot differ from what was done.
"""

import dataclasses
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

from leanlab import __version__
from leanlab.app.readiness import Ready

FOUNDATION = {  # checks and tables of numbers: nothing that an analysis would be known by
    f"leanlab.stats.{name}" for name in ("inputs", "constants", "control_chart", "run_rules")
}
MOST_ALIKE = 4  # calls of one function; a curve calls it hundreds of times
MOST_VALUES = 5000  # more than this is read from a file


@dataclass(frozen=True, slots=True)
class Call:
    """A public function of leanlab.stats and what it was given."""

    module: str
    name: str
    arguments: Mapping[str, Any]
    defaults: Mapping[str, Any]


def recorded_calls(run: Ready) -> list[Call]:
    """Run an analysis and note which functions of leanlab.stats it calls itself."""
    calls: list[Call] = []

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        back = frame.f_back
        if event != "call" or back is None:
            return
        caller = str(back.f_globals.get("__name__", ""))
        if caller.startswith("leanlab.analyses"):
            function = _public_function(frame)
            if function is not None:
                calls.append(_call(function, frame))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        run.analysis.compute(run.columns, run.options)
    finally:
        sys.setprofile(before)
    return calls


def _public_function(frame: FrameType) -> Callable[..., Any] | None:
    module, name = str(frame.f_globals.get("__name__", "")), frame.f_code.co_name
    if not module.startswith("leanlab.stats.") or module in FOUNDATION or name.startswith("_"):
        return None
    found = frame.f_globals.get(name)
    code: CodeType | None = getattr(found, "__code__", None)
    return found if callable(found) and code is frame.f_code else None


def _call(function: Callable[..., Any], frame: FrameType) -> Call:
    signature = inspect.signature(function)
    given = {
        name: frame.f_locals[name]
        for name, parameter in signature.parameters.items()
        if parameter.kind not in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}
    }
    defaults = {
        name: parameter.default
        for name, parameter in signature.parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }
    return Call(_short_home(function), function.__name__, given, defaults)


def _short_home(function: Callable[..., Any]) -> str:
    """Return the shortest module that offers a function: leanlab.stats.spc, not .spc.variables."""
    parts = function.__module__.split(".")
    for length in range(2, len(parts) + 1):
        module = sys.modules.get(".".join(parts[:length]))
        if getattr(module, function.__name__, None) is function:
            return ".".join(parts[:length])
    return function.__module__


def code_of(run: Ready, title: str) -> str:
    """Return a script that prints the numbers of an analysis."""
    writer = _Writer()
    body: list[str] = []
    kept, left_out = _first_of_each(recorded_calls(run))
    for number, call in enumerate(kept, start=1):
        name = f"result_{number}"
        given = ", ".join(
            f"{argument}={writer.written(value, argument)}"
            for argument, value in call.arguments.items()
            if not _same(value, call.defaults.get(argument, _NOTHING))
        )
        writer.needs(call.module, call.name)
        body += [f"{name} = {call.name}({given})", f"print({name})"]
    if left_out:
        body.append(f"# {left_out} more calls of the same functions draw the curves")
    head = [f'"""{_quoted(title)}; written by LeanLab {__version__}."""', "", "import numpy as np"]
    imports = sorted(f"from {module} import {name}" for module, name in writer.imports)
    return "\n".join([*head, *imports, "", *writer.data, *body, ""])


def _first_of_each(calls: Sequence[Call]) -> tuple[list[Call], int]:
    """Return the first calls of each function, and how many more there were."""
    counts: dict[tuple[str, str], int] = {}
    kept = []
    for call in calls:
        name = (call.module, call.name)
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= MOST_ALIKE:
            kept.append(call)
    return kept, len(calls) - len(kept)


_NOTHING = object()


def _same(value: Any, default: Any) -> bool:
    if isinstance(value, np.ndarray) or isinstance(default, np.ndarray):
        return False
    return value is default or (type(value) is type(default) and bool(value == default))


def _quoted(text: str) -> str:
    return text.replace("\\", " ").replace('"', "'")


class _Writer:
    """Writes values as Python, and remembers what has to be imported and defined before."""

    def __init__(self) -> None:
        self.imports: set[tuple[str, str]] = set()
        self.data: list[str] = []
        self._named: dict[int, tuple[str, Any]] = {}

    def needs(self, module: str, name: str) -> None:
        """Import a name."""
        self.imports.add((module, name))

    def written(self, value: Any, name: str) -> str:
        """Return an expression that makes an equal value."""
        if isinstance(value, np.ndarray):
            return self._array(value, name)
        if isinstance(value, np.generic):
            return self.written(value.item(), name)
        if isinstance(value, float):
            return repr(value) if np.isfinite(value) else f"float('{value}')"
        if isinstance(value, Mapping | list | tuple):
            return self._collection(value, name)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._record(value, name)
        if inspect.isfunction(value):
            self.needs(value.__module__, value.__name__)
            return value.__name__
        return repr(value)

    def _array(self, value: Any, name: str) -> str:
        known = self._named.get(id(value))
        if known is not None:
            return known[0]
        taken = {used for used, _ in self._named.values()}
        free = next(n for n in (name, *(f"{name}_{i}" for i in range(2, 999))) if n not in taken)
        self._named[id(value)] = (free, value)  # the value is kept, so its id stays its own
        self.data.append(f"{free} = {_array_text(value, free)}")
        return free

    def _collection(self, value: Any, name: str) -> str:
        if isinstance(value, Mapping):
            items = (f"{self.written(k, name)}: {self.written(v, name)}" for k, v in value.items())
            return "{" + ", ".join(items) + "}"
        constant = _constant_of(value)
        if constant is not None:
            self.needs(constant[0], constant[1])
            return constant[2]
        inner = ", ".join(self.written(item, name) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"

    def _record(self, value: Any, name: str) -> str:
        self.needs(type(value).__module__, type(value).__name__)
        fields = ", ".join(
            f"{f.name}={self.written(getattr(value, f.name), name)}"
            for f in dataclasses.fields(value)
            if f.init
        )
        return f"{type(value).__name__}({fields})"


def _array_text(value: Any, name: str) -> str:
    if value.size > MOST_VALUES and value.dtype.kind in "fi":
        return f'np.loadtxt("{name}.csv")  # {value.size} values: export this column to the file'
    if value.dtype.kind == "M":
        return f"np.array({np.datetime_as_string(value).tolist()}, dtype='datetime64[s]')"
    inner = repr(value.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
    kind = ", dtype=object" if value.dtype == object else ""
    return f"np.array({value.tolist()!r}{kind})" if kind else f"np.array({inner})"


def _constant_of(value: Any) -> tuple[str, str, str] | None:
    """Return module, name and expression of a rule set, which is better named than spelled out."""
    module: ModuleType | None = sys.modules.get("leanlab.stats.run_rules")
    for key, rules in getattr(module, "RULE_SETS", {}).items():
        if rules is value:
            return "leanlab.stats.run_rules", "RULE_SETS", f"RULE_SETS[{key!r}]"
    return None
