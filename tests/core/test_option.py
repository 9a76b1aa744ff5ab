from dataclasses import dataclass

import pytest

from leanlab.core.errors import DataProblem
from leanlab.core.option import option, options_from, told


@dataclass(frozen=True, slots=True)
class Options:
    k: float = option(3.0, "Limits at", minimum=1, maximum=6)
    method: str = option("MRbar", "Sigma", choices={"MRbar": "Mean", "MRmedian": "Median"})
    mean: float | None = option(None, "Known mean")
    show: bool = option(False, "Show")


def test_text_becomes_typed_options():
    built = options_from(Options, {"k": "2.5", "mean": "7", "show": "yes"})
    assert built == Options(k=2.5, mean=7.0, show=True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"k": "9"}, "Limits at"),
        ({"k": "x"}, "number"),
        ({"method": "mean"}, "Sigma"),
        ({"colour": "red"}, "no option"),
        ({"show": "perhaps"}, "yes or no"),
    ],
)
def test_bad_values_name_the_field(values, words):
    with pytest.raises(DataProblem, match=words):
        options_from(Options, values)


def test_stored_options_are_told_by_their_labels_in_the_declared_order():
    stored = {"show": True, "method": "MRmedian", "old_name": [1.0, 2.5], "k": 3.0, "mean": None}
    assert told(Options, stored) == [
        ("Limits at", "3"), ("Sigma", "Median"), ("Show", "yes"), ("old_name", "1, 2.5"),
    ]  # fmt: skip
    assert told(None, {"k": ""}) == []
