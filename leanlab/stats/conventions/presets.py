"""Named presets: every choice that two correct programs can make differently, set together."""

from dataclasses import dataclass
from typing import Any

from leanlab.core.errors import DataProblem


@dataclass(frozen=True, slots=True)
class Preset:
    """The conventions of one program or manual.

    Attributes
    ----------
    name : str
    sigma_subgroups, sigma_individuals : str
        Keys of `capability.SIGMA_METHODS`.
    constants : {"exact", "table"}
        d2, c4 and their kin computed, or rounded as printed in tables.
    df_method : str
        Degrees of freedom of within intervals (`capability.normal`).
    unbias_overall : bool
        Whether the overall sigma is divided by c4(N).
    cpm_divisor : {"N", "N-1"}
        Of the mean square about the target.
    quantile_type : int
        Hyndman and Fan's type.
    study_var_multiplier : float
        Standard deviations that make the study variation; %Tolerance is this times the standard
        deviation over the tolerance.
    alpha_remove_interaction : float
        A gage study's interaction is pooled when its p-value is larger.
    sigma_shift : float
        Added to Z of long-term data to make a sigma level.
    interval : {"exact", "normal"}
        Intervals of proportions and rates.
    source : str
        Where the settings come from, and how sure they are.
    """

    name: str
    sigma_subgroups: str
    sigma_individuals: str
    constants: str
    df_method: str
    unbias_overall: bool
    cpm_divisor: str
    quantile_type: int
    study_var_multiplier: float
    alpha_remove_interaction: float
    sigma_shift: float
    interval: str
    source: str

    def capability_options(self, *, individuals: bool) -> dict[str, Any]:
        """Return the keyword arguments of `capability.normal`.

        Examples
        --------
        >>> PRESETS["JASP"].capability_options(individuals=False)["sigma_method"]
        'Rbar_burr'
        """
        return {
            "sigma_method": self.sigma_individuals if individuals else self.sigma_subgroups,
            "df_method": self.df_method,
            "unbias_overall": self.unbias_overall,
        }

    def gage_options(self) -> dict[str, Any]:
        """Return the keyword arguments of `msa.gage_rr_crossed`."""
        return {
            "study_var_multiplier": self.study_var_multiplier,
            "alpha_remove_interaction": self.alpha_remove_interaction,
        }

    def follows(self, settings: dict[str, Any]) -> bool:
        """Tell whether every named setting is that of this preset; unknown names never match."""
        own = {
            "sigma": (self.sigma_subgroups, self.sigma_individuals),
            "constants": (self.constants,),
            "cpm": (self.cpm_divisor,),
            "quantile": (self.quantile_type,),
            "multiplier": (self.study_var_multiplier,),
            "alpha": (self.alpha_remove_interaction,),
            "shift": (self.sigma_shift,),
            "interval": (self.interval,),
            "overall": ("c4" if self.unbias_overall else "n-1",),
        }
        return all(value in own.get(name, ()) for name, value in settings.items())


PRESETS: dict[str, Preset] = {
    p.name: p
    for p in (
        Preset(
            "LeanLab", "pooled", "MRbar", "exact", "estimator", False, "N", 6, 6.0, 0.05, 1.5,
            "exact", "The defaults of this library.",
        ),
        Preset(
            "Minitab", "pooled", "MRbar", "exact", "estimator", False, "N-1", 6, 6.0, 0.05, 1.5,
            "exact", "Its published methods and formulas; some settings are remembered, not measured.",
        ),
        Preset(
            "AIAG", "Rbar", "MRbar", "table", "estimator", False, "N-1", 6, 6.0, 0.25, 0.0,
            "normal", "AIAG manuals SPC and MSA (4th ed.), with their printed constants.",
        ),
        Preset(
            "JASP", "Rbar_burr", "MRbar", "table", "0.9k(n-1)", False, "N", 7, 6.0, 0.05, 0.0,
            "exact", "Measured on the reference cases, except quantiles and shift.",
        ),
    )
}  # fmt: skip


def preset(name: str) -> Preset:
    """Return a preset by name, whatever its capitals.

    Raises
    ------
    DataProblem
        Unknown name; the known ones are listed.

    Examples
    --------
    >>> preset("aiag").alpha_remove_interaction
    0.25
    """
    found = {key.casefold(): p for key, p in PRESETS.items()}.get(name.casefold())
    if found is None:
        raise DataProblem(f"Unknown preset {name!r}.", hint=f"One of: {', '.join(PRESETS)}.")
    return found
