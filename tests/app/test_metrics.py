import numpy as np
import pytest

from leanlab.app import metrics
from leanlab.app.metrics import Binding, binding_of, chart_metric, series_of
from leanlab.app.readiness import ready
from leanlab.app.session import Session
from leanlab.core.errors import DataProblem
from leanlab.data.columns import ColumnData
from leanlab.data.views import Condition

WEEKS, PER_WEEK = 30, 40


@pytest.fixture
def session(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="Late orders")
    yield made
    made.close()


@pytest.fixture
def orders(session):
    """One order a row: date, hours late, carrier, subgroup, size."""
    count = WEEKS * PER_WEEK
    at = np.arange(count)
    days = np.datetime64("2026-01-05", "s") + (at // PER_WEEK) * np.timedelta64(7 * 86400, "s")
    days = days + (at % 5) * np.timedelta64(86400, "s")
    hours = np.round(np.random.default_rng(3).gamma(2, 2, count), 1)
    carrier = np.where(at % 10 < 1, "North", "South").astype(object)
    lot = np.array([f"L{i // 5}" for i in at], dtype=object)
    return session.add_sheet(
        "Orders",
        [
            ColumnData("day", "datetime", days),
            ColumnData("hours", "number", hours, unit="h", decimals=1),
            ColumnData("carrier", "category", carrier),
            ColumnData("lot", "category", lot),
            ColumnData("size", "number", np.full(count, 2.0), decimals=0),
        ],
    )


def metric_with(session, **binding):
    values = {"name": "Late orders", "unit": "", "binding": binding}
    return session.record(session.add("metric", values))


def share(sheet, period="week"):
    return {
        "sheet_id": sheet, "date": "c1", "period": period, "statistic": "share",
        "condition": {"column": "c3", "op": "is", "values": ["North"]},
    }  # fmt: skip


def test_a_condition_per_week_needs_no_pivot_table(session, orders):
    found = series_of(session, metric_with(session, **share(orders)))
    assert len(found.values) == WEEKS
    assert found.values.tolist() == [10.0] * WEEKS
    assert found.numerators.tolist() == [4.0] * WEEKS
    assert found.denominators.tolist() == [40.0] * WEEKS
    assert found.unit == "%"
    assert found.labels[0] == "5 Jan 2026"
    assert found.rows(1).tolist() == list(range(41, 81))
    assert found.sentence == "Late orders per week: 30 weeks, 10.0 % on average."


@pytest.mark.parametrize(
    ("statistic", "reduce"),
    [("mean", np.mean), ("median", np.median), ("sum", np.sum), ("min", np.min), ("max", np.max)],
)
def test_statistics_of_a_value_agree_with_numpy(session, orders, statistic, reduce):
    bound = {
        "sheet_id": orders,
        "date": "c1",
        "value": "c2",
        "period": "week",
        "statistic": statistic,
    }
    found = series_of(session, metric_with(session, **bound))
    hours = session.column(orders, "c2").reshape(WEEKS, PER_WEEK)
    np.testing.assert_allclose(found.values, reduce(hours, axis=1))


def test_weeks_begin_on_monday_and_months_on_the_first(session):
    days = np.array(["2026-02-01", "2026-02-02", "2026-02-08", "2026-02-09"], dtype="datetime64[s]")
    sheet = session.add_sheet(
        "D", [ColumnData("d", "datetime", days), ColumnData("x", "number", np.arange(4.0))]
    )
    bound = {"sheet_id": sheet, "date": "c1", "value": "c2", "statistic": "sum"}
    weeks = series_of(session, metric_with(session, period="week", **bound))
    assert list(map(str, weeks.starts.astype("datetime64[D]"))) == [
        "2026-01-26",
        "2026-02-02",
        "2026-02-09",
    ]
    assert weeks.values.tolist() == [0.0, 3.0, 3.0]
    months = series_of(session, metric_with(session, period="month", **bound))
    assert months.labels == ["Feb 2026"]


def test_a_week_without_rows_is_told_not_invented(session):
    days = np.array(["2026-02-02", "2026-02-16"], dtype="datetime64[s]")
    sheet = session.add_sheet(
        "D", [ColumnData("d", "datetime", days), ColumnData("x", "number", np.arange(2.0))]
    )
    found = series_of(
        session, metric_with(session, sheet_id=sheet, date="c1", value="c2", period="week")
    )
    assert found.gaps == 1
    assert "1 week in between without rows" in found.sentence


def test_excluded_rows_and_rows_without_an_answer_do_not_count(session, orders):
    session.set_row_state(orders, list(range(1, 41)), "excluded", "strike")
    session.set_cells(orders, [(41, "c3", ""), (42, "c1", "")])
    found = series_of(session, metric_with(session, **share(orders)))
    assert len(found.values) == WEEKS - 1
    assert found.left_out == 2
    assert found.counts[0] == 38


def test_each_row_can_be_a_point_in_the_order_of_the_dates(session):
    days = np.array(["2026-02-03", "2026-02-01", "2026-02-02"], dtype="datetime64[s]")
    sheet = session.add_sheet(
        "D",
        [ColumnData("d", "datetime", days), ColumnData("x", "number", np.array([3.0, 1.0, 2.0]))],
    )
    found = series_of(session, metric_with(session, sheet_id=sheet, date="c1", value="c2"))
    assert found.values.tolist() == [1.0, 2.0, 3.0]
    assert [found.rows(i).tolist() for i in range(3)] == [[2], [3], [1]]


def test_a_rate_is_a_sum_per_size(session, orders):
    bound = {
        "sheet_id": orders,
        "date": "c1",
        "value": "c2",
        "size": "c5",
        "period": "week",
        "statistic": "rate",
    }
    found = series_of(session, metric_with(session, **bound))
    hours = session.column(orders, "c2").reshape(WEEKS, PER_WEEK).sum(axis=1)
    np.testing.assert_allclose(found.values, hours / 80)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"date": ""}, "need a date"),
        ({"condition": {"column": "c99", "op": "is", "values": ["x"]}}, "is gone"),
        ({"sheet_id": "nowhere"}, "not there"),
        ({"condition": None}, "value column or a condition"),
        ({"condition": None, "value": "c3"}, "holds no numbers"),
        ({"period": "subgroup"}, "names the subgroup"),
    ],
)
def test_what_a_binding_lacks_is_said(session, orders, change, words):
    metric = metric_with(session, **{**share(orders), **change})
    with pytest.raises(DataProblem, match=words):
        series_of(session, metric)


