"""Linear, polynomial and logistic regression, selection, Deming and covariance."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import regression
from tests.stats.published import CEMENT, CHD, CHD_AGE, FIBRE, FILIP_X, FILIP_Y, STACK

CANDIDATES = ["x1", "x2", "x3", "x4"]


def test_brownlees_stack_loss_is_met():
    fit = regression.ols(STACK, "loss", ["air", "water", "acid"])
    assert fit.coef == pytest.approx([-39.9197, 0.7156, 1.2953, -0.1521], abs=5e-5)
    assert fit.se == pytest.approx([11.8960, 0.1349, 0.3680, 0.1563], abs=5e-5)
    assert fit.s == pytest.approx(3.243, abs=5e-4)
    assert fit.r_squared == pytest.approx(0.9136, abs=5e-5)


def test_diagnostics_are_those_of_statsmodels():
    from statsmodels.regression.linear_model import OLS

    x = np.column_stack([STACK["air"], STACK["water"], STACK["acid"]])
    theirs = OLS(np.asarray(STACK["loss"], float), np.column_stack([np.ones(21), x])).fit()
    influence = theirs.get_influence()
    fit = regression.ols(STACK, "loss", ["air", "water", "acid"])
    assert fit.cooks_distance == pytest.approx(influence.cooks_distance[0])
    assert fit.dffits == pytest.approx(influence.dffits[0])
    assert fit.studentized_deleted_residual == pytest.approx(influence.resid_studentized_external)
    assert fit.press == pytest.approx((influence.resid_press**2).sum())
    assert fit.aic == pytest.approx(theirs.aic + 2)  # sigma counts as a parameter


def test_pure_error_is_split_off_where_rows_repeat():
    # Montgomery, Peck and Vining, example 4.8 (lack of fit): F = 13.19 with 8 and 7
    x = [1, 1, 2, 3.3, 3.3, 4, 4, 4, 4.7, 5, 5.6, 5.6, 5.6, 6, 6, 6.5, 6.9]
    y = [
        10.84, 9.30, 16.35, 22.88, 24.35, 24.56, 25.86, 29.16, 24.59, 22.25, 25.90, 27.20, 25.61,
        25.45, 26.56, 21.03, 21.46,
    ]  # fmt: skip
    lack = regression.ols({"x": x, "y": y}, "y", ["x"]).lack_of_fit
    assert (lack.df, lack.df_pure_error) == (8, 7)
    assert lack.ss_pure_error == pytest.approx(15.5628, abs=5e-4)
    assert lack.ss == pytest.approx(234.57, abs=5e-3)
    assert lack.f == pytest.approx(13.19, abs=5e-3)


def test_powers_and_products_are_terms():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=30), rng.normal(size=30)
    y = 1 + 2 * a - b + 3 * a**2 + 4 * a * b
    fit = regression.ols({"a": a, "b": b, "y": y + 1e-3 * rng.normal(size=30)}, "y",
                         ["a", "b", "a^2", "a:b"], new_data={"a": [1.0], "b": [2.0]})  # fmt: skip
    assert fit.coef == pytest.approx([1, 2, -1, 3, 4], abs=5e-3)
    assert fit.prediction.fit == pytest.approx([12.0], abs=5e-3)


def test_the_interval_of_one_value_is_wider_than_that_of_the_average():
    fit = regression.ols(STACK, "loss", ["air"], new_data={"air": [50, 60, 90]})
    ahead = fit.prediction
    assert np.all(ahead.pi_upper - ahead.pi_lower > ahead.ci_upper - ahead.ci_lower)
    assert ahead.fit == pytest.approx(fit.coef[0] + fit.coef[1] * np.asarray([50, 60, 90]))


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_moving_and_scaling_a_column_changes_no_fit(shift, scale):
    moved = STACK | {"air": [v * scale + shift for v in STACK["air"]]}
    plain = regression.ols(STACK, "loss", ["air", "water"])
    other = regression.ols(moved, "loss", ["air", "water"])
    assert other.r_squared == pytest.approx(plain.r_squared, rel=1e-6)
    assert other.t[1:] == pytest.approx(plain.t[1:], rel=1e-6)


def test_a_model_without_intercept_is_judged_about_zero():
    # NIST StRD NoInt1, certified
    data = {"x": np.arange(60.0, 71.0), "y": np.arange(130.0, 141.0)}
    fit = regression.ols(data, "y", ["x"], intercept=False)
    assert fit.coef[0] == pytest.approx(2.07438016528926, rel=1e-14)
    assert fit.s == pytest.approx(3.56753034006338, rel=1e-13)
    assert fit.r_squared == pytest.approx(0.999365492298663, rel=1e-14)


def test_nists_wampler_polynomials_are_exact():
    # NIST StRD Wampler1, 4 and 5: every coefficient is 1, whatever the size of the disturbance
    delta = [
        759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048,
        2048, -2048, 2523, -2048, 2048, -2048, 759,
    ]  # fmt: skip
    x = np.arange(21.0)
    for size, se in ((0, 0.0), (100, 215232.624678170), (10_000, 21523262.4678170)):
        y = sum(x**k for k in range(6)) + size * np.asarray(delta, float)
        fit = regression.polynomial(x, y, degree=5)
        assert fit.coef == pytest.approx(np.ones(6), abs=2e-7)
        assert fit.se[0] == pytest.approx(se, rel=1e-12)


def test_nists_filip_polynomial_of_degree_ten():
    # NIST StRD Filip, certified
    fit = regression.polynomial(FILIP_X, FILIP_Y, degree=10)
    certified = {
        0: (-1467.48961422980, 298.084530995537),
        1: (-2772.17959193342, 559.779865474950),
        5: (-75.1242017393757, 15.2897178747400),
        10: (-0.402962525080404e-4, 0.896632837373868e-5),
    }
    for power, (value, error) in certified.items():
        assert fit.coef[power] == pytest.approx(value, rel=1e-12)
        assert fit.se[power] == pytest.approx(error, rel=1e-12)
    assert fit.s == pytest.approx(0.334801051324544e-2, rel=1e-11)
    assert fit.r_squared == pytest.approx(0.996727416185620, rel=1e-13)


def test_a_polynomial_of_degree_ten_keeps_its_digits():
    """Like NIST's Filip (x from -9 to -3), against exact arithmetic in fractions."""
    rng = np.random.default_rng(3)
    x = np.round(np.linspace(-8.78, -3.13, 40), 4)
    y = np.round(0.8 + 0.05 * np.sin(3 * x) + rng.normal(0, 0.003, 40), 4)
    fit = regression.polynomial(x, y, degree=10)
    powers = [[Fraction(float(v)) ** k for k in range(11)] for v in x]
    rows = [
        [sum(r[i] * r[j] for r in powers) for j in range(11)]
        + [sum(r[i] * Fraction(float(v)) for r, v in zip(powers, y, strict=True))]
        for i in range(11)
    ]
    exact = [float(v) for v in _solved(rows)]
    assert fit.coef == pytest.approx(exact, rel=1e-9)


