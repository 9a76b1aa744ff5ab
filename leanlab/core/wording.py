"""Numbers inside sentences: what differs looks different, and no line ends between number and unit."""

import re
from collections.abc import Callable

MOST_MORE = 3  # digits that are added until two values differ, or one is no longer zero
NBSP = "\u00a0"
Write = Callable[[float, int], str]  # (value, digits more than usual) -> text

_NUMBER_WORD = re.compile(r"(?<=\d) ([^\s\d(\u201c'\"][^\s]{0,14})")
# words that follow a number without belonging to it
_FREE = frozenset(re.findall(
    r"\w+",
    "a above after against an and are as at be before below beside beyond but by can do does each for "
    "from had has have if in instead into is it its later lie lies makes may more must nor not now of on "
    "only or over per say says should since so than that the then they this to under until was were when "
    "where which while who will with within without would",
))  # fmt: skip


def apart(first: float, second: float, write: Write) -> tuple[str, str]:
    """Write two values that stand beside each other, with more digits where else they would look equal."""
    for more in range(MOST_MORE + 1):
        pair = write(first, more), write(second, more)
        if pair[0] != pair[1]:
            return pair
    return write(first, 0), write(second, 0)


def course(before: float, after: float, write: Write) -> str:
    """Say how a value moved: rose from 1.6 % to 1.7 %, or stayed at 1.6 %."""
    first, second = apart(before, after, write)
    if first == second:
        return f"stayed at {first}"
    return f"{'rose' if after > before else 'fell'} from {first} to {second}"


def unlike_zero(size: float, write: Write) -> str:
    """Write a size that is not zero so that it does not look like zero."""
    usual = write(size, 0)
    if not size:
        return usual
    texts = (write(size, more) for more in range(MOST_MORE + 1))
    return next((text for text in texts if re.search("[1-9]", text)), usual)


def unbroken(text: str) -> str:
    """Bind every number to the unit or the counted word behind it, for lines that wrap."""
    return _NUMBER_WORD.sub(_bound, text)


def _bound(found: re.Match[str]) -> str:
    word = found[1].strip(".,;:!?)").casefold()
    return found[0] if word in _FREE else f"{NBSP}{found[1]}"
