"""The text of a formula: signs, names and brackets, and the tree they make.

The grammar is small and closed: nothing in it can name a Python object, a file or an attribute, so
a formula from a foreign file can only calculate. Length and depth are limited.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from leanlab.core.errors import DataProblem

MOST_LETTERS = 2_000
MOST_SIGNS = 300  # numbers, names, operators and brackets
DEEPEST = 30  # brackets in brackets
LONGEST_CHAIN = 120  # operations on operations
KEYWORDS = frozenset({"and", "or", "not", "missing"})
_SIGN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<id>\{c\d{1,5}\})
    | (?P<bracketed>\[(?:[^\]]|\]\])*\])
    | (?P<name>[^\W\d]\w*)
    | (?P<operator>\*\*|<=|>=|<>|!=|==|[-+*/^<>=(),;])
    """,
    re.VERBOSE,
)
_SAME = {"^": "**", "==": "=", "!=": "<>", ";": ","}
_COMPARED = ("=", "<>", "<", "<=", ">", ">=")
_PLAIN_NAME = re.compile(r"[^\W\d]\w*$")


class FormulaProblem(DataProblem):
    """A formula that cannot be read or calculated; `at` is where, counted from 0."""

    def __init__(self, message: str, at: int, *, hint: str = "") -> None:
        super().__init__(f"{message} (at character {at + 1}).", hint=hint)
        self.at = at


@dataclass(frozen=True, slots=True)
class Sign:
    """One part of the text: a number, a text, a column, a name, an operator or the end."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float
    at: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotation marks."""

    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The word `missing`: no value."""

    at: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column: by name, or by the id that a stored formula has (`{c3}`)."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one operand or two."""

    name: str
    operands: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple["Node", ...]
    at: int


Node = Number | Text | Missing | Column | Operation | Call


def parsed(text: str) -> Node:
    """Read a formula; what cannot be read is a FormulaProblem that names the place."""
    node = _Parser(signs(text)).formula()
    _refuse_depth(node)
    return node


def _refuse_depth(node: Node) -> None:
    """A chain of operations must not be deeper than Python may call itself."""
    level, depth = [node], 0
    while level:
        depth += 1
        if depth > LONGEST_CHAIN:
            raise FormulaProblem(
                "The formula has too many operations in a row",
                level[0].at,
                hint="Divide it between several columns.",
            )
        level = [child for parent in level for child in parts(parent)]


def parts(node: Node) -> tuple[Node, ...]:
    """Return what an operation or a function is made of."""
    if isinstance(node, Operation):
        return node.operands
    return node.arguments if isinstance(node, Call) else ()


def signs(text: str) -> list[Sign]:
    """Take a text apart into its signs, an end sign last."""
    if len(text) > MOST_LETTERS:
        raise FormulaProblem(
            f"The formula is longer than {MOST_LETTERS} characters",
            MOST_LETTERS,
            hint="Divide it between several columns.",
        )
    found = list(_signs(text))
    if len(found) > MOST_SIGNS:
        raise FormulaProblem(
            "The formula has too many parts",
            found[MOST_SIGNS].at,
            hint="Divide it between several columns.",
        )
    return [*found, Sign("end", "", len(text.rstrip()))]


def _signs(text: str) -> Iterator[Sign]:
    at = 0
    while at < len(text):
        match = _SIGN.match(text, at)
        if match is None:
            raise _strange(text, at)
        kind = str(match.lastgroup)
        if kind != "space":
            yield Sign(kind, match.group(), at)
        at = match.end()


def _strange(text: str, at: int) -> FormulaProblem:
    if text[at] in "\"'":
        return FormulaProblem("The text has no closing quotation mark", at)
    if text[at] == "[":
        return FormulaProblem("The name of the column has no closing bracket ]", at)
    return FormulaProblem(f"The sign {text[at]} means nothing in a formula", at)


