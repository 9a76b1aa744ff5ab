"""Five verdicts about a change, and what would decide."""

import numpy as np
import pytest
from realistic import columns, days, texts

from leanlab.analyses.change import change_between, effective_size
from leanlab.analyses.declare import Column, Marks, PointMark, Spec, Unfinished
from leanlab.analyses.registry import find
from leanlab.core.errors import DataProblem

BEFORE_AFTER = find("compare.before_after")


def steady(mean, sd, n, seed=1):
    """Values that vary by chance, without a signal of their own."""
    return np.random.default_rng(seed).normal(mean, sd, n)


def proof(before, after, *, spec=None, marks=None, dated=True, **options):
    values = np.r_[np.asarray(before, float), np.asarray(after, float)]
    roles = {
        "value": Column("Late", "number", values, unit="h", decimals=1),
        "stage": Column("Phase", "category", texts(["old"] * len(before) + ["new"] * len(after))),
    }
    if dated:
        roles["order"] = Column("Week", "datetime", days(values.size))
    data = columns(roles, spec=spec, marks=marks)
    shown = BEFORE_AFTER.present(BEFORE_AFTER.compute(data, BEFORE_AFTER.options(**options)))
    return shown.numbers, " ".join(f.text for f in shown.findings), shown.plain


def test_a_clear_and_stable_fall_over_twenty_points_is_confirmed():
    numbers, text, plain = proof(steady(9, 1, 30), steady(6, 0.8, 24))
    assert numbers["verdict"] == "confirmed"
    assert numbers["ci"][1] < 0
    assert "held for 24 points" in text
    assert plain.startswith("Confirmed: ")


def test_the_same_fall_over_few_points_is_promising_and_says_how_many_are_missing():
    numbers, text, _ = proof(steady(9, 1, 30), steady(6, 0.8, 13))
    assert numbers["verdict"] == "promising"
    assert "only 13 points after the change" in text
    assert "7 more points would confirm" in text


def test_a_few_stopwatch_times_can_be_promising():
    numbers, _, _ = proof([52, 47, 50], [21, 25, 23], dated=False)
    assert numbers["verdict"] == "promising"
    assert numbers["n_after"] == 3


def test_a_small_fall_is_too_early_to_tell_with_points_and_date():
    before = [9.0, 10.5, 8.2, 9.7, 10.1, 8.8, 9.4, 10.0] * 2
    numbers, text, plain = proof(before, [9.6, 7.4, 8.3, 9.9])
    assert numbers["verdict"] == "too_early"
    assert numbers["points_needed"] > 4
    assert numbers["decides_on"] > "2026-01-12"
    missing = numbers["points_needed"] - 4
    assert f"{missing} more point" in text
    assert "would decide, about" in plain


def test_without_a_fall_so_far_the_points_for_a_change_worth_finding_are_told():
    numbers, text, plain = proof([9.0, 10.5, 8.2, 9.7, 10.1, 8.8], [9.6, 9.9, 9.2])
    assert numbers["verdict"] == "too_early"
    assert "To show a change of" in text
    assert "would show a change of" in plain


def test_the_points_needed_decide_if_the_difference_stays():
    before, after = steady(9, 1, 30), steady(8.2, 1, 6, 2)
    change = change_between(before, after)
    needed = change.points_needed(change.difference)
    later = np.resize(after, needed)
    spread = (later - later.mean()) * change.sd_after / later.std(ddof=1) + change.mean_after
    assert change_between(before, spread).shown


def test_no_fall_over_many_points_is_not_shown():
    numbers, text, _ = proof(steady(9, 1, 30), steady(9, 1, 30, 2))
    assert numbers["verdict"] == "not_shown"
    assert "chance alone" in text


def test_a_rise_is_worse_when_lower_is_better_and_confirmed_when_higher_is():
    before, after = steady(6, 0.8, 24), steady(9, 0.8, 24)
    assert proof(before, after)[0]["verdict"] == "worse"
    assert proof(before, after, direction="higher")[0]["verdict"] == "confirmed"
    assert proof(before, after, spec=Spec(direction="higher"))[0]["verdict"] == "confirmed"


