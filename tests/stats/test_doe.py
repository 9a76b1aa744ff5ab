"""Designs against their published tables and properties, and the effects of known experiments."""

import itertools

import numpy as np
import pytest

from leanlab.core.errors import DataProblem
from leanlab.stats import doe

# Montgomery, Design and Analysis of Experiments, table 6.10: filtration rate, standard order.
FILTRATION = [45, 71, 48, 65, 68, 60, 80, 65, 43, 100, 45, 104, 75, 86, 70, 96]
TERMS = ["".join(c) for n in range(1, 5) for c in itertools.combinations("ABCD", n)]


# two-level designs ---------------------------------------------------------------------------


def test_montgomery_filtration_effects():
    design = doe.factorial_2level(4).design
    result = doe.factorial_effects(design, "ABCD", FILTRATION, TERMS)
    effect = dict(zip(result.terms, result.effect.tolist(), strict=True))
    assert effect["A"] == 21.625
    assert effect["AC"] == -18.125
    assert effect["AD"] == 16.625
    assert effect["D"] == 14.625
    assert effect["C"] == 9.875
    assert set(result.significant_05) == {"A", "C", "D", "AC", "AD"}
    assert result.intercept == 70.0625


def test_half_normal_scores_are_those_of_r():
    """R 4.2.2: qnorm(0.5 * ((rank(abs(e)) - 0.5) / length(e) + 1)), as DanielPlot of BsMD has it."""
    design = doe.factorial_2level(4).design
    names = ["A", "B", "C", "D", "AB", "AC", "BC", "AD", "BD", "CD", "ABC", "ABD", "ACD", "BCD", "ABCD"]  # fmt: skip
    result = doe.factorial_effects(design, "ABCD", FILTRATION, names)
    expected = [
        2.12804523418499, 0.783500375389774, 1.03643338949379, 1.19181617168139,
        0.0417892978164539, 1.64485362695147, 0.572967548495463, 1.38299412710064,
        0.125661346855074, 0.210428394247925, 0.477040428489443, 0.902734791643865,
        0.385320466407568, 0.674489750196082, 0.296737838259898,
    ]  # fmt: skip
    np.testing.assert_allclose(doe.half_normal_scores(result.effect), expected, rtol=1e-12)
    assert result.lenth.pse == pytest.approx(2.625, rel=1e-14)  # the same R session
    tied = [0.430727299295457, 0.430727299295457, 0.967421566101701, 0.104633455614075,
            0.967421566101701, 1.731664396122244]  # fmt: skip
    np.testing.assert_allclose(doe.half_normal_scores([1, -1, 3, 0, -3, 5]), tied, rtol=1e-12)
    with pytest.raises(DataProblem):
        doe.half_normal_scores([])


def test_lenth_is_for_saturated_models_only():
    design = doe.factorial_2level(4).design
    assert doe.factorial_effects(design, "ABCD", FILTRATION, TERMS).df_error == 0
    reduced = doe.factorial_effects(design, "ABCD", FILTRATION, ["A", "C", "D", "AC", "AD"])
    assert reduced.lenth is None
    assert reduced.df_error == 10
    assert reduced.p_value.max() < 0.05


def test_a_lost_run_leaves_the_rest_to_be_fitted():
    design = np.tile(doe.factorial_2level(2).design, (2, 1))
    y = [1.0, 3, 2, 6, 1.2, 3.1, 2.1, None]
    result = doe.factorial_effects(design, ["speed", "feed"], y, ["speed", "feed", "speed:feed"])
    x = np.c_[np.ones(7), design[:7], design[:7, 0] * design[:7, 1]]
    expected = np.linalg.lstsq(x, np.array(y[:7], dtype=float), rcond=None)[0]
    assert [result.intercept, *result.coef] == pytest.approx(expected)


def test_the_half_fraction_of_five_factors_is_of_resolution_five():
    design = doe.factorial_2level(5, ["E=ABCD"])
    assert (design.resolution, design.runs) == (5, 16)
    assert design.aliases["A"] == ()
    assert design.aliases["AB"] == ("CDE",)
    assert np.array_equal(design.design[:, 4], np.prod(design.design[:, :4], axis=1))


def test_the_other_half_turns_every_sign():
    design = doe.factorial_2level(3, ["C=-AB"])
    assert design.defining_relation == ("-ABC",)
    assert design.aliases["A"] == ("-BC",)


