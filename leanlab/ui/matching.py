"""What typed words mean: which of many things hold them, the likeliest first."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
_WORD = re.compile(r"\w+")
SHORTEST_SLIP = 4  # letters; a slip in a shorter word could mean anything


def matching(
    things: Iterable[T],
    typed: str,
    names: Callable[[T], Sequence[str]],
    words: Callable[[T], str] = lambda _: "",
) -> list[T]:
    """Return the things that hold every typed word in their names or words.

    First comes what is called so, then what has words that begin so; else the order stays.
    """
    text = typed.casefold().strip()
    wanted = text.split()
    found = []
    for number, thing in enumerate(things):
        called = [name.casefold() for name in names(thing)]
        ranks = [_rank(word, called, words(thing).casefold()) for word in wanted]
        if None not in ranks:
            begins = any(name.startswith(text) for name in called)
            found.append((not begins, sum(r for r in ranks if r), number, thing))
    return [thing for *_, thing in sorted(found, key=lambda one: one[:3])]


def _rank(word: str, names: Sequence[str], words: str) -> int | None:
    """Return how far a word is from being a name; None where it does not stand at all."""
    if any(name.startswith(word) for name in names):
        return 0
    if any(part.startswith(word) for name in names for part in _WORD.findall(name)):
        return 1
    if any(word in name for name in names):
        return 2
    return 3 if word in words else None


def nearly(things: Iterable[T], typed: str, names: Callable[[T], Sequence[str]]) -> list[T]:
    """Return the things whose name can be meant: by the beginnings of its words, or with one slip."""
    wanted = typed.casefold().split()
    return [thing for thing in things if wanted and any(_meant(wanted, n) for n in names(thing))]


def _meant(wanted: Sequence[str], name: str) -> bool:
    parts = _WORD.findall(name.casefold())
    return all(_beginnings(word, parts) or any(_slip(word, p) for p in parts) for word in wanted)


def _beginnings(word: str, parts: Sequence[str]) -> bool:
    """Whether a word is put together from the beginnings of parts, in their order: np, newpro."""
    if not word:
        return True
    for at, part in enumerate(parts):
        for length in range(min(len(part), len(word)), 0, -1):
            if part[:length] == word[:length] and _beginnings(word[length:], parts[at + 1 :]):
                return True
    return False


def _slip(word: str, part: str) -> bool:
    """Whether one letter too many, too few, wrong or exchanged makes a word the beginning of a part."""
    if len(word) < SHORTEST_SLIP or len(part) < SHORTEST_SLIP or word[0] != part[0]:
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, part, strict=False)) if a != b), None)
    if same is None:
        return len(word) <= len(part) + 1
    rest, other = word[same:], part[same:]
    exchanged = rest[1:2] + rest[:1] + rest[2:]
    wrong_or_missing = other[1:].startswith((rest, rest[1:]))
    return wrong_or_missing or other.startswith((rest[1:], exchanged))
