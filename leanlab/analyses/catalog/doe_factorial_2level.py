"""2-level factorial: which of several settings matter, alone and together?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from leanlab.analyses.control import warned
from leanlab.analyses.declare import (
    ANY,
    NUMBER,
    ORDER,
    Analysis,
    Chart,
    Check,
    Column,
    Columns,
    Finding,
    Generator,
    Level,
    Presentation,
    Role,
    SheetDraft,
    Table,
)
from leanlab.analyses.factors import Factor, read_factor, written
from leanlab.analyses.measure import Measure, numbers_of
from leanlab.analyses.plotted import RowIds, plotted
from leanlab.analyses.seeds import SEED_OPTION, seed_of, shuffler
from leanlab.analyses.sentences import check, sentence
from leanlab.core import format as words
from leanlab.core.errors import DataProblem
from leanlab.core.option import option
from leanlab.core.typing import FloatArray, IntArray

Term = tuple[int, ...]  # the numbers of its factors
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
TIMES = " × "
ORDERS = {
    "auto": "Up to two factors together; all where few runs are left", "1": "Main effects only",
    "2": "Up to two factors together", "3": "Up to three together", "all": "All",
}  # fmt: skip
PICTURES = {"bars": "Bars by size", "half_normal": "Half-normal plot"}
FEW_LEFT = 3  # degrees of freedom; with fewer, all effects are judged together (Lenth)
MOST_FACTORS_FOR_ALL = 7
FRACTIONS = {"1": "Full: all combinations", "2": "Half", "4": "Quarter", "8": "Eighth", "16": "Sixteenth"}  # fmt: skip


# the data sheet ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DesignOptions:
    """What the experiment looks like."""

    factors: tuple[str, ...] = option(
        ("Temperature=160..180", "Time=5..9", "Pressure=2..3"), "Factors", basic=True,
        help="Name and two settings each, separated by commas: Temperature=160..180, Supplier=old..new",
    )  # fmt: skip
    fraction: str = option(
        "1", "Runs", choices=FRACTIONS, basic=True,
        help="A fraction saves runs and mixes up effects; the sheet says which",
    )  # fmt: skip
    replicates: int = option(1, "Replicates", minimum=1, maximum=50, basic=True, help="Each run so many times")  # fmt: skip
    center_points: int = option(
        0, "Centre points", minimum=0, maximum=50, basic=True,
        help="Runs in the middle show curvature and pure error; 3 or 4 are usual",
    )  # fmt: skip
    response: str = option("Result", "Response", basic=True, help="What will be measured")
    randomise: bool = option(
        default=True,
        label="Random order",
        help="Protects the effects from everything that drifts; switch off only if it cannot be done",
    )
    seed: int | None = SEED_OPTION


def make_design(options: DesignOptions) -> SheetDraft:
    """Lay out the runs of a full or fractional design in random order."""
    from leanlab.stats import doe

    factors = written(options.factors)
    if len(factors) < 2:
        raise DataProblem("An experiment of this kind needs at least two factors.", hint="Add one.")
    if options.response.strip() in {f.name for f in factors} or not options.response.strip():
        raise DataProblem("The response needs a name of its own.", hint="Name what is measured.")
    generators = _generators(len(factors), int(options.fraction))
    plan = doe.factorial_2level(len(factors), generators)
    corner = np.tile(np.asarray(plan.design, dtype=np.float64), (options.replicates, 1))
    codes = np.vstack([corner, np.zeros((options.center_points, len(factors)))])
    seed = seed_of(options)
    order = shuffler(seed).permutation(len(codes)) if options.randomise else np.arange(len(codes))
    standard = np.arange(1.0, len(codes) + 1)[order]
    kinds = np.empty(len(codes), dtype=object)
    kinds[:] = ["centre" if at >= len(corner) else "corner" for at in order]
    columns = (
        Column("Run", "whole", np.arange(1.0, len(codes) + 1), decimals=0),
        Column("Standard order", "whole", standard, decimals=0),
        Column("Point", "category", kinds),
        *(factor.column(codes[order, i]) for i, factor in enumerate(factors)),
        Column(options.response.strip(), "number", np.full(len(codes), np.nan)),
    )
    return SheetDraft(
        title=f"Experiment: {words.count(len(factors), 'factor')}, {words.count(len(codes), 'run')}",
        columns=columns,
        options=replace(options, seed=seed),
        roles={"response": (options.response.strip(),), "factors": tuple(f.name for f in factors), "order": ("Run",)},
        note=_sheet_note(plan, factors),
    )  # fmt: skip


def _generators(factors: int, fraction: int) -> Sequence[str]:
    from leanlab.stats import doe

    if fraction == 1:
        return ()
    runs = 2**factors // fraction
    if runs < factors + 1 or runs < 4:
        raise DataProblem(
            f"{FRACTIONS[str(fraction)]} of {factors} factors leaves {max(runs, 1)} runs: too few.",
            hint="Choose a larger fraction, or more factors.",
        )
    return doe.minimum_aberration(factors, runs).generators


def _sheet_note(plan: Any, factors: Sequence[Factor]) -> str:
    names = ", ".join(
        f"{letter} = {f.name}" for letter, f in zip(plan.factors, factors, strict=True)
    )
    if plan.resolution is None:
        return sentence("doe.sheet.full", names=names, runs=plan.runs)
    return sentence("doe.sheet.fraction", names=names, runs=plan.runs, resolution=_roman(plan.resolution),
                    words=", ".join(plan.defining_relation))  # fmt: skip


def _roman(number: int) -> str:
    return {3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII"}.get(number, str(number))


# the analysis --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EffectOptions:
    """What the user can choose."""

    interactions: str = option("auto", "Effects", choices=ORDERS, basic=True)
    terms: tuple[str, ...] = option(
        (), "Only these effects",
        help="A smaller model: names separated by commas, joint effects with a colon, like "
        "Temperature, Time, Temperature:Time. Empty: chosen above",
    )  # fmt: skip
    alpha: float = option(0.05, "Signal level", minimum=0.001, maximum=0.2)
    picture: str = option(
        "bars", "Picture of the effects", choices=PICTURES, basic=True,
        help="Bars rank the effects; the half-normal plot shows which leave the line of chance",
    )  # fmt: skip
    better: str = option(
        "auto", "Better is", basic=True,
        choices={"auto": "As the metric says", "higher": "Higher", "lower": "Lower"},
        help="Used to propose settings",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class EffectResult:
    """Effects, and how far chance alone would carry them."""

    effects: Any
    terms: tuple[Term, ...]
    aliases: Mapping[int, tuple[Term, ...]]  # term -> what it cannot be told from
    factors: tuple[Factor, ...]
    codes: FloatArray  # corner runs
    response: FloatArray
    center: FloatArray
    row_ids: IntArray  # corner runs, then centre runs
    limit: float | None
    measure: Measure
    randomised: bool | None
    direction: str
    options: EffectOptions
    left_out: int
    note: str

    def name(self, term: Sequence[int]) -> str:
        """Write a term: "Temperature × Time"."""
        return TIMES.join(self.factors[i].name for i in term)

    @property
    def active(self) -> list[int]:
        """Terms that stand out from chance, the largest first."""
        if self.limit is None:
            return []
        sizes = np.abs(self.effects.effect)
        return [int(i) for i in np.argsort(-sizes) if sizes[i] > self.limit]

    @property
    def error(self) -> float | None:
        """How far chance usually carries an effect: its standard error, or Lenth's PSE."""
        if self.replicated:
            return float(np.nanmax(self.effects.se_effect))
        return self.effects.lenth.pse if self.effects.lenth is not None else None

    @property
    def scores(self) -> FloatArray:
        """Where the effects stand on a half-normal plot."""
        from leanlab.stats import doe

        return doe.half_normal_scores(self.effects.effect)

    @property
    def replicated(self) -> bool:
        """Whether the error is estimated from repeated runs."""
        return bool(self.effects.df_error > 0)


