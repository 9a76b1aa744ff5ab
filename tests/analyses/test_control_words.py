"""What control charts say, at the thresholds where they say something else."""

import numpy as np
import pytest
from realistic import columns, days, texts

from leanlab.analyses.declare import Column, Event, Marks, PointMark
from leanlab.analyses.factors import read_factor
from leanlab.analyses.registry import find
from leanlab.analyses.sentences import sentence
from leanlab.core.errors import DataProblem

RNG = np.random.default_rng(7)


def charted(analysis_id, roles, marks=None, events=(), **options):
    analysis = find(analysis_id)
    data = columns(roles, marks=marks, events=events)
    return analysis.present(analysis.compute(data, analysis.options(**options)))


def i_mr(values, marks=None, **options):
    values = np.asarray(values, dtype=float)
    roles = {"value": Column("Late", "number", values, unit="h", decimals=1),
             "order": Column("Week", "datetime", days(values.size))}  # fmt: skip
    return charted("spc.i_mr", roles, marks, **options)


def verdict(shown):
    return shown.findings[0].text


def row(shown, name):
    return next(c for c in shown.report_card if c.id == name)


def calm(n):
    """Values around 10 that never signal."""
    return 10 + np.resize([0.4, -0.5, 0.1, 0.6, -0.3, -0.6, 0.3], n)


@pytest.mark.parametrize(
    ("n", "level", "words"),
    [(9, "red", "only 9 points"), (15, "red", "provisional"), (22, "amber", "predictable"),
     (25, "green", "still settling: 25"), (99, "green", "still settling"), (100, "green", "predictable")],
)  # fmt: skip
def test_the_verdict_depends_on_how_many_points_there_are(n, level, words):
    shown = i_mr(calm(n))
    assert row(shown, "data").level == level
    assert words in verdict(shown)
    assert ("settling" in verdict(shown)) == (20 <= n < 100)


def test_one_point_beyond_is_named_with_its_date_and_value():
    values = calm(40)
    values[20] = 14.0
    shown = i_mr(values)
    assert "one point signals" in verdict(shown)
    assert "point 21 (19 Jan 2026) lies above the upper limit (14.00 h)" in shown.findings[1].text
    assert "point 21" in shown.findings[-1].text


def test_a_note_at_a_signal_explains_it():
    values = calm(40)
    values[20] = 14.0
    shown = i_mr(values, Marks(notes=(PointMark((21,), "strike"),)))
    assert "explained by the note 'strike'" in verdict(shown)


def test_an_excluded_point_signals_no_more_and_neither_do_the_jumps_around_it():
    values = calm(40)
    values[20] = 19.0
    shown = i_mr(values, Marks(excluded=(PointMark((21,), "strike"),)))
    assert "The process is predictable" in verdict(shown)
    assert "1 excluded" in shown.charts[0].caption


def test_too_many_signals_mean_that_the_limits_do_not_fit():
    shown = i_mr(np.repeat([1.0, 8.0], 20) + np.tile(calm(20) - 10, 2) * 0.3)
    assert "One set of limits does not describe this process" in verdict(shown)
    assert "order" not in verdict(shown)
    assert "start a stage there" in shown.findings[-1].text
    assert "point 21" in shown.findings[-1].text


def test_a_long_run_on_one_side_tells_where_the_level_went():
    values = np.r_[calm(14), calm(12) - 1.1, calm(14)]
    shown = i_mr(values)
    text = "From point 15 (8 Dec 2025) to point 26 (23 Feb 2026) the level was lower than otherwise, by about 1.08 h."
    assert text in shown.findings[1].text
    following = shown.findings[-1]
    assert "different from point 15 (8 Dec 2025) to point 26 (23 Feb 2026)" in following.text
    assert following.points == (14, 25)


