"""What the program remembers for its user: name, theme, recent projects."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from leanlab.store.places import home

MOST_RECENT = 12
MOST_FOLDERS = 6
USUAL_TEXT = 10  # points


@dataclass(slots=True)
class Settings:
    """One user's choices; unknown or broken entries of the file fall back to the defaults."""

    name: str = ""
    theme: str = "system"
    recent: list[dict[str, Any]] = field(default_factory=list)
    window: dict[str, Any] = field(default_factory=dict)
    text_size: int = USUAL_TEXT
    portfolios: list[str] = field(default_factory=list)
    portfolio_views: dict[str, Any] = field(default_factory=dict)
    shortcuts: dict[str, str] = field(default_factory=dict)  # command -> keys, where not the usual
    recent_uses: list[str] = field(default_factory=list)  # what was last taken in the palette
    panes: dict[str, Any] = field(default_factory=dict)  # how the user shared the room of pages

    def remember(self, path: Path, title: str, opened: str) -> None:
        """Put a project on top of the recent ones."""
        entry = {"path": str(path), "title": title, "opened": opened}
        rest = [r for r in self.recent if r.get("path") != str(path)]
        self.recent = [entry, *rest][:MOST_RECENT]

    def remember_portfolio(self, folder: Path) -> None:
        """Put a folder on top of the portfolio folders."""
        rest = [known for known in self.portfolios if known != str(folder)]
        self.portfolios = [str(folder), *rest][:MOST_FOLDERS]

    def forget_portfolio(self, folder: Path) -> None:
        """Take a folder off the portfolio folders."""
        self.portfolios = [known for known in self.portfolios if known != str(folder)]

    def place(self) -> Path:
        """Return the folder where a file dialog should begin: where the user last was."""
        for entry in self.recent:
            folder = Path(str(entry.get("path", ""))).parent
            if folder.is_dir():
                return folder
        documents = Path.home() / "Documents"
        return documents if documents.is_dir() else Path.home()

    def forget(self, path: str) -> None:
        """Take a project off the recent ones."""
        self.recent = [r for r in self.recent if r.get("path") != path]


def _file() -> Path:
    return home() / "settings.json"


def load() -> Settings:
    """Read the settings."""
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    default = Settings()
    if not isinstance(found, dict):
        return default
    good = {
        f.name: found[f.name]
        for f in fields(Settings)
        if isinstance(found.get(f.name), type(getattr(default, f.name)))
    }
    return Settings(**good)


def save(settings: Settings) -> None:
    """Write the settings in one stroke."""
    target = _file()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(asdict(settings), indent=1), encoding="utf-8")
    part.replace(target)
