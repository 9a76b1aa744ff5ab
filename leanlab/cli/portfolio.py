"""`leanlab portfolio`: a folder of projects as a list, as data, on one page, or as a workbook."""

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--pdf", type=click.Path(path_type=Path), help="One page as PDF.")
@click.option("--xlsx", type=click.Path(path_type=Path), help="All tables as a workbook.")
@click.option(
    "--cards", type=click.Path(path_type=Path), help="Outcome cards, two on a page, as PDF."
)
@click.option("--window", "in_window", is_flag=True, help="Show it in the window.")
@click.option("--filter", "wanted", default="", help="Only projects with these words in them.")
def portfolio(
    folder: Path, *, as_json: bool, pdf: Path | None, xlsx: Path | None, cards: Path | None,
    in_window: bool, wanted: str,
) -> None:  # fmt: skip
    """Look at every project below a FOLDER without writing a byte into it."""
    if in_window:
        from leanlab.app.portfolio import refuse_missing
        from leanlab.ui.application import open_window

        refuse_missing(folder)
        sys.exit(open_window(folder))
    from leanlab.app import portfolio_export
    from leanlab.app.portfolio import scan

    found = scan(folder)
    entries = portfolio_export.matching(found.entries(), wanted)
    writers = ((pdf, portfolio_export.write_pdf), (xlsx, portfolio_export.write_xlsx), (cards, portfolio_export.write_cards))  # fmt: skip
    for path, write in writers:
        if path is not None:
            write(found, entries, path)
            click.echo(str(path), err=as_json)
    if as_json:
        json.dump(portfolio_export.as_data(found, entries), sys.stdout, indent=1)
        click.echo()
    elif not (pdf or xlsx or cards):
        _listed(found, entries)


def _listed(found: Any, entries: Any) -> None:
    from leanlab.domain.portfolio_tables import projects, shown

    table = projects(entries)
    names = ("Code", "Title", "Phase", "Gap closed", "Signal", "Overdue", "Health")
    places = [next(i for i, c in enumerate(table.columns) if c.name == name) for name in names]
    rows = [[shown(table.columns[i], line.values[i]) for i in places] for line in table.lines]
    widths = [max([len(n), *(len(row[j]) for row in rows)]) for j, n in enumerate(names)]
    for row in (list(names), *rows):
        click.echo("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip())
    for seen in (*found.bad, *found.copies, *found.open_elsewhere):
        click.echo(seen.message, err=True)
    for place in found.skipped:
        click.echo(f"The folder {place} cannot be read.", err=True)
    for sentence in found.left_out:
        click.echo(sentence, err=True)