def _solved(rows):
    """Gauss-Jordan elimination in fractions."""
    n = len(rows)
    for i in range(n):
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for j in range(n):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[n] for row in rows]


def test_sequential_squares_of_a_polynomial_add_up():
    fit = regression.polynomial(STACK["air"], STACK["loss"], degree=3)
    assert fit.ss_sequential.sum() == pytest.approx(fit.ss_regression)
    line = regression.ols(STACK, "loss", ["air"])
    assert fit.ss_sequential[0] == pytest.approx(line.ss_regression)
    assert fit.f_sequential[0] == pytest.approx(line.f)


def test_a_line_predicts_as_a_regression_and_as_a_polynomial():
    new = [40.0, 60.0, 95.0]
    line = regression.ols(STACK, "loss", ["air"], new_data={"air": new}, confidence=0.9).prediction
    other = regression.polynomial(
        STACK["air"], STACK["loss"], degree=1, new_x=new, confidence=0.9
    ).prediction
    for field in ("fit", "se_fit", "ci_lower", "pi_upper"):
        assert getattr(other, field) == pytest.approx(getattr(line, field))


def test_halds_cement_by_best_subsets_is_met():
    # Draper and Smith, Applied Regression Analysis, chapter 15
    best = regression.best_subsets(CEMENT, "y", CANDIDATES)
    assert [b.terms for b in best] == [("x4",), ("x1", "x2"), ("x1", "x2", "x4"), tuple(CANDIDATES)]
    assert [b.mallows_cp for b in best] == pytest.approx([138.73, 2.68, 3.02, 5.0], abs=5e-3)
    assert best[1].r_squared == pytest.approx(0.979, abs=5e-4)


