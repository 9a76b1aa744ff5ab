"""Find the files shipped with LeanLab: help, sentences, samples, reference cases."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED, _SOURCE = _PACKAGE / "_resources", _PACKAGE.parent / "resources"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _SOURCE


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder; a missing one is a bug."""
    path = ROOT / name
    if not path.exists():
        raise FileNotFoundError(path)
    return path
