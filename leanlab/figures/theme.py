"""Colours of pictures: light and dark for the screen, print for paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One palette; every drawing takes its colours and sizes from here."""

    name: str
    background: str
    text: str
    muted: str
    axis: str
    grid: str
    line: str  # joins points
    point: str
    center: str
    limit: str
    signal: str  # beyond a limit
    pattern: str  # completes a run rule
    stage: str  # paper of every second stage
    fill: str  # bars and boxes
    quiet: str  # bars that do not matter
    spec: str
    ok: str
    attention: str
    problem: str
    series: tuple[str, ...]
    markers: tuple[str, ...] = ("o", "s", "^", "D", "v", "P", "X")
    font_size: float = 10.5


_SERIES = ("#2F6DB5", "#C8590A", "#1B7F5C", "#B0569B", "#8A6D00", "#4A90A4", "#3A3F47")
_SERIES_DARK = ("#6FB1F0", "#F0A04B", "#4CC79A", "#E29BC2", "#E5D352", "#7FCBDD", "#C9CFD8")

LIGHT = Theme(
    name="light", background="#FFFFFF", text="#1F2933", muted="#5B6672", axis="#B4BCC8",
    grid="#EDF0F4", line="#8FB0DC", point="#2A5FAF", center="#1B7F4B", limit="#C0392B",
    signal="#C62828", pattern="#A85B00", stage="#F5F7FA", fill="#BFD6F2", quiet="#E3E8EF",
    spec="#6A3FA0", ok="#1B7F79", attention="#8A6D00", problem="#8E1600", series=_SERIES,
)  # fmt: skip
DARK = Theme(
    name="dark", background="#1E2228", text="#E6EAF0", muted="#A3ADBA", axis="#5A6472",
    grid="#2C323A", line="#5C82B8", point="#9CC4FF", center="#4FC78A", limit="#FF8A80",
    signal="#FF6B60", pattern="#F0B429", stage="#252A32", fill="#35557F", quiet="#3A424D",
    spec="#C4A3F0", ok="#56B4E9", attention="#F0E442", problem="#FF7A66", series=_SERIES_DARK,
)  # fmt: skip
PRINT = Theme(
    name="print", background="#FFFFFF", text="#111111", muted="#444444", axis="#9AA0A6",
    grid="#E6E8EB", line="#7F97B5", point="#1B3E70", center="#14663C", limit="#9A1B14",
    signal="#B3261E", pattern="#7A4F00", stage="#F4F5F7", fill="#C3D3E8", quiet="#E4E7EB",
    spec="#5A358A", ok="#14635F", attention="#7A5F00", problem="#7A1300", series=_SERIES,
    font_size=10.0,
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}
