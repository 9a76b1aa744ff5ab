"""`leanlab check`: is a project file sound?"""

import sys
from pathlib import Path

import click


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
def check(files: tuple[Path, ...]) -> None:
    """Say whether each project FILE is sound; exit status 1 if one is not."""
    from leanlab.store.project import check as check_file

    sound = True
    for file in files:
        found = check_file(file)
        sound = sound and found.sound
        if found.sound:
            click.echo(f"{file}: {found.message} Project: {found.title}. SHA-256 {found.sha256}")
        else:
            click.echo(f"{file}: {found.message}".strip(), err=True)
    if not sound:
        sys.exit(1)
