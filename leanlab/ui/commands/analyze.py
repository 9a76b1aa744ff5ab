"""Analyze menu: put a question to the data, and work with the analysis that is open."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from leanlab.ui.commands import Command
from leanlab.ui.commands.when import Reason, editable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leanlab.app.records import Change, Record
    from leanlab.ui.pages.analysis import AnalysisPage
    from leanlab.ui.window import MainWindow

MOST_NAMED = 5


def commands(window: "MainWindow") -> tuple[Command, ...]:
    """Return the commands of the Analyze menu."""
    edit, shown, change = editable(window), with_result(window), with_analysis(window)
    do = partial(_on_page, window)
    return (
        Command("analysis", "&Analyze", "&New analysis…", lambda: choose(window), "Ctrl+Shift+A",
                "new", edit, words="chart test study chooser", tool="New analysis"),
        Command("create_data", "&Analyze", "&Plan a study or an experiment…",
                lambda: choose(window, typed="plan"), why_not=edit,
                words="gage r&r doe factorial design create data sheet generator"),
        Command("duplicate_analysis", "&Analyze", "&Duplicate this analysis", do("duplicate"),
                "Ctrl+Shift+D", "copy", change, separated=True),
        Command("rename_analysis", "&Analyze", "Change the &title", do("rename"), why_not=change),
        Command("switch_next", "&Analyze", "Ne&xt column that fits", do("next_column"),
                why_not=change, words="column switcher"),
        Command("switch_previous", "&Analyze", "Pre&vious column that fits", do("previous_column"),
                why_not=change, words="column switcher"),
        Command("recompute", "&Analyze", "&Recompute", do("refresh"), "", why_not=change),
        Command("recompute_all", "&Analyze", "Recompute all that is &out of date…", lambda: recompute_all(window),
                "F5", why_not=edit, words="refresh renew stale saved results"),
        Command("save_result", "&Analyze", "&Save result", do("save_result"), "Ctrl+Shift+K",
                "save", lambda: change() or shown(), words="freeze finding snapshot", separated=True),
        Command("copy_picture", "&Analyze", "Copy &picture", do("copy_picture"), "Ctrl+Shift+C",
                why_not=shown, words="word powerpoint png svg", separated=True),
        Command("copy_sentences", "&Analyze", "Copy s&entences", do("copy_sentences"), why_not=shown),
        Command("copy_tables", "&Analyze", "Copy ta&bles", do("copy_tables"), why_not=shown),
        Command("copy_code", "&Analyze", "Copy P&ython code", do("copy_code"), why_not=shown,
                words="reproduce script"),
    )  # fmt: skip


# the analysis that is open ------------------------------------------------------------------


def open_page(window: "MainWindow") -> "AnalysisPage | None":
    """Return the analysis page that is shown, or None."""
    if window.session is None or window.session.kind_of(window.navigation.target) != "analysis":
        return None
    from leanlab.ui.pages.analysis import AnalysisPage

    page = window.navigation.page
    return page if isinstance(page, AnalysisPage) else None


def with_analysis(window: "MainWindow") -> Reason:
    """Needs an analysis that may be changed."""
    edit = editable(window)
    return lambda: edit() or ("" if open_page(window) is not None else "Open an analysis first.")


def with_result(window: "MainWindow") -> Reason:
    """Needs an analysis that shows a result."""

    def reason() -> str:
        page = open_page(window)
        if page is None:
            return "Open an analysis first."
        return "" if page.presentation is not None else "This analysis has no result yet."

    return reason


def _on_page(window: "MainWindow", name: str) -> Callable[[], object]:
    def run() -> None:
        page = open_page(window)
        if page is not None:
            getattr(page, name)()

    return run


def recompute_all(window: "MainWindow") -> None:
    """Look which saved results are out of date, ask, and bring them up to date in one step."""
    from leanlab.app import results

    session = window.project
    window.accept_pending()
    page = window.navigation.page
    if page is not None:
        page.refresh()
    window.jobs.run(
        lambda job: results.outdated(session, job.check),
        lambda found: _ask_to_recompute(window, found),
        failed=window.show_problem, title="Looking what is out of date…",
    )  # fmt: skip


def _ask_to_recompute(window: "MainWindow", found: "Sequence[Record]") -> None:
    from leanlab.app import results
    from leanlab.core import format as words
    from leanlab.core.errors import Problem
    from leanlab.ui import messages

    if not found:
        window.say("Everything is up to date.")
        return
    session = window.project
    count = words.count(len(found), "saved result is", "saved results are")
    names = "; ".join(str(f.get("title")) for f in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    question = Problem(
        f"{count} out of date: {names}{more}. Bring them up to date?",
        hint="What cites them then cites the new numbers. Undo brings the old ones back.",
    )
    if not messages.ask(window, question, "Recompute"):
        return

    def done(failed: list[str]) -> None:
        renewed = words.count(len(found) - len(failed), "saved result")
        window.say(f"{renewed} brought up to date.")
        if failed:
            window.show_problem(Problem("Some could not be computed.", hint=" ".join(failed)))

    window.jobs.run(
        lambda job: results.recompute_all(session, found, job.check), done,
        failed=window.show_problem, title="Recomputing saved results…",
    )  # fmt: skip


# new ones -----------------------------------------------------------------------------------


def choose(window: "MainWindow", phase: str = "", typed: str = "", *, asked: bool = False) -> None:
    """Choose an analysis and open it, on data that is there or that is created for it."""
    from leanlab.analyses.registry import find
    from leanlab.app.stored import add_analysis
    from leanlab.ui.dialogs.new_analysis import choose_analysis

    phase = phase or current_phase(window)
    chosen = choose_analysis(
        window, window.project, current_sheet(window), typed=typed, asked=asked
    )
    if chosen is None:
        return
    if chosen.create_data:
        create(window, find(chosen.analysis_id).id, phase=phase)
        return
    window.go_to(
        add_analysis(
            window.project, chosen.analysis_id, chosen.sheet_id, roles=chosen.roles, phase=phase
        )
    )


def begin(
    window: "MainWindow", analysis_id: str, *, sheet_id: str | None = None, phase: str = ""
) -> None:
    """Add an analysis and show it."""
    from leanlab.app.stored import add_analysis

    sheet_id = sheet_id or current_sheet(window)
    phase = phase or current_phase(window)
    window.go_to(add_analysis(window.project, analysis_id, sheet_id, phase=phase))


def create(window: "MainWindow", analysis_id: str, *, phase: str = "") -> None:
    """Create the data sheet of a study and show it; the analysis opens when it is filled."""
    from leanlab.analyses.registry import find
    from leanlab.ui.dialogs.generator import create_data

    made = create_data(window.project, find(analysis_id), window, phase=phase)
    if made is None:
        return
    window.go_to(made.sheet_id)
    window.say(made.note or "Type the results into the sheet; the analysis opens when it is full.")
    open_when_filled(window, made.analysis_id)


def open_when_filled(window: "MainWindow", analysis_id: str) -> None:
    """Show an analysis as soon as the last result of its sheet was typed."""
    from leanlab.app.generators import still_missing

    session = window.project

    def heard(change: "Change") -> None:
        if not session.exists(analysis_id):
            if "analysis" in change.kinds:
                session.unlisten(heard)
            return
        if still_missing(session, analysis_id) == 0:
            session.unlisten(heard)
            window.go_to(analysis_id)
            window.say("All results are there: this is what they say.")

    session.listen(heard)


def current_sheet(window: "MainWindow") -> str | None:
    """Return the data sheet that is open, that of the open analysis, or the newest."""
    session = window.project
    sheets = [s.id for s in session.sheets()]
    target = window.navigation.target
    if target in sheets:
        return target
    if target and session.kind_of(target) == "analysis":
        sheet_id = session.record(target).get("sheet_id")
        if sheet_id in sheets:
            return str(sheet_id)
    return sheets[-1] if sheets else None


def current_phase(window: "MainWindow") -> str:
    """Return the phase whose page, worksheet or analysis is open."""
    target = window.navigation.target
    if target.startswith("phase:"):
        return target.partition(":")[2]
    if target and window.project.exists(target):
        return str(window.project.record(target).get("phase", ""))
    return ""
