"""Two-level factorial designs: what to run, and what cannot be told apart afterwards."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from leanlab.core.errors import DataProblem
from leanlab.core.typing import IntArray
from leanlab.stats.inputs import whole

LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # I stands for the identity
MOST_RUNS = 1024
_BEAM = 256  # kinds of design kept while growing; every kind up to 32 runs


@dataclass(frozen=True, slots=True, eq=False)
class Factorial:
    """A regular two-level design.

    Attributes
    ----------
    factors : tuple of str
        Letters without I.
    generators : tuple of str
        ``D=ABC``; a minus sets the other half.
    runs : int
    resolution : int or None
        Length of the shortest word; None for a full factorial.
    defining_relation : tuple of str
        Words by length, then alphabet; a leading minus marks a negative word.
    aliases : mapping of str to tuple of str
        For each main effect and two-factor interaction the effects of up to order 3 that it
        cannot be told from.
    design : IntArray, shape (runs, factors)
        -1 and 1 in standard (Yates) order, A fastest.
    """

    factors: tuple[str, ...]
    generators: tuple[str, ...]
    runs: int
    resolution: int | None
    defining_relation: tuple[str, ...]
    aliases: Mapping[str, tuple[str, ...]]
    design: IntArray

    @property
    def wlp(self) -> Mapping[int, int]:
        """Word length pattern: length -> number of words."""
        return word_lengths(word.removeprefix("-") for word in self.defining_relation)


@dataclass(frozen=True, slots=True, eq=False)
class MinimumAberration:
    """The regular fraction that confuses the fewest low-order effects."""

    factors: int
    runs: int
    generators: tuple[str, ...]
    resolution: int | None
    wlp: Mapping[int, int]


def factorial_2level(factors: int, generators: Sequence[str] = ()) -> Factorial:
    """Build a full or fractional two-level design from its generators.

    Parameters
    ----------
    factors : int
        Number of factors, 1 to 25.
    generators : sequence of str
        One per added factor: ``E=ABCD`` or ``C=-AB``. The first ``factors - len(generators)``
        letters that are not generated are the basic factors.

    Returns
    -------
    Factorial

    Raises
    ------
    DataProblem
        Unknown letters, a factor generated twice or from itself, more than 1,024 runs.

    References
    ----------
    Box, Hunter and Hunter, Statistics for Experimenters, 2nd ed., chapter 6.

    Examples
    --------
    >>> factorial_2level(4, ["D=ABC"]).defining_relation
    ('ABCD',)
    """
    factors = whole(factors, "Number of factors", least=1, most=len(LETTERS))
    names = LETTERS[:factors]
    rules = [_generator(text, names) for text in generators]
    basic = _basic(names, rules)
    runs = 2 ** len(basic)
    if runs > MOST_RUNS:
        raise DataProblem(
            f"{len(basic)} basic factors need {runs} runs; the most is {MOST_RUNS}.",
            hint="Choose a fraction, or fewer factors.",
        )
    columns = {name: _yates(place, runs) for place, name in enumerate(basic)}
    for target, word, sign in rules:
        columns[target] = sign * np.prod([columns[letter] for letter in word], axis=0)
    words = _relation(rules)
    lengths = [len(word) for word in words]
    return Factorial(
        factors=tuple(names),
        generators=tuple(generators),
        runs=runs,
        resolution=min(lengths) if lengths else None,
        defining_relation=tuple(_sorted(_signed(word, sign) for word, sign in words.items())),
        aliases=_aliases(names, words),
        design=np.stack([columns[name] for name in names], axis=1).astype(np.int64),
    )


def _generator(text: str, names: str) -> tuple[str, str, int]:
    target, equals, word = text.replace(" ", "").upper().partition("=")
    sign = -1 if word.startswith("-") else 1
    word = word.lstrip("+-")
    known = len(target) == 1 and target in names and set(word) <= set(names)
    if not equals or not word or not known or len(set(word)) != len(word):
        raise DataProblem(
            f"{text!r} is not a generator for the factors {names}.",
            hint="Write one like E=ABCD (or E=-ABCD for the other half).",
        )
    if target in word:
        raise DataProblem(f"{text!r} makes {target} from itself.")
    return target, word, sign


def _basic(names: str, rules: Sequence[tuple[str, str, int]]) -> str:
    targets = [target for target, _, _ in rules]
    twice = next((t for t in targets if targets.count(t) > 1), None)
    if twice:
        raise DataProblem(f"Factor {twice} has two generators.")
    basic = "".join(name for name in names if name not in targets)
    for target, word, _ in rules:
        loose = next((letter for letter in word if letter not in basic), None)
        if loose:
            raise DataProblem(
                f"{target}={word} uses {loose}, which is generated itself.",
                hint=f"Use the basic factors only: {', '.join(basic) or 'there are none'}.",
            )
    if not basic:
        raise DataProblem("Every factor is generated; at least one must be free.")
    return basic


def _yates(place: int, runs: int) -> IntArray:
    return np.where((np.arange(runs) >> place) & 1, 1, -1).astype(np.int64)


def _relation(rules: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Multiply the generators' words out: letters that meet twice cancel."""
    words: dict[str, int] = {"": 1}
    for target, word, sign in rules:
        added = multiply(word, target)
        words |= {multiply(w, added): s * sign for w, s in words.items()}
    del words[""]
    return words


