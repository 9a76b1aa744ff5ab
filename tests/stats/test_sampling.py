"""Acceptance plans against published values and properties."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import sampling

FIXED = settings(derandomize=True, max_examples=25, deadline=None)


def test_the_oc_curve_of_montgomery():
    """ISQC, 7th ed., table 15.2: n = 89, c = 2: 0.9397 at 1 %, 0.7366 at 2 %, 0.1721 at 5 %."""
    found = sampling.attribute_oc(89, 2, [0.01, 0.02, 0.05]).p_accept
    np.testing.assert_allclose(found, [0.9397, 0.7366, 0.1721], atol=6e-5)


def test_average_outgoing_quality_of_montgomery():
    """ISQC, 7th ed., section 15.2.4: N = 10000, n = 89, c = 2, p = 1 %: AOQ 0.0093, ATI 687."""
    found = sampling.attribute_oc(89, 2, [0.01], lot_size=10_000)
    assert found.aoq[0] == pytest.approx(0.0093, abs=5e-5)
    assert found.ati[0] == pytest.approx(687, abs=1)


def test_the_variables_plan_of_montgomery():
    """ISQC, 7th ed., section 16.2.2, read off a nomograph: n = 40, k = 1.9, sigma unknown."""
    plan = sampling.variables_plan(aql=0.01, rql=0.06)
    assert plan.k == pytest.approx(1.9, abs=0.01)
    assert plan.n_sigma_unknown == pytest.approx(40, abs=1)


@pytest.mark.parametrize("distribution", ["binomial", "poisson", "hypergeom"])
def test_a_plan_meets_both_risks_and_none_smaller_does(distribution):
    lot = 500 if distribution == "hypergeom" else None
    plan = sampling.find_plan(aql=0.02, rql=0.1, distribution=distribution, lot_size=lot)
    assert plan.p_accept_aql >= 0.95
    assert plan.p_accept_rql <= 0.10

    def meets(n, c):
        good, bad = sampling.attribute_oc(
            n, c, [0.02, 0.1], distribution=distribution, lot_size=lot
        ).p_accept
        return good >= 0.95 and bad <= 0.10

    assert not any(meets(n, plan.c) for n in range(plan.c + 1, plan.n))
    assert not any(meets(n, c) for c in range(plan.c) for n in range(c + 1, 2 * plan.n))


@FIXED
@given(st.integers(1, 200), st.integers(0, 10), st.sampled_from(["binomial", "poisson"]))
def test_worse_lots_are_accepted_less_often(n, c, distribution):
    c = min(c, n)
    p = np.linspace(0, 1, 30)
    found = sampling.attribute_oc(n, c, p, distribution=distribution).p_accept
    assert found[0] == 1
    assert np.all(np.diff(found) <= 1e-12)


def test_the_hypergeometric_curve_counts_whole_defectives():
    found = sampling.attribute_oc(20, 1, [0.013], distribution="hypergeom", lot_size=100)
    assert found.p_accept[0] == pytest.approx(scipy.stats.hypergeom.cdf(1, 100, 1, 20))


def test_inspecting_everything_finds_everything():
    found = sampling.attribute_oc(50, 0, [0.1], distribution="hypergeom", lot_size=50)
    assert (found.p_accept[0], found.aoq[0], found.ati[0]) == (0, 0, 50)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sampling.attribute_oc(0, 0, [0.1]), "at least 1"),
        (lambda: sampling.attribute_oc(5, 6, [0.1]), "0 to 5"),
        (lambda: sampling.attribute_oc(5, -1, [0.1]), "0 to 5"),
        (lambda: sampling.attribute_oc(5, 1, [0.1, 1.5]), "row 2 is 1.5"),
        (lambda: sampling.attribute_oc(5, 1, [-0.1]), "row 1 is -0.1"),
        (lambda: sampling.attribute_oc(5, 1, [0.1], distribution="hypergeom"), "lot size"),
        (lambda: sampling.attribute_oc(5, 1, [0.1], distribution="x"), "Unknown distribution"),
        (lambda: sampling.attribute_oc(5, 1, [0.1], lot_size=4), "at least 5"),
        (lambda: sampling.find_plan(aql=0.1, rql=0.02), "not below"),
        (lambda: sampling.find_plan(aql=0.1, rql=0.1000001), "No plan"),
        (lambda: sampling.find_plan(aql=1, rql=8), "between 0 and 1"),
        (lambda: sampling.find_plan(aql=0.01, rql=0.02, distribution="hypergeom", lot_size=20),
         "No plan"),
        (lambda: sampling.variables_plan(aql=0.1, rql=0.02), "not below"),
        (lambda: sampling.variables_plan(aql=0.01, rql=0.02, producer_risk=0.6, consumer_risk=0.6),
         "together"),
    ],
)  # fmt: skip
def test_bad_data_is_named(call, said):
    with pytest.raises(DataProblem) as caught:
        call()
    assert said in caught.value.message