@pytest.mark.parametrize(
    ("factors", "runs", "resolution", "words"),
    [  # Chen, Sun and Wu 1993; Wu and Hamada, Experiments, tables 5A.2 to 5A.4
        (5, 8, 3, {3: 2, 4: 1}), (6, 8, 3, {3: 4, 4: 3}), (8, 16, 4, {4: 14}),
        (9, 16, 3, {3: 4, 4: 14}), (10, 16, 3, {3: 8, 4: 18}), (11, 16, 3, {3: 12, 4: 26}),
        (7, 32, 4, {4: 1, 5: 2}), (8, 32, 4, {4: 3, 5: 4}), (9, 32, 4, {4: 6, 5: 8}),
        (10, 32, 4, {4: 10, 5: 16}), (11, 32, 4, {4: 25}), (12, 32, 4, {4: 38}),
        (9, 64, 4, {4: 1, 5: 4}), (10, 64, 4, {4: 2, 5: 8}), (11, 64, 4, {4: 4, 5: 14}),
        (9, 128, 6, {6: 3}), (11, 128, 5, {5: 6}),
    ],
)  # fmt: skip
def test_minimum_aberration_designs_of_the_catalogues(factors, runs, resolution, words):
    found = doe.minimum_aberration(factors, runs)
    assert found.resolution == resolution
    assert {n: found.wlp[n] for n in words} == words
    built = doe.factorial_2level(factors, found.generators)
    assert built.runs == runs
    assert built.wlp == {n: count for n, count in found.wlp.items() if count}


# other designs -------------------------------------------------------------------------------


@pytest.mark.parametrize("runs", [8, 12, 16, 20, 24, 28, 32, 36, 44, 48])
def test_plackett_burman_columns_are_orthogonal_and_balanced(runs):
    # a peer raises an error at 27 factors
    design = doe.plackett_burman(runs, runs - 1).design
    assert np.array_equal(design.T @ design, runs * np.eye(runs - 1))
    assert not design.sum(axis=0).any()
    assert np.all(design[-1] == -1)


@pytest.mark.parametrize(("factors", "runs"), [(3, 12), (4, 24), (5, 40), (6, 48), (7, 56)])
def test_box_behnken_designs_have_the_published_size(factors, runs):
    # a peer makes 66 and 90 runs for six and seven factors: all pairs instead of triples
    design = doe.box_behnken(factors, center_points=0).design
    assert design.shape == (runs, factors)
    squares = (design**2).T @ design**2
    assert len(set(np.diagonal(squares))) == 1
    assert not (design.T @ design - np.diag(np.diagonal(squares))).any()


def test_rotatable_axial_points_of_three_factors():
    # a peer uses 1.826
    design = doe.ccd(3, "rotatable", 6)
    assert design.alpha == pytest.approx(8**0.25)
    assert design.alpha == pytest.approx(1.682, abs=5e-4)
    assert doe.ccd(5, "rotatable", 6, "E=ABCD").alpha == pytest.approx(2.0)
    assert doe.ccd(5, 1.5, 6, ["E=ABCD"]).runs == 16 + 10 + 6


@pytest.mark.parametrize("factors", range(3, 31))
def test_definitive_screening_keeps_main_effects_clear(factors):
    design = doe.definitive_screening(factors)
    assert design.max_abs_main_main == 0
    assert design.max_abs_main_quadratic == 0
    assert design.max_abs_main_interaction == 0
    assert design.zeros_per_column == 3
    if factors not in {21, 22}:  # no conference matrix of order 22 exists
        assert design.runs == 2 * (factors + factors % 2) + 1


@pytest.mark.parametrize("order", [4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 26, 28, 30])
def test_conference_matrices_are_what_they_are_called(order):
    matrix = doe.conference_matrix(order)
    assert np.array_equal(matrix.T @ matrix, (order - 1) * np.eye(order, dtype=int))
    assert not np.diagonal(matrix).any()


@pytest.mark.parametrize(
    ("name", "shape"),
    [("L4", (4, 3)), ("L8", (8, 7)), ("L9", (9, 4)), ("L12", (12, 11)), ("L16", (16, 15)),
     ("L16b", (16, 5)), ("L18", (18, 8)), ("L25", (25, 6)), ("L27", (27, 13)), ("L32", (32, 31)),
     ("L36", (36, 23))],
)  # fmt: skip
def test_taguchi_arrays_hold_every_pair_of_levels_equally_often(name, shape):
    array = doe.orthogonal_array(name).array
    assert array.shape == shape
    for a, b in itertools.combinations(array.T, 2):
        _, counts = np.unique(a * 10 + b, return_counts=True)
        assert counts.size == len(set(a)) * len(set(b))
        assert np.all(counts == counts[0])


def test_taguchi_arrays_start_as_printed():
    assert doe.orthogonal_array("L9").array.tolist() == [
        [1, 1, 1, 1], [1, 2, 2, 2], [1, 3, 3, 3], [2, 1, 2, 3], [2, 2, 3, 1], [2, 3, 1, 2],
        [3, 1, 3, 2], [3, 2, 1, 3], [3, 3, 2, 1],
    ]  # fmt: skip
    assert doe.orthogonal_array("L8").array[4].tolist() == [2, 1, 2, 1, 2, 1, 2]
    assert doe.orthogonal_array("L18").levels == (2, 3, 3, 3, 3, 3, 3, 3)
    assert doe.orthogonal_array("L36").levels == (2,) * 11 + (3,) * 12


