"""Names of attachments from anywhere: none leaves its folder, none is reserved or hides its kind.

python -m tests.robustness.file_names 20000
"""

import sys
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leanlab.core.names import safe_name
from tests.robustness.scene import told

RESERVED = {
    "con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10)),
}  # fmt: skip
AWKWARD = st.sampled_from(
    [
        "..",
        "/",
        "\\",
        "CON",
        "nul",
        "com1",
        ".",
        " ",
        ":",
        "\u202e",
        "\x00",
        ".exe",
        ".jpg",
        "\u2044",
    ]
)
NAMES = st.one_of(st.text(max_size=300), st.lists(AWKWARD | st.text(max_size=5)).map("".join))


def run(count: int) -> dict[str, int]:
    """Try `count` names; return the figures."""
    figures = {"names": 0, "escapes": 0, "reserved": 0, "hidden kinds": 0}

    @settings(
        max_examples=count, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(NAMES)
    def check(name):
        safe = safe_name(name)
        inside = PurePosixPath(safe).name == safe == PureWindowsPath(safe).name
        figures["names"] += 1
        figures["escapes"] += not (safe and inside and safe not in {".", ".."})
        figures["reserved"] += safe.partition(".")[0].strip().casefold() in RESERVED
        figures["hidden kinds"] += any(unicodedata.category(c)[0] == "C" for c in safe)

    check()
    return figures


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=not (found["escapes"] or found["reserved"] or found["hidden kinds"]))