def compute(columns: Columns, options: EffectOptions) -> EffectResult:
    """Estimate the effects of the factors on the response."""
    from leanlab.stats import doe

    column = columns.one("response")
    response = numbers_of(column)
    read = [read_factor(c) for c in columns.many("factors")]
    if len(read) < 2:
        raise DataProblem("Choose at least two factors.", hint="One alone is a comparison of two groups.")  # fmt: skip
    codes = np.column_stack([c for _, c in read])
    usable = np.isfinite(response) & np.isfinite(codes).all(axis=1) & ~columns.excluded
    if usable.sum() < 4:
        raise DataProblem(
            f"Only {words.count(int(usable.sum()), 'run')} with a result and all settings.",
            hint="Type in the results of the experiment first.",
        )
    middle = _middle_rows(codes, [f for f, _ in read])
    mixed = usable & ~middle & ~np.isin(codes, (-1.0, 1.0)).all(axis=1)
    if mixed.any():
        raise DataProblem(
            f"The settings of row {int(columns.row_ids[np.flatnonzero(mixed)[0]])} are neither a corner nor the centre.",
            hint="Correct the settings, or exclude the row.",
        )
    corner, center = np.flatnonzero(usable & ~middle), np.flatnonzero(usable & middle)
    factors = [f for f, _ in read]
    terms = _chosen_terms(codes[corner], options, center.size, factors)
    letters = LETTERS[: len(read)]
    effects = doe.factorial_effects(
        codes[corner], letters, response[corner],
        ["".join(letters[i] for i in term) for term in terms],
        center_y=response[center] if center.size else None,
    )  # fmt: skip
    return EffectResult(
        effects=effects,
        terms=tuple(terms),
        aliases=_mixed_up(codes[corner], terms),
        factors=tuple(factors),
        codes=codes[corner],
        response=response[corner],
        center=response[center],
        row_ids=columns.row_ids[np.r_[corner, center]],
        limit=_limit(effects, options.alpha),
        measure=Measure.of(column),
        randomised=_randomised(columns, codes, usable),
        direction=columns.spec.direction if options.better == "auto" else options.better,
        options=options,
        left_out=int(usable.size - usable.sum()),
        note=columns.note,
    )


