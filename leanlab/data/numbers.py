"""Numbers as people write them, and which of point and comma is the decimal mark."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_DIGITS = 15  # a longer whole number is an identifier: a double would change it
FEW = 0.05  # marks that at most so small a share of the cells uses are slips, not a question
_GROUPS = "\u00a0\u202f '\u2019"  # what else stands between thousands
_CLEAN = str.maketrans({"\u2212": "-", "\u00a0": " ", "\u202f": " ", "\u2019": "'"})


def _number(decimal: str, thousands: str) -> re.Pattern[str]:
    mark, group = re.escape(decimal), re.escape(thousands)
    whole = rf"(?:\d+|\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,3}}(?: \d{{3}})+|\d{{1,3}}(?:'\d{{3}})+)"
    power = rf"(?:(?<=[\d{mark}])[eE][+-]\d+|(?<={mark})[eE]\d+|(?<=\d)[eE]\d+)"
    return re.compile(rf"([+-]?)(?:({whole})(?:{mark}(\d*))?|{mark}(\d+))({power})?$")


_NUMBERS = {".": _number(".", ","), ",": _number(",", ".")}
_UNIT = re.compile(r"([+-]?[\d.,'\u00a0\u202f ]*\d)\s*([^\d\s.,;:+\-/][^\d]{0,11})$")
_SIGNS = "$€£¥₹₩₽%‰"
_BEFORE = re.compile(rf"([+-]?|\()([{_SIGNS}])\s*([+-]?[\d.,'\u00a0\u202f ]*\d)(\)?)$")
_BEHIND = re.compile(rf"([+-]?|\()([\d.,'\u00a0\u202f ]*\d)[\s\u00a0\u202f]*([{_SIGNS}])(\)?)$")
_TIME = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?$")
_BETWEEN = re.compile(r"(?<=\d)[\u00a0\u202f '\u2019](?=\d{3})")
_CODE = re.compile(r"\d+[eE]\d+$")  # 12E4 is a code, 1.2e4 and 12e+4 are numbers


def read_number(text: str, decimal: str = ".") -> float | None:
    """Read one cell as a number; None when it is none."""
    plain = text.translate(_CLEAN)
    found = _NUMBERS[decimal].match(plain)
    if found is None or _CODE.match(plain):
        return None
    sign, whole, part, only, power = found.groups()
    digits = re.sub(r"\D", "", whole or "0")
    value = float(f"{sign}{digits}.{part or only or '0'}{power or ''}")
    return value if abs(value) != float("inf") else None


@dataclass(slots=True)
class MarkVotes:
    """What the cells of number columns say about the decimal mark."""

    point: int = 0  # cells that can only be read with a decimal point
    comma: int = 0
    unclear_point: int = 0  # 1.234: one and a bit, or one thousand and a bit
    unclear_comma: int = 0
    example: str = ""

    def add(self, cells: Iterable[str]) -> None:
        """Count the marks of a column's cells."""
        for cell in cells:
            kind = mark_of(cell)
            if kind:
                setattr(self, kind, getattr(self, kind) + 1)
                if kind.startswith("unclear"):
                    self.example = self.example or cell.strip()

    def decided(self, delimiter: str) -> str:
        """Return the decimal mark, or nothing when it has to be asked for."""
        if self.point and self.comma:
            few = min(self.point, self.comma) <= FEW * max(self.point, self.comma)
            return ("." if self.point > self.comma else ",") if few else ""
        if self.point or self.comma:
            return "." if self.point else ","
        if self.unclear_comma:
            return ""
        # between semicolons or tabs, a point may separate thousands: Excel writes so where the
        # comma is the decimal mark; between commas it cannot
        return "" if self.unclear_point and delimiter in {";", "\t"} else "."

    @property
    def mixed(self) -> bool:
        """Whether both marks were used as decimal marks."""
        return bool(self.point and self.comma)


_POINT = re.compile(
    r"[+-]?(\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d*\.\d+|\d+\.)([eE][+-]?\d+)?$"
)
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d*,\d+)([eE][+-]?\d+)?$")
_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}$")


def mark_of(cell: str) -> str:
    """Say what one cell tells: point, comma, unclear_point, unclear_comma or nothing."""
    if "," not in cell and "." not in cell:
        return ""
    text = _BETWEEN.sub("", with_sign(cell)[0])
    if _UNCLEAR.match(text):
        return "unclear_comma" if "," in text else "unclear_point"
    if _POINT.match(text):
        return "point"
    return "comma" if _COMMA.match(text) else ""


def with_sign(cell: str) -> tuple[str, str]:
    """Split '$1,200', '12.5 %' or '(20 €)' into number and sign; the sign is empty when there is none."""
    text = cell.strip().translate(_CLEAN)
    if not any(sign in text for sign in _SIGNS):
        return text, ""
    found = _BEFORE.match(text)
    if found:
        before, sign, number, behind = found.groups()
    elif found := _BEHIND.match(text):
        before, number, sign, behind = found.groups()
    else:
        return text, ""
    if (before == "(") != (behind == ")") or (before and number[0] in "+-"):
        return text, ""
    return f"{'-' if before == '(' else before}{number.strip()}", sign


def hours_in(cell: str) -> float | None:
    """Read 08:15 or 1:10:30 as hours; None when it is no time."""
    found = _TIME.match(cell.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours) + int(minutes) / 60 + int(seconds or 0) / 3600


def with_unit(cell: str) -> tuple[str, str]:
    """Split '12 kg' into number and unit; the unit is empty when there is none."""
    number, sign = with_sign(cell)
    if sign:
        return number, sign
    found = _UNIT.match(cell.strip())
    return (found.group(1).strip(), found.group(2).strip()) if found else (cell, "")


def common_unit(cells: Sequence[str], share: float) -> str:
    """Return the unit that most of the cells bear behind a number, else nothing."""
    units = [with_unit(cell)[1] for cell in cells]
    if not units:
        return ""
    usual = max(set(units), key=units.count)
    return usual if usual and units.count(usual) >= share * len(units) else ""