class _Parser:
    """Reads signs from left to right; what binds loosest is read first."""

    def __init__(self, listed: Sequence[Sign]) -> None:
        self._signs, self._at, self._depth = listed, 0, 0

    @property
    def _next(self) -> Sign:
        return self._signs[self._at]

    def _take(self) -> Sign:
        sign = self._next
        self._at += 1
        return sign

    def _takes(self, *texts: str) -> Sign | None:
        """Take the next sign if it is one of these operators or words."""
        sign = self._next
        text = sign.text.lower() if sign.kind == "name" else _SAME.get(sign.text, sign.text)
        if sign.kind in {"operator", "name"} and text in texts:
            self._at += 1
            return Sign(sign.kind, text, sign.at)
        return None

    def formula(self) -> Node:
        """Read the whole text."""
        if self._next.kind == "end":
            raise FormulaProblem("There is no formula yet", 0)
        node = self._any()
        if self._next.kind != "end":
            decimal = self._next.text == "," and isinstance(node, Number)
            raise FormulaProblem(
                f"An operator such as + is missing before {self._next.text}",
                self._next.at,
                hint="Decimals have a point: 7.5." if decimal else "",
            )
        return node

    def _any(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaProblem(
                "The brackets are nested too deeply",
                self._next.at,
                hint="Divide it between several columns.",
            )
        node = self._or()
        self._depth -= 1
        return node

    def _or(self) -> Node:
        node = self._and()
        while sign := self._takes("or"):
            node = Operation("or", (node, self._and()), sign.at)
        return node

    def _and(self) -> Node:
        node = self._not()
        while sign := self._takes("and"):
            node = Operation("and", (node, self._not()), sign.at)
        return node

    def _not(self) -> Node:
        turns = []
        while sign := self._takes("not"):
            turns.append(sign)
        node = self._comparison()
        for sign in reversed(turns):
            node = Operation("not", (node,), sign.at)
        return node

    def _comparison(self) -> Node:
        node = self._sum()
        sign = self._takes(*_COMPARED)
        if sign is None:
            return node
        node = Operation(sign.text, (node, self._sum()), sign.at)
        if again := self._takes(*_COMPARED):
            raise FormulaProblem(
                "Two comparisons stand in a row",
                again.at,
                hint="Write them with and: a < b and b < c.",
            )
        return node

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._takes("+", "-"):
            node = Operation(sign.text, (node, self._product()), sign.at)
        return node

    def _product(self) -> Node:
        node = self._signed()
        while sign := self._takes("*", "/"):
            node = Operation(sign.text, (node, self._signed()), sign.at)
        return node

    def _signed(self) -> Node:
        turns = []
        while sign := self._takes("-", "+"):
            turns.append(sign)
        node = self._power()
        for sign in reversed(turns):
            node = Operation("negative", (node,), sign.at) if sign.text == "-" else node
        return node

    def _power(self) -> Node:
        node = self._atom()
        if sign := self._takes("**"):
            self._depth += 1
            if self._depth > DEEPEST:
                raise FormulaProblem("Too many powers stand in a row", sign.at)
            node = Operation("**", (node, self._signed()), sign.at)
            self._depth -= 1
        return node

    def _atom(self) -> Node:
        sign = self._take()
        if sign.kind == "number":
            if float(sign.text) == float("inf"):
                raise FormulaProblem("The number is too large", sign.at)
            return Number(float(sign.text), sign.at)
        if sign.kind == "text":
            return Text(sign.text[1:-1], sign.at)
        if sign.kind == "id":
            return Column(sign.text, sign.at)
        if sign.kind == "bracketed":
            return Column(sign.text[1:-1].replace("]]", "]").strip(), sign.at)
        if sign.kind == "name":
            return self._named(sign)
        if sign.text == "(":
            node = self._any()
            self._close(sign)
            return node
        raise self._lacking(sign)

    def _named(self, sign: Sign) -> Node:
        word = sign.text.lower()
        opened = self._takes("(")
        if opened is not None:
            arguments = () if self._takes(")") else self._arguments(opened)
            return Call(word, arguments, sign.at)
        if word == "missing":
            return Missing(sign.at)
        if word in KEYWORDS:
            raise self._lacking(sign)
        return Column(sign.text, sign.at)

    def _arguments(self, opened: Sign) -> tuple[Node, ...]:
        found = [self._any()]
        while self._takes(","):
            found.append(self._any())
        self._close(opened)
        return tuple(found)

    def _close(self, opened: Sign) -> None:
        if self._takes(")"):
            return
        if self._next.kind == "end":
            raise FormulaProblem("The bracket is not closed", opened.at)
        raise FormulaProblem(
            f"A bracket ) or a comma is missing before {self._next.text}",
            self._next.at,
            hint="Decimals have a point: 7.5.",
        )

    def _lacking(self, sign: Sign) -> FormulaProblem:
        what = (
            "The formula ends too early"
            if sign.kind == "end"
            else f"A value is missing before {sign.text}"
        )
        return FormulaProblem(what, sign.at)


# names and ids ---------------------------------------------------------------------------------


def shown_name(name: str, functions: frozenset[str]) -> str:
    """Return a column's name as a formula writes it: in brackets where it is no plain word."""
    if _PLAIN_NAME.match(name) and name.lower() not in KEYWORDS | functions:
        return name
    return f"[{name.replace(']', ']]')}]"


def with_ids(text: str, ids: Mapping[str, str]) -> str:
    """Return a formula as it is stored: columns by id, so that a new name does no harm.

    `ids` are the names in the formula that are columns, with their ids.
    """
    return _rewritten(text, lambda sign: f"{{{ids[sign]}}}" if sign in ids else None)


def with_names(text: str, names: Mapping[str, str], functions: frozenset[str]) -> str:
    """Return a stored formula as people read it."""

    def shown(name: str) -> str | None:
        return shown_name(names[name], functions) if name in names else None

    return _rewritten(text, shown)


def _rewritten(text: str, change: Callable[[str], str | None]) -> str:
    out, listed = text, signs(text)
    for at in range(len(listed) - 2, -1, -1):
        sign = listed[at]
        called = sign.kind == "name" and listed[at + 1].text == "("
        if called or sign.kind not in {"name", "bracketed", "id"}:
            continue
        name = sign.text
        if sign.kind == "bracketed":
            name = name[1:-1].replace("]]", "]").strip()
        if sign.kind == "name" and name.lower() in KEYWORDS:
            continue
        new = change(name)
        if new is not None:
            out = out[: sign.at] + new + out[sign.at + len(sign.text) :]
    return out
