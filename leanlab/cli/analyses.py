"""`leanlab analyses`: what can be run on data."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from leanlab.analyses.declare import Analysis, Role


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with roles and options.")
def analyses(as_json: bool) -> None:
    """List what can be run on data."""
    from leanlab.analyses.registry import ANALYSES

    if as_json:
        import json

        click.echo(json.dumps([_described(a) for a in ANALYSES], indent=1, ensure_ascii=False))
        return
    widest = max(len(analysis.id) for analysis in ANALYSES)
    group = ""
    for analysis in ANALYSES:
        if analysis.group != group:
            group = analysis.group
            click.echo(f"\n{group}")
        click.echo(f"  {analysis.id:{widest}}  {analysis.title}: {analysis.question}")


def _described(analysis: "Analysis") -> dict[str, Any]:
    return {
        "id": analysis.id,
        "version": analysis.version,
        "title": analysis.title,
        "group": analysis.group,
        "question": analysis.question,
        "phases": analysis.phases,
        "also_called": list(analysis.also_called),
        "roles": [_role(role) for role in analysis.roles],
        "options": _options(analysis.options),
        "makes_sheet": analysis.generator is not None,
    }


def _role(role: "Role") -> dict[str, Any]:
    return {
        "id": role.id, "label": role.label, "help": role.help, "required": role.required,
        "many": role.many, "accepts": sorted(role.accepts),
    }  # fmt: skip


def _options(options: type[Any]) -> list[dict[str, Any]]:
    import dataclasses

    from leanlab.core.option import kinds, spec_of

    default, known = options(), kinds(options)
    out = []
    for field in dataclasses.fields(options):
        spec = spec_of(field)
        kind, optional = known[field.name]
        out.append({
            "id": field.name, "label": spec.label, "help": spec.help, "kind": kind.__name__,
            "optional": optional, "default": getattr(default, field.name),
            "choices": dict(spec.choices), "minimum": spec.minimum, "maximum": spec.maximum,
            "unit": spec.unit,
        })  # fmt: skip
    return out
