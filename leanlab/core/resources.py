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


FONT = "Fira Sans"
_FACES = ("Regular", "Italic", "Medium", "SemiBold", "Bold", "BoldItalic")


def font_files() -> tuple[Path, ...]:
    """Return the files of the one font of window, charts and reports; none if it is not installed."""
    try:
        import fontpkg_fira_sans
    except ModuleNotFoundError:  # a slim bundle: the system's font serves
        return ()
    files = Path(fontpkg_fira_sans.ROOT) / "files"
    return tuple(p for face in _FACES if (p := files / f"FiraSans-{face}.ttf").is_file())
