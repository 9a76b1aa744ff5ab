"""Make the data of the sample projects: seeded, so that equal scripts give equal files.

Run it after changing it: `.venv/bin/python tests/make_samples.py`. The dates end on REFERENCE; the
recipes move them by whole weeks so that the last rows lie just before the day of opening.
"""

import csv
import math
import random
from datetime import date, datetime, time, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "samples"
REFERENCE = date(2026, 1, 4)  # a Sunday: the last day of the last full week

Row = list[object]
_target = FOLDER


def write(name: str, header: list[str], rows: list[Row], delimiter: str = ",") -> None:
    """Write one CSV file."""
    with (_target / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


# late deliveries of a parcel hub ----------------------------------------------------------------

WEEKS, CHANGE_WEEK, STRIKE_WEEK, LOST_WEEK = 60, 38, 17, 24
CARRIERS = ("NorthWay", "Kestrel", "Blue Line", "Own fleet")
REASONS = (
    ("Left the hub late", 46), ("Sorted to the wrong lane", 17), ("Address incomplete", 13),
    ("Vehicle trouble", 10), ("Customer not at home", 9), ("Weather or traffic", 5),
)  # fmt: skip
SLIPS = {
    "Left the hub late": "left hub late", "NorthWay": "Northway", "Blue Line": "Blueline",
}  # fmt: skip


def deliveries() -> None:
    """One row per order, as the dispatch system exports it."""
    rng = random.Random(20260258)
    rows: list[Row] = []
    number = 48211
    first = REFERENCE - timedelta(days=7 * WEEKS - 1)
    for week in range(WEEKS):
        if week == LOST_WEEK:  # the export of that week was lost when the server moved
            continue
        for _ in range(round(rng.gauss(52, 5))):
            day = first + timedelta(days=7 * week + rng.choice((0, 1, 2, 3, 4, 5)))
            number += rng.randint(1, 7)
            rows.append(_order(rng, week, day, number))
    rows.sort(key=lambda row: str(row[2]))
    # late orders go from thin weeks to a full one: the mean of the weeks and the share of all orders
    # before the change then both read 14.2 %, and the story has one baseline
    for thin, full in ((615, 569), (454, 570)):
        _exchange(rows[thin], rows[full])
    rows[811][3] = "2025-02-30 14:10"  # a typing error that is no date
    rows[1502][9] = "12,4 kg"
    rows[1977][9] = "n/a"
    write(
        "deliveries.csv",
        ["Order", "Ordered", "Promised", "Delivered", "Wave", "Carrier",
         "Departure delay (min)", "Late", "Reason", "Weight (kg)", "Damaged"],
        rows,
    )  # fmt: skip


def _exchange(one: Row, other: Row) -> None:
    """Let another order of the same carrier be late for the same reason and by the same time."""
    beyond = [_moment(row[3]) - _moment(row[2]) for row in (one, other)]
    for row, late_by in ((one, beyond[1]), (other, beyond[0])):
        row[3] = f"{_moment(row[2]) + late_by:%Y-%m-%d %H:%M}"
    one[7:9], other[7:9] = other[7:9], one[7:9]


def _moment(cell: object) -> datetime:
    return datetime.fromisoformat(str(cell))


def _order(rng: random.Random, week: int, day: date, number: int) -> Row:
    evening = rng.random() < 0.55
    carrier = rng.choices(CARRIERS, (40, 25, 20, 15))[0]
    if week < CHANGE_WEEK:
        delay = rng.gauss(24, 8) if evening else rng.gauss(9, 5)
    else:
        delay = rng.gauss(7.5, 4) if evening else rng.gauss(6, 4)
    delay = max(0.0, delay)
    chance = 1 / (1 + math.exp(3.55 - 0.09 * delay))
    struck = week == STRIKE_WEEK and carrier in {"NorthWay", "Kestrel"}
    late = rng.random() < (0.72 if struck else chance)
    ordered = day - timedelta(days=rng.choice((1, 1, 1, 2, 2, 3)))
    promised = datetime.combine(day, time(rng.choice((12, 16, 18)), 0))
    minutes = rng.uniform(20, 300) if late else -rng.uniform(5, 240)
    delivered = promised + timedelta(minutes=round(minutes))
    reason = ""
    if late:
        reason = "Carrier strike" if struck else _reason(rng, week, evening=evening)
    slip = rng.random() < 0.02
    return [
        f"N{number}", f"{ordered:%Y-%m-%d}", f"{promised:%Y-%m-%d %H:%M}", f"{delivered:%Y-%m-%d %H:%M}",
        "Evening" if evening else "Morning", SLIPS.get(carrier, carrier) if slip else carrier,
        f"{delay:.0f}", "yes" if late else "no",
        SLIPS.get(reason, reason) if rng.random() < 0.06 else reason,
        f"{rng.lognormvariate(1.6, 0.7):.1f}", "yes" if rng.random() < 0.012 else "no",
    ]  # fmt: skip


def _reason(rng: random.Random, week: int, *, evening: bool) -> str:
    names, weights = zip(*REASONS, strict=True)
    own = list(weights)
    if week >= CHANGE_WEEK:
        own[0] = 14
    elif evening:
        own[0] = 62
    return str(rng.choices(names, own)[0])


# fill weight of a bottling line -----------------------------------------------------------------

SUBGROUPS_BEFORE, SUBGROUPS_AFTER, PIECES = 44, 32, 5
STOPS_SEED = 406
HEAD_SHIFT = {1: -0.2, 2: 0.0, 3: 1.7, 4: -0.1, 5: 1.3, 6: 0.1}


def fills() -> None:
    """Five bottles in a row, twice a shift; worn valves are replaced after 44 samples."""
    rng = random.Random(418)
    rows: list[Row] = []
    days = (SUBGROUPS_BEFORE + SUBGROUPS_AFTER) // 2
    for sample in range(SUBGROUPS_BEFORE + SUBGROUPS_AFTER):
        before = sample < SUBGROUPS_BEFORE
        taken = datetime.combine(
            REFERENCE - timedelta(days=days - 1 - sample // 2), time(7 + 6 * (sample % 2), 30)
        )
        shift = rng.gauss(0, 0.16 if before else 0.08) - (4.6 if sample == 19 else 0)
        for piece in range(PIECES):
            head = (sample + piece) % 6 + 1
            mean = 502.9 + HEAD_SHIFT[head] if before else 502.1
            weight = mean + shift + rng.gauss(0, 0.75 if before else 0.52)
            slipped = piece == 0 and sample == 31  # somebody typed a letter l for a one
            written = "50l.9" if slipped else f"{weight:.1f}"
            stamp = taken + timedelta(seconds=9 * piece)
            rows.append([sample + 1, f"{stamp:%d/%m/%Y %H:%M:%S}", head, written])
    rows = [row for row in rows if row[0] != 27]  # the night when the scale was away
    write("fills.csv", ["Sample", "Taken", "Head", "Fill weight (g)"], rows, ";")


def stops() -> None:
    """Stops longer than a minute, one row a shift, as the line control counts them."""
    rng = random.Random(STOPS_SEED)
    shifts = SUBGROUPS_BEFORE + SUBGROUPS_AFTER
    rows: list[Row] = []
    for shift in range(shifts):
        day = REFERENCE - timedelta(days=shifts // 2 - 1 - shift // 2)
        start = datetime.combine(day, time(6 + 8 * (shift % 2)))
        rows.append([shift + 1, f"{start:%d/%m/%Y %H:%M}", _poisson(rng, 2.1)])
    write("stops.csv", ["Shift", "Start", "Stops"], rows, ";")


def _poisson(rng: random.Random, mean: float) -> int:
    """Count arrivals of a steady stream within one unit of time."""
    count, waited = 0, rng.expovariate(mean)
    while waited < 1:
        count, waited = count + 1, waited + rng.expovariate(mean)
    return count


def heads() -> None:
    """Twelve bottles of each filling head, run in random order."""
    rng = random.Random(73)
    order = [head for head in range(1, 7) for _ in range(12)]
    rng.shuffle(order)
    rows: list[Row] = [
        [i + 1, f"Head {head}", f"{502.9 + HEAD_SHIFT[head] + rng.gauss(0, 0.6):.1f}"]
        for i, head in enumerate(order)
    ]
    write("heads.csv", ["Bottle", "Head", "Fill weight (g)"], rows)


def gage() -> None:
    """Ten bottles, three people, two trials, on the checkweigher of the line."""
    rng = random.Random(99)
    parts = [501.0 + rng.gauss(1.4, 1.35) for _ in range(10)]
    bias = {"Amir": 0.02, "Bea": -0.03, "Cem": 0.04}
    rows: list[Row] = [
        [part + 1, person, trial, f"{parts[part] + bias[person] + rng.gauss(0, 0.09):.2f}"]
        for part in range(10)
        for person in bias
        for trial in (1, 2)
    ]
    write("gage.csv", ["Bottle", "Person", "Trial", "Weight (g)"], rows)


def trials() -> None:
    """A 2x2x2 trial, twice: spread of 20 bottles by bowl pressure, line speed and temperature."""
    rng = random.Random(8)
    rows: list[Row] = []
    for repeat in (1, 2):
        for pressure in (0.8, 1.2):
            for speed in (180, 220):
                for warm in (4, 10):
                    p, s, t = (pressure - 1) / 0.2, (speed - 200) / 20, (warm - 7) / 3
                    spread = 0.86 + 0.21 * p + 0.05 * s + 0.09 * p * s + 0.01 * t
                    rows.append(
                        [repeat, pressure, speed, warm, f"{spread + rng.gauss(0, 0.03):.3f}"]
                    )
    write("trials.csv", ["Repeat", "Bowl pressure", "Line speed", "Product temperature", "Spread (g)"], rows)  # fmt: skip


# changeover of a press --------------------------------------------------------------------------


BEFORE = (45.5, 47.8, 48.6, 44.2, 43.1, 64.5, 48.9, 46.0, 44.8)  # minutes; the crane was down once
AFTER = (23.4, 22.1, 20.6, 21.9, 20.2, 19.4, 21.3, 22.0, 20.7)
SCRAP = (4, 3, 5, 4, 4, 3, 5, 4, 4, 4, 4, 3, 5, 4, 3, 4, 4, 4)


def changeovers() -> None:
    """Every changeover of press 3, by stopwatch, before and after the event."""
    days = [*(-72 + 5 * i for i in range(9)), *(-24 + 2 * i + i // 3 for i in range(9))]
    rows: list[Row] = []
    for i, (day, minutes) in enumerate(zip(days, (*BEFORE, *AFTER), strict=True)):
        when = datetime.combine(REFERENCE + timedelta(days=day), time((6, 10, 14)[i % 3], 15))
        note = "Crane was down" if minutes == max(BEFORE) else ""
        rows.append(
            [
                i + 1,
                f"{when:%Y-%m-%d %H:%M}",
                "ABCDEF"[(5 * i) % 6],
                f"{minutes:.1f}",
                SCRAP[i],
                note,
            ]
        )
    write(
        "changeovers.csv",
        ["Changeover", "Started", "Tool", "Minutes", "Scrap at start (pcs)", "Note"],
        rows,
    )


def changeover_steps() -> None:
    """The elements of one changeover, filmed before and after the event."""
    rows: list[Row] = [
        ["Fetch tool and papers from the store", "waiting", 9.5, 0, "Prepared while the press runs"],
        ["Wait for the crane", "waiting", 4.0, 0.5, "Crane is booked 10 minutes ahead"],
        ["Loosen 12 bolts", "internal", 5.5, 1.5, "Four quarter-turn clamps"],
        ["Take the old tool out", "internal", 4.0, 4.0, ""],
        ["Clean the bed", "internal", 2.5, 1.5, "Brush hangs at the press"],
        ["Put the new tool in and align it", "internal", 7.0, 3.5, "Stop blocks instead of a ruler"],
        ["Tighten 12 bolts", "internal", 5.5, 1.5, "Four quarter-turn clamps"],
        ["Set height and feed by trial", "adjustment", 6.0, 5.5, "Numbers on the setting sheet"],
        ["First piece, quality release", "adjustment", 3.0, 3.0, ""],
    ]  # fmt: skip
    write("changeover_steps.csv", ["Step", "Kind", "Before (min)", "After (min)", "What changed"], rows)  # fmt: skip


def make_all(folder: Path) -> None:
    """Write all files into a folder."""
    global _target  # noqa: PLW0603 - one folder per run of the script
    _target = folder
    folder.mkdir(parents=True, exist_ok=True)
    for make in (deliveries, fills, stops, heads, gage, trials, changeovers, changeover_steps):
        make()


if __name__ == "__main__":
    make_all(FOLDER)
