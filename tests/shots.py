"""`make shots`: every screen and worksheet of the samples, light and dark, in two sizes."""

import importlib.util
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"1440x900": (1440, 900), "1024x640": (1024, 640)}
MOMENT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


def _walk():
    spec = importlib.util.spec_from_file_location("walk", ROOT / "packaging" / "walk.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(only: list[str]) -> int:
    """Take all pictures; arguments choose samples."""
    walk = _walk()
    walk.headless()
    from leanlab.app.samples import SAMPLES
    from leanlab.core import clock

    clock.freeze(MOMENT)
    folder = ROOT / "build" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    began, count = time.monotonic(), 0
    for sample in SAMPLES:
        if only and sample.id not in only:
            continue
        session = walk.fresh(sample.id, ROOT / "build")
        window = walk.window_on(session, SIZES["1440x900"])
        for theme in ("light", "dark"):
            window.set_theme(theme)
            for name, size in SIZES.items():
                window.resize(*size)
                for place, target in walk.places(session):
                    file = folder / f"{sample.id}-{place}-{theme}-{name}.png"
                    walk.shoot(window, target, file)
                    count += 1
        walk.leave(window, session)
    sys.stdout.write(f"{count} pictures in {folder}, {time.monotonic() - began:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
