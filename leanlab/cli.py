"""The commands of LeanLab."""

import click

from leanlab import __version__


@click.group()
@click.version_option(__version__, prog_name="LeanLab")
def cli() -> None:
    """Lean/Six Sigma projects with numbers that can be checked."""
