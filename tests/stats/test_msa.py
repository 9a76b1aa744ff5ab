"""Measurement studies against published analyses, peers' mistakes and bad studies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import msa

# AIAG, Measurement Systems Analysis: gasket study, 3 appraisers, 3 trials, 10 parts.
GASKET = {
    "A": [[0.29, -0.56, 1.34, 0.47, -0.80, 0.02, 0.59, -0.31, 2.26, -1.36],
          [0.41, -0.68, 1.17, 0.50, -0.92, -0.11, 0.75, -0.20, 1.99, -1.25],
          [0.64, -0.58, 1.27, 0.64, -0.84, -0.21, 0.66, -0.17, 2.01, -1.31]],
    "B": [[0.08, -0.47, 1.19, 0.01, -0.56, -0.20, 0.47, -0.63, 1.80, -1.68],
          [0.25, -1.22, 0.94, 1.03, -1.20, 0.22, 0.55, 0.08, 2.12, -1.62],
          [0.07, -0.68, 1.34, 0.20, -1.28, 0.06, 0.83, -0.34, 2.19, -1.50]],
    "C": [[0.04, -1.38, 0.88, 0.14, -1.46, -0.29, 0.02, -0.46, 1.77, -1.49],
          [-0.11, -1.13, 1.09, 0.20, -1.07, -0.67, 0.01, -0.56, 1.45, -1.77],
          [-0.15, -0.96, 0.67, 0.11, -1.45, -0.49, 0.21, -0.49, 1.87, -2.16]],
}  # fmt: skip


def rows(study):
    part, operator, value = [], [], []
    for name, trials in study.items():
        for trial in trials:
            for i, reading in enumerate(trial):
                part.append(i + 1)
                operator.append(name)
                value.append(reading)
    return part, operator, value


# gage studies --------------------------------------------------------------------------------


def test_the_gasket_study_gives_the_published_components():
    # a peer finds 27.31 %, ndc 5, repeatability 0.0310 (variance of means, wrong df)
    study = msa.gage_rr_crossed(*rows(GASKET), alpha_remove_interaction=0.25)
    parts = study.components
    assert study.interaction_removed
    assert study.anova_with_interaction["part_operator"].p == pytest.approx(0.974, abs=5e-4)
    assert parts["repeatability"].variance == pytest.approx(0.0399733, abs=5e-8)
    assert parts["reproducibility"].variance == pytest.approx(0.0514553, abs=5e-8)
    assert parts["part_to_part"].variance == pytest.approx(1.0864466, abs=5e-8)
    assert parts["total_gage_rr"].pct_study_var == pytest.approx(27.86, abs=5e-3)
    assert study.ndc == 4


def test_the_gasket_study_by_averages_and_ranges():
    study = msa.gage_rr_xbar_r(*rows(GASKET))
    assert study.components["repeatability"].sd == pytest.approx(0.20188, abs=2e-5)
    assert study.components["reproducibility"].sd == pytest.approx(
        0.22963, abs=1e-4
    )  # from rounded means
    assert study.components["part_to_part"].sd == pytest.approx(1.10456, abs=2e-4)
    assert study.components["total_gage_rr"].pct_study_var == pytest.approx(26.68, abs=0.01)


def test_the_alpha_of_the_interaction_is_an_option_of_the_result():
    assert msa.gage_rr_crossed(*rows(GASKET)).alpha_remove_interaction == 0.05
    kept = msa.gage_rr_crossed(*rows(GASKET), alpha_remove_interaction=1.0)
    assert not kept.interaction_removed
    assert kept.anova_without_interaction is None
    assert kept.components["operator_part"].variance == 0  # a negative component is none


cells = st.lists(st.integers(-999, 999), min_size=3 * 3 * 2, max_size=3 * 3 * 2)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(cells, st.permutations(range(18)), st.integers(-10_000, 10_000))
def test_components_add_up_and_neither_order_nor_origin_matters(readings, order, shift):
    part = [1, 1, 2, 2, 3, 3] * 3
    operator = ["a"] * 6 + ["b"] * 6 + ["c"] * 6
    try:
        study = msa.gage_rr_crossed(part, operator, readings)
    except DataProblem:
        return
    got = study.components
    gage = got["repeatability"].variance + got["reproducibility"].variance
    assert got["total_gage_rr"].variance == pytest.approx(gage)
    total = got["total_gage_rr"].pct_contribution + got["part_to_part"].pct_contribution
    assert total == pytest.approx(100)
    shares = [got[n].pct_study_var ** 2 for n in ("total_gage_rr", "part_to_part")]
    assert sum(shares) == pytest.approx(1e4)
    again = msa.gage_rr_crossed(
        [part[i] for i in order], [operator[i] for i in order], [readings[i] + shift for i in order]
    )
    for name, component in got.items():
        assert again.components[name].variance == pytest.approx(
            component.variance, rel=1e-7, abs=1e-7
        )


def test_sums_of_squares_add_up_to_the_total():
    table = msa.gage_rr_crossed(*rows(GASKET)).anova_with_interaction
    assert sum(r.ss for n, r in table.items() if n != "total") == pytest.approx(table["total"].ss)
    assert sum(r.df for n, r in table.items() if n != "total") == table["total"].df


def test_the_operator_of_a_nested_study_is_tested_with_the_freedom_of_the_parts():
    # R's SixSigma takes the freedom of repeatability
    from scipy.stats import f as f_distribution

    part, operator = [1, 1, 2, 2, 3, 3] * 2, ["a"] * 6 + ["b"] * 6
    value = [5.0, 5.2, 6.1, 6.0, 5.5, 5.4, 6.6, 6.5, 7.0, 7.2, 6.1, 6.3]
    row = msa.gage_rr_nested(part, operator, value).anova["operator"]
    assert row.p == pytest.approx(f_distribution.sf(row.f, 1, 4), rel=1e-10)


def test_labels_may_be_words_numbers_or_arrays():
    part, operator, value = rows(GASKET)
    expected = msa.gage_rr_crossed(part, operator, value).components["repeatability"].variance
    for labels in ([f"P{p}" for p in part], np.asarray(part), np.asarray(part) * 10.0):
        got = msa.gage_rr_crossed(labels, np.asarray(operator), value)
        assert got.components["repeatability"].variance == pytest.approx(expected, rel=1e-12)


# agreement -----------------------------------------------------------------------------------


def test_cohens_example_of_1960():
    # Cohen 1960, table 1: psychologists, kappa 0.492 from shares .25 .13 .12 | .12 .02 .16 | ...
    shares = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    a = [str(i) for i, row in enumerate(shares) for n in row for _ in range(n)]
    b = [str(j) for row in shares for j, n in enumerate(row) for _ in range(n)]
    result = msa.cohen_kappa(a, b)
    assert result.observed_agreement == pytest.approx(0.70)
    assert result.expected_agreement == pytest.approx(0.41)
    assert result.kappa == pytest.approx(0.4915, abs=5e-5)


def test_cohens_errors_are_those_of_statsmodels():
    from statsmodels.stats.inter_rater import cohens_kappa

    random = np.random.default_rng(1)
    a = random.integers(0, 4, 200)
    b = np.where(random.random(200) < 0.6, a, random.integers(0, 4, 200))
    result = msa.cohen_kappa(a, b)
    theirs = cohens_kappa(result.table)
    assert result.ase == pytest.approx(theirs.std_kappa)
    assert result.se_null == pytest.approx(theirs.std_kappa0)


def test_agreement_by_chance_gives_a_kappa_near_nothing():
    ratings = np.random.default_rng(2).integers(0, 3, (2000, 4)).astype(str)
    assert abs(msa.fleiss_kappa(ratings.tolist()).overall.kappa) < 0.02


def test_perfect_agreement_at_the_ends_uses_one_bound():
    part = list(range(1, 21)) * 2
    result = msa.attribute_agreement(
        ["A"] * 40, part, [1] * 20 + [2] * 20, ["ok" if p % 2 else "nok" for p in part]
    ).within_appraiser["A"]
    assert result.percent == 100
    assert result.ci95_one_sided_at_extremes[0] == pytest.approx(86.09, abs=5e-3)
    assert result.ci95[0] == pytest.approx(83.16, abs=5e-3)


def test_the_standard_may_come_by_label_and_rows_in_any_order():
    appraiser, part = ["A", "A", "B", "B"] * 2, ["x", "y"] * 4
    trial, rating = [1] * 4 + [2] * 4, list("npnppnnp")
    by_place = msa.attribute_agreement(appraiser, part, trial, rating, standard_by_part=["n", "p"])
    order = [7, 2, 5, 0, 3, 6, 1, 4]
    by_label = msa.attribute_agreement(
        [appraiser[i] for i in order], [part[i] for i in order], [trial[i] for i in order],
        [rating[i] for i in order], standard_by_part={"y": "p", "x": "n"},
    )  # fmt: skip
    for name in ("A", "B"):
        one, two = by_label.appraiser_vs_standard[name], by_place.appraiser_vs_standard[name]
        assert repr(one) == repr(two)
    assert by_place.appraiser_vs_standard["A"].disagreements.mixed == 2
    assert by_place.appraiser_vs_standard["B"].matched == 2


def test_ordinal_ratings_get_kendalls_measures():
    part = list(range(1, 7)) * 2
    rating = [1, 2, 2, 3, 4, 5, 1, 2, 3, 3, 4, 5]
    result = msa.attribute_agreement(
        ["A"] * 12, part, [1] * 6 + [2] * 6, rating, ordinal=True, categories=[1, 2, 3, 4, 5],
        standard_by_part=[1, 2, 3, 3, 4, 5],
    )  # fmt: skip
    within, against = result.within_appraiser["A"], result.appraiser_vs_standard["A"]
    from scipy.stats import kendalltau

    standard = [1, 2, 3, 3, 4, 5]
    taus = [kendalltau(rating[:6], standard).statistic, kendalltau(rating[6:], standard).statistic]
    assert against.kendall_tau_b == pytest.approx(np.mean(taus))
    assert 0.9 < within.kendall.w <= 1


# bias ----------------------------------------------------------------------------------------


def test_linearity_of_the_aiag_example():
    # AIAG MSA, chapter III, linearity: slope -0.1317, intercept 0.7367, R squared 71.4 %
    readings = [
        [2.7, 2.5, 2.4, 2.5, 2.7, 2.3, 2.5, 2.5, 2.4, 2.4, 2.6, 2.4],
        [5.1, 3.9, 4.2, 5.0, 3.8, 3.9, 3.9, 3.9, 3.9, 4.0, 4.1, 3.8],
        [5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1, 6.4, 6.3, 6.0, 6.1],
        [7.6, 7.7, 7.8, 7.7, 7.8, 7.8, 7.8, 7.7, 7.8, 7.5, 7.6, 7.7],
        [9.1, 9.3, 9.5, 9.3, 9.4, 9.5, 9.5, 9.5, 9.6, 9.2, 9.3, 9.4],
    ]
    result = msa.linearity_bias([2, 4, 6, 8, 10], readings, process_variation=6)
    assert result.slope == pytest.approx(-0.1317, abs=5e-5)
    assert result.intercept == pytest.approx(0.7367, abs=5e-5)
    assert result.r_squared == pytest.approx(0.714, abs=1e-3)
    assert result.bias_by_reference == pytest.approx(
        [0.4917, 0.125, 0.025, -0.2917, -0.6167], abs=5e-5
    )


def test_a_wide_tolerance_makes_a_gage_capable():
    x = np.random.default_rng(3).normal(10, 0.01, 50)
    result = msa.type1(x, reference=10.0, tolerance=1.0)
    assert result.cg == pytest.approx(0.2 / (6 * x.std(ddof=1)))
    assert result.cgk <= result.cg
    assert msa.type1(x, reference=10.0, tolerance=2.0).cg == pytest.approx(2 * result.cg)


# bad data ------------------------------------------------------------------------------------

PART, OPERATOR, VALUE = (
    [1, 1, 2, 2] * 2,
    ["a"] * 4 + ["b"] * 4,
    [1.0, 1.1, 2, 2.1, 1.2, 1.3, 2, 2.2],
)


def changed(values, at, value):
    return [value if i == at else v for i, v in enumerate(values)]


BAD = [
    ("missing reading", lambda: msa.gage_rr_crossed(PART, OPERATOR, changed(VALUE, 2, None)), "row 3"),
    ("text", lambda: msa.gage_rr_crossed(PART, OPERATOR, changed(VALUE, 2, "x")), "row 3"),
    ("infinite", lambda: msa.gage_rr_crossed(PART, OPERATOR, changed(VALUE, 2, np.inf)), "row 3"),
    ("missing label", lambda: msa.gage_rr_crossed(changed(PART, 1, None), OPERATOR, VALUE), "row 2"),
    ("uneven", lambda: msa.gage_rr_crossed(PART[:-1], OPERATOR[:-1], VALUE[:-1]), "Part 2"),
    ("missing cell", lambda: msa.gage_rr_crossed(PART[:6], OPERATOR[:6], VALUE[:6]), "operator b"),
    ("one operator", lambda: msa.gage_rr_crossed(PART, ["a"] * 8, VALUE), "operator"),
    ("one trial", lambda: msa.gage_rr_crossed(PART[::2], OPERATOR[::2], VALUE[::2]), "once"),
    ("all equal", lambda: msa.gage_rr_crossed(PART, OPERATOR, [5.0] * 8), "All 8"),
    ("constant gage", lambda: msa.gage_rr_crossed(PART, OPERATOR, [1.0, 1, 2, 2] * 2), "no variation"),
    ("tolerance 0", lambda: msa.gage_rr_crossed(PART, OPERATOR, VALUE, tolerance=0), "tolerance"),
    ("lengths", lambda: msa.gage_rr_crossed(PART, OPERATOR, VALUE[:-1]), "readings"),
    ("empty", lambda: msa.gage_rr_crossed([], [], []), "no readings"),
    ("nested, uneven parts", lambda: msa.gage_rr_nested([1, 1, 2, 2, 1, 1], ["a"] * 4 + ["b"] * 2,
                                                        VALUE[:6]), "Operator b"),
    ("nested constant", lambda: msa.gage_rr_nested(PART, OPERATOR, [5.0] * 8), "All 8"),
    ("xbar-r constant gage", lambda: msa.gage_rr_xbar_r(PART, OPERATOR, [1.0, 1, 2, 2] * 2), "no variation"),
    ("one rating", lambda: msa.fleiss_kappa([["a"], ["b"]]), "two ratings"),
    ("uneven ratings", lambda: msa.fleiss_kappa([["a", "b"], ["b"]]), "Part 2"),
    ("missing rating", lambda: msa.cohen_kappa(["a", None], ["a", "b"]), "row 2"),
    ("strange category", lambda: msa.cohen_kappa(["a", "c"], ["a", "b"], ["a", "b"]), "'c'"),
    ("no order", lambda: msa.kendall_w([[1, 1], [1, 1]]), "tells the parts apart"),
    ("missing ordinal", lambda: msa.kendall_w([[1, None], [2, 1]]), "part 1"),
    ("doubled rating", lambda: msa.attribute_agreement(["A", "A"], [1, 1], [1, 1], ["y", "n"]), "Row 2"),
    ("missing cell of ratings",
     lambda: msa.attribute_agreement(["A", "A", "A"], [1, 2, 1], [1, 1, 2], ["y", "n", "y"]), "part 2"),
    ("short standard", lambda: msa.attribute_agreement(["A", "A"], [1, 2], [1, 1], ["y", "n"],
                                                       standard_by_part=["y"]), "standards"),
    ("no standard for a part", lambda: msa.attribute_agreement(["A", "A"], [1, 2], [1, 1], ["y", "n"],
                                                              standard_by_part={"1": "y"}), "Part 2"),
    ("equal readings", lambda: msa.type1([5.0, 5.0], reference=5, tolerance=1), "All 2"),
    ("one reading", lambda: msa.type1([5.0], reference=5, tolerance=1), "1 value"),
    ("no tolerance", lambda: msa.type1([5.0, 5.1], reference=5, tolerance=0), "Tolerance"),
    ("one reference", lambda: msa.linearity_bias([2], [[2.1, 2.2]]), "two different"),
    ("reference without readings", lambda: msa.linearity_bias([2, 4], [[2.1, 2.2], []]), "Reference 2"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "says"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_studies_get_a_sentence_that_names_the_place(call, says):
    with pytest.raises(DataProblem) as caught:
        call()
    assert says in caught.value.message