def _middle_rows(codes: FloatArray, factors: Sequence[Factor]) -> Any:
    numeric = [i for i, f in enumerate(factors) if f.numeric]
    if not numeric:
        return np.zeros(len(codes), dtype=np.bool_)
    return (codes[:, numeric] == 0).all(axis=1)


def _chosen_terms(
    codes: FloatArray, options: EffectOptions, centers: int, factors: Sequence[Factor]
) -> list[Term]:
    """Return terms up to the order asked for; where that leaves few runs for the error, all."""
    named = [_named_term(text, factors) for text in options.terms if text.strip()]
    if named:
        return named
    everything = codes.shape[1] if codes.shape[1] <= MOST_FACTORS_FOR_ALL else 3
    if options.interactions == "all":
        return _terms(codes, everything)
    if options.interactions != "auto":
        return _terms(codes, int(options.interactions))
    terms = _terms(codes, 2)
    left = len(codes) + max(0, centers - 1) - len(terms) - 1
    return terms if left >= FEW_LEFT else _terms(codes, everything)


def _named_term(text: str, factors: Sequence[Factor]) -> Term:
    """Read a term as a user writes it: Temperature:Time, or AB where factors are letters."""
    names = [factor.name for factor in factors]
    parts = [part.strip() for part in text.replace("×", ":").replace("*", ":").split(":")]
    if len(parts) == 1 and parts[0] not in names and all(len(name) == 1 for name in names):
        parts = list(parts[0])
    unknown = next((part for part in parts if part not in names), None)
    if unknown is not None:
        raise DataProblem(
            f"There is no factor named {unknown!r}.", hint=f"Factors: {', '.join(names)}."
        )
    return tuple(sorted(names.index(part) for part in parts))


def _terms(codes: FloatArray, highest: int) -> list[Term]:
    """Return the terms that the runs can tell apart; of those that they cannot, the first."""
    kept: list[Term] = []
    columns: list[FloatArray] = []
    for term in _up_to(highest, codes.shape[1]):
        column = np.prod(codes[:, term], axis=1)
        if abs(float(column.sum())) < column.size and _independent(columns, column):
            kept.append(term)
            columns.append(column)
    return kept


def _up_to(highest: int, factors: int) -> Iterator[Term]:
    for size in range(1, min(highest, factors) + 1):
        yield from combinations(range(factors), size)


def _mixed_up(codes: FloatArray, terms: Sequence[Term]) -> dict[int, tuple[Term, ...]]:
    """Return for each term the effects of up to three factors that it cannot be told from.

    Their columns are equal, or mirror images of each other.
    """
    columns = [np.prod(codes[:, term], axis=1) for term in terms]
    found: dict[int, list[Term]] = {}
    for other in _up_to(3, codes.shape[1]):
        if other in terms:
            continue
        column = np.prod(codes[:, other], axis=1)
        twin = next((i for i, c in enumerate(columns) if abs(float(c @ column)) == c.size), None)
        if twin is not None:
            found.setdefault(twin, []).append(other)
    return {at: tuple(others) for at, others in found.items()}


