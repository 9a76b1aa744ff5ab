"""Roadmaps: the phases of a kind of project, what each asks for, and its gate questions."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a gate.

    `rule` names a check over the records (leanlab.domain.gates); without one it is answered by
    hand. `must` questions block passing the gate. `todo` is what to do while the answer is no.
    """

    id: str
    text: str
    rule: str = ""
    must: bool = True
    todo: str = ""


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


def _must(question_id: str, text: str, rule: str = "", todo: str = "") -> Question:
    return Question(question_id, text, rule, must=True, todo=todo)


def _should(question_id: str, text: str, rule: str = "", todo: str = "") -> Question:
    return Question(question_id, text, rule, must=False, todo=todo)


_DEFINE = Phase(
    "define", "Define", "define", "Agree what is wrong, for whom, and what success is.",
    ("charter", "sipoc"), ("stakeholder", "map", "benefits", "risk"),
    (
        _must("D1", "Is the problem stated with size, place and period?", "problem_stated",
              "Write the problem in the charter"),
        _must("D2", "Is there one primary metric with unit, direction and definition?", "primary_metric",
              "Define the primary metric"),
        _must("D3", "Does the goal say from what, to what and by when?", "goal_stated",
              "Set the target and its date"),
        _must("D4", "Does it matter: which customer need or goal does it serve?", "case_stated",
              "Write in the charter why it matters"),
        _should("D5", "What is it worth?", "benefit_estimated", "Estimate the benefit"),
        _must("D6", "Is it clear what belongs to the project and what does not?", "scope_set",
              "Write in the charter what is in scope"),
        _should("D7", "Are the customers of the process named?", "customers_named",
                "Name the customers in the SIPOC"),
        _must("D8", "Are sponsor and leader named?", "people_named", "Name sponsor and leader in the charter"),
        _should("D9", "Are the worries of those concerned known and planned for?", "worries_known",
                "Name who is concerned, and how to win over those who doubt"),
        _should("D10", "Are there dates for the gates?"),
        _should("D11", "Do the main risks have an owner?", "risks_owned", "Name the risks and who watches them"),
        _should("D12", "Is something named that must not get worse?", "counter_metric",
                "Name what must not get worse"),
    ),
)  # fmt: skip
_MEASURE = Phase(
    "measure", "Measure", "measure", "Know how big it is, with numbers you trust.",
    ("map",), ("sipoc",),
    (
        _must("M1", "Do we know how the process really runs?", "steps_mapped", "Map the process step by step"),
        _must("M2", "Are the data of the primary metric in the project?", "metric_bound",
              "Tell where the values of the primary metric are"),
        _must("M3", "Can the measurement be trusted?", "measurement_trusted",
              "Study the measurement, or say why no study is needed"),
        _must("M4", "Are the data enough and typical?", "data_enough", "Collect more data of the baseline"),
        _must("M5", "Is the process stable, or are its special causes explained?", "causes_explained",
              "Chart the primary metric, and note what happened at the signals"),
        _must("M6", "Is the baseline known?", "baseline_saved", "Save the chart of the baseline and enter its value"),
        _should("M7", "Were the data split by when, where and what?", "data_split",
                "Compare groups: when, where, what"),
        _should("M8", "Is it known where the problem is concentrated?", "concentration_known", "Save a Pareto chart"),
        _should("M9", "Does the baseline still support the estimate of the benefit?"),
        _must("M10", "Does the target hold against the baseline?", "target_confirmed",
              "Confirm the target against the baseline"),
        _should("M11", "Was the problem worded again with measured numbers?"),
        _should("M12", "Were quick wins done without spoiling the baseline?"),
    ),
)  # fmt: skip
_ANALYSE = Phase(
    "analyse", "Analyse", "analyse", "Find the causes, and prove them with data.",
    ("fishbone", "whys"), ("fmea", "risk"),
    (
        _must("A1", "Were causes looked for widely?", "causes_collected", "Collect causes with those who do the work"),
        _should("A2", "Is it written how the long list became short?", "causes_decided",
                "Decide every cause: to be tested, or not and why"),
        _must("A3", "Was every suspected cause tested with data or seen at the place?", "causes_tested",
              "Finish the causes under test"),
        _must("A4", "Is at least one cause verified, with evidence?", "evidence_linked",
              "Verify a cause and link the saved result that shows it"),
        _should("A5", "May the tests be trusted?", "tests_trusted", "Look at the red lights of the tests"),
        _should("A6", "How much of the gap do the verified causes explain?"),
        _should("A7", "Can we act on the verified causes, and do they blame no person?"),
        _should("A8", "Were other explanations considered?"),
        _should("A9", "Were refuted causes written down?", "cause_refuted", "Keep refuted causes in the list"),
        _should("A10", "Are high risks of the process known?", "risks_rated", "Rate what can go wrong in the FMEA"),
        _must("A11", "Do sponsor and process owner agree on the causes?"),
    ),
)  # fmt: skip
_IMPROVE = Phase(
    "improve", "Improve", "improve", "Change the process, and show that it helped.",
    ("impact_effort", "actions"), ("fmea",),
    (
        _must("I1", "Does every verified cause have a solution or an action?", "causes_addressed",
              "Decide what to do about each verified cause"),
        _should("I2", "Were several solutions compared?", "options_compared", "Compare at least three solutions"),
        _should("I3", "Do the solutions prevent the cause rather than only remind people?"),
        _must("I4", "Was the change tried, with criteria set beforehand?"),
        _must("I5", "Did the primary metric improve: how much, how sure?", "improvement_shown",
              "Save a before/after comparison of the primary metric"),
        _must("I6", "Did nothing else get worse?", "nothing_worse",
              "Compare before and after of what must not get worse"),
        _should("I7", "Were the risks of the new way rated again?", "risks_rerated",
                "Rate the FMEA rows again whose actions are done"),
        _must("I8", "Does every action have an owner and a date?", "actions_owned", "Give every action owner and date"),
        _should("I9", "Are people trained and documents changed?"),
        _should("I10", "Is the benefit forecast?", "benefit_forecast", "Forecast the benefit"),
        _should("I11", "Has the process owner agreed to the new way?"),
        _should("I12", "Is the rest of the gap closed or explained?", "gap_closed", "Explain the rest of the gap"),
    ),
)  # fmt: skip
_CONTROL = Phase(
    "control", "Control", "control", "Hold the gain, hand it over, book it.",
    ("controlplan", "benefits"), ("actions",),
    (
        _must("C1", "Has the gain been held?", "gain_held", "Save a before/after comparison with enough points after"),
        _must("C2", "Is the primary metric in the control plan, with owner and reaction?", "controlled",
              "Put the primary metric into the control plan"),
        _must("C3", "Do people know what to do when a signal appears?", "reactions_known",
              "Write what to do for every line of the control plan"),
        _must("C4", "Is the new way written down, and are people trained in it?"),
        _should("C5", "Is error-proofing tested regularly?"),
        _must("C6", "Has the process owner taken over?"),
        _must("C7", "Are hard savings validated by finance?", "benefits_validated", "Have finance validate hard savings"),
        _should("C8", "Is the state after the change judged against the target?", "judged_after",
                "Save the result after the change"),
        _should("C9", "Does the owner watch the metric regularly?"),
        _should("C10", "Are dates set to look again?"),
        _should("C11", "What did we learn that others can use?"),
        _must("C12", "Are open actions done or handed over?", "actions_done", "Finish or hand over the open actions"),
    ),
)  # fmt: skip

