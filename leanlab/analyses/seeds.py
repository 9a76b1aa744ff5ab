"""Seeds of generated sheets: drawn once, then kept, so that a sheet can be made again."""

import secrets
from typing import Any

import numpy as np

from leanlab.core.option import option

SEED_OPTION = option(
    None, "Seed", minimum=0, maximum=2**31 - 1,
    help="Empty: drawn now and kept with the sheet; the same seed gives the same order",
)  # fmt: skip


def seed_of(options: Any) -> int:
    """Return the chosen seed, or draw one."""
    return int(options.seed) if options.seed is not None else secrets.randbelow(2**31)


def shuffler(seed: int) -> np.random.Generator:
    """Return the source of the run order of a seed; PCG64's stream is fixed for ever."""
    return np.random.Generator(np.random.PCG64(seed))
