"""The numbers of `leanlab run --json` against published cases, through a file as users have it."""

import csv
import json

import pytest
from click.testing import CliRunner

from leanlab.analyses.registry import ANALYSES
from leanlab.cli import cli
from leanlab.core.resources import resource
from leanlab.validation.compare import compare


def columns_of(case):
    """Return the columns of a data file, and what a user would type, for a case."""
    return BUILD[case["op"]](dict(case["inputs"]))


def options(inputs, *names):
    return [word for n in names if inputs.get(n) is not None for word in (f"--{n}", str(inputs[n]))]


def staged(inputs, columns):
    if inputs.get("stages") is None:
        return columns, []
    return columns | {"stage": inputs["stages"]}, ["--stage", "stage"]


def individuals(i):
    columns, more = staged(i, {"x": i["x"]})
    wanted = options(i, "mr_length", "sigma_method", "k", "historical_mean", "historical_sigma")
    return columns, ["--value", "x", *more, *wanted]


def subgrouped(i, *names):
    groups = i["subgroups"]
    flat = {
        "x": [v for g in groups for v in g],
        "group": [f"G{n}" for n, g in enumerate(groups) for _ in g],
    }
    more = []
    if i.get("stages") is not None:
        flat["stage"] = [s for s, g in zip(i["stages"], groups, strict=True) for _ in g]
        more = ["--stage", "stage"]
    return flat, ["--value", "x", "--subgroup", "group", *more, *options(i, *names)]


def counted(i, *names):
    columns, more = {"c": i["counts"]}, ["--counts", "c"]
    sizes = i.get("sizes")
    if isinstance(sizes, list):
        columns["n"] = sizes
        more += ["--sizes", "n"]
    elif sizes is not None:
        more += ["--sample_size", str(sizes)]
    columns, stages = staged(i, columns)
    return columns, [*more, *stages, *options(i, "k", *names)]


def groups(i):
    found = i["groups"]
    columns = {"y": [v for g in found.values() for v in g], "g": [n for n, g in found.items() for _ in g]}  # fmt: skip
    return columns, ["--value", "y", "--group", "g", *options(i, "confidence")]


def two_columns(i):
    size = max(len(i["x"]), len(i["y"]))
    pad = lambda v: [*v, *[None] * (size - len(v))]  # noqa: E731
    return {"x": pad(i["x"]), "y": pad(i["y"])}, [
        "--value", "x", "--value", "y", *options(i, "alternative", "confidence", "difference0"),
    ]  # fmt: skip


def effects(i):
    rows = list(zip(*i["design"], strict=True))
    center = i.get("center_y") or []
    columns = {f: [*r, *[0] * len(center)] for f, r in zip(i["factors"], rows, strict=True)}
    columns["y"] = [*i["y"], *center]
    words = [w for f in i["factors"] for w in ("--factors", f)]
    return columns, ["--response", "y", *words, "--terms", ",".join(i["terms"])]


def no_data(*names):
    return lambda i: ({}, options(i, *names))


BUILD = {
    "spc.i_mr": individuals,
    "spc.xbar_r": lambda i: subgrouped(i, "sigma_method", "k", "historical_mean", "historical_sigma"),
    "spc.xbar_s": lambda i: subgrouped(i, "sigma_method", "k", "use_c4", "historical_mean", "historical_sigma"),
    "spc.p": lambda i: counted(i, "historical_p"),
    "spc.np": lambda i: counted(i, "historical_p"),
    "spc.c": lambda i: counted(i, "historical_c"),
    "spc.u": lambda i: counted(i, "historical_u"),
    "spc.laney_p": counted,
    "spc.laney_u": counted,
    "spc.run_chart": lambda i: ({"x": i["x"]}, ["--value", "x"]),
    "quality.pareto": lambda i: ({"c": i["category"], "n": i["count"]}, ["--category", "c", "--weight", "n"]),
    "descriptive.summary": lambda i: ({"x": i["x"]}, ["--value", "x", *options(i, "confidence")]),
    "capability.normal": lambda i: subgrouped(i, "lsl", "usl", "target", "sigma_method", "confidence", "mr_length"),
    "test.t_two_sample_welch": two_columns,
    "test.anova_oneway": groups,
    "msa.gage_rr_crossed": lambda i: (
        {n: i[n] for n in ("part", "operator", "value")},
        ["--part", "part", "--operator", "operator", "--value", "value",
         *options(i, "study_var_multiplier", "alpha_remove_interaction", "tolerance", "process_sd")],
    ),
    "doe.factorial_effects": effects,
    "power.margin_of_error_mean": no_data("sd", "margin", "confidence"),
    "power.margin_of_error_proportion": no_data("p", "margin", "confidence"),
    "power.t_one_sample": no_data("difference", "sd", "alpha", "alternative", "n", "target_power"),
    "power.t_two_sample": no_data("difference", "sd", "alpha", "alternative", "n", "target_power"),
    "power.proportion_one": no_data("p", "p0", "alpha", "alternative", "n", "target_power"),
    "power.proportion_two": no_data("p1", "p2", "alpha", "alternative", "n", "target_power"),
}  # fmt: skip
ANALYSIS_OF = {"doe.factorial_effects": "doe.factorial_2level"}
CASES = [
    case
    for path in sorted(resource("reference").glob("*.json"))
    for case in [json.loads(path.read_text(encoding="utf-8"))]
    if case["op"] in BUILD
]


def test_every_analysis_with_published_numbers_is_held_against_them():
    ops = {
        json.loads(p.read_text(encoding="utf-8"))["op"]
        for p in resource("reference").glob("*.json")
    }
    known = {ANALYSIS_OF.get(op, op) for op in BUILD}
    left = sorted({a.id for a in ANALYSES if a.id in ops} - known)
    assert not left, "add a line to BUILD"


def nested(numbers):
    """Turn dotted names back into named values, as the cases have them."""
    out = dict(numbers)
    for name, value in numbers.items():
        if "." in name:
            place = out
            *path, last = name.split(".")
            for part in path:
                place = place.setdefault(part, {}) if isinstance(place, dict) else {}
            place[last] = value
    return out


def written(value):
    if isinstance(value, str):
        return value
    return "" if value is None else repr(value)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_the_command_line_gives_the_published_numbers(case, tmp_path):
    columns, words = columns_of(case)
    data = []
    if columns:
        path = tmp_path / "data.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["row", *columns])
            for number, row in enumerate(zip(*columns.values(), strict=True)):
                out.writerow([number, *(written(v) for v in row)])
        data = [str(path)]
    analysis = ANALYSIS_OF.get(case["op"], case["op"])
    ran = CliRunner().invoke(cli, ["run", analysis, *data, *words, "--json"])
    assert ran.exit_code == 0, ran.stderr
    worst = compare(case, nested(json.loads(ran.stdout)["numbers"]))
    assert not worst.mismatches, worst.mismatches[:5]
