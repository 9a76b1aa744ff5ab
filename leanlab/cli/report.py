"""`leanlab report`: a project as PDF or HTML."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="A .pdf or .html file."
)
def report(file: Path, output: Path) -> None:
    """Write the report of a project; the project stays untouched."""
    from leanlab.app.reporting import write_report
    from leanlab.app.session import Session

    session = Session.open(file, read_only=True)
    try:
        write_report(session, output)
    finally:
        session.close()
    click.echo(str(output))