def test_coming_closer_to_the_target_is_better_from_either_side():
    numbers, _, _ = proof(steady(6, 0.5, 24), steady(8, 0.5, 24), direction="target", target=8.0)
    assert numbers["verdict"] == "confirmed"
    assert numbers["gap_closed"] == pytest.approx(1.0, abs=0.2)


def test_related_neighbours_count_for_less_and_keep_it_from_being_confirmed():
    rng = np.random.default_rng(4)
    noise = np.zeros(120)
    for i in range(1, 120):
        noise[i] = 0.7 * noise[i - 1] + rng.normal(0, 0.6)
    numbers, text, _ = proof(noise[:60] + 9, noise[60:] + 6)
    plainly = change_between(rng.permutation(noise[:60] + 9), rng.permutation(noise[60:] + 6))
    assert numbers["verdict"] == "promising"
    assert numbers["effective_after"] < 40
    assert numbers["ci"][1] - numbers["ci"][0] > plainly.high - plainly.low
    assert "resemble each other" in text


def test_independent_points_get_the_ordinary_welch_interval():
    from leanlab.stats import hypothesis

    before, after = steady(9, 1, 30), steady(7, 2, 25)
    change = change_between(before, after)
    test = hypothesis.t_two_sample_welch(after, before)
    assert not change.counts_less
    assert change.difference == pytest.approx(test.difference)
    assert (change.low, change.high) == pytest.approx(test.ci)
    assert change.p_value == pytest.approx(test.p_value)


@pytest.mark.parametrize(("n", "rho"), [(5, 0.3), (20, 0.5), (52, 0.7), (200, 0.1)])
def test_the_effective_size_makes_the_variance_of_the_mean_right(n, rho):
    """Against the covariances themselves: var(mean) = 1'S1 / n^2, E(s^2) = (tr S - 1'S1 / n) / (n - 1)."""
    covariance = rho ** np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    of_mean = covariance.sum() / n**2
    of_values = (np.trace(covariance) - covariance.sum() / n) / (n - 1)
    assert effective_size(n, rho) == pytest.approx(of_values / of_mean, rel=1e-10)


def related(rng, n, rho):
    """Points of a level that stays, each resembling the one before it."""
    noise = rng.normal(size=n) * np.sqrt(1 - rho**2)
    noise[0] = rng.normal()
    for i in range(1, n):
        noise[i] += rho * noise[i - 1]
    return noise


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.7])
@pytest.mark.parametrize(("n_before", "n_after"), [(10, 10), (20, 20), (52, 26)])
def test_without_a_change_one_is_shown_as_seldom_as_promised(n_before, n_after, rho):
    rng = np.random.default_rng(17)
    found = 0
    for _ in range(1500):
        noise = related(rng, n_before + n_after, rho)
        found += change_between(noise[:n_before], noise[n_before:]).shown
    assert found / 1500 < 0.08  # 5 % promised; 1.7 points are three standard errors


def test_a_level_that_moved_by_itself_before_the_change_is_only_promising():
    drift = 12 - 0.1 * np.arange(60) + steady(0, 0.6, 60)
    numbers, text, _ = proof(drift[:36], drift[36:])
    assert numbers["verdict"] == "promising"
    assert "already moving that way before the change" in text


def test_the_other_verdict_is_told_where_exclusions_decide():
    before = [*steady(9, 0.5, 20), *([1.0] * 3)]
    marks = Marks(excluded=tuple(PointMark((i,), "wrong scale") for i in (21, 22, 23)))
    numbers, text, _ = proof(before, steady(8.2, 0.5, 22), marks=marks)
    assert numbers["verdict"] == "not_shown"
    assert numbers["without_excluded.verdict"] == "confirmed"
    assert "and the verdict is: confirmed" in text


