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
    path = home() / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
