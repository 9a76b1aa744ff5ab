from dataclasses import dataclass

import pytest

from leanlab.core.errors import DataProblem
from leanlab.core.option import option, options_from


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