def test_without_a_time_column_the_order_is_doubted_first():
    values = np.repeat([1.0, 8.0], 20) + np.tile(calm(20) - 10, 2) * 0.3
    shown = charted("spc.i_mr", {"value": Column("Late", "number", values)})
    assert "check the order of the data" in verdict(shown)
    assert "Check the order of the rows" in shown.findings[-1].text
    assert row(shown, "order").level == "amber"


def test_two_rows_a_day_are_in_order_and_the_points_that_are_named_can_be_shown():
    values = np.r_[np.tile(calm(20), 2), np.tile(calm(20) - 6, 2)]
    values[22] = 25.0
    workdays = days(100, step=1)[np.arange(100) % 7 < 5]
    twice = np.repeat(workdays[: values.size // 2 + 3], 2)[6:]
    twice[:2] -= 20 * 86_400
    roles = {"value": Column("Late", "number", values), "order": Column("Day", "datetime", twice)}
    shown = charted("spc.i_mr", roles)
    assert row(shown, "order").level == "amber"  # the gaps are irregular, the order is known
    following = shown.findings[-1]
    assert "start a stage there" in following.text
    assert "Check the order" not in following.text
    assert following.points == (40,)
    named = {point for finding in shown.findings for point in finding.points}
    assert {22, 40} <= named


@pytest.mark.parametrize(
    ("times", "level"),
    [(lambda d: d[np.arange(d.size) % 7 < 5], "green"),
     (lambda d: np.repeat(d[np.arange(d.size) % 7 < 5], 2) + np.tile([8, 16], 40) * 3600, "green"),
     (lambda d: d[np.arange(d.size) % 14 < 5], "amber"),
     (lambda d: d[np.arange(d.size) % 7 < 6][:40] + 86_400, "green"),
     (lambda d: d[(np.arange(d.size) % 7 < 6) & (np.arange(d.size) // 7 != 3)], "amber")],
)  # fmt: skip
def test_weekends_are_no_gaps_where_nobody_works_then(times, level):
    found = times(days(56, step=1))  # from a Monday on
    roles = {
        "value": Column("Late", "number", calm(found.size)),
        "order": Column("Day", "datetime", found),
    }
    assert row(charted("spc.i_mr", roles), "order").level == level


def test_a_lasting_shift_is_as_large_as_all_its_points_say_and_in_points_for_a_share():
    counts = np.r_[np.resize([15, 17, 13, 16, 14], 34), np.resize([6, 7, 5, 8, 6], 26)]
    roles = {"counts": Column("Late", "whole", counts.astype(float)),
             "sizes": Column("n", "whole", np.full(60, 100.0)),
             "order": Column("Week", "datetime", days(60))}  # fmt: skip
    shown = charted("spc.p", roles, limits="ordinary")
    text = " ".join(f.text for f in shown.findings)
    expected = np.mean(counts[:34]) - np.mean(counts[34:])
    assert f"on the level is lower than before, by about {expected:.1f} points" in text
    assert "point 35" in shown.findings[-1].text


def test_a_percentage_is_not_expected_below_zero_and_its_differences_are_points():
    values = np.clip(4 + 3.5 * np.sin(np.arange(40) * 2.4), 0, None)
    roles = {"value": Column("Late", "number", values, unit="%", decimals=1),
             "order": Column("Week", "datetime", days(40))}  # fmt: skip
    shown = charted("spc.i_mr", roles)
    assert shown.numbers["i.lcl"][0] < 0
    assert "within 0.00 to" in shown.findings[0].text
    assert "standard deviation" in (size := shown.findings[2].text)
    assert "points; the next" in size
    assert "limits cut where no value can lie" in shown.charts[0].caption
    assert next(t for t in shown.tables if t.title == "Limits").rows[0][3] == 0
    assert row(shown, "order").level == "green"


def test_a_change_in_percent_may_well_be_negative():
    values = calm(30) - 10
    shown = charted("spc.i_mr", {"value": Column("Growth", "number", values, unit="%", decimals=1)})
    assert "cut" not in shown.charts[0].caption


@pytest.mark.parametrize(("n", "text"), [(1, "1 point"), (3, "3 points")])
def test_sentences_count_in_singular_and_plural(n, text):
    assert sentence("card.data.green", n=n) == text
    assert sentence("control.few", n=1).startswith("There is only 1 point:")
    assert "0 of 3 pairs differ" in sentence(
        "anova.evidence.welch", f=1, p="p", pairs=0, all=3, n=9
    )


def test_stages_are_compared_with_an_interval():
    values = np.r_[calm(28), calm(28) - 4]
    data = {"value": Column("Late", "number", values, unit="h", decimals=1),
            "stage": Column("Phase", "category", texts(["old"] * 28 + ["new"] * 28))}  # fmt: skip
    shown = charted("spc.i_mr", data)
    size = next(f.text for f in shown.findings if f.line == "size")
    assert "From stage 'old' to stage 'new' the average went from" in size
    assert "−4.00 h, 95 % interval" in size


def staged(lengths, levels):
    """Return an I-MR chart of one stage after the other."""
    values = np.concatenate([calm(n) + level for n, level in zip(lengths, levels, strict=True)])
    names = np.repeat([f"S{i}" for i in range(len(lengths))], lengths).astype(object)
    roles = {"value": Column("Late", "number", values), "stage": Column("Stage", "category", names),
             "order": Column("Week", "datetime", days(values.size))}  # fmt: skip
    return charted("spc.i_mr", roles)


@pytest.mark.parametrize(
    ("last", "said", "level"),
    [(5, "Stage 'S1' has only 5 points so far: its limits are provisional", "red"),
     (20, "predictable since stage 'S1' began: 20 points within", "amber"),
     (30, "still settling: 30 points so far", "green"),
     (100, "predictable since stage 'S1' began: 100 points within", "green")],
)  # fmt: skip
def test_the_present_limits_are_judged_by_the_points_they_come_from(last, said, level):
    shown = staged((40, last), (0, -4))
    assert said in verdict(shown)
    assert row(shown, "data").level == level
    assert row(shown, "data").text.startswith(f"Stage 'S1', {last} points")


def test_jumps_around_an_excluded_point_are_no_signals_to_go_to_and_count_for_no_limit():
    values = calm(40)
    values[22] = 30.0
    marks = Marks(excluded=(PointMark((23,), "strike"),))
    shown = i_mr(values, marks)
    assert shown.charts[0].points.signals.size == 0
    used = {line[0]: line[2] for line in shown.tables[0].rows}
    assert used == {"Individuals": 39, "Moving range": 37}


def test_signals_before_the_last_stage_do_not_spoil_the_present():
    values = np.r_[calm(28), calm(28) - 4]
    values[10] = 16.0
    data = {"value": Column("Late", "number", values, decimals=1),
            "stage": Column("Phase", "category", texts(["old"] * 28 + ["new"] * 28))}  # fmt: skip
    shown = charted("spc.i_mr", data)
    assert "predictable since stage 'new' began" in verdict(shown)
    assert shown.plain.startswith("The level of 'Late' is stable since 'new'")


def test_a_red_check_stands_before_the_verdict_and_does_not_hide_it():
    walk = np.cumsum(RNG.normal(0, 1, 60)) * 3
    shown = i_mr(walk)
    assert row(shown, "independence").level == "red"
    assert "Do not decide on it yet: the check 'Independence' failed: " in verdict(shown)
    assert "points signal" in verdict(shown) or "do not describe" in verdict(shown)


def test_signals_on_the_long_tail_may_be_false_alarms():
    values = np.random.default_rng(3).gamma(1.2, 2, 60)
    assert "long tail" in verdict(i_mr(values))


def test_frozen_limits_are_named_in_the_caption():
    shown = i_mr(calm(40), Marks(limits_until=25))
    assert "from points 1 to 25" in shown.charts[0].caption


def test_process_changes_become_flags():
    values = calm(30)
    roles = {
        "value": Column("Late", "number", values),
        "order": Column("Week", "datetime", days(30)),
    }
    shown = charted("spc.i_mr", roles, events=(Event("2025-11-05", "new route"),))
    from matplotlib.figure import Figure

    from leanlab.figures.theme import LIGHT

    figure = Figure(figsize=(9, 5))
    shown.charts[0].draw(figure, LIGHT)
    assert any("new route" in t.get_text() for t in figure.axes[0].texts)


# charts of counts ----------------------------------------------------------------------------


def p_chart(spread, **options):
    rng = np.random.default_rng(11)
    sizes = np.full(40, 900.0)
    share = np.clip(rng.normal(0.1, spread, 40), 0.01, 0.5)
    counts = rng.binomial(900, share).astype(float)
    roles = {"counts": Column("Bad", "whole", counts, decimals=0),
             "sizes": Column("Made", "whole", sizes, decimals=0)}  # fmt: skip
    return charted("spc.p", roles, **options)


def test_ordinary_dispersion_keeps_ordinary_limits():
    shown = p_chart(0.0)
    assert shown.numbers["limits"] == "ordinary"
    assert row(shown, "dispersion").level == "green"


def test_much_dispersion_draws_laney_limits_and_offers_the_ordinary_ones():
    shown = p_chart(0.04)
    assert shown.numbers["limits"] == "laney"
    assert shown.charts[0].title.startswith("Laney P' chart")
    offer = next(f.offer for f in shown.findings if f.offer)
    assert offer.options == {"limits": "ordinary"}
    assert shown.numbers["laney.ucl"][0] > shown.numbers["ucl"][0]


def test_ordinary_limits_on_dispersed_counts_fail_the_check_and_offer_laney():
    shown = p_chart(0.04, limits="ordinary")
    assert row(shown, "dispersion").level == "red"
    assert "the check 'Sample to sample' failed" in verdict(shown)
    assert next(f.offer for f in shown.findings if f.offer).options == {"limits": "laney"}
    assert shown.numbers["dispersion_p"] < 0.001


def test_the_np_chart_offers_another_analysis():
    rng = np.random.default_rng(11)
    counts = rng.binomial(900, np.clip(rng.normal(0.1, 0.04, 40), 0.01, 0.5)).astype(float)
    shown = charted("spc.np", {"counts": Column("Bad", "whole", counts)}, sample_size=900)
    assert next(f.offer for f in shown.findings if f.offer).analysis == "spc.laney_p"


# run charts ----------------------------------------------------------------------------------


def run_chart(values):
    return charted("spc.run_chart", {"value": Column("Late", "number", np.asarray(values, float))})


def test_a_run_that_is_too_long_is_told_with_its_length():
    shown = run_chart([5, 6, 5.5, 6.2, 5.1, 5.8, 6.1, 5.3, 5.7, 6.3, 2, 1.5, 2.2, 1.8, 1.1, 2.4, 1.7, 2.1, 1.2, 1.9])  # fmt: skip
    assert "longest run 10, expected at most 7" in verdict(shown)


def test_a_level_that_changes_sides_too_rarely_is_told_without_a_long_run():
    values = np.tile(np.r_[np.full(5, 1.0) + np.arange(5) / 10, np.full(5, 3.0) + np.arange(5) / 10], 3)  # fmt: skip
    assert "change sides of the median too rarely (6 runs" in verdict(run_chart(values))


def test_values_without_a_pattern_cannot_show_one():
    shown = run_chart(np.random.default_rng(2).normal(size=30))
    assert verdict(shown) == "The data cannot show a shift, a trend or a pattern."


def test_a_factor_without_settings_is_told_without_an_empty_list():
    with pytest.raises(DataProblem, match=r"^Factor 'Heat' has no settings\.$"):
        read_factor(Column("Heat", "number", np.full(8, np.nan)))