def test_a_metric_without_data_says_so(session):
    with pytest.raises(DataProblem, match="not tied"):
        series_of(session, session.record(session.add("metric", {"name": "x"})))


def test_a_binding_survives_storage():
    bound = Binding(
        "s",
        condition=Condition("c1", "between", ("1", "2")),
        date="c2",
        period="day",
        statistic="count",
    )
    assert Binding.from_json(bound.as_json()) == bound
    assert Binding.from_json({"sheet_id": "s", "value": "c1"}) == Binding(
        "s", value="c1", statistic="mean"
    )
    assert Binding.from_json(None) is None


def test_charting_a_share_makes_a_p_chart_of_raw_rows(session, orders):
    metric = metric_with(session, **share(orders))
    record = session.record(chart_metric(session, metric.id))
    assert record.get("analysis_id") == "spc.p"
    run = ready(session, record)
    assert run.columns.one("counts").values.tolist() == [4.0] * WEEKS
    assert run.columns.one("sizes").values.tolist() == [40.0] * WEEKS
    shown = run.run()
    assert len(shown.charts[0].point_rows) == WEEKS
    assert shown.charts[0].point_rows[1] == tuple(range(41, 81))


def test_charting_subgroups_makes_an_xbar_chart_of_the_rows(session, orders):
    metric = metric_with(
        session,
        sheet_id=orders,
        date="c1",
        value="c2",
        period="subgroup",
        subgroup="c4",
        statistic="mean",
    )
    record = session.record(chart_metric(session, metric.id))
    assert record.get("analysis_id") == "spc.xbar_r"
    assert len(ready(session, record).run().charts[0].point_rows) == WEEKS * PER_WEEK // 5


def test_charting_weekly_averages_makes_an_i_mr_chart(session, orders):
    metric = metric_with(
        session, sheet_id=orders, date="c1", value="c2", period="week", statistic="mean"
    )
    record = session.record(chart_metric(session, metric.id))
    assert record.get("analysis_id") == "spc.i_mr"
    assert len(ready(session, record).columns.one("value").values) == WEEKS


def test_excluding_a_week_of_the_chart_excludes_its_point(session, orders):
    from leanlab.app.marks import exclude

    metric = metric_with(session, **share(orders))
    record_id = chart_metric(session, metric.id)
    rows = ready(session, session.record(record_id)).run().charts[0].point_rows[2]
    exclude(session, record_id, rows, "strike", point="point 3")
    caption = ready(session, session.record(record_id)).run().charts[0].caption
    assert "1 excluded" in caption


def test_binding_of_reads_the_metric(session, orders):
    assert binding_of(metric_with(session, **share(orders))).period == "week"
    assert metrics.what(session, Binding.from_json(share(orders))) == "rows where carrier is North"
