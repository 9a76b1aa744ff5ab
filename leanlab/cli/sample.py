"""`leanlab sample`: a finished project to learn from."""

import sys
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
        click.echo(
            f"{'portfolio':18} {'A folder of 24 projects':34} For trying `leanlab portfolio`."
        )
        return
    if name == "portfolio":
        _folder(output or Path("projects"))
        return
    path = output or Path(f"{name}.leanlab")
    if path.exists():
        raise DocumentProblem(f"{path} is there already.", hint="Choose another name with -o.")
    build(name, path).close()
    click.echo(str(path))


def _folder(place: Path) -> None:
    from leanlab.app.samples_folder import PLANS, build_folder

    with click.progressbar(length=len(PLANS), label="Building", file=sys.stderr) as bar:
        build_folder(place, lambda done, _total: bar.update(int(done) - bar.pos))
    click.echo(str(place))
