"""One believable data set per analysis: what the pictures and the contract tests are run on."""

from dataclasses import replace

import numpy as np

from leanlab.analyses.declare import Column, Columns, Marks, PointMark, Spec

RNG_SEED = 20260424


def texts(items):
    out = np.empty(len(items), dtype=object)
    out[:] = items
    return out


def days(count, step=7, start="2025-09-01"):
    return np.datetime64(start, "s") + np.arange(count) * step * 86_400


def columns(roles, *, excluded=(), marks=None, spec=None, events=()):
    """Build Columns from role -> Column or list of Columns."""
    chosen = {k: tuple(v) if isinstance(v, list) else (v,) for k, v in roles.items()}
    size = max((len(c.values) for cs in chosen.values() for c in cs), default=0)
    left_out = np.zeros(size, dtype=np.bool_)
    left_out[list(excluded)] = True
    return Columns(
        chosen, np.arange(1, size + 1), left_out, spec=spec or Spec(), marks=marks or Marks(), events=events
    )  # fmt: skip


def late_hours():
    rng = np.random.default_rng(RNG_SEED)
    values = np.round(np.r_[rng.normal(8.4, 1.6, 32), rng.normal(5.6, 1.1, 21)], 1)
    values[16] = 17.2
    phase = texts(["Before"] * 32 + ["After new routing"] * 21)
    return values, phase


def i_mr():
    values, phase = late_hours()
    return columns(
        {
            "value": Column("Late hours", "number", values, unit="h", decimals=1),
            "order": Column("Week", "datetime", days(53, start="2025-04-07")),
            "stage": Column("Phase", "category", phase),
        },
        marks=Marks(excluded=(PointMark((17,), "carrier strike"),), notes=(PointMark((17,), "carrier strike, two days"),)),
        spec=Spec(target=5.0, direction="lower"),
    )  # fmt: skip


def run_chart():
    rng = np.random.default_rng(3)
    values = np.round(np.r_[rng.normal(24, 2, 14), rng.normal(21, 2, 12)], 0)
    return columns({
        "value": Column("Changeover", "whole", values, unit="min", decimals=0),
        "order": Column("Date", "datetime", days(26, 3, "2026-01-05")),
    })  # fmt: skip


def run_by_the_minute():
    """Few points over two years, each with its time: the texts below them are long."""
    rng = np.random.default_rng(4)
    moments = days(18, 23, "2025-10-27") + np.arange(18) * 5_400
    return columns({
        "value": Column("Changeover", "whole", np.round(rng.normal(40, 14, 18)), unit="min", decimals=0),
        "order": Column("Started", "datetime", moments + 22_500),
    })  # fmt: skip


def subgroups(size, count, seed=5):
    rng = np.random.default_rng(seed)
    level = np.repeat(np.where(np.arange(count) == 19, 500.9, 500.0), size)
    values = np.round(level + rng.normal(0, 0.45, size * count), 2)
    hours = np.repeat(np.arange(count), size)
    return columns({
        "value": Column("Fill weight", "number", values, unit="g", decimals=2),
        "subgroup": Column("Sample", "category", texts([f"S{h + 1}" for h in hours])),
        "order": Column("Time", "datetime", np.datetime64("2026-03-02T06:00", "s") + hours * 1800),
    })  # fmt: skip


def shares(spread, seed=8):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(380, 620, 40).astype(float)
    p = np.clip(rng.normal(0.085, spread, 40), 0.005, 0.5)
    counts = rng.binomial(sizes.astype(int), p).astype(float)
    return columns({
        "counts": Column("Late parcels", "whole", counts, decimals=0),
        "sizes": Column("Parcels", "whole", sizes, decimals=0),
        "order": Column("Day", "datetime", days(40, 1, "2026-02-02")),
    })  # fmt: skip


def defects(vary):
    rng = np.random.default_rng(9)
    sizes = rng.integers(8, 15, 35).astype(float) if vary else np.full(35, 10.0)
    counts = rng.poisson(1.1 * sizes).astype(float)
    counts[21] = 31
    roles = {
        "counts": Column("Scratches", "whole", counts, decimals=0),
        "order": Column("Shift", "whole", np.arange(1.0, 36)),
    }
    if vary:
        roles["sizes"] = Column("Panels", "whole", sizes, decimals=0)
    return columns(roles)


def pareto():
    rng = np.random.default_rng(11)
    reasons = [
        "Address wrong", "Nobody at home", "Sorting error", "Vehicle breakdown", "Road closed",
        "Label unreadable", "Customs", "Weather", "Damaged in transit", "Lost scan", "Driver ill", "Other hub late",
    ]  # fmt: skip
    weight = np.array([30, 22, 14, 8, 6, 5, 4, 3, 3, 2, 2, 1.0])
    picked = rng.choice(len(reasons), 412, p=weight / weight.sum())
    return columns({"category": Column("Reason", "category", texts([reasons[i] for i in picked]))})


def pareto_cost():
    data = pareto()
    rng = np.random.default_rng(12)
    cost = np.round(rng.gamma(2, 18, data.row_ids.size), 2)
    return replace(
        data,
        roles={**data.roles, "weight": (Column("Cost", "number", cost, unit="EUR", decimals=2),)},
    )


def waiting():
    values = np.round(np.random.default_rng(13).gamma(6, 2.1, 240), 1)
    return columns({"value": Column("Waiting time", "number", values, unit="min", decimals=1)})


def capability():
    rng = np.random.default_rng(14)
    values = np.round(rng.normal(500.18, 0.42, 150), 2)
    return columns(
        {"value": [Column("Fill weight", "number", values, unit="g", decimals=2)],
         "order": Column("Time", "datetime", np.datetime64("2026-03-02T06:00", "s") + np.arange(150) * 600)},
        spec=Spec(498.5, 501.5, 500.0),
    )  # fmt: skip


