"""`leanlab analyses`: what can be run on data."""

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from leanlab.analyses.declare import Analysis


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with roles and options.")
def analyses(as_json: bool) -> None:
    """List what can be run on data."""
    from leanlab.analyses.registry import ANALYSES

    if as_json:
        click.echo(json.dumps([_described(a) for a in ANALYSES], indent=1, ensure_ascii=False))
        return
    for analysis in ANALYSES:
        click.echo(f"{analysis.id:32} {analysis.title:32} {analysis.question}")


def _described(analysis: "Analysis") -> dict[str, Any]:
    import dataclasses

    from leanlab.core.option import spec_of

    return {
        "id": analysis.id,
        "version": analysis.version,
        "title": analysis.title,
        "group": analysis.group,
        "question": analysis.question,
        "also_called": list(analysis.also_called),
        "roles": [
            {"id": r.id, "label": r.label, "required": r.required, "many": r.many,
             "accepts": sorted(r.accepts)}
            for r in analysis.roles
        ],
        "options": [
            {"id": f.name, "label": spec_of(f).label, "default": getattr(analysis.options(), f.name),
             "choices": dict(spec_of(f).choices)}
            for f in dataclasses.fields(analysis.options)
        ],
    }  # fmt: skip
