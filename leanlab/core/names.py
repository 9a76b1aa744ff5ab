"""File names that cannot leave their folder, hide their kind, or trouble an operating system."""

import re
import unicodedata
from pathlib import Path

LONGEST = 120
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{n}" for n in "123456789"),
    *(f"lpt{n}" for n in "123456789"),
}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
RUNS = {
    ".exe", ".bat", ".cmd", ".com", ".scr", ".msi", ".js", ".vbs", ".ps1", ".jar", ".lnk", ".hta",
    ".sh", ".desktop", ".app", ".pif", ".reg", ".wsf", ".svg", ".html", ".htm",
}  # fmt: skip


def with_ending(path: Path, ending: str) -> Path:
    """Return a path with an ending, added unless it is there: "plan 1.2" has none."""
    return path if path.suffix.lower() == ending else path.with_name(f"{path.name}{ending}")


def safe_name(name: str, fallback: str = "file") -> str:
    """Return a name for a file that was given by somebody else.

    Letters that turn the direction of reading hide an ending ("gpj.exe" for "exe.jpg"), so they go.
    """
    plain = "".join(
        c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C"
    )
    plain = _FORBIDDEN.sub("-", plain.replace("\u2044", "-").replace("\u2215", "-"))
    plain = " ".join(plain.split()).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    ending = ending[:12]
    stem = stem[: LONGEST - len(ending) - 1].strip(" .")
    if not stem or stem.split(".")[0].casefold().strip() in _RESERVED:
        stem = f"{fallback} {stem}".strip()
    return f"{stem}.{ending}" if ending else stem


def runs(name: str) -> bool:
    """Whether opening such a file could run something."""
    return any(
        part in RUNS for part in (f".{p}" for p in safe_name(name).casefold().split(".")[1:])
    )
