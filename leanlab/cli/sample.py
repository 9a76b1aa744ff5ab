"""`leanlab sample`: a finished project to learn from."""

from pathlib import Path

import click

from leanlab.core.errors import DocumentProblem


@click.command()
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it.")
def sample(name: str | None, output: Path | None) -> None:
    """Write a finished sample project; without a NAME, list the samples."""
    from leanlab.app.samples import SAMPLES, build

    if name is None:
        for one in SAMPLES:
            click.echo(f"{one.id:18} {one.title:34} {one.story}")
        return
    path = output or Path(f"{name}.leanlab")
    if path.exists():
        raise DocumentProblem(f"{path} is there already.", hint="Choose another name with -o.")
    build(name, path).close()
    click.echo(str(path))
