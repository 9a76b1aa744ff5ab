"""Write a file whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from leanlab.core.errors import not_written


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one stroke; what fails is a Problem, and an older file stays as it was."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):  # on a medium that cannot be written there is nothing to take away
            part.unlink()
        raise not_written(path.name, error) from error