def test_halds_cement_stepwise_is_met():
    # Draper and Smith, chapter 15: x4, x1 and x2 enter, then x4 leaves
    result = regression.stepwise(CEMENT, "y", CANDIDATES)
    assert [(s.action, s.term) for s in result.steps] == [
        ("add", "x4"), ("add", "x1"), ("add", "x2"), ("remove", "x4"),
    ]  # fmt: skip
    assert result.coef == pytest.approx([52.5773, 1.4683, 0.6623], abs=5e-5)


def test_forward_never_removes_and_backward_never_adds():
    forward = regression.stepwise(CEMENT, "y", CANDIDATES, mode="forward")
    backward = regression.stepwise(CEMENT, "y", CANDIDATES, mode="backward")
    assert {s.action for s in forward.steps} == {"add"}
    assert {s.action for s in backward.steps} == {"remove"}
    assert forward.selected == ("x1", "x2", "x4")
    assert backward.selected == ("x1", "x2")


def test_nothing_worth_adding_leaves_the_average():
    rng = np.random.default_rng(4)
    data = {"y": rng.normal(size=20), "x": rng.normal(size=20)}
    result = regression.stepwise(data, "y", ["x"], alpha_to_enter=0.0001, alpha_to_remove=0.0001)
    assert result.selected == ()
    assert result.coef == pytest.approx([data["y"].mean()])
    assert (result.r_squared, result.s) == pytest.approx((0.0, data["y"].std(ddof=1)))


def test_heart_disease_by_age_is_met():
    # Hosmer and Lemeshow, Applied Logistic Regression, table 1.3
    fit = regression.logistic({"age": CHD_AGE, "chd": CHD}, "chd", ["age"])
    assert fit.coef == pytest.approx([-5.309, 0.111], abs=6e-4)
    assert fit.se == pytest.approx([1.134, 0.024], abs=6e-4)
    assert fit.loglik == pytest.approx(-53.677, abs=6e-4)
    assert fit.g_statistic == pytest.approx(29.31, abs=5e-3)


def test_the_fit_of_heart_disease_is_judged_as_in_the_book():
    # Hosmer and Lemeshow, section 5.2: C = 0.890, p = 0.999 with 8 degrees of freedom
    fit = regression.logistic({"age": CHD_AGE, "chd": CHD}, "chd", ["age"])
    result = regression.hosmer_lemeshow(CHD, fit.fitted)
    assert result.chi2 == pytest.approx(0.890, abs=5e-4)
    assert result.df == 8
    assert result.p_value == pytest.approx(0.999, abs=5e-4)
    assert result.n.sum() == 100


