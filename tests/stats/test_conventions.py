"""Presets set conventions together; the detective names the one behind a number."""

import json

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.core.resources import resource
from leanlab.stats import capability, conventions, descriptive, msa


def case(name):
    return json.loads((resource("reference") / f"{name}.json").read_text(encoding="utf-8"))[
        "inputs"
    ]


@pytest.fixture(scope="module")
def shafts():
    inputs = case("capability.normal-01")
    return inputs["subgroups"], {k: inputs[k] for k in ("lsl", "usl", "target")}


def test_presets_can_be_found_and_used(shafts):
    groups, spec = shafts
    for name, sigma in (("LeanLab", "pooled"), ("aiag", "Rbar"), ("JASP", "Rbar_burr")):
        options = conventions.preset(name).capability_options(individuals=False)
        result = capability.normal(groups, **spec, **options)
        assert result.sigma_method == sigma
    gage = case("msa.gage_rr_crossed-01")
    study = msa.gage_rr_crossed(
        gage["part"], gage["operator"], gage["value"], **conventions.preset("AIAG").gage_options()
    )
    assert study.alpha_remove_interaction == 0.25


def test_an_unknown_preset_lists_the_known_ones():
    with pytest.raises(DataProblem) as caught:
        conventions.preset("SAS")
    assert "Minitab" in caught.value.hint


@pytest.mark.parametrize("method", ["pooled", "Rbar", "Sbar", "pooled_no_c4"])
def test_a_cpk_leads_back_to_its_sigma(shafts, method):
    groups, spec = shafts
    value = capability.normal(groups, **spec, sigma_method=method).cpk
    found = conventions.explain(f"{value:.6f}", groups, quantity="Cpk", **spec)
    assert found.found
    words = {"pooled": "pooled standard deviation / c4", "Rbar": "mean range / d2",
             "Sbar": "mean standard deviation / c4", "pooled_no_c4": "not unbiased"}  # fmt: skip
    assert words[method] in found.matches[0].convention
    assert ("LeanLab" in found.matches[0].presets) == (method == "pooled")


def test_an_overall_index_sold_as_cpk_is_found_out(shafts):
    """peers.md 5: one peer prints Cp = Pp from the overall sigma."""
    groups, spec = shafts
    value = capability.normal(groups, **spec).ppk
    found = conventions.explain(f"{value:.5f}", groups, quantity="Cpk", **spec)
    assert found.matches[0].quantity == "Ppk"
    assert "overall" in found.matches[0].convention


def test_limits_from_the_rounded_constant_are_told_from_exact_ones():
    """peers.md 5: NIST's printed individuals limits come only from d2 = 1.128."""
    x = np.random.default_rng(5).normal(50, 3, 30).round(1)
    mr = float(np.abs(np.diff(x)).mean())
    rounded = conventions.explain(f"{x.mean() + 3 * mr / 1.128:.4f}", x, quantity="UCL")
    assert "1.128 (table)" in rounded.matches[0].convention
    exact = conventions.explain(f"{x.mean() + 3 * mr / 1.1283791671:.4f}", x, quantity="UCL")
    assert "exact" in exact.matches[0].convention


def test_the_sum_of_a_match_gives_its_value(shafts):
    """Every sum of a Cp that is spelled out can be worked out again."""
    groups, spec = shafts
    found = conventions.explain("0.0", groups, quantity="Cp", **spec)
    for match in found.nearest:
        sum_ = match.sum.split(" with ")[0].replace("x", "*")
        assert eval(sum_) == pytest.approx(match.value, rel=1e-6)  # noqa: S307


@pytest.mark.parametrize(
    ("divisor", "words"),
    [("cpm", "divisor N;"), ("cpm_divisor_n_minus_1", "divisor N - 1"),
     ("cpm_s2_plus_bias2", "s^2 + (mean - T)^2")],
)  # fmt: skip
def test_the_divisor_of_a_cpm_is_named(shafts, divisor, words):
    groups, spec = shafts
    value = getattr(capability.normal(groups, **spec), divisor)
    found = conventions.explain(f"{value:.6f}", groups, quantity="Cpm", **spec)
    assert words in found.matches[0].convention


