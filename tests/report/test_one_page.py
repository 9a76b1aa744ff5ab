"""A worksheet printed by itself fits one page, smaller if need be; results stand beside their trust."""

import dataclasses

import pytest

from leanlab.app.reporting import record_report
from leanlab.app.samples import SAMPLES, build
from leanlab.report import pdf
from leanlab.report.document import (
    Chapter,
    Grid,
    Picture,
    Report,
    ReportCard,
    Result,
    Text,
    as_data,
)

LONG = {"charter", "benefits", "takt"}  # have more to say than one page holds


@pytest.fixture(scope="module", params=[sample.id for sample in SAMPLES])
def sample(request, tmp_path_factory):
    session = build(request.param, tmp_path_factory.mktemp("sample") / "p.leanlab")
    yield session
    session.close()


def test_each_worksheet_of_the_samples_fits_a_page_of_its_own(sample):
    pages = {
        str(w.get("type_id")): len(pdf.page_pictures(record_report(sample, w.id), ppi=10))
        for w in sample.records("worksheet")
    }
    assert pages
    assert {kind: n for kind, n in pages.items() if n > 1 and kind not in LONG} == {}
    assert all(pages[kind] <= 2 for kind in LONG & pages.keys())


def table(rows, *, one_page):
    grid = Grid(["What", "Who"], [[f"line {i}", "all"] for i in range(rows)])
    return Report(
        "List",
        "Worksheet",
        [],
        [Chapter("List", [grid])],
        "1 May 2026",
        "LeanLab",
        one_page=one_page,
    )


def pages(report):
    return len(pdf.page_pictures(report, ppi=10))


def test_what_does_not_fit_is_set_smaller_only_where_one_page_was_asked_for():
    rows = next(n for n in range(30, 70) if pages(table(n, one_page=False)) == 2)
    assert pages(table(rows, one_page=True)) == 1
    assert pages(table(3 * rows, one_page=True)) > 1


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 6"><rect width="10" height="6"/></svg>'
)


def test_two_results_share_a_page():
    card = ReportCard([("green", f"Check {i}", "40 points") for i in range(6)])
    said = Text("\n".join(f"Sentence {i}." for i in range(4)))
    parts = [Picture(SVG, "a chart"), card, said]
    together = Chapter("Two", [Result(parts), Result(parts)])
    report = Report("Two", "DMAIC", [], [together], "1 May 2026", "LeanLab")
    assert pages(report) == 1
    below = dataclasses.replace(report, chapters=[Chapter("Two", [*parts, *parts])])
    assert pages(below) > 1


def test_a_picture_knows_its_width_on_either_page():
    data = as_data(Report("P", "k", [], [Chapter("P", [Picture(SVG, "a", width=0.5)])], "", ""))
    assert data["chapters"][0]["blocks"][0]["mm"] == 84.0