def test_full_factorials_run_the_first_factor_fastest():
    design = doe.full_factorial([3, 2]).design
    assert design.tolist() == [[1, 1], [2, 1], [3, 1], [1, 2], [2, 2], [3, 2]]


# responses -----------------------------------------------------------------------------------


def test_a_known_surface_is_found_again():
    x = doe.ccd(2, "rotatable", 5).design
    truth = 80 + 2 * x[:, 0] - x[:, 1] - 3 * x[:, 0] ** 2 - 2 * x[:, 1] ** 2 + x[:, 0] * x[:, 1]
    fit = doe.rsm_fit(x, truth)
    assert fit.coef == pytest.approx([80, 2, -1, -3, -2, 1])
    assert fit.nature == "maximum"
    curve = np.array([[-3, 0.5], [0.5, -2]])
    assert fit.stationary_point == pytest.approx(-np.linalg.solve(curve, [2, -1]) / 2)
    assert fit.eigenvalues == pytest.approx(sorted(np.linalg.eigvalsh(curve), reverse=True))


def test_a_useless_response_makes_the_whole_useless():
    one = {"goal": "maximize", "value": 5, "lower": 0, "target": 10, "importance": 3}
    none = {"goal": "minimize", "value": 25, "target": 5, "upper": 20}
    assert doe.desirability([one, none]).composite == 0
    assert doe.desirability([one]).composite == pytest.approx(0.5)


def test_signal_to_noise_of_equal_readings_is_not_defined():
    result = doe.taguchi_sn([[5.0, 5.0], [4.0, 6.0]])
    assert np.isnan(result.nominal_is_best_sd[0])
    assert result.nominal_is_best_mean_sd[1] == pytest.approx(10 * np.log10(25 / 2))


# bad data ------------------------------------------------------------------------------------

SQUARE = [[-1, -1], [1, -1], [-1, 1], [1, 1]]
BAD = [
    ("generator of unknown letters", lambda: doe.factorial_2level(4, ["D=ABX"])),
    ("generator without a word", lambda: doe.factorial_2level(4, ["D"])),
    ("factor made from itself", lambda: doe.factorial_2level(4, ["D=AD"])),
    ("two generators for one factor", lambda: doe.factorial_2level(5, ["D=AB", "D=AC"])),
    ("generator of a generated factor", lambda: doe.factorial_2level(5, ["D=AB", "E=AD"])),
    ("too many runs", lambda: doe.factorial_2level(12)),
    ("no factors", lambda: doe.factorial_2level(0)),
    ("runs that are no power of two", lambda: doe.minimum_aberration(5, 12)),
    ("too few runs", lambda: doe.minimum_aberration(8, 8)),
    ("no Plackett-Burman of 10", lambda: doe.plackett_burman(10, 5)),
    ("as many factors as runs", lambda: doe.plackett_burman(12, 12)),
    ("two factors", lambda: doe.box_behnken(2)),
    ("unknown alpha", lambda: doe.ccd(3, "round")),
    ("unknown array", lambda: doe.orthogonal_array("L10")),
    ("levels that are not coded", lambda: doe.factorial_effects([[0], [1]], "A", [1, 2], "A")),
    ("unknown term", lambda: doe.factorial_effects(SQUARE, "AB", [1, 2, 3, 4], ["A", "AC"])),
    ("aliased term", lambda: doe.factorial_effects([[-1, -1], [1, 1]] * 2, "AB", [1, 2, 3, 4], "AB")),
    ("too few runs left", lambda: doe.factorial_effects(SQUARE, "AB", [1, None, None, 4], "AB")),
    ("text", lambda: doe.factorial_effects(SQUARE, "AB", [1, "x", 3, 4], "AB")),
    ("lengths", lambda: doe.factorial_effects(SQUARE, "AB", [1, 2, 3], "AB")),
    ("two levels for a quadratic", lambda: doe.rsm_fit([[v] for v in (-1, 1) * 4], list(range(8)))),
    ("constant response", lambda: doe.rsm_fit([[-1], [0], [1], [0]], [2, 2, 2, 2])),
    ("setting missing", lambda: doe.rsm_fit([[-1], [None], [1], [0]], [2, 3, 2, 2])),
    ("bound beyond the target",
     lambda: doe.desirability([{"goal": "maximize", "value": 1, "lower": 9, "target": 5}])),
    ("unknown goal", lambda: doe.desirability([{"goal": "best", "value": 1, "target": 5}])),
    ("run without readings", lambda: doe.taguchi_sn([[1.0], []])),
]  # fmt: skip


@pytest.mark.parametrize("call", [call for _, call in BAD], ids=[name for name, _ in BAD])
def test_bad_designs_get_a_sentence(call):
    with pytest.raises(DataProblem) as caught:
        call()
    assert len(caught.value.message.split()) >= 3