def _independent(columns: list[FloatArray], column: FloatArray) -> bool:
    matrix = np.column_stack([np.ones(column.size), *columns, column])
    return (
        matrix.shape[1] <= matrix.shape[0] and int(np.linalg.matrix_rank(matrix)) == matrix.shape[1]
    )


def _limit(effects: Any, alpha: float) -> float | None:
    """Return the size that an effect passes by chance alone only with probability alpha."""
    from scipy.special import stdtrit

    if effects.df_error > 0:
        return float(stdtrit(effects.df_error, 1 - alpha / 2) * np.nanmax(effects.se_effect))
    if effects.lenth is None:
        return None
    return float(stdtrit(len(effects.terms) / 3, 1 - alpha / 2) * effects.lenth.pse)


def _randomised(columns: Columns, codes: FloatArray, usable: Any) -> bool | None:
    """Whether the runs were made in mixed order: few factors keep their setting for long."""
    if not columns.has("order") or columns.one("order").kind not in {"number", "whole", "datetime"}:
        return None
    keys = np.asarray(columns.one("order").values)[usable]
    sequence = codes[usable][np.argsort(keys, kind="stable")]
    changes = (np.diff(sequence, axis=0) != 0).mean(axis=0)
    return bool(changes.min() > 0.2)


def present(result: EffectResult) -> Presentation:
    """Name the effects that stand out, the settings they propose, and what cannot be told apart."""
    card = _card(result)
    first = _half_normal_chart if result.options.picture == "half_normal" else _pareto_chart
    charts = [first(result), _main_chart(result)]
    if any(len(term) == 2 for term in result.terms):
        charts.append(_interaction_chart(result))
    return Presentation(
        findings=_findings(result, card),
        report_card=card,
        charts=(*charts, _residual_chart(result)),
        tables=(_effect_table(result), _alias_table(result), _mean_table(result)),
        numbers=_numbers(result),
        plain=_plain(result),
    )


def _numbers(result: EffectResult) -> dict[str, Any]:
    effects = result.effects
    short = all(len(f.name) == 1 for f in result.factors)
    names = [("" if short else ":").join(result.factors[i].name for i in t) for t in result.terms]
    out: dict[str, Any] = {"terms": names}
    out |= {
        name: getattr(effects, name)
        for name in ("effect", "coef", "intercept", "ss", "t_lenth", "se_effect", "t", "p_value", "df_error", "s")
    }  # fmt: skip
    out["significant_05"] = [names[i] for i, t in enumerate(effects.terms) if t in effects.significant_05]  # fmt: skip
    if effects.lenth is not None:
        out |= {f"lenth.{n}": getattr(effects.lenth, n) for n in ("pse", "me", "sme")}
    if effects.curvature is not None:
        names_c = ("effect", "coef_center", "ss", "t", "p_value")
        out |= {f"curvature.{n}": getattr(effects.curvature, n) for n in names_c}
    return out | {"limit": result.limit, "half_normal_score": result.scores}


# findings ------------------------------------------------------------------------------------


def _findings(result: EffectResult, card: tuple[Check, ...]) -> tuple[Finding, ...]:
    active = result.active
    listed = ", ".join(result.name(result.terms[i]) for i in active[:4])
    if active:
        key = "doe.one" if len(active) == 1 else "doe.several"
        verdict = Finding("verdict", sentence(key, listed=listed, count=len(active), all=len(result.terms)), "good")  # fmt: skip
    else:
        verdict = Finding("verdict", sentence("doe.none", all=len(result.terms)), "info")
    return (
        warned(verdict, card),
        Finding("evidence", _evidence(result)),
        Finding("size", _size(result)),
        Finding("next", _next(result)),
    )


def _evidence(result: EffectResult) -> str:
    limit = "unknown" if result.limit is None else result.measure.full(result.limit)
    runs = result.response.size + result.center.size
    if result.replicated:
        text = sentence("doe.evidence.error", limit=limit, df=result.effects.df_error, n=runs)
    else:
        text = sentence("doe.evidence.lenth", limit=limit, n=runs)
    curvature = result.effects.curvature
    if curvature is None:
        return text
    key = "doe.curvature" if curvature.p_value < 0.05 else "doe.straight"
    shown = words.p_phrase(curvature.p_value) if np.isfinite(curvature.p_value) else "p unknown"
    return f"{text} {sentence(key, p=shown, effect=result.measure.signed(curvature.effect))}"