def two_groups():
    rng = np.random.default_rng(15)
    values = np.round(np.r_[rng.normal(36.2, 3.1, 28), rng.normal(33.4, 4.4, 31)], 1)
    return columns({
        "value": [Column("Handling time", "number", values, unit="min", decimals=1)],
        "group": Column("Line", "category", texts(["Line 1"] * 28 + ["Line 2"] * 31)),
    })  # fmt: skip


def several_groups():
    rng = np.random.default_rng(16)
    names = ["Early", "Late", "Night", "Weekend"]
    means, sds, sizes = (41, 43.5, 47, 42), (3, 3.4, 5, 3.2), (30, 28, 25, 16)
    values = np.concatenate(
        [rng.normal(m, s, n) for m, s, n in zip(means, sds, sizes, strict=True)]
    )
    return columns({
        "value": [Column("Sorting errors", "number", np.round(values, 1), unit="ppm", decimals=1)],
        "group": Column("Shift", "category", texts([n for n, k in zip(names, sizes, strict=True) for _ in range(k)])),
    })  # fmt: skip


def before_after():
    data = i_mr()
    return replace(data, marks=Marks(excluded=data.marks.excluded, notes=data.marks.notes))


def stopwatch():
    values = np.array([47.0, 52, 44, 50, 49, 23, 26, 21, 24])
    return columns(
        {"value": Column("Changeover", "number", values, unit="min", decimals=0),
         "stage": Column("When", "category", texts(["Old way"] * 5 + ["New way"] * 4))},
        spec=Spec(target=20.0, direction="lower"),
    )  # fmt: skip


def gage():
    rng = np.random.default_rng(17)
    parts = np.repeat(np.arange(10), 6)
    people = np.tile(np.repeat(np.arange(3), 2), 10)
    true = rng.normal(24.0, 0.32, 10)
    bias = np.array([0.0, 0.05, -0.04])
    values = np.round(true[parts] + bias[people] + rng.normal(0, 0.055, 60), 2)
    order = rng.permutation(60) + 1.0
    return columns(
        {
            "value": Column("Diameter", "number", values, unit="mm", decimals=2),
            "part": Column("Part", "category", texts([str(p + 1) for p in parts])),
            "operator": Column("Operator", "category", texts([["Ana", "Ben", "Chris"][p] for p in people])),
            "order": Column("Run", "whole", order, decimals=0),
        },
        spec=Spec(23.0, 25.0),
    )  # fmt: skip


def factorial():
    from leanlab.analyses.catalog.doe_factorial_2level import DesignOptions, make_design

    draft = make_design(DesignOptions(
        factors=("Temperature=160..180", "Time=5..9", "Pressure=2..3", "Resin=old..new"), replicates=1, seed=7,
    ))  # fmt: skip
    found = {c.name: c for c in draft.columns}
    rng = np.random.default_rng(18)
    code = lambda name, low, high: (found[name].values - low) / (high - low) * 2 - 1  # noqa: E731
    t, m = code("Temperature", 160, 180), code("Time", 5, 9)
    resin = np.where(found["Resin"].values == "new", 1, -1)
    values = np.round(
        62 + 5.5 * t + 3.1 * m - 2.6 * t * m + 1.2 * resin + rng.normal(0, 0.9, t.size), 1
    )
    return columns(
        {"response": Column("Strength", "number", values, unit="MPa", decimals=1),
         "factors": [found[n] for n in ("Temperature", "Time", "Pressure", "Resin")], "order": found["Run"]},
        spec=Spec(direction="higher"),
    )  # fmt: skip


def factorial_center():
    from leanlab.analyses.catalog.doe_factorial_2level import DesignOptions, make_design

    draft = make_design(DesignOptions(replicates=2, center_points=4, seed=9))
    found = {c.name: c for c in draft.columns}
    rng = np.random.default_rng(19)
    t = (found["Temperature"].values - 170) / 10
    m = (found["Time"].values - 7) / 2
    values = np.round(62 + 5.5 * t + 3.1 * m + 3 * (t == 0) + rng.normal(0, 1.2, t.size), 1)
    return columns(
        {"response": Column("Strength", "number", values, unit="MPa", decimals=1),
         "factors": [found[n] for n in ("Temperature", "Time", "Pressure")], "order": found["Run"]},
        spec=Spec(direction="higher"),
    )  # fmt: skip


CASES = {
    "spc.run_chart": run_chart,
    "spc.i_mr": i_mr,
    "spc.xbar_r": lambda: subgroups(5, 28),
    "spc.xbar_s": lambda: subgroups(10, 26, 6),
    "spc.p": lambda: shares(0.004),
    "spc.laney_p": lambda: shares(0.03),
    "spc.np": lambda: shares(0.004),
    "spc.c": lambda: defects(vary=False),
    "spc.u": lambda: defects(vary=True),
    "spc.laney_u": lambda: defects(vary=True),
    "quality.pareto": pareto,
    "descriptive.summary": waiting,
    "capability.normal": capability,
    "test.t_two_sample_welch": two_groups,
    "test.anova_oneway": several_groups,
    "compare.before_after": before_after,
    "msa.gage_rr_crossed": gage,
    "doe.factorial_2level": factorial,
}
EXTRA = {
    "quality.pareto-cost": pareto_cost,
    "compare.before_after-stopwatch": stopwatch,
    "doe.factorial_2level-center": factorial_center,
    "spc.run_chart-times": run_by_the_minute,
    "spc.p-overdispersed": lambda: shares(0.03),
}


def data_for(analysis_id):
    """Return believable columns of an analysis; one without data gets none."""
    made = CASES.get(analysis_id)
    return made() if made else columns({})
