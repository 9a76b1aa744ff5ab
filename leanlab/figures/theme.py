"""Colours of pictures: light and dark for the screen, print for paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One palette; every drawing takes its colours and sizes from here."""

    name: str
    background: str
    text: str
    muted: str
    grid: str
    line: str
    point: str
    center: str
    limit: str
    signal: str
    pattern: str
    stage: str
    fill: str
    spec: str
    ok: str
    attention: str
    problem: str
    series: tuple[str, ...]
    font_size: float = 9.5


_SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A6D00", "#3F6FB5", "#222222")
_SERIES_DARK = ("#56B4E9", "#E69F00", "#2FC79A", "#E29BC2", "#F0E442", "#8FB4E8", "#DDDDDD")

LIGHT = Theme(
    name="light", background="#FFFFFF", text="#1F2933", muted="#5B6672", grid="#E4E8EE",
    line="#3B73C8", point="#1F57B5", center="#1B7F4B", limit="#B3261E", signal="#C62828",
    pattern="#8A5A00", stage="#F3F6FB", fill="#C9DBF5", spec="#6A3FA0", ok="#1B7F79",
    attention="#8A6D00", problem="#8E1600", series=_SERIES,
)  # fmt: skip
DARK = Theme(
    name="dark", background="#1E2228", text="#E6EAF0", muted="#A3ADBA", grid="#343B45",
    line="#6FA8F5", point="#9CC4FF", center="#4FC78A", limit="#FF8A80", signal="#FF6B60",
    pattern="#F0B429", stage="#252B33", fill="#2F4A73", spec="#C4A3F0", ok="#56B4E9",
    attention="#F0E442", problem="#FF7A66", series=_SERIES_DARK,
)  # fmt: skip
PRINT = Theme(
    name="print", background="#FFFFFF", text="#111111", muted="#444444", grid="#DDDDDD",
    line="#3B5F8F", point="#1B3E70", center="#14663C", limit="#9A1B14", signal="#B3261E",
    pattern="#7A4F00", stage="#F2F4F7", fill="#CFDDF0", spec="#5A358A", ok="#14635F",
    attention="#7A5F00", problem="#7A1300", series=_SERIES, font_size=9.0,
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}