def _largest(result: EffectResult) -> int:
    return int(np.argmax(np.abs(result.effects.effect)))


def _size(result: EffectResult) -> str:
    at = _largest(result)
    term, effect = result.terms[at], float(result.effects.effect[at])
    interval = ""
    if result.limit is not None:
        low, high = effect - result.limit, effect + result.limit
        interval = f" ({100 * (1 - result.options.alpha):g} % interval {result.measure.signed(low)} to {result.measure.signed(high)})"  # fmt: skip
    change = result.measure.signed(effect)
    if len(term) == 1:
        factor = result.factors[term[0]]
        return sentence("doe.size.main", name=factor.name, low=factor.setting(-1), high=factor.setting(1), change=change, interval=interval)  # fmt: skip
    return sentence("doe.size.joint", name=result.name(term), change=change, interval=interval)


def best_settings(result: EffectResult) -> tuple[str, float] | None:
    """Return the corner that the active effects predict to be best, and what they predict."""
    if result.direction not in {"higher", "lower"} or not result.active:
        return None
    involved = sorted({i for at in result.active for i in result.terms[at]})
    corners = np.array(np.meshgrid(*[[-1.0, 1.0]] * len(involved))).T.reshape(-1, len(involved))
    predicted = np.full(len(corners), float(result.effects.intercept))
    for at in result.active:
        places = [involved.index(i) for i in result.terms[at]]
        predicted += float(result.effects.coef[at]) * np.prod(corners[:, places], axis=1)
    best = int(np.argmax(predicted) if result.direction == "higher" else np.argmin(predicted))
    text = ", ".join(
        f"{result.factors[i].name} {result.factors[i].setting(float(code))}"
        for i, code in zip(involved, corners[best], strict=True)
    )
    return text, float(predicted[best])


def _next(result: EffectResult) -> str:
    if not result.active:
        return sentence("doe.next.none")
    best = best_settings(result)
    if best is None:
        return sentence("doe.next.confirm")
    return sentence("doe.next.settings", settings=best[0], predicted=result.measure.full(best[1]))


def _plain(result: EffectResult) -> str:
    if not result.active:
        return sentence("doe.plain.none", name=result.measure.name)
    names = [result.name(result.terms[i]) for i in result.active[:3]]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return sentence("doe.plain.some", name=result.measure.name, listed=listed)


def _card(result: EffectResult) -> tuple[Check, ...]:
    return (
        _data_check(result),
        _alias_check(result),
        _random_check(result),
        *_curvature_check(result),
        _residual_check(result),
    )


def _data_check(result: EffectResult) -> Check:
    df = int(result.effects.df_error)
    level: Level = "green" if df >= 3 else "amber"
    key = "card.doe.error" if df > 0 else "card.doe.lenth"
    return check("data", level, key, df=df, runs=result.response.size + result.center.size)


def _alias_check(result: EffectResult) -> Check:
    """Judge what main effects, and joint effects of two, are mixed up with."""
    main = [t for at, found in result.aliases.items() for t in found if len(result.terms[at]) == 1 and len(t) <= 2]  # fmt: skip
    pairs = [t for at, found in result.aliases.items() for t in found if len(result.terms[at]) == 2 and len(t) == 2]  # fmt: skip
    if main:
        return check("aliases", "red" if result.active else "amber", "card.aliases.main")
    if pairs:
        return check("aliases", "amber", "card.aliases.pairs")
    return check("aliases", "green", "card.aliases.none")


def _random_check(result: EffectResult) -> Check:
    if result.randomised is None:
        return check("randomised", "amber", "card.randomised.unknown")
    level: Level = "green" if result.randomised else "amber"
    return check("randomised", level, "card.randomised.yes" if result.randomised else "card.randomised.blocks")  # fmt: skip


