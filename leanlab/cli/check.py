"""`leanlab check`: is a project file sound?"""

import sys
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Say whether a project FILE is sound; exit status 1 if it is not."""
    from leanlab.store.project import check as check_file

    found = check_file(file)
    if not found.sound:
        click.echo(f"{file}: {found.message}".strip(), err=True)
        sys.exit(1)
    click.echo(f"{file}: {found.message} Project: {found.title}. SHA-256 {found.sha256}")
