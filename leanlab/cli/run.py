"""`leanlab run`: an analysis on a file, without a window."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leanlab.core.errors import DataProblem, ImportProblem, Problem, not_written

if TYPE_CHECKING:
    from leanlab.analyses.declare import Analysis, Chart, Columns, Presentation
    from leanlab.data.table import Settings

ROWS_PRINTED = 30
_HOW = ("encoding", "delimiter", "decimal", "date_order", "sheet", "header", "skip", "kind")
_FLAGS = {
    "encoding": "--encoding", "delimiter": "--delimiter", "decimal": "--decimal",
    "date_order": "--date-order", "sheet": "--sheet", "skip": "--skip", "header": "--no-header",
}  # fmt: skip
_ANSWERS = {
    "encoding": "--encoding NAME", "delimiter": "--delimiter MARK", "sheet": "--sheet NAME",
    "decimal": "--decimal . or --decimal ,", "skip": "--skip LINES",
}  # fmt: skip
_KINDS = (
    "number", "whole", "datetime", "datetime/ymd", "datetime/dmy", "datetime/mdy", "category",
    "text", "id",
)  # fmt: skip
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    context_settings={"ignore_unknown_options": True},
    options_metavar="[--ROLE COLUMN]... [--OPTION VALUE]... [OPTIONS]",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="ANALYSIS [DATA]")
@click.option("--json", "as_json", is_flag=True, help="Print numbers, findings and tables as JSON.")
@click.option("--png", type=FILE, help="Save the picture as PNG.")
@click.option("--svg", type=FILE, help="Save the picture as SVG with real text.")
@click.option("--pdf", type=FILE, help="Save all pictures as PDF, one page each.")
@click.option("--csv", type=FILE, help="Save the tables as CSV.")
@click.option("--xlsx", type=FILE, help="Save the tables as a workbook.")
@click.option(
    "--encoding", metavar="NAME", help="How the text is written: utf-8, cp1252, utf-16 ..."
)
@click.option("--delimiter", metavar="MARK", help="What separates columns: , ; | tab or none.")
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal mark.")
@click.option(
    "--date-order", type=click.Choice(["ymd", "dmy", "mdy"]), help="Order of day, month and year."
)
@click.option("--sheet", metavar="NAME", help="Which sheet of a workbook to read.")
@click.option("--header/--no-header", default=None, help="Whether the first row holds names.")
@click.option("--skip", type=click.IntRange(min=0), metavar="LINES", help="Lines above the table.")
@click.option(
    "--kind",
    multiple=True,
    metavar="COLUMN=KIND",
    help="Read a column as number, whole, datetime, datetime/dmy, category, text or id.",
)
@click.option("--chart", default=1, show_default=True, help="Which picture PNG and SVG show.")
def run(words: tuple[str, ...], as_json: bool, chart: int, **more: Any) -> None:
    """Run an analysis on a data file (CSV, TSV, XLSX or ODS).

    \b
    leanlab run spc.i_mr late.csv --value hours --order week --png late.png
    leanlab run power.t_two_sample --difference 2 --sd 3

    How a file is read is found out; what cannot be is asked for, and answered by --encoding,
    --delimiter, --decimal, --date-order, --sheet, --header, --skip and --kind. What is worth
    knowing of how it was read goes to the standard error output.

    `leanlab analyses` lists the analyses; with --json also their roles and options. A role that
    takes several columns repeats its flag.
    """  # noqa: D301 - click wants the backspace, not an escape
    from leanlab.app.running import run as run_analysis

    analysis, data, roles, options = _read(words)
    how = {name: more.pop(name) for name in _HOW}
    used, presentation = run_analysis(analysis, _columns(analysis, data, roles, how), options)
    _save(presentation, more, chart)
    if as_json:
        import json

        from leanlab.report.plain import as_json as plain_json

        click.echo(json.dumps(plain_json(analysis, used, presentation), ensure_ascii=False))
    else:
        _print(presentation)


def _read(
    words: tuple[str, ...],
) -> tuple["Analysis", Path | None, dict[str, list[str]], dict[str, str]]:
    """Tell analysis, file, columns and options apart."""
    from leanlab.analyses.registry import find

    if not words or words[0].startswith("-"):
        raise click.UsageError(
            "Name the analysis first: leanlab run spc.i_mr DATA.csv --value COLUMN."
        )
    analysis = find(words[0])
    places, roles, options = _sorted(analysis, words[1:])
    if len(places) > 1:
        raise click.UsageError(
            f"One data file is enough, not {len(places)}: columns are given as --value NAME."
        )
    return analysis, Path(places[0]) if places else None, roles, options


def _sorted(
    analysis: "Analysis", words: tuple[str, ...]
) -> tuple[list[str], dict[str, list[str]], dict[str, str]]:
    from leanlab.core.option import kinds

    known = {role.id for role in analysis.roles}
    flags = {name for name, (kind, _) in kinds(analysis.options).items() if kind is bool}
    places: list[str] = []
    roles: dict[str, list[str]] = {}
    options: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            places.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        name = name.replace("-", "_")
        if not equals:
            value = _value(name, rest, flag=name in flags)
        if name in known:
            roles.setdefault(name, []).append(value)
        else:
            options[name] = value
    return places, roles, options


def _value(name: str, rest: list[str], *, flag: bool) -> str:
    """Take the word after a name; a yes-or-no option may stand alone."""
    given = bool(rest) and not rest[0].startswith("--")
    if flag and not (
        given and rest[0].lower() in {"true", "false", "yes", "no", "on", "off", "0", "1"}
    ):
        return "true"
    if not given:
        raise click.UsageError(f"--{name} needs a value.")
    return rest.pop(0)


def _columns(
    analysis: "Analysis", data: Path | None, roles: dict[str, list[str]], how: dict[str, Any]
) -> "Columns":
    from leanlab.app.running import prepared

    if not analysis.roles:
        return prepared(analysis, {}, roles)
    if data is None:
        raise Problem(
            f"{analysis.title} needs a data file.",
            hint=f"leanlab run {analysis.id} DATA.csv --{analysis.roles[0].id} COLUMN",
        )
    from leanlab.app.tables import columns_of_file

    needed = [name for chosen in roles.values() for name in chosen]
    try:
        found = columns_of_file(data, _settings(how, needed))
    except ImportProblem as problem:
        raise Problem(problem.message, hint=_with_flag(problem)) from problem
    for note in found.notes:  # beside the result, so that what reads the result is not disturbed
        click.echo(f"Note: {note}", err=True)
    try:
        return prepared(analysis, found.columns, roles, note=found.caption)
    except DataProblem as problem:
        ways = [f'--kind "{name}={kind}"' for name in needed for kind in found.offers.get(name, ())]
        if not ways:
            raise
        hint = f"{problem.hint} Most of its cells are no text; to read them: {' or '.join(ways)}."
        raise DataProblem(problem.message, hint=hint) from problem


def _settings(how: dict[str, Any], needed: list[str]) -> "Settings":
    """Return what was said of how to read the file."""
    from leanlab.data.table import ONE_COLUMN, Settings

    given = {name: value for name, value in how.items() if value is not None and value != ()}
    named = {"tab": "\t", "none": ONE_COLUMN}
    if "delimiter" in given:
        given["delimiter"] = _separator(named.get(given["delimiter"], given["delimiter"]))
    kinds = {}
    for pair in given.pop("kind", ()):
        column, equals, kind = pair.rpartition("=")
        if not equals or kind not in _KINDS:
            raise click.UsageError(
                f"--kind {pair}: write COLUMN=KIND, with KIND one of {', '.join(_KINDS)}."
            )
        kinds[column] = kind
    return Settings(**given, kinds=kinds, needed=tuple(needed))


def _separator(mark: str) -> str:
    if len(mark) != 1:
        raise click.UsageError("--delimiter takes one mark, or the word tab or none.")
    return mark


def _with_flag(problem: ImportProblem) -> str:
    """Return the hint of a problem, with the flag that answers it."""
    if problem.setting not in _FLAGS:
        return problem.hint
    flag = _FLAGS[problem.setting]
    if problem.setting == "header":
        return f"{problem.hint} Here: {flag}."
    choices = [{"\t": "tab", "\x1f": "none"}.get(c, c) for c in problem.choices]
    answers = " or ".join(f"{flag} '{c}'" if len(c) == 1 else f"{flag} {c}" for c in choices)
    return f"{problem.hint} Here: {answers or _ANSWERS.get(problem.setting, flag)}."


def _save(presentation: "Presentation", files: dict[str, Path | None], chart: int) -> None:
    writers: dict[str, Callable[[], bytes]] = {
        "png": lambda: _pictures().png(_chosen(presentation, chart)),
        "svg": lambda: _pictures().svg(_chosen(presentation, chart)).encode(),
        "pdf": lambda: _pictures().pdf(presentation.charts),
        "csv": lambda: _exports().csv_bytes(presentation.tables),
        "xlsx": lambda: _exports().xlsx_bytes(presentation.tables),
    }
    for kind, path in files.items():
        if path is None:
            continue
        content = writers[kind]()
        try:
            path.write_bytes(content)
        except OSError as error:
            raise not_written(path, error) from error


def _chosen(presentation: "Presentation", number: int) -> "Chart":
    charts = presentation.charts
    if not 1 <= number <= len(charts):
        listed = ", ".join(f"{i} {c.title}" for i, c in enumerate(charts, start=1))
        raise Problem(f"There is no picture {number}.", hint=f"Pictures: {listed}.")
    return charts[number - 1]


def _pictures() -> Any:
    from leanlab.report import pictures

    return pictures


def _exports() -> Any:
    from leanlab.report import exports

    return exports


def _print(presentation: "Presentation") -> None:
    lines = [f"{f.line.capitalize():9} {f.text}" for f in presentation.findings]
    lines += ["", *(f"{c.level:6} {c.label}: {c.text}" for c in presentation.report_card)]
    lines += ["", presentation.charts[0].caption]
    for table in presentation.tables:
        if not table.rows:
            continue
        lines += ["", table.title, "\t".join(table.columns)]
        lines += ["\t".join(map(_cell, row)) for row in islice(table.rows, ROWS_PRINTED)]
        more = len(table.rows) - ROWS_PRINTED
        if more > 0:
            lines.append(f"... and {more} more rows; --csv FILE writes them all")
    click.echo("\n".join(lines))


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