def test_counts_and_single_trials_give_one_fit():
    events, trials, dose = [1, 4, 9, 13], [20, 22, 21, 20], [1.0, 2.0, 4.0, 8.0]
    counts = {"dose": dose, "events": events, "trials": trials}
    grouped = regression.logistic(counts, "events", ["dose"], trials="trials")
    rows = [(d, int(i < e)) for d, e, t in zip(dose, events, trials, strict=True) for i in range(t)]
    single = {"dose": [d for d, _ in rows], "fail": [f for _, f in rows]}
    one = regression.logistic(single, "fail", ["dose"])
    assert one.coef == pytest.approx(grouped.coef)
    assert one.se == pytest.approx(grouped.se)
    assert one.g_statistic == pytest.approx(grouped.g_statistic)
    assert grouped.mcfadden_r2 is None


@pytest.mark.parametrize("fail", [[0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 1, 1]])
def test_complete_separation_is_told_and_overlap_is_not(fail):
    data = {"fail": fail, "x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    if fail[2] == 0:
        with pytest.raises(DataProblem, match="separates"):
            regression.logistic(data, "fail", ["x"])
    else:
        assert regression.logistic(data, "fail", ["x"]).coef[1] > 0


def test_separation_at_one_value_is_told_too():
    data = {"fail": [0, 0, 0, 1, 1, 1], "x": [1.0, 2.0, 3.0, 3.0, 5.0, 6.0]}
    with pytest.raises(DataProblem, match="separates"):
        regression.logistic(data, "fail", ["x"])


def test_montgomerys_fibres_are_met():
    # Design and Analysis of Experiments, section 15-3.1, tables 15-11 to 15-13
    result = regression.ancova(FIBRE, "strength", covariate="diameter", factor="machine")
    assert result.coef["diameter"] == pytest.approx(0.954, abs=5e-4)
    assert result.ss_adj_factor == pytest.approx(13.28, abs=5e-3)
    assert result.ss_error == pytest.approx(27.99, abs=5e-3)
    assert result.f_factor == pytest.approx(2.61, abs=5e-3)
    assert result.p_factor == pytest.approx(0.1181, abs=5e-5)
    means = [result.adjusted_mean[machine] for machine in "123"]
    assert means == pytest.approx([40.38, 41.42, 38.80], abs=5e-3)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.floats(0.1, 10))
def test_deming_turns_round_with_its_axes(ratio):
    x, y = [1.0, 2.1, 2.9, 4.2, 5.0, 6.3], [1.3, 1.8, 3.3, 3.9, 5.4, 6.0]
    one = regression.deming(x, y, error_variance_ratio=ratio)
    other = regression.deming(y, x, error_variance_ratio=1 / ratio)
    assert one.slope == pytest.approx(1 / other.slope)


def test_deming_with_an_exact_x_is_ordinary_regression():
    x, y = [1.0, 2.1, 2.9, 4.2, 5.0, 6.3], [1.3, 1.8, 3.3, 3.9, 5.4, 6.0]
    deming = regression.deming(x, y, error_variance_ratio=1e12)
    line = regression.ols({"x": x, "y": y}, "y", ["x"])
    assert (deming.intercept, deming.slope) == pytest.approx(tuple(line.coef), rel=1e-3)


def test_the_jackknife_leaves_each_pair_out_in_turn():
    x, y = [1.0, 2.1, 2.9, 4.2, 5.0, 6.3], [1.3, 1.8, 3.3, 3.9, 5.4, 6.0]
    rest = [
        regression.deming(x[:i] + x[i + 1 :], y[:i] + y[i + 1 :], error_variance_ratio=2)
        for i in range(6)
    ]
    whole = regression.deming(x, y, error_variance_ratio=2)
    for field, se in (("slope", "se_slope_jackknife"), ("intercept", "se_intercept_jackknife")):
        values = np.asarray([getattr(fit, field) for fit in rest])
        literal = np.sqrt(5 / 6 * ((values - values.mean()) ** 2).sum())
        assert getattr(whole, se) == pytest.approx(literal)