def test_two_points_before_cannot_be_made_up_for_by_points_after():
    numbers, text, _ = proof([9.0, 9.6], [8.9, 8.4, 9.3], dated=False)
    assert numbers["verdict"] == "not_shown"
    assert "With 2 points before the change, points after it alone cannot decide" in text


def test_excluded_points_count_and_both_results_are_shown():
    before = [*steady(9, 0.5, 20), 30.0]
    marks = Marks(excluded=(PointMark((21,), "strike"),))
    numbers, text, _ = proof(before, steady(6, 0.5, 22), marks=marks)
    assert numbers["mean_before"] > 9.5
    assert numbers["without_excluded.difference"] > numbers["difference"]
    assert "Without the 1 excluded point" in text
    kept, text, _ = proof(before, steady(6, 0.5, 22), marks=marks, use_excluded=False)
    assert kept["mean_before"] < 9.5
    assert "With the 1 excluded point" in text


def test_an_unstable_stage_after_is_only_promising():
    after = steady(5, 0.3, 25)
    after[18] = 8.0
    numbers, text, _ = proof(steady(9, 0.5, 25), after)
    assert numbers["verdict"] == "promising"
    assert "not stable after the change" in text


def test_stages_marked_on_the_chart_serve_as_well_as_a_column():
    values = np.r_[steady(9, 0.5, 20), steady(6, 0.5, 20)]
    data = columns(
        {"value": Column("Late", "number", values, decimals=1)},
        marks=Marks(stages=(PointMark((21,), "new routing"),)),
    )
    shown = BEFORE_AFTER.present(BEFORE_AFTER.compute(data, BEFORE_AFTER.options()))
    assert shown.numbers["n_before"] == shown.numbers["n_after"] == 20
    assert shown.numbers["verdict"] == "confirmed"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [([9.0, 8.5, 9.2], [6.0], "has 1 value"), ([5.0] * 4, [5.0] * 4, "do not vary")],
)
def test_what_cannot_be_judged_is_told(before, after, message):
    with pytest.raises(DataProblem, match=message):
        proof(before, after)


def test_without_stages_the_values_are_shown_to_mark_one():
    data = columns({"value": Column("Late", "number", np.arange(9.0) % 4)})
    with pytest.raises(Unfinished, match="not known where before ends") as caught:
        BEFORE_AFTER.compute(data, BEFORE_AFTER.options())
    so_far = caught.value.so_far
    assert len(so_far.charts[0].points.rows) == 9
    assert "start a stage there" in so_far.findings[-1].text
    assert not so_far.numbers


def test_one_stage_is_no_comparison():
    data = columns({"value": Column("Late", "number", np.arange(9.0)),
                    "stage": Column("Phase", "category", texts(["same"] * 9))})  # fmt: skip
    with pytest.raises(DataProblem, match="only one stage"):
        BEFORE_AFTER.compute(data, BEFORE_AFTER.options())


def test_the_length_of_the_period_after_is_told_where_there_are_dates():
    numbers, text, _ = proof(steady(9, 1, 30), steady(6, 0.8, 24))
    assert numbers["days_after"] == 23 * 7 + 1
    assert "Stage 'new' covers 162 days." in text
    numbers, text, _ = proof(steady(9, 1, 30), steady(6, 0.8, 24), dated=False)
    assert numbers["days_after"] is None
    assert "covers" not in text


def test_two_points_are_too_few_for_worse_too():
    numbers, _, _ = proof(steady(9, 0.1, 30), [14.0, 14.1], dated=False)
    assert numbers["verdict"] == "too_early"


def test_few_points_cannot_show_whether_neighbours_are_alike():
    _, text, _ = proof([9, 9.4, 8.8, 9.1, 9.3, 8.9], [5, 5.3, 4.9, 5.1], dated=False)
    assert "nobody can see whether neighbouring ones resemble each other" in text
    assert "nobody can see" not in proof(steady(9, 1, 30), steady(6, 0.8, 24))[1]


