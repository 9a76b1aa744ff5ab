"""Where LeanLab keeps what is not the user's file: sessions, locks, backups."""

import os
from pathlib import Path


def home() -> Path:
    """Return the private folder of this user; LEANLAB_HOME moves it (tests do)."""
    chosen = os.environ.get("LEANLAB_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_state_dir("LeanLab", appauthor=False))


def folder(name: str) -> Path:
    """Return a private sub-folder, made for this user alone if it is not there."""
    return _made(home() / name)


def cache(name: str) -> Path:
    """Return a private sub-folder for what can be worked out anew; a clean-up may empty it."""
    if os.environ.get("LEANLAB_HOME"):
        return _made(home() / "cache" / name)
    import platformdirs

    return _made(Path(platformdirs.user_cache_dir("LeanLab", appauthor=False)) / name)


def _made(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
