"""`leanlab worksheets`: what can be filled in."""

import json
from typing import Any

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with sections and fields.")
def worksheets(as_json: bool) -> None:
    """List the worksheets."""
    from leanlab.worksheets.registry import BY_ID

    if as_json:
        described = [_described(kind) for kind in BY_ID.values()]
        click.echo(json.dumps(described, indent=1, ensure_ascii=False))
        return
    for kind in BY_ID.values():
        click.echo(f"{kind.id:16} {kind.phases:6} {kind.title:26} {kind.question}")


def _described(kind: Any) -> dict[str, Any]:
    return {
        "id": kind.id,
        "version": kind.version,
        "title": kind.title,
        "phases": kind.phases,
        "archetype": kind.archetype,
        "question": kind.question,
        "also_called": list(kind.also_called),
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "register": section.register,
                "repeats": section.repeats,
                "fields": [
                    {"id": f.id, "label": f.label, "type": f.type, "required": f.required}
                    for f in section.fields
                ],
            }
            for section in kind.sections
        ],
        "checks": [{"id": c.id, "severity": c.severity, "title": c.title} for c in kind.checks],
    }