def _curvature_check(result: EffectResult) -> tuple[Check, ...]:
    curvature = result.effects.curvature
    if curvature is None:
        return (check("curvature", "grey", "card.curvature.unknown"),)
    if not np.isfinite(curvature.p_value):
        return (check("curvature", "grey", "card.few"),)
    level: Level = "green" if curvature.p_value >= 0.05 else "amber"
    key = "card.curvature.ok" if level == "green" else "card.curvature"
    return (check("curvature", level, key, p=words.p_phrase(curvature.p_value)),)


def _residual_check(result: EffectResult) -> Check:
    residual = np.asarray(result.effects.residual)
    if not result.replicated or not result.effects.s > 0:
        return check("odd", "grey", "card.few")
    odd = int((np.abs(residual) > 3 * result.effects.s).sum())
    if not odd:
        return check("odd", "green", "card.odd.green")
    return check("odd", "amber", "card.odd.look", values=words.count(odd, "value"))


# pictures and tables -------------------------------------------------------------------------


def _caption(result: EffectResult) -> str:
    key = "doe.caption.error" if result.replicated else "doe.caption.lenth"
    text = sentence(key, alpha=f"{result.options.alpha:g}", n=result.response.size + result.center.size, center=result.center.size)  # fmt: skip
    parts = [text]
    if result.left_out:
        parts.append(f"{words.count(result.left_out, 'run')} left out")
    if result.note:
        parts.append(result.note)
    return " · ".join(parts)


def _pareto_chart(result: EffectResult) -> Chart:
    names = [result.name(term) for term in result.terms]
    sizes = np.asarray(result.effects.effect, dtype=np.float64)

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.bars import draw_effects

        draw_effects(figure, theme, names, sizes, result.limit, "Effects by size",
                     f"Effect on {result.measure.axis}", result.measure.decimals)  # fmt: skip

    listed = ", ".join(f"{names[i]} {result.measure.signed(float(sizes[i]))}" for i in np.argsort(-np.abs(sizes))[:6])  # fmt: skip
    return Chart(
        "Effects by size", draw, caption=_caption(result),
        alt=sentence("doe.alt.effects", name=result.measure.name, listed=listed),
    )  # fmt: skip


def _half_normal_chart(result: EffectResult) -> Chart:
    names = [result.name(term) for term in result.terms]
    sizes, error = np.asarray(result.effects.effect, dtype=np.float64), result.error

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.experiment import HalfNormal, draw_half_normal

        plot = HalfNormal(names, sizes, result.scores, error, result.limit, f"Effect on {result.measure.axis}",
                          result.measure.decimals)  # fmt: skip
        draw_half_normal(figure, theme, plot, "Half-normal plot of effects")

    listed = ", ".join(names[i] for i in result.active) or "none"
    key = "doe.caption.line.error" if result.replicated else "doe.caption.line.lenth"
    drawn = [sentence(key, error=result.measure.full(error))] if error else []
    return Chart(
        "Half-normal plot of effects", draw, caption=" · ".join([_caption(result), *drawn]),
        alt=sentence("doe.alt.half_normal", name=result.measure.name, all=len(names), listed=listed),
    )  # fmt: skip


def _main_chart(result: EffectResult) -> Chart:
    means = [
        tuple(float(result.response[result.codes[:, i] == level].mean()) for level in (-1, 1))
        for i in range(len(result.factors))
    ]

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.experiment import MainEffect, draw_main_effects

        effects = [
            MainEffect(f.name, (f.setting(-1), f.setting(1)), mean, active=any(result.terms[a] == (i,) for a in result.active))
            for i, (f, mean) in enumerate(zip(result.factors, means, strict=True))
        ]  # fmt: skip
        center = float(result.center.mean()) if result.center.size else None
        draw_main_effects(figure, theme, effects, float(result.response.mean()), center,
                          f"Average of {result.measure.axis}")  # fmt: skip

    listed = ", ".join(
        f"{f.name} {result.measure.show(m[0])} and {result.measure.full(m[1])}"
        for f, m in zip(result.factors, means, strict=True)
    )
    return Chart("Main effects", draw, caption=_caption(result), alt=sentence("doe.alt.main", listed=listed))  # fmt: skip


