"""Promises that every analysis keeps; a new one is tested by being in the registry."""

import dataclasses
import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from leanlab.analyses.declare import Column, Columns
from leanlab.analyses.registry import ANALYSES
from leanlab.core.errors import DataProblem
from leanlab.core.option import spec_of
from leanlab.core.resources import resource
from leanlab.figures.theme import THEMES

every_analysis = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda a: a.id)
LINES = ("verdict", "evidence", "size", "next")
FORBIDDEN = re.compile(r"\b(proves|proven|no effect|no difference|random|normal data)\b", re.I)
RNG = np.random.default_rng(20260424)
PLAIN = np.round(RNG.normal(50, 4, 60), 1)
AWKWARD = {
    "no rows": [],
    "one row": [1.0],
    "all missing": [np.nan] * 5,
    "one missing": [1.0, np.nan, 2.0],
    "constant": [5.0] * 30,
    "huge": [1e300, -1e300, 1e300],
    "negative": [-3.0, -2.0, -5.0, -1.0],
}


def column_for(role, values):
    size = len(values)
    numbers = np.asarray(values, dtype=np.float64)
    if role.id == "sizes":
        return Column("size", "whole", np.full(size, 100.0))
    if role.id == "counts":
        return Column("bad", "whole", numbers if size < 60 else np.round(numbers / 10))
    if "number" in role.accepts and role.id not in {"order", "label", "subgroup"}:
        return Column("value", "number", numbers, decimals=1)
    if role.id == "order":
        return Column("day", "datetime", np.datetime64("2026-01-01", "s") + np.arange(size) * 86400)
    labels = {"stage": size // 2, "subgroup": 5, "group": 2, "category": 4}.get(role.id, 3)
    values = [f"g{i // 5 if role.id == 'subgroup' else min(i // max(labels, 1), 1) if role.id == 'stage' else i % labels}" for i in range(size)]  # fmt: skip
    return Column(role.id, "category", np.asarray(values, dtype=object))


def filled(analysis, values, roles=None):
    chosen = {
        r.id: (column_for(r, values),) if roles is None or r.id in roles or r.required else ()
        for r in analysis.roles
    }
    n = len(values)
    return Columns(chosen, np.arange(1, n + 1), np.zeros(n, dtype=np.bool_))


def presented(analysis, columns, **options):
    return analysis.present(analysis.compute(columns, analysis.options(**options)))


@every_analysis
@pytest.mark.parametrize("values", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_data_gives_findings_or_a_problem_with_words(analysis, values):
    try:
        shown = presented(analysis, filled(analysis, values))
    except DataProblem as problem:
        refused = problem.message
    else:
        assert shown.findings
        return
    assert refused.strip().endswith(".")


@every_analysis
def test_good_data_gives_the_four_lines_in_order(analysis):
    shown = presented(analysis, filled(analysis, PLAIN))
    order = [LINES.index(f.line) for f in shown.findings]
    assert set(LINES) == {f.line for f in shown.findings}
    assert order[0] == 0
    assert shown.report_card
    assert shown.numbers
    for finding in shown.findings:
        assert not FORBIDDEN.search(finding.text), finding.text
        assert finding.text[0].isupper() or finding.text[0] in "'0123456789", finding.text
        assert "{" not in finding.text


@every_analysis
def test_every_chart_draws_in_every_theme_with_caption_and_alternative_text(analysis):
    for chart in presented(analysis, filled(analysis, PLAIN)).charts:
        assert "n = " in chart.caption
        assert chart.alt
        for theme in THEMES.values():
            figure = Figure(figsize=(8, 5))
            chart.draw(figure, theme)
            assert figure.axes


@every_analysis
def test_options_are_frozen_and_labelled(analysis):
    assert analysis.options.__dataclass_params__.frozen
    for field in dataclasses.fields(analysis.options):
        assert spec_of(field).label


@every_analysis
def test_help_explains_the_analysis(analysis):
    text = resource(f"help/{analysis.id}.md").read_text(encoding="utf-8")
    for heading in ("## When to use it", "## What you need", "## How to read it"):
        assert heading in text


def test_ids_are_unique_and_dotted():
    ids = [analysis.id for analysis in ANALYSES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", name) for name in ids)
