"""Which convention a number follows: presets that set them all, and the detective."""

from leanlab.stats.conventions.candidates import Candidate
from leanlab.stats.conventions.detective import Explanation, Match, explain
from leanlab.stats.conventions.presets import PRESETS, Preset, preset

__all__ = [
    "PRESETS",
    "Candidate",
    "Explanation",
    "Match",
    "Preset",
    "explain",
    "preset",
]
