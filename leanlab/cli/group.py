"""The command group: which module holds which command, loaded when it is called."""

import sys
from importlib import import_module
from typing import Any

import click

from leanlab import __version__
from leanlab.core.errors import Problem

# command -> module of leanlab.cli that defines a click command of that name
_WHERE = {
    "run": "run",
    "analyses": "analyses",
    "validate": "validate",
    "worksheets": "worksheets",
    "sample": "sample",
    "report": "report",
    "check": "check",
    "portfolio": "portfolio",
}


class Commands(click.Group):
    """Loads a command when it is needed; shows a problem as a sentence and its way out."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help page."""
        return [*_WHERE, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in _WHERE:
            return super().get_command(ctx, cmd_name)
        found = getattr(import_module(f"leanlab.cli.{_WHERE[cmd_name]}"), cmd_name)
        assert isinstance(found, click.Command)  # noqa: S101 - a slip in the table above
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a problem becomes a sentence and exit status 1."""
        try:
            return super().invoke(ctx)
        except Problem as problem:
            click.echo(f"leanlab: {problem.message}", err=True)
            if problem.hint:
                click.echo(problem.hint, err=True)
            sys.exit(1)


def _smoke(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from leanlab.ui.application import smoke

        ctx.exit(smoke())


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="LeanLab")
@click.option(
    "--smoke",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_smoke,
    help="Paint the start page, print the milliseconds since process start, and leave.",
)
def cli() -> None:
    """Lean/Six Sigma projects with numbers that can be checked.

    `leanlab` opens the window, `leanlab FILE.leanlab` opens it on a project, `leanlab FILE.leanreview`
    imports a review there; the commands below do without a window.
    """
