"""Hypothesis tests: from the names of a reference case to functions and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from leanlab.stats import hypothesis

Case = Mapping[str, Any]


def _as_dict(function: Callable[..., Any]) -> Callable[[Case], dict[str, Any]]:
    return lambda inputs: asdict(function(**inputs))


def _two_way(inputs: Case) -> dict[str, Any]:
    out = asdict(hypothesis.anova_two_way(**inputs))
    error = {"df": out["df_error"], "ss": out["ss_error"], "ms": out["ms_error"]}
    return out | {"error": error, "total": {"df": out["df_total"], "ss": out["ss_total"]}}


def _equivalence(inputs: Case) -> dict[str, Any]:
    rest = {name: value for name, value in inputs.items() if name not in ("kind", "y")}
    second = None if inputs["kind"] == "one" else inputs["y"]
    paired = inputs["kind"] == "paired"
    return asdict(hypothesis.equivalence_tost(y=second, paired=paired, **rest))


def _fisher(inputs: Case) -> dict[str, Any]:
    out = asdict(hypothesis.fisher_exact(**inputs))
    return out | {"ci95": out["ci"]}


def _sign(inputs: Case) -> dict[str, Any]:
    out = asdict(hypothesis.sign(**inputs))
    return out | {"ci_interpolated_95": out["ci_interpolated"]}


OPS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "test.anova_oneway": _as_dict(hypothesis.anova_oneway),
    "test.anova_two_way": _two_way,
    "test.anova_welch": _as_dict(hypothesis.anova_welch),
    "test.chi2_association": _as_dict(hypothesis.chi2_association),
    "test.chi2_goodness_of_fit": _as_dict(hypothesis.chi2_goodness_of_fit),
    "test.correlation": _as_dict(hypothesis.correlation),
    "test.dunnett": _as_dict(hypothesis.dunnett),
    "test.equal_variances": _as_dict(hypothesis.equal_variances),
    "test.equivalence_tost": _equivalence,
    "test.fisher_exact": _fisher,
    "test.fisher_lsd": _as_dict(hypothesis.fisher_lsd),
    "test.friedman": _as_dict(hypothesis.friedman),
    "test.games_howell": _as_dict(hypothesis.games_howell),
    "test.kruskal_wallis": _as_dict(hypothesis.kruskal_wallis),
    "test.mann_whitney": _as_dict(hypothesis.mann_whitney),
    "test.mcnemar": _as_dict(hypothesis.mcnemar),
    "test.mood_median": _as_dict(hypothesis.mood_median),
    "test.poisson_rate_one": _as_dict(hypothesis.poisson_rate_one),
    "test.poisson_rate_two": _as_dict(hypothesis.poisson_rate_two),
    "test.proportion_one": _as_dict(hypothesis.proportion_one),
    "test.proportion_two": _as_dict(hypothesis.proportion_two),
    "test.sign": _sign,
    "test.t_one_sample": _as_dict(hypothesis.t_one_sample),
    "test.t_paired": _as_dict(hypothesis.t_paired),
    "test.t_two_sample_pooled": _as_dict(hypothesis.t_two_sample_pooled),
    "test.t_two_sample_welch": _as_dict(hypothesis.t_two_sample_welch),
    "test.tukey_hsd": _as_dict(hypothesis.tukey_hsd),
    "test.variance_one": _as_dict(hypothesis.variance_one),
    "test.variance_two": _as_dict(hypothesis.variance_two),
    "test.wilcoxon_signed_rank": _as_dict(hypothesis.wilcoxon_signed_rank),
}
