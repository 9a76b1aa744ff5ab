"""Roadmaps: the phases of a kind of project, what each asks for, and its gate questions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a gate.

    `rule` names a check over the records (leanlab.domain.gates); without one it is answered by
    hand. `must` questions block the gate.
    """

    id: str
    text: str
    rule: str = ""
    must: bool = True


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase with its goal, usual worksheets and gate."""

    id: str
    title: str
    icon: str
    goal: str
    worksheets: tuple[str, ...]
    optional: tuple[str, ...]
    gate: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """A kind of project."""

    id: str
    title: str
    choose_if: str
    phases: tuple[Phase, ...]


_DEFINE = Phase(
    "define", "Define", "define", "Agree what is wrong, for whom, and what success is.",
    ("charter", "sipoc"), ("map",),
    (
        Question("D1", "Is the problem stated with a number, a place and a period?", "problem_stated"),
        Question("D2", "Is there one primary metric with unit, direction and definition?", "primary_metric"),
        Question("D3", "Does the goal say from what, to what and by when?", "goal_stated"),
        Question("D4", "Do sponsor and process owner agree with scope and goal?"),
        Question("D5", "Is there an estimate of what it is worth?", "benefit_estimated", must=False),
    ),
)  # fmt: skip
_MEASURE = Phase(
    "measure", "Measure", "measure", "Know how big it is, with numbers you trust.",
    ("map",), ("sipoc",),
    (
        Question("M1", "Is the process mapped as it really runs?", "steps_mapped"),
        Question("M2", "Are the data of the primary metric in the project?", "metric_bound"),
        Question("M3", "Can the measurement be trusted (study or reason why none is needed)?", "measurement_trusted"),
        Question("M4", "Is the baseline charted and saved?", "baseline_saved"),
        Question("M5", "Is something named that must not get worse?", "counter_metric", must=False),
    ),
)  # fmt: skip
_ANALYSE = Phase(
    "analyse", "Analyse", "analyse", "Find the causes, and prove them with data.",
    ("fishbone", "whys"), ("fmea",),
    (
        Question("A1", "Have causes been collected widely (five or more)?", "causes_collected"),
        Question("A2", "Is at least one cause verified with evidence?", "cause_verified"),
        Question("A3", "Does every verified cause have evidence behind it?", "evidence_linked"),
        Question("A4", "Were other explanations looked at and ruled out?", "cause_refuted", must=False),
    ),
)  # fmt: skip
_IMPROVE = Phase(
    "improve", "Improve", "improve", "Change the process, and show that it helped.",
    ("impact_effort", "actions"), ("fmea",),
    (
        Question("I1", "Does every verified cause have a solution or an action?", "causes_addressed"),
        Question("I2", "Are the chosen actions done?", "actions_done"),
        Question("I3", "Does a before/after comparison show the change?", "proof_saved"),
        Question("I4", "Did the people who do the work take part?", must=False),
    ),
)  # fmt: skip
_CONTROL = Phase(
    "control", "Control", "control", "Hold the gain, hand it over, book it.",
    ("controlplan", "benefits"), ("actions",),
    (
        Question("C1", "Is the primary metric in the control plan, with owner and reaction?", "controlled"),
        Question("C2", "Has the gain been held since the change?", "proof_saved"),
        Question("C3", "Are hard savings validated by finance?", "benefits_validated"),
        Question("C4", "Has the process owner taken over?"),
        Question("C5", "What did we learn that others can use?", must=False),
    ),
)  # fmt: skip

_PREPARE = Phase(
    "prepare", "Prepare", "define", "Choose the problem, the team and the days.",
    ("charter",), ("sipoc",),
    (
        Question("P1", "Is the problem stated with a number, a place and a period?", "problem_stated"),
        Question("P2", "Is there a metric with a baseline?", "metric_bound"),
        Question("P3", "Are team and days agreed?"),
    ),
)  # fmt: skip
_EVENT = Phase(
    "event", "Event", "improve", "See, find causes, change, try: in days.",
    ("fishbone", "whys", "actions"), ("map", "takt", "impact_effort"),
    (
        Question("E1", "Is at least one cause verified by going and seeing?", "cause_verified"),
        Question("E2", "Was the change tried with the people who do the work?"),
        Question("E3", "Are open points in the list, with owner and date?", "actions_owned"),
    ),
)  # fmt: skip
_SUSTAIN = Phase(
    "sustain", "Sustain", "control", "Finish the list, hold the gain, show it.",
    ("controlplan",), ("benefits",),
    (
        Question("S1", "Are all actions of the list done?", "actions_done"),
        Question("S2", "Does a before/after comparison show the change?", "proof_saved"),
        Question("S3", "Is it clear who checks, how often, and what then?", "controlled"),
    ),
)  # fmt: skip

ROADMAPS: Mapping[str, Roadmap] = {
    "dmaic": Roadmap("dmaic", "DMAIC", "the cause is unknown and data can be had",
                     (_DEFINE, _MEASURE, _ANALYSE, _IMPROVE, _CONTROL)),
    "kaizen": Roadmap("kaizen", "Kaizen event", "a team can fix it on site in one to five days",
                      (_PREPARE, _EVENT, _SUSTAIN)),
}  # fmt: skip
