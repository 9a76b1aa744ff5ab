"""Gage studies and experiments: their sheets, and what is read from them."""

import dataclasses

import numpy as np
import pytest
from realistic import columns, factorial, factorial_center, gage, texts

from leanlab.analyses.declare import Column, Spec
from leanlab.analyses.registry import find
from leanlab.core.errors import DataProblem

GAGE, DOE = find("msa.gage_rr_crossed"), find("doe.factorial_2level")


def made(analysis, **options):
    draft = analysis.generator.make(analysis.generator.options(**options))
    return draft, {c.name: c.values for c in draft.columns}


def shown_of(analysis, data, **options):
    return analysis.present(analysis.compute(data, analysis.options(**options)))


def test_the_picture_of_the_effects_is_chosen_and_names_what_stands_out():
    data = factorial()
    bars = shown_of(DOE, data)
    half = shown_of(DOE, data, picture="half_normal")
    assert bars.charts[0].title == "Effects by size"
    assert half.charts[0].title == "Half-normal plot of effects"
    assert [c.title for c in half.charts[1:]] == [c.title for c in bars.charts[1:]]
    result = DOE.compute(data, DOE.options(picture="half_normal"))
    for at in result.active:
        assert result.name(result.terms[at]) in half.charts[0].alt
    scores, sizes = half.numbers["half_normal_score"], np.abs(half.numbers["effect"])
    assert np.argsort(scores).tolist() == np.argsort(sizes).tolist()


# gage ----------------------------------------------------------------------------------------


def test_a_gage_sheet_has_every_part_by_every_person_equally_often():
    _, sheet = made(GAGE, parts=6, operators=("Ana", "Ben"), trials=3, seed=1)
    runs = list(zip(sheet["Part"], sheet["Operator"], sheet["Trial"], strict=True))
    assert len(runs) == len(set(runs)) == 36
    assert np.isnan(sheet["Reading"]).all()


def test_blind_labels_are_different_and_do_not_follow_the_parts():
    _, sheet = made(GAGE, seed=1)
    labels = list(sheet["Label"])
    assert len(set(labels)) == 60
    first = [label for label, part in zip(labels, sheet["Part"], strict=True) if part == "1"]
    assert len({label[0] for label in first}) > 1


@pytest.mark.parametrize("order", ["rounds", "operators", "mixed"])
def test_parts_come_in_mixed_order(order):
    _, sheet = made(GAGE, order=order, seed=3)
    parts = [int(p) for p in sheet["Part"][:10]]
    assert parts != sorted(parts)


def test_rounds_let_everybody_measure_all_parts_before_anything_repeats():
    _, sheet = made(GAGE, order="rounds", seed=5)
    assert list(sheet["Trial"]) == [1.0] * 30 + [2.0] * 30
    assert len(set(sheet["Operator"][:10])) == 1


def test_one_operator_is_no_crossed_study():
    with pytest.raises(DataProblem, match="at least two operators"):
        made(GAGE, operators=("Ana",))


def test_the_larger_percentage_is_the_verdict():
    loose = shown_of(GAGE, gage(), tolerance=10.0)
    tight = shown_of(GAGE, gage(), tolerance=0.8)
    assert "of the spread you see" in loose.findings[0].text
    assert "not acceptable" in tight.findings[0].text
    assert "of the tolerance" in tight.findings[0].text
    assert "not for sorting" in tight.findings[2].text


def test_the_interval_holds_the_share_and_narrows_with_more_parts():
    few = shown_of(GAGE, gage()).numbers
    low, high = few["pct_study_var_ci"]
    assert low < few["components.total_gage_rr.pct_study_var"] < high


def test_the_interval_covers_the_true_share_about_as_often_as_it_says():
    from leanlab.analyses.gage_interval import study_share_interval
    from leanlab.stats import msa

    rng = np.random.default_rng(8)
    part, person = np.repeat(np.arange(10), 6), np.tile(np.repeat(np.arange(3), 2), 10)
    true = 100 * np.sqrt((0.3**2 + 0.2**2) / (0.3**2 + 0.2**2 + 1))
    hits = 0
    for _ in range(60):
        values = rng.normal(0, 1, 10)[part] + rng.normal(0, 0.2, 3)[person] + rng.normal(0, 0.3, 60)
        low, high = study_share_interval(msa.gage_rr_crossed(part, person, values))
        hits += low <= true <= high
    assert hits >= 52


def test_parts_measured_in_order_fail_the_check():
    data = gage()
    run = Column("Run", "whole", np.arange(1.0, 61), decimals=0)
    shown = shown_of(GAGE, dataclasses.replace(data, roles={**data.roles, "order": (run,)}))
    assert next(c for c in shown.report_card if c.id == "randomised").level == "red"
    assert "the check 'Random order' failed" in shown.findings[0].text


# experiments ---------------------------------------------------------------------------------


