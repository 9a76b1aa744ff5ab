"""`leanlab validate`: prove the statistics on this computer."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from leanlab.validation.running import Outcome


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="Print one record per case as JSON.")
@click.option("--certificate", type=click.Path(path_type=Path), help="Write a dated PDF.")
def validate(folder: Path | None, as_json: bool, certificate: Path | None) -> None:
    """Run the reference cases of DIR (default: those shipped) through the statistics."""
    from leanlab.core.resources import resource
    from leanlab.validation import running

    outcome = running.run_folder(resource("reference") if folder is None else folder)
    if as_json:
        click.echo(json.dumps(running.as_json(outcome), ensure_ascii=False, allow_nan=False))
    else:
        _print(outcome)
    if certificate is not None:
        from leanlab.validation.certificate import write

        write(outcome, certificate)
        click.echo(f"Certificate: {certificate}", err=True)
    if outcome.failed:
        sys.exit(1)


def _print(outcome: "Outcome") -> None:
    for line in outcome.by_operation():
        worst = "" if line.worst_rel is None else f"worst relative error {line.worst_rel:.1e}"
        mark = "" if line.passed == line.cases else "  FAILED"
        click.echo(f"{line.op:32} {line.cases:4} cases {line.passed:4} passed  {worst}{mark}")
    for verdict in outcome.verdicts:
        if not verdict.passed:
            click.echo(f"\n{verdict.id}: {verdict.error}")
    click.echo(f"\n{len(outcome.verdicts)} cases, {outcome.passed} passed, {outcome.failed} failed")
