"""`leanlab report`: a project as PDF or HTML."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="A .pdf or .html file."
)
@click.option(
    "--template",
    default="project",
    show_default=True,
    help="project, sponsor, a3, gate:PHASE, control or audit.",
)
def report(file: Path, output: Path, template: str) -> None:
    """Write the report of a project; the project stays untouched."""
    from leanlab.app.reporting import write_report
    from leanlab.app.session import Session

    session = Session.open(file, read_only=True)
    try:
        write_report(session, output, template=template)
    finally:
        session.close()
    click.echo(str(output))