def test_a_full_design_has_all_combinations_and_its_centre_points():
    draft, sheet = made(DOE, replicates=2, center_points=3, seed=1)
    corners = sheet["Point"] == "corner"
    cells = set(
        zip(
            sheet["Temperature"][corners],
            sheet["Time"][corners],
            sheet["Pressure"][corners],
            strict=True,
        )
    )
    assert len(cells) == 8
    assert corners.sum() == 16
    assert sheet["Temperature"][~corners].tolist() == [170.0] * 3
    assert sorted(sheet["Standard order"]) == list(range(1, 20))
    assert draft.roles["factors"] == ("Temperature", "Time", "Pressure")


def test_a_half_fraction_says_what_cannot_be_told_apart():
    draft, sheet = made(DOE, factors=("A=1..2", "B=1..2", "C=1..2", "D=1..2"), fraction="2", seed=1)
    assert sheet["A"].size == 8
    assert "resolution IV" in draft.note
    assert "ABCD" in draft.note


def test_switching_random_order_off_keeps_the_standard_order():
    _, sheet = made(DOE, randomise=False, seed=1)
    assert sheet["Standard order"].tolist() == list(range(1, 9))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factors": ("Temperature=160..180",)}, "at least two factors"),
        ({"factors": ("A=1..2", "A=3..4")}, "two factors named"),
        ({"factors": ("A=1", "B")}, "two settings"),
        ({"factors": ("A=1..1", "B")}, "two settings"),
        ({"factors": ("A", "B"), "fraction": "8"}, "too few"),
        ({"factors": ("A=old..new", "B"), "center_points": 2}, "no middle"),
        ({"factors": ("A", "B"), "response": "A"}, "name of its own"),
    ],
)
def test_a_design_that_cannot_be_made_is_told(options, message):
    with pytest.raises(DataProblem, match=message):
        made(DOE, **options)


def test_the_effects_put_in_are_found_and_settings_proposed():
    shown = shown_of(DOE, factorial())
    verdict = shown.findings[0].text
    for name in ("Temperature", "Time", "Temperature × Time"):
        assert name in verdict
    assert "Pressure" not in verdict
    assert "Temperature 180" in shown.findings[-1].text
    assert "Confirm with a few fresh runs" in shown.findings[-1].text


def test_centre_points_show_curvature():
    shown = shown_of(DOE, factorial_center())
    assert "the response is curved" in shown.findings[1].text
    assert shown.numbers["curvature.p_value"] < 0.001


def test_without_repeats_few_runs_are_judged_by_lenth():
    rng = np.random.default_rng(3)
    design = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).T.reshape(-1, 3)
    y = 10 + 4 * design[:, 0] + rng.normal(0, 0.3, 8)
    data = columns({"response": Column("y", "number", y, decimals=1),
                    "factors": [Column(n, "number", design[:, i].astype(float)) for i, n in enumerate("ABC")]})  # fmt: skip
    shown = shown_of(DOE, data)
    assert shown.numbers["lenth.me"] > 0
    assert shown.numbers["significant_05"] == ["A"]
    assert "Lenth" in shown.charts[0].caption


def test_a_fraction_lists_its_aliases_and_warns():
    half = [(a, b, a * b) for a in (-1, 1) for b in (-1, 1)] * 2
    rng = np.random.default_rng(5)
    y = [10 + 3 * a + rng.normal(0, 0.2) for a, _, _ in half]
    data = columns({"response": Column("y", "number", np.array(y)),
                    "factors": [Column(n, "number", np.array([r[i] for r in half], float)) for i, n in enumerate("ABC")]})  # fmt: skip
    shown = shown_of(DOE, data)
    aliases = dict(next(t for t in shown.tables if t.title == "Cannot be told apart").rows)
    assert aliases["C"].startswith("A × B")
    assert next(c for c in shown.report_card if c.id == "aliases").level == "red"


def test_settings_that_are_neither_corner_nor_centre_are_told_with_their_row():
    data = factorial()
    broken = [c if i else dataclasses.replace(c, values=np.where(np.arange(16) == 4, 171.0, c.values)) for i, c in enumerate(data.roles["factors"])]  # fmt: skip
    with pytest.raises(DataProblem, match="Temperature"):
        shown_of(DOE, dataclasses.replace(data, roles={**data.roles, "factors": tuple(broken)}))


def test_lower_is_better_turns_the_settings_round():
    data = dataclasses.replace(factorial(), spec=Spec(direction="lower"))
    assert "Temperature 160" in shown_of(DOE, data).findings[-1].text


def test_category_factors_keep_their_names():
    data = columns({"response": Column("y", "number", np.array([1.0, 5, 1.2, 5.1, 0.9, 4.8, 1.1, 5.2])),
                    "factors": [Column("Resin", "category", texts(["old", "new"] * 4)),
                                Column("Speed", "number", np.repeat([1.0, 2.0], 4))]})  # fmt: skip
    assert "Changing Resin from old to new" in shown_of(DOE, data).findings[2].text