XY = {"y": [1, 2, 4, 3, 6], "x": [1, 2, 3, 4, 5], "c": [7, 7, 7, 7, 7], "t": list("abcde")}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: regression.ols(XY, "z", ["x"]), "no column 'z'"),
        (lambda: regression.ols(XY, "y", ["w"]), "no column 'w'"),
        (lambda: regression.ols(XY, "y", ["y"]), "explain itself"),
        (lambda: regression.ols(XY, "y", ["x", "x"]), "given twice"),
        (lambda: regression.ols(XY, "y", ["c"]), "same value in all rows"),
        (lambda: regression.ols(XY, "y", ["t"]), "t in row 1 is not a number"),
        (lambda: regression.ols(XY | {"d": [2, 4, 6, 8, 10]}, "y", ["x", "d"]), "d is determined"),
        (lambda: regression.ols(XY, "y", ["x", "x^2", "x^3", "x^4"]), "too few"),
        (lambda: regression.ols(XY | {"s": [1, 2]}, "y", ["s"]), "s has 2 rows"),
        (lambda: regression.ols({"y": [1, None], "x": [None, 2]}, "y", ["x"]), "No row has all"),
        (lambda: regression.ols(XY, "y", [], intercept=False), "no term"),
        (lambda: regression.polynomial([1, 1, 2, 2], [1, 2, 3, 4], degree=2), "different X"),
        (lambda: regression.polynomial([1, 2, 3], [1, 2, 3], degree=0), "at least 1|1 to 20"),
        (lambda: regression.logistic(XY, "y", ["x"]), "must be 0 or 1"),
        (lambda: regression.logistic({"y": [1, 1], "x": [1, 2]}, "y", ["x"]), "nothing to explain"),
        (lambda: regression.logistic({"y": [3], "n": [2], "x": [1]}, "y", ["x"], trials="n"),
         "exceeds the sample"),
        (lambda: regression.hosmer_lemeshow([0, 1], [0.2, 1.4]), "between 0 and 1"),
        (lambda: regression.hosmer_lemeshow([0, 1, 0], [0.5, 0.5, 0.5]), "too few different"),
        (lambda: regression.deming([1, 2], [1, 2]), "at least 3"),
        (lambda: regression.deming([1, 2, 3], [1, 2, 3], error_variance_ratio=0), "above 0"),
        (lambda: regression.deming([-1, 0, 1], [1, 0, 1]), "do not go together"),
        (lambda: regression.ancova(XY | {"g": ["a"] * 5}, "y", covariate="x", factor="g"),
         "fewer than two levels"),
        (lambda: regression.ancova(XY, "y", covariate="x", factor="nope"), "no column 'nope'"),
        (lambda: regression.stepwise(XY, "y", ["x"], mode="sideways"), "Unknown mode"),
        (lambda: regression.stepwise(XY, "y", ["x"], alpha_to_enter=0.3), "come and go"),
        (lambda: regression.best_subsets(XY, "y", []), "no candidates"),
        (lambda: regression.best_subsets(XY, "y", [f"x^{i}" for i in range(1, 19)]), "too many"),
    ],
)  # fmt: skip
def test_bad_models_are_named(call, words):
    with pytest.raises(DataProblem, match=words):
        call()


def test_an_exact_fit_has_no_error_and_no_warning():
    fit = regression.ols({"x": [1, 2, 3, 4], "y": [3, 5, 7, 9]}, "y", ["x"])
    assert (fit.s, fit.r_squared, fit.p_model) == (0.0, 1.0, 0.0)
    assert np.isinf(fit.f)


def test_a_group_at_one_place_has_no_slope_of_its_own():
    """Values of R 4.2.2: anova(lm(y ~ x + g), lm(y ~ x * g)) with one row in group C."""
    data = {
        "y": [1.0, 2.1, 2.9, 4.2, 2.0, 3.5, 5.1, 6.2, 4.0],
        "x": [1, 2, 3, 4, 1, 2, 3, 4, 2],
        "g": list("AAAABBBBC"),
    }
    fit = regression.ancova(data, "y", covariate="x", factor="g")
    assert fit.p_interaction == pytest.approx(0.0191036623922059, rel=1e-12)