@pytest.mark.parametrize("kind", [6, 7])
def test_a_quartile_leads_back_to_its_type(kind):
    x = [3.1, 9.2, 4.4, 7.7, 5.0, 6.3]
    value = descriptive.quantiles(x, [0.25], kind=kind)[0]
    found = conventions.explain(f"{value:.4f}", x, quantity="Q1")
    assert f"type {kind}" in " ".join(m.convention for m in found.matches)


def test_skewness_and_kurtosis_lead_back_to_their_formula():
    x = np.random.default_rng(1).gamma(2, 1, 20)
    value = descriptive.summary(x).skewness_g1_adjusted
    assert (
        conventions.explain(f"{value:.6f}", x, quantity="skewness")
        .matches[0]
        .convention.startswith("G1")
    )


def test_pooling_the_interaction_explains_a_gage_result():
    gage = case("msa.gage_rr_crossed-01")
    columns = {k: gage[k] for k in ("part", "operator", "value")}
    for alpha in (0.05, 0.25):
        study = msa.gage_rr_crossed(*columns.values(), alpha_remove_interaction=alpha, tolerance=8)
        value = study.components["total_gage_rr"].pct_tolerance
        found = conventions.explain(
            f"{value:.5f}", columns, quantity="%Tolerance gage R&R", tolerance=8
        )
        treated = "pooled" if study.interaction_removed else "kept"
        assert f"interaction {treated}" in found.matches[0].convention
    old = conventions.explain(
        f"{value * 5.15 / 6:.5f}", columns, quantity="%Tolerance gage R&R", tolerance=8
    )
    assert "5.15 standard deviations" in old.matches[0].convention


@pytest.mark.parametrize(
    ("value", "words"), [("0.1110", "Clopper"), ("0.0980", "Wald"), ("0.1101", "Wilson")]
)
def test_the_interval_of_a_proportion_is_named(value, words):
    """9 of 150: upper ends 0.1108 exact, 0.0980 Wald, 0.1101 Wilson."""
    if words == "Clopper":
        exact = capability.binomial([9], [150]).pct_defective_ci[1] / 100
        value = f"{exact:.4f}"
    found = conventions.explain(value, {"events": 9, "trials": 150}, quantity="upper")
    assert words in found.matches[0].convention


def test_printed_decimals_decide_what_counts_as_equal():
    x = [1.0, 2.0, 4.0]
    assert conventions.explain("2.3", x, quantity="center").found
    assert not conventions.explain("2.30", x, quantity="center").found
    assert conventions.explain(2.3, x, quantity="center").decimals == 1
    assert conventions.explain(2.0, x, quantity="center").decimals == 0
    assert conventions.explain("2,33", x, quantity="center").found
    assert conventions.explain("2.3e0", x, quantity="center").found


def test_without_a_match_the_nearest_are_shown(shafts):
    groups, spec = shafts
    found = conventions.explain("9.99", groups, quantity="Cpk", **spec)
    assert not found.found
    gaps = [abs(m.difference) for m in found.nearest]
    assert gaps == sorted(gaps)
    assert len(gaps) >= 3
    assert "No convention known here gives 9.99" in found.sentence


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: conventions.explain("abc", [1, 2, 3]), "must be a number"),
        (lambda: conventions.explain(float("nan"), [1, 2, 3]), "must be a number"),
        (lambda: conventions.explain("1", [2, 2, 2]), "Nothing can be computed"),
        (lambda: conventions.explain("1", [1, 2, 3], quantity="Cpk"), "No quantity"),
        (lambda: conventions.explain("1", {"a": [1]}), "neither a gage study nor counts"),
        (lambda: conventions.explain("1", {"events": 5, "trials": 3}), "5 events in only 3"),
        (lambda: conventions.explain("1", {"events": 5}), "trials or an exposure"),
        (lambda: conventions.explain("1", [1, 2, 3], lsl=5, usl=4), "not below"),
    ],
)
def test_bad_questions_are_refused(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message
