"""`leanlab run`: an analysis on a file, without a window."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from leanlab.analyses.declare import Analysis, Presentation


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("analysis")
@click.argument("data", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print numbers, findings and tables as JSON.")
@click.option("--png", type=click.Path(path_type=Path), help="Save the picture.")
@click.option("--svg", type=click.Path(path_type=Path), help="Save the picture as SVG.")
@click.pass_context
def run(
    ctx: click.Context,
    analysis: str,
    data: Path | None,
    as_json: bool,
    png: Path | None,
    svg: Path | None,
) -> None:
    """Run an analysis on a CSV file: leanlab run spc.i_mr DATA.csv --value COLUMN."""
    chosen = _analysis(analysis)
    roles, options = _named(chosen, ctx.args)
    columns = _columns(chosen, data, roles)
    from leanlab.app.running import run as run_analysis

    used, presentation = run_analysis(chosen, columns, options)
    _save_pictures(presentation, png, svg)
    if as_json:
        from leanlab.report.plain import as_json as plain_json

        click.echo(json.dumps(plain_json(chosen, used, presentation), ensure_ascii=False))
    else:
        _print(presentation)


def _analysis(name: str) -> "Analysis":
    from leanlab.analyses.registry import find

    return find(name)


def _named(analysis: "Analysis", extra: list[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Sort --name value pairs into roles and options."""
    ids = {role.id for role in analysis.roles}
    roles: dict[str, list[str]] = {}
    options: dict[str, str] = {}
    words = iter(extra)
    for word in words:
        if not word.startswith("--"):
            raise click.UsageError(
                f"Unexpected argument {word!r}: columns are given as --value NAME."
            )
        name, equals, value = word[2:].partition("=")
        if not equals:
            value = next(words, "")
        name = name.replace("-", "_")
        if name in ids:
            roles.setdefault(name, []).append(value)
        else:
            options[name] = value
    return roles, options


def _columns(analysis: "Analysis", data: Path | None, roles: dict[str, list[str]]) -> Any:
    from leanlab.app.running import prepared

    if not analysis.roles:
        return prepared(analysis, {}, roles)
    if data is None:
        raise click.UsageError(
            f"{analysis.title} needs a data file: leanlab run {analysis.id} DATA.csv"
        )
    from leanlab.app.tables import columns_of_file

    available, note = columns_of_file(data)
    return prepared(analysis, available, roles, note=note)


def _save_pictures(presentation: "Presentation", png: Path | None, svg: Path | None) -> None:
    if png is None and svg is None:
        return
    from leanlab.report import pictures

    if png is not None:
        pictures.save_png(presentation.charts[0], png)
    if svg is not None:
        svg.write_text(pictures.svg(presentation.charts[0]), encoding="utf-8")


def _print(presentation: "Presentation") -> None:
    for finding in presentation.findings:
        click.echo(f"{finding.line.capitalize():9} {finding.text}")
    click.echo()
    for check in presentation.report_card:
        click.echo(f"{check.level:6} {check.label}: {check.text}")
    for chart in presentation.charts:
        click.echo(f"\n{chart.caption}")
    for table in presentation.tables:
        click.echo(f"\n{table.title}")
        click.echo("\t".join(table.columns))
        for row in table.rows:
            click.echo("\t".join(f"{c:.6g}" if isinstance(c, float) else str(c) for c in row))