def multiply(a: str, b: str) -> str:
    """Multiply two effects of two-level factors.

    Examples
    --------
    >>> multiply("ABC", "CD")
    'ABD'
    """
    return "".join(sorted(set(a) ^ set(b)))


def _signed(word: str, sign: int) -> str:
    return word if sign > 0 else f"-{word}"


def _sorted(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda w: (len(w.removeprefix("-")), w.removeprefix("-")))


def _aliases(names: str, words: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    pairs = ["".join(pair) for pair in itertools.combinations(names, 2)]
    out = {}
    for effect in [*names, *pairs]:
        met = [(multiply(effect, word), sign) for word, sign in words.items()]
        out[effect] = tuple(_sorted(_signed(w, sign) for w, sign in met if 0 < len(w) <= 3))
    return out


def word_lengths(words: Iterable[str]) -> dict[int, int]:
    """Count words by length."""
    out: dict[int, int] = {}
    for word in words:
        out[len(word)] = out.get(len(word), 0) + 1
    return dict(sorted(out.items()))


def minimum_aberration(factors: int, runs: int) -> MinimumAberration:
    """Find the regular two-level fraction with the fewest short words.

    Parameters
    ----------
    factors : int
        Number of factors.
    runs : int
        A power of 2, at most 128; runs of 2**factors or more give the full factorial.

    Returns
    -------
    MinimumAberration
        Generators for `factorial_2level`, the resolution, and how many defining words there are
        of each length from 3 on.

    Raises
    ------
    DataProblem
        Runs that are no power of 2 or too few for the factors.

    Notes
    -----
    Fractions are grown one column at a time; of those with the same word length pattern and the
    same pattern of every column one is kept, which is how the published catalogues were made.

    References
    ----------
    Fries and Hunter 1980; Chen, Sun and Wu 1993, A catalogue of two-level and three-level
    fractional factorial designs with small runs.

    Examples
    --------
    >>> minimum_aberration(7, 16).resolution
    4
    """
    factors = whole(factors, "Number of factors", least=1, most=len(LETTERS))
    runs = whole(runs, "Number of runs", least=2, most=128)
    basic = runs.bit_length() - 1
    if runs != 1 << basic:
        raise DataProblem(
            f"{runs} runs is not a power of 2.", hint="Choose 4, 8, 16, 32, 64 or 128."
        )
    if factors >= runs:
        raise DataProblem(
            f"{runs} runs can hold {runs - 1} factors at most, not {factors}.",
            hint="Choose more runs.",
        )
    if factors <= basic:
        return MinimumAberration(
            factors, runs, (), None, dict.fromkeys(range(3, max(factors, 7) + 1), 0)
        )
    generators = _grown(factors, basic)
    pattern = _pattern(_columns(generators, basic), basic)
    shortest = next(length for length, count in pattern.items() if count)
    return MinimumAberration(factors, runs, generators, shortest, pattern)


def _columns(generators: Sequence[str], basic: int) -> tuple[int, ...]:
    """Write each column as a number whose bits are the basic factors in it."""
    added = (word.partition("=")[2] for word in generators)
    return tuple(1 << i for i in range(basic)) + tuple(
        sum(1 << LETTERS.index(letter) for letter in word) for word in added
    )


def _pattern(columns: Sequence[int], basic: int) -> dict[int, int]:
    weights = _parities(basic)[list(columns)].sum(axis=0)[None, :]
    counts = _word_counts(weights, len(columns))[0]
    most = max(len(columns), 7)
    return {n: int(counts[n]) if n < counts.size else 0 for n in range(3, most + 1)}


@cache
def _parities(basic: int) -> IntArray:
    """Return which column (row index) is high in which run (column index)."""
    numbers = np.arange(1 << basic)
    both = numbers[:, None] & numbers
    parity = np.zeros_like(both)
    for bit in range(basic):
        parity ^= (both >> bit) & 1
    return np.asarray(parity, dtype=np.int64)


@cache
def _krawtchouk(k: int) -> IntArray:
    """Return the polynomials that turn weights of runs into numbers of words (MacWilliams)."""
    out = np.zeros((k + 1, k + 1), dtype=np.int64)
    for weight in range(k + 1):
        for length in range(k + 1):
            out[weight, length] = sum(
                (-1) ** i * math.comb(weight, i) * math.comb(k - weight, length - i)
                for i in range(length + 1)
            )
    return out


def _word_counts(weights: IntArray, k: int) -> IntArray:
    """Count defining words by length; `weights` has a row of run weights per design."""
    return np.asarray(_weight_counts(weights, k) @ _krawtchouk(k) // weights.shape[1])


def _weight_counts(weights: IntArray, k: int) -> IntArray:
    offset = np.arange(weights.shape[0])[:, None] * (k + 1)
    flat = np.bincount((weights + offset).ravel(), minlength=weights.shape[0] * (k + 1))
    return flat.reshape(weights.shape[0], k + 1)


@cache
def _grown(factors: int, basic: int) -> tuple[str, ...]:
    beam = [tuple(1 << i for i in range(basic))]
    for _ in range(factors - basic):
        beam = _next_column(beam, basic)
    added = beam[0][basic:]
    return tuple(
        f"{LETTERS[basic + i]}=" + "".join(LETTERS[b] for b in range(basic) if column >> b & 1)
        for i, column in enumerate(sorted(added, key=lambda c: (-c.bit_count(), c)))
    )


def _next_column(beam: Sequence[tuple[int, ...]], basic: int) -> list[tuple[int, ...]]:
    """Add every possible column to every design and keep the best of each kind."""
    parity = _parities(basic)
    designs, weights = [], []
    for columns in beam:
        free = np.setdiff1d(np.arange(1, 1 << basic), columns)
        weights.append(parity[list(columns)].sum(axis=0) + parity[free])
        designs += [(*columns, int(column)) for column in free]
    all_weights = np.concatenate(weights)
    k = len(designs[0])
    words = _word_counts(all_weights, k)
    order = np.lexsort(words[:, :2:-1].T)
    width = _BEAM if basic <= 5 else _BEAM // 4
    kept: dict[bytes, tuple[int, ...]] = {}
    for at in order[: 20 * width]:
        columns = designs[at]
        kind = _kind(parity[list(columns)], all_weights[at], k)
        kept.setdefault(kind, columns)
        if len(kept) == width:
            break
    return list(kept.values())


def _kind(high: IntArray, weights: IntArray, k: int) -> bytes:
    """Return what designs that differ only in names share: weights of runs by column."""
    profile = _weight_counts(np.where(high == 1, weights, 0), k)
    return profile[np.lexsort(profile.T)].tobytes()
