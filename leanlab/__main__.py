"""Start LeanLab: `leanlab [FILE]` opens the window, everything else is a command."""

import sys
from pathlib import Path


def main() -> None:
    """Open the window at once, or hand over to the command line."""
    words = sys.argv[1:]
    if not words or (len(words) == 1 and words[0].lower().endswith((".leanlab", ".leanreview"))):
        from leanlab.ui.application import open_window  # the window needs no command line

        sys.exit(open_window(Path(words[0]) if words else None))
    if words == ["--smoke"]:
        from leanlab.ui.application import smoke

        sys.exit(smoke())
    if words[:1] == ["--import-worker"]:  # a bundle has no `python -m`
        from leanlab.data.import_worker import main as work

        sys.exit(work(Path(words[1])))
    from leanlab.cli import cli

    cli()


if __name__ == "__main__":
    main()
