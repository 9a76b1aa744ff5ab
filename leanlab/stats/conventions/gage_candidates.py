"""Every usual way to report a crossed gage study."""

from collections.abc import Iterator, Mapping
from typing import Any

from leanlab.stats import msa
from leanlab.stats.conventions.candidates import Candidate, show

_NAMES = {
    "total_gage_rr": "gage R&R",
    "repeatability": "repeatability",
    "reproducibility": "reproducibility",
    "part_to_part": "part to part",
}


def of_gage(data: Mapping[str, Any], tolerance: float | None) -> Iterator[Candidate]:
    """Yield %Contribution, %StudyVar, %Tolerance and ndc of each way to treat the interaction.

    `data` holds the columns part, operator and value.
    """
    columns = (data["part"], data["operator"], data["value"])
    for alpha, words in ((0.05, "alpha 0.05"), (0.25, "alpha 0.25 (AIAG, many books)")):
        study = msa.gage_rr_crossed(*columns, alpha_remove_interaction=alpha, tolerance=tolerance)
        treated = "pooled" if study.interaction_removed else "kept"
        title = f"ANOVA, interaction {treated} at {words}"
        yield from _of_study(study, title, {"alpha": alpha}, tolerance)
    ranges = msa.gage_rr_xbar_r(*columns, tolerance=tolerance)
    yield from _of_study(ranges, "average and range method", {"gage": "xbar_r"}, tolerance)


def _of_study(
    study: Any, title: str, settings: dict[str, Any], tolerance: float | None
) -> Iterator[Candidate]:
    total = study.components["total_variation"]
    for key, name in _NAMES.items():
        part = study.components[key]
        yield Candidate(
            f"%Contribution {name}", part.pct_contribution, title,
            f"100 x {show(part.variance)} / {show(total.variance)}", settings,
        )  # fmt: skip
        yield Candidate(
            f"%StudyVar {name}", part.pct_study_var, title,
            f"100 x {show(part.sd)} / {show(total.sd)}", settings,
        )  # fmt: skip
        if tolerance is not None:
            yield from _of_tolerance(name, float(part.sd), tolerance, title, settings)
    ratio = study.components["part_to_part"].sd / study.components["total_gage_rr"].sd
    for factor, words in ((1.41, "1.41"), (2**0.5, "sqrt(2)")):
        yield Candidate(
            "ndc", float(max(1, int(factor * ratio))), f"{title}; factor {words}, rounded down",
            f"{words} x {show(ratio)} = {show(factor * ratio)}", settings,
        )  # fmt: skip
        yield Candidate(
            "ndc", factor * ratio, f"{title}; factor {words}, not rounded",
            f"{words} x {show(ratio)}", settings,
        )  # fmt: skip


def _of_tolerance(
    name: str, sd: float, tolerance: float, title: str, settings: dict[str, Any]
) -> Iterator[Candidate]:
    for multiplier in (6.0, 5.15, 4.0, 3.0):
        yield Candidate(
            f"%Tolerance {name}", 100 * multiplier * sd / tolerance,
            f"{title}; {multiplier:g} standard deviations over the tolerance",
            f"100 x {multiplier:g} x {show(sd)} / {show(tolerance)}",
            settings | {"multiplier": multiplier},
        )  # fmt: skip