def _interaction_chart(result: EffectResult) -> Chart:
    """Draw the pairs that matter most: those that stand out, else the largest."""
    pairs = [i for i, term in enumerate(result.terms) if len(term) == 2]
    pairs.sort(key=lambda i: -abs(float(result.effects.effect[i])))
    shown = pairs[:6]

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.experiment import Interaction, draw_interactions

        pictures = []
        for at in shown:
            first, second = result.terms[at]
            cells = tuple(
                tuple(_cell_mean(result, first, a, second, b) for a in (-1, 1)) for b in (-1, 1)
            )
            f, g = result.factors[first], result.factors[second]
            pictures.append(Interaction(
                f.name, (f.setting(-1), f.setting(1)), g.name, (g.setting(-1), g.setting(1)), cells,
                active=at in result.active,
            ))  # fmt: skip
        draw_interactions(figure, theme, pictures, f"Average of {result.measure.axis}")

    listed = ", ".join(result.name(result.terms[i]) for i in shown)
    return Chart("Two factors together", draw, caption=_caption(result), alt=sentence("doe.alt.interactions", listed=listed))  # fmt: skip


def _cell_mean(result: EffectResult, first: int, a: int, second: int, b: int) -> float:
    here = (result.codes[:, first] == a) & (result.codes[:, second] == b)
    return float(result.response[here].mean()) if here.any() else float("nan")


def _residual_chart(result: EffectResult) -> Chart:
    """Observed against fitted, so that an odd run can be found."""
    fitted = np.asarray(result.effects.fitted)
    observed = np.r_[result.response, result.center]
    rows = RowIds(result.row_ids)

    def describe(index: int) -> str:
        return f"row {int(result.row_ids[index])}, {result.measure.full(float(observed[index]))}, expected {result.measure.full(float(fitted[index]))}"  # fmt: skip

    def draw(figure: Any, theme: Any) -> None:
        from leanlab.figures.experiment import draw_fit

        draw_fit(figure, theme, fitted, observed, result.measure.axis)

    return Chart(
        "Observed against expected",
        draw,
        caption=_caption(result),
        alt=sentence("doe.alt.fit", name=result.measure.name, n=observed.size),
        point_rows=rows,
        points=plotted(rows, fitted, observed, describe),
    )


def _effect_table(result: EffectResult) -> Table:
    e = result.effects
    rows: list[tuple[object, ...]] = [("Average", "", float(e.intercept), "", "", "")]
    for i in np.argsort(-np.abs(e.effect)):
        rows.append((
            result.name(result.terms[i]), float(e.effect[i]), float(e.coef[i]), _cell(e.se_effect[i]), _cell(e.t[i] if result.replicated else e.t_lenth[i]),
            words.p_value(float(e.p_value[i])) if np.isfinite(e.p_value[i]) else "",
        ))  # fmt: skip
    head = "t" if result.replicated else "t (Lenth)"
    return Table("Effects", ("Term", "Effect", "Coefficient", "Standard error", head, "p"), rows)


def _cell(value: float) -> float | str:
    return float(value) if np.isfinite(value) else ""


def _alias_table(result: EffectResult) -> Table:
    rows = [
        (result.name(result.terms[at]), ", ".join(result.name(t) for t in found))
        for at, found in sorted(result.aliases.items())
    ]
    return Table("Cannot be told apart", ("Effect", "Is mixed up with"), rows)


def _mean_table(result: EffectResult) -> Table:
    rows = [
        (f.name, f.setting(level), float(result.response[result.codes[:, i] == level].mean()))
        for i, f in enumerate(result.factors)
        for level in (-1, 1)
    ]
    return Table("Averages", ("Factor", "Setting", "Average"), rows)


ANALYSIS = Analysis(
    id="doe.factorial_2level",
    version=1,
    title="2-level factorial",
    group="Experiments",
    place=10,
    question="Which settings matter, alone and together?",
    phases="I",
    also_called=(
        "design of experiments", "DOE", "full factorial", "fractional factorial", "screening",
        "main effects plot", "interaction plot", "Pareto of effects", "Lenth", "half-normal plot",
        "Daniel plot",
    ),
    roles=(
        Role("response", "Response", NUMBER, help="The measured result of each run"),
        Role("factors", "Factors", ANY, many=True, help="One column per factor, two settings each"),
        Role("order", "Run order", ORDER, required=False, help="In which order the runs were made"),
    ),
    options=EffectOptions,
    compute=compute,
    present=present,
    generator=Generator(
        id="doe.factorial_2level",
        title="Plan a 2-level experiment",
        options=DesignOptions,
        make=make_design,
        help="Makes a sheet with all runs in random order, ready for the results",
    ),
)  # fmt: skip