_PREPARE = Phase(
    "prepare", "Prepare", "define", "Choose the problem, the team and the days.",
    ("charter",), ("sipoc",),
    (
        _must("P1", "Is the problem stated with size, place and period?", "problem_stated",
              "Write the problem in the charter"),
        _must("P2", "Are the data of the metric in the project?", "metric_bound",
              "Time a few runs, and tell where the values are"),
        _must("P3", "Are team and days agreed?"),
    ),
)  # fmt: skip
_EVENT = Phase(
    "event", "Event", "improve", "See, find causes, change, try: in days.",
    ("fishbone", "whys", "actions"), ("newspaper", "map", "takt", "impact_effort"),
    (
        _must("E1", "Is at least one cause verified by going and seeing?", "evidence_linked",
              "Verify a cause, and write who saw it"),
        _must("E2", "Was the change tried with the people who do the work?"),
        _must("E3", "Are open points in the list, with owner and date?", "actions_owned",
              "Give every open point owner and date"),
    ),
)  # fmt: skip
_SUSTAIN = Phase(
    "sustain", "Sustain", "control", "Finish the list, hold the gain, show it.",
    ("controlplan",), ("newspaper", "benefits"),
    (
        _must("S1", "Are all actions of the list done?", "actions_done", "Finish the open points"),
        _must("S2", "Does a before/after comparison show the change?", "improvement_shown",
              "Save a before/after comparison"),
        _must("S3", "Is it clear who checks, how often, and what then?", "controlled", "Write the control plan"),
    ),
)  # fmt: skip

ROADMAPS: Mapping[str, Roadmap] = {
    "dmaic": Roadmap("dmaic", "DMAIC", "the cause is unknown and data can be had",
                     (_DEFINE, _MEASURE, _ANALYSE, _IMPROVE, _CONTROL)),
    "kaizen": Roadmap("kaizen", "Kaizen event", "a team can fix it on site in one to five days",
                      (_PREPARE, _EVENT, _SUSTAIN)),
}  # fmt: skip

DECISIONS: Mapping[str, str] = {
    "passed": "passed",
    "conditions": "passed with conditions",
    "rework": "rework",
    "stop": "stop the project",
}
PASSING = frozenset({"passed", "conditions"})
