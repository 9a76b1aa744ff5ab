"""Smoothing, trends, decomposition and ARIMA."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.core.errors import DataProblem
from leanlab.stats import forecast
from leanlab.stats.forecast import box_jenkins
from tests.stats.published import AIRLINE, HORMONE

series = st.lists(st.floats(1, 100).map(lambda v: round(v, 2)), min_size=8, max_size=30)


def test_the_season_of_airline_passengers_is_met():
    # R's documentation of decompose: AirPassengers, multiplicative
    result = forecast.decomposition(AIRLINE, period=12, seasonal="multiplicative")
    assert result.indices == pytest.approx(
        [
            0.9102304, 0.8836253, 1.0073663, 0.9759060, 0.9813780, 1.1127758, 1.2265555, 1.2199110,
            1.0604919, 0.9217572, 0.8011781, 0.8988244,
        ],
        abs=5e-8,
    )  # fmt: skip


@settings(derandomize=True, max_examples=40, deadline=None)
@given(series, st.sampled_from(["additive", "multiplicative"]), st.sampled_from([2, 3, 4]))
def test_the_parts_of_a_decomposition_give_the_series(y, seasonal, period):
    result = forecast.decomposition(y, period=period, seasonal=seasonal)
    there = ~np.isnan(result.trend)
    if seasonal == "additive":
        whole = result.trend + result.seasonal + result.remainder
        assert result.indices.sum() == pytest.approx(0, abs=1e-9)
    else:
        whole = result.trend * result.seasonal * result.remainder
        assert result.indices.mean() == pytest.approx(1)
    assert whole[there] == pytest.approx(np.asarray(y)[there])


def test_the_airline_model_is_met():
    # Box, Jenkins and Reinsel, section 9.2, by exact likelihood (R: ma1 -0.4018 with se 0.0896,
    # sma1 -0.5569 with se 0.0731, sigma^2 0.001348, log likelihood 244.7, aic -483.4)
    result = forecast.arima(
        np.log(AIRLINE), order=(0, 1, 1), seasonal_order=(0, 1, 1), period=12, horizon=3
    )
    assert result.terms == ("ma.L1", "ma.S.L12")
    assert result.coef == pytest.approx([-0.4018, -0.5569], abs=2e-4)
    assert result.se == pytest.approx([0.0896, 0.0731], abs=1e-4)
    assert result.sigma2 == pytest.approx(0.001348, abs=1e-6)
    assert result.loglik == pytest.approx(244.7, abs=0.05)
    assert result.aic == pytest.approx(-483.4, abs=0.05)
    assert result.forecast == pytest.approx([6.110186, 6.053775, 6.171715], abs=1e-5)
    assert np.isnan(result.fitted[:13]).all()


@pytest.mark.parametrize(
    ("order", "coef", "se", "sigma2", "loglik"),
    [
        ((1, 0, 0), [2.4133, 0.5739], [0.1466, 0.1161], 0.1975, -29.38),
        (
            (3, 0, 0), [2.3931, 0.6448, -0.0634, -0.2198], [0.0963, 0.1394, 0.1668, 0.1421],
            0.1787, -27.09,
        ),
    ],
)  # fmt: skip
def test_hormone_levels_are_met(order, coef, se, sigma2, loglik):
    # Venables and Ripley, Modern Applied Statistics with S, section 14.2 (R: arima(lh, ...))
    result = forecast.arima(HORMONE, order=order, constant=True)
    assert result.coef == pytest.approx(coef, abs=1.5e-4)
    assert result.se == pytest.approx(se, abs=1.5e-4)
    assert result.sigma2 == pytest.approx(sigma2, abs=1e-4)
    assert result.loglik == pytest.approx(loglik, abs=5e-3)


def test_the_unit_of_a_series_changes_no_arima():
    plain = forecast.arima(HORMONE, order=(1, 0, 0), constant=True, horizon=4)
    milli = forecast.arima([1000 * v for v in HORMONE], order=(1, 0, 0), constant=True, horizon=4)
    assert milli.coef[0] == pytest.approx(1000 * plain.coef[0])
    assert milli.coef[1] == pytest.approx(plain.coef[1])
    assert milli.forecast_upper == pytest.approx(1000 * plain.forecast_upper)
    assert milli.loglik == pytest.approx(plain.loglik - 48 * np.log(1000))


def test_forecast_limits_widen_with_the_horizon():
    result = forecast.arima(np.log(AIRLINE), order=(0, 1, 1), constant=True, horizon=6)
    assert result.terms == ("drift", "ma.L1")
    assert np.all(np.diff(result.forecast_upper - result.forecast_lower) > 0)


def test_a_model_that_has_not_settled_gives_no_guess(monkeypatch):
    monkeypatch.setattr(box_jenkins, "MOST_STEPS", 1)
    with pytest.raises(DataProblem, match="did not settle"):
        forecast.arima(np.log(AIRLINE), order=(0, 1, 1), seasonal_order=(0, 1, 1), period=12)


def test_a_series_without_chance_has_no_model():
    with pytest.raises(DataProblem, match=r"settle|told apart|cannot be fitted"):
        forecast.arima(np.arange(40.0) ** 2, order=(2, 0, 0))


def test_smoothing_with_all_weight_on_the_newest_value_repeats_it():
    y = [3.0, 5.0, 4.0, 8.0]
    result = forecast.ses(y, alpha=1)
    assert result.fitted.tolist() == [3.0, 3.0, 5.0, 4.0]
    assert result.forecast.tolist() == [8.0]


@settings(derandomize=True, max_examples=30, deadline=None)
@given(series)
def test_no_alpha_beats_the_best_one(y):
    if np.ptp(y) == 0:
        return
    best = forecast.ses_optimal(y)
    for alpha in np.linspace(0, 1, 41):
        fitted = forecast.ses(y, alpha=float(alpha)).fitted
        assert best.sse <= ((np.asarray(y) - fitted)[1:] ** 2).sum() * (1 + 1e-9)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(series)
def test_holt_without_seasons_is_holt_winters_with_flat_ones(y):
    common = {"alpha": 0.4, "beta": 0.2, "initial_level": 10, "initial_trend": 1, "horizon": 3}
    plain = forecast.holt(y, **common)
    flat = forecast.holt_winters(y, period=2, gamma=0, initial_seasonal=[0, 0], **common)
    assert flat.fitted == pytest.approx(plain.fitted)
    assert flat.forecast == pytest.approx(plain.forecast)


def test_a_perfect_season_is_forecast_perfectly():
    t = np.arange(1, 17)
    y = 10 + 2.0 * t + np.tile([3.0, -1.0, -4.0, 2.0], 4)
    start = forecast.initial_values(y, period=4)
    result = forecast.holt_winters(
        y, period=4, alpha=0.3, beta=0.2, gamma=0.1, initial_level=start.level,
        initial_trend=start.trend, initial_seasonal=start.seasonal, horizon=8,
    )  # fmt: skip
    ahead = 10 + 2.0 * np.arange(17, 25) + np.tile([3.0, -1.0, -4.0, 2.0], 2)
    assert result.forecast == pytest.approx(ahead)
    assert result.seasonal_last == pytest.approx([3.0, -1.0, -4.0, 2.0])


def test_a_whole_season_ahead_uses_the_season_just_updated():
    # statsmodels' forecast takes the season before its last update there
    y = [44.9, 52.9, 60.2, 46.1, 50.0]
    result = forecast.holt_winters(
        y, period=4, alpha=0.4, beta=0.1, gamma=1.0, initial_level=50, initial_trend=0.8,
        initial_seasonal=[-6, 2, 8, -4], horizon=4,
    )  # fmt: skip
    newest = y[-1] - result.level_last
    assert result.forecast[3] == pytest.approx(result.level_last + 4 * result.trend_last + newest)


@pytest.mark.parametrize("model", ["linear", "quadratic", "exponential"])
def test_a_perfect_trend_is_continued(model):
    t = np.arange(1.0, 13.0)
    curve = {"linear": 3 + 2 * t, "quadratic": 3 + 2 * t + t**2, "exponential": 3 * 1.1**t}[model]
    result = forecast.trend(curve[:9], model=model, horizon=3)
    assert result.forecast == pytest.approx(curve[9:])
    assert result.mad == pytest.approx(0, abs=1e-10)


def test_a_zero_in_the_series_has_no_percentage():
    assert forecast.ses([0, 1, 2], alpha=0.5).mape is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: forecast.ses([1, None, 3], alpha=0.2), "no value in row 2"),
        (lambda: forecast.ses([1, 2, 3], alpha=1.2), "between 0 and 1"),
        (lambda: forecast.ses([], alpha=0.2), "0 values"),
        (lambda: forecast.ses_optimal([4, 4, 4]), "all 3 values are 4"),
        (lambda: forecast.moving_average([1, 2, 3], length=3), "1 to 2"),
        (lambda: forecast.holt_winters([1, 2, 3], period=2, alpha=0.1, beta=0.1, gamma=0.1,
                                       initial_level=1, initial_trend=0, initial_seasonal=[1, 2, 3]),
         "3 first seasonal values for a period of 2"),
        (lambda: forecast.holt_winters([1, 2, 3], period=2, alpha=0.1, beta=0.1, gamma=0.1,
                                       initial_level=1, initial_trend=0, initial_seasonal=[1, 0],
                                       seasonal="multiplicative"), "above 0"),
        (lambda: forecast.decomposition([1, 2, 3], period=2), "at least 4"),
        (lambda: forecast.decomposition([1, 2, 0, 3], period=2, seasonal="multiplicative"), "row 3"),
        (lambda: forecast.trend([1, 2, -3, 4], model="exponential"), "row 3"),
        (lambda: forecast.trend([1, 2, 3, 4], model="cubic"), "Unknown trend model"),
        (lambda: forecast.arima(HORMONE, order=(1, 0)), "three numbers"),
        (lambda: forecast.arima(HORMONE, order=(0, 1, 0)), "no term"),
        (lambda: forecast.arima(HORMONE, seasonal_order=(0, 1, 1)), "period"),
        (lambda: forecast.arima(HORMONE[:5], order=(1, 0, 0)), "at least"),
        (lambda: forecast.arima(HORMONE, order=(1, 2, 0), constant=True), "constant"),
        (lambda: forecast.arima([3] * 20, order=(1, 0, 0)), "all 20 values"),
    ],
)  # fmt: skip
def test_bad_series_are_named(call, words):
    with pytest.raises(DataProblem, match=words):
        call()