def test_the_date_that_decides_follows_the_pace_of_today():
    daily, weekly = days(41, step=1)[:40], days(6, step=7)
    late = daily[-1] + (weekly - weekly[0]) + 7 * 86_400
    values = np.r_[steady(9, 1, 40), [8.3, 9.2, 7.9, 8.8, 8.5]]
    roles = {
        "value": Column("Late", "number", values), "order": Column("Day", "datetime", np.r_[daily, late[:5]]),
        "stage": Column("Phase", "category", texts(["old"] * 40 + ["new"] * 5)),
    }  # fmt: skip
    numbers = BEFORE_AFTER.present(
        BEFORE_AFTER.compute(columns(roles), BEFORE_AFTER.options())
    ).numbers
    assert numbers["verdict"] == "too_early"
    missing = numbers["points_needed"] - 5
    last = late[4].astype("datetime64[D]")
    assert numbers["decides_on"] == str(last + 7 * missing)


def test_a_counter_metric_need_not_improve():
    watched = Spec(direction="lower", guard=True)
    numbers, text, plain = proof(steady(9, 1, 30), steady(9, 1, 30, seed=3), spec=watched)
    assert numbers["verdict"] == "not_shown"
    assert "did not get worse, as far as 30 points can tell" in text
    assert "An improvement" not in text
    assert "look for another cause" not in text
    assert plain.startswith("Not worse, as far as the data show")
    numbers, text, _ = proof(steady(9, 1, 30), steady(9, 1, 5, seed=3), spec=watched)
    assert numbers["verdict"] == "too_early"
    assert "too early to tell whether Late got worse" in text
    numbers, text, _ = proof(steady(9, 1, 30), steady(12, 1, 30, seed=3), spec=watched)
    assert (numbers["verdict"], "got worse: Late" in text) == ("worse", True)
    numbers, text, _ = proof(steady(9, 1, 30), steady(6, 0.8, 24), spec=watched)
    assert "The improvement is confirmed" in text


def test_signals_before_the_change_make_its_level_uncertain():
    calm, _, _ = proof(steady(9, 1, 30, seed=2), steady(6, 0.8, 24))
    assert calm["stable_before"] is True
    wild = steady(9, 1, 30, seed=2)
    wild[12] += 9
    numbers, text, _ = proof(wild, steady(6, 0.8, 24))
    assert numbers["stable_before"] is False
    assert "Stage 'old' shows signals: its level is uncertain." in text


def test_one_signal_in_a_hundred_points_is_no_more_than_chance():
    after = np.tile([5.8, 6.2, 5.9, 6.3, 6.0], 20)
    after[70] = 7.0
    numbers, text, _ = proof(steady(9, 0.5, 25), after)
    assert numbers["verdict"] == "confirmed"
    assert "Stage 'new' shows 1 signal in 100 points, no more than chance gives." in text
    after[70] = 9.0
    assert proof(steady(9, 0.5, 25), after)[0]["verdict"] == "promising"
    few, _, _ = proof(steady(9, 0.5, 25), np.r_[after[:24], 7.0])
    assert few["stable_after"] is False


def test_a_signal_at_the_very_first_point_is_one():
    numbers, _, _ = proof(steady(9, 0.5, 25), np.r_[9.5, steady(6, 0.3, 24)])
    assert numbers["stable_after"] is False


def test_an_average_never_moves_from_one_figure_to_the_same():
    before = [9.0, 10.5, 8.2, 9.7, 10.1, 8.8, 9.4, 10.0] * 2
    after = [*before[:-1], before[-1] - 0.02]
    numbers, text, plain = proof(before, after)
    assert round(numbers["mean_before"], 2) == 9.46
    assert round(numbers["mean_after"], 2) == 9.46
    for said in (text, plain):
        assert "fell from 9.462 h to 9.461 h" in said
    _, text, plain = proof(before, before)
    for said in (text, plain):
        assert "stayed at 9.46 h" in said
        assert " from 9.46 h" not in said
