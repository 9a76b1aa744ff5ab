"""From a question to an analysis: a tree that anybody can read, and that the user confirms.

Every answer leads on by a name; a name is another question or a suggestion. A suggestion says why
it fits, and why its alternatives do not.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Other:
    """An analysis that was not suggested, and why."""

    analysis: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What fits, because of what."""

    analysis: str
    because: str
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question and where it leads."""

    text: str
    leads_to: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Asked when the goal alone does not decide."""

    text: str
    answers: tuple[Choice, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a user wants to know."""

    id: str
    title: str
    example: str
    leads_to: str


GOALS: tuple[Goal, ...] = (
    Goal("time", "See it over time", "Is the waiting time stable?", "q.time"),
    Goal("biggest", "Find the biggest", "Which defects cost most?", "s.pareto"),
    Goal("meets", "Does it meet the requirement?", "Do the bottles hold enough?", "q.meets"),
    Goal("gauge", "Can I trust the measurement?", "Do two people read the same?", "q.gauge"),
    Goal("linked", "Does X change Y?", "Is line 1 faster than line 2?", "q.linked"),
    Goal("how_many", "How many do I need?", "How many parts must I measure?", "q.how_many"),
)

QUESTIONS: Mapping[str, Question] = {
    "q.time": Question(
        "What is plotted?",
        (
            Choice("A measured value: hours, millimetres, money", "q.measured"),
            Choice("Yes or no per item: late, defective, returned", "s.p"),
            Choice("The change after an improvement", "s.before_after"),
        ),
        "Measured values and counted items vary in different ways, so their limits differ.",
    ),
    "q.measured": Question(
        "How do the values come?",
        (
            Choice("One value at a time", "q.many"),
            Choice("A few at once, 2 to 8 in each group", "s.xbar_r"),
            Choice("Larger groups, 9 or more", "s.xbar_s"),
        ),
        "Values taken together show the short-term spread; single values need their neighbours.",
    ),
    "q.many": Question(
        "How many values are there?",
        (Choice("Fewer than 15", "s.run"), Choice("15 or more", "s.i_mr")),
        "Control limits from a handful of values move with every new one.",
    ),
    "q.meets": Question(
        "What is the requirement about?",
        (
            Choice("A measured value with limits", "s.capability"),
            Choice("I only want to see the spread first", "s.summary"),
            Choice("The share of bad items over time", "s.p_meets"),
        ),
    ),
    "q.gauge": Question(
        "What does the measurement give?",
        (
            Choice("A number, and the same part can be measured again", "s.gage"),
            Choice("I have no study yet: plan one", "s.gage_plan"),
        ),
        "Only parts that survive the measurement can be measured twice.",
    ),
    "q.linked": Question(
        "What is X, the thing that may make the difference?",
        (
            Choice("Two groups: old and new, line 1 and line 2", "q.paired"),
            Choice("Three or more groups", "s.anova"),
            Choice("Before and after a change, in time order", "s.before_after"),
            Choice("Settings I can choose in an experiment", "s.factorial"),
        ),
    ),
    "q.paired": Question(
        "Were the same items measured twice?",
        (
            Choice("No, different items in each group", "s.t"),
            Choice("Yes, each item in both", "s.paired"),
        ),
        "Pairs cancel what differs between the items, so they need another calculation.",
    ),
    "q.how_many": Question(
        "What will the numbers be used for?",
        (
            Choice("To compare two averages", "s.size"),
            Choice("To compare one average with a target", "s.size_one"),
            Choice("To compare two shares, such as 12 % and 8 %", "s.size_shares"),
            Choice("To compare one share with a target", "s.size_share"),
            Choice("To judge a measurement", "s.gage_plan"),
            Choice("To try out settings", "s.factorial"),
        ),
    ),
}

SUGGESTIONS: Mapping[str, Suggestion] = {
    "s.pareto": Suggestion(
        "quality.pareto",
        "It sorts categories by their number, cost or time and shows the vital few.",
    ),
    "s.i_mr": Suggestion(
        "spc.i_mr",
        "One measured value per time, enough of them for limits.",
        (
            Other("spc.run_chart", "It has no limits, so it finds single odd points later."),
            Other("spc.xbar_r", "It needs several values per time."),
        ),
    ),
    "s.run": Suggestion(
        "spc.run_chart",
        "It works from a few values on and assumes nothing about their shape.",
        (Other("spc.i_mr", "Its limits are not to be trusted below 15 values."),),
    ),
    "s.xbar_r": Suggestion(
        "spc.xbar_r",
        "Small groups: the range is a good and simple measure of spread.",
        (Other("spc.xbar_s", "For groups of 9 and more."), Other("spc.i_mr", "For single values.")),
    ),
    "s.xbar_s": Suggestion(
        "spc.xbar_s",
        "Large groups: the standard deviation uses all values, the range only two.",
        (Other("spc.xbar_r", "Its range wastes information above 8 values."),),
    ),
    "s.p": Suggestion(
        "spc.p",
        "Each item is good or bad; the limits follow the number of items looked at.",
        (Other("spc.i_mr", "For measured values; shares of very large groups may need it."),),
    ),
    "s.p_meets": Suggestion("spc.p", "It shows the share of bad items and whether it is stable."),
    "s.before_after": Suggestion(
        "compare.before_after",
        "It compares two stages of one measure, with the interval of the change.",
        (
            Other("spc.i_mr", "It shows stages too, without a verdict on the change."),
            Other("test.t_two_sample_welch", "It ignores the order in time."),
        ),
    ),
    "s.capability": Suggestion(
        "capability.normal",
        "It compares the spread of a measured value with the limits the customer set.",
        (Other("spc.i_mr", "Look there first: only a stable process has a capability."),),
    ),
    "s.summary": Suggestion(
        "descriptive.summary", "It shows centre, spread, shape and odd values at one glance."
    ),
    "s.gage": Suggestion(
        "msa.gage_rr_crossed",
        "Every person measures every part several times: the study tells part from gauge.",
    ),
    "s.gage_plan": Suggestion(
        "msa.gage_rr_crossed",
        "Parts, people and repeats are asked first, then the sheet in random order is made.",
    ),
    "s.t": Suggestion(
        "test.t_two_sample_welch",
        "Y is a number and there are two separate groups; their spreads may differ.",
        (Other("test.anova_oneway", "For three or more groups."),),
    ),
    "s.paired": Suggestion(
        "test.t_paired",
        "Each item is compared with itself.",
        (Other("test.t_two_sample_welch", "It would treat the pairs as strangers."),),
    ),
    "s.anova": Suggestion(
        "test.anova_oneway",
        "Y is a number and there are several groups: one test for all, then the pairs.",
        (Other("test.t_two_sample_welch", "Only for two groups; many pairs raise false alarms."),),
    ),
    "s.factorial": Suggestion(
        "doe.factorial_2level",
        "Several settings are varied together, so that their joint effects show too.",
    ),
    "s.size": Suggestion(
        "power.t_two_sample",
        "It says how many values in each group find the difference that matters to you.",
        (Other("power.t_one_sample", "For one group and a target."),),
    ),
    "s.size_one": Suggestion(
        "power.t_one_sample", "It says how many values show that an average has left its target."
    ),
    "s.size_shares": Suggestion(
        "power.proportion_two",
        "It says how many items in each group find the difference between two shares.",
        (Other("power.t_two_sample", "For measured values, which need far fewer."),),
    ),
    "s.size_share": Suggestion(
        "power.proportion_one", "It says how many items show that a share has left its target."
    ),
}


def suggestions_that_exist(known: frozenset[str]) -> Mapping[str, Suggestion]:
    """Return the suggestions whose analysis this version has; others fall away."""
    found: dict[str, Suggestion] = {}
    for name, one in SUGGESTIONS.items():
        others = tuple(other for other in one.others if other.analysis in known)
        if one.analysis in known:
            found[name] = Suggestion(one.analysis, one.because, others)
        elif others:
            because = "The analysis made for this is not part of this version; this comes closest."
            found[name] = Suggestion(others[0].analysis, because, others[1:])
    return found
