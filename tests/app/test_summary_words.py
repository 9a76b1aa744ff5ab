"""Values of a metric that stand beside each other look different where they are."""

from leanlab.app.records import Record
from leanlab.app.summary import values_apart

METRIC = Record("m", "metric", "Y1", "", 1, {"name": "Damaged orders", "unit": "%", "target": 1.0})


def test_two_values_get_more_digits_until_they_differ():
    assert values_apart(METRIC, 12.41, 6.09) == ("12.4 %", "6.1 %")
    assert values_apart(METRIC, 1.56, 1.58) == ("1.56 %", "1.58 %")
    assert values_apart(METRIC, 1.6, 1.6) == ("1.6 %", "1.6 %")
    assert values_apart(METRIC, None, 1.6) == ("–", "1.6 %")
