"""`make shots`: every screen of the samples, the start page, dialogs, empty pages and a portfolio.

Light and dark, in two sizes, to build/shots. `python tests/shots.py --readme` takes the pictures of
the README anew.
"""

import importlib.util
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"1440x900": (1440, 900), "1024x640": (1024, 640)}
THEMES = ("light", "dark")
MOMENT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
BUILD = ROOT / "build"


def _walk():
    spec = importlib.util.spec_from_file_location("walk", ROOT / "packaging" / "walk.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def looks(window) -> Iterator[str]:
    """Show the window in every theme and size; yield how it looks."""
    for theme in THEMES:
        window.set_theme(theme)
        for name, size in SIZES.items():
            window.resize(*size)
            yield f"{theme}-{name}"


def project(walk, name, session, folder) -> int:
    """Take all pages of a project."""
    window = walk.window_on(session, SIZES["1440x900"])
    count = 0
    for look in looks(window):
        for place, target in walk.places(session):
            walk.shoot(window, target, folder / f"{name}-{place}-{look}.png")
            count += 1
        count += comments(walk, window, folder / f"{name}-comments-{look}.png")
    for theme in THEMES:
        window.set_theme(theme)
        for dialog in dialogs(window):
            dialog.show()
            walk.settle(window)
            title = walk.named(dialog.windowTitle()) or type(dialog).__name__
            dialog.grab().save(str(folder / f"dialog-{title}-{theme}.png"))
            dialog.close()
            dialog.deleteLater()
            count += 1
    walk.leave(window, session)
    return count


def comments(walk, window, path) -> int:
    """Take a page with the comments beside it."""
    window.go_to("card")
    window.beside.show_comments()
    walk.settle(window)
    window.grab().save(str(path))
    window.beside.hide_comments()
    return 1


def dialogs(window):
    """Yield the dialogs that need nothing but an open project."""
    from leanlab.ui.dialogs.about import AboutDialog
    from leanlab.ui.dialogs.attachments import AttachmentsDialog
    from leanlab.ui.dialogs.help import HelpDialog
    from leanlab.ui.dialogs.history import HistoryDialog
    from leanlab.ui.dialogs.import_file import ImportDialog
    from leanlab.ui.dialogs.keys import KeysDialog
    from leanlab.ui.dialogs.links import LinksDialog
    from leanlab.ui.dialogs.metric import MetricDialog
    from leanlab.ui.dialogs.new_analysis import NewAnalysisDialog
    from leanlab.ui.dialogs.new_project import NewProjectDialog
    from leanlab.ui.dialogs.new_worksheet import NewWorksheetDialog
    from leanlab.ui.dialogs.project_settings import ProjectSettingsDialog
    from leanlab.ui.dialogs.report_page import ReportPageDialog
    from leanlab.ui.dialogs.restore_backup import RestoreDialog
    from leanlab.ui.dialogs.settings import SettingsDialog
    from leanlab.ui.find import entries
    from leanlab.ui.palette_dialog import PaletteDialog

    session = window.project
    record = session.records("worksheet")[0].id
    yield NewProjectDialog(Path.home(), "A. Ruiz", window)
    yield PaletteDialog(entries(window), window)
    yield HelpDialog("home", window)
    yield KeysDialog(tuple(window.bar.commands.values()), window.bar.keys, window)
    yield SettingsDialog(window, "Keyboard")
    yield AboutDialog(window)
    yield ProjectSettingsDialog(session, window)
    yield HistoryDialog(session, record, window)
    yield AttachmentsDialog(session, record, window)
    yield RestoreDialog(None, window)
    sheets, metrics = session.records("sheet"), session.records("metric")
    yield NewAnalysisDialog(session, sheets[0].id if sheets else None, window)
    yield NewWorksheetDialog(frozenset({"charter"}), window.tokens["text"], window)
    yield MetricDialog(session, metrics[0] if metrics else None, None, window)
    yield LinksDialog(session, record, window)
    yield ReportPageDialog(window)
    yield ImportDialog(
        ROOT / "resources/samples/deliveries.csv", "deliveries.csv", "Deliveries", window
    )


def start_and_portfolio(walk, folder) -> int:
    """Take the start page, and a folder of projects."""
    from leanlab.app.samples_folder import build_folder
    from leanlab.ui.application import make_application
    from leanlab.ui.window import MainWindow

    place = BUILD / "portfolio"
    shutil.rmtree(place, ignore_errors=True)
    build_folder(place)
    make_application()
    window = MainWindow()
    window.show()
    window.start.show_later_parts()
    count = 0
    for page in ("start", "portfolio"):
        if page == "portfolio":
            window.show_portfolio(place)
        for look in looks(window):
            walk.settle(window)
            window.grab().save(str(folder / f"{page}-{look}.png"))
            count += 1
    count += tabs_and_card(walk, window, folder)
    window.close()
    return count


def tabs_and_card(walk, window, folder) -> int:
    """Take the tabs of the portfolio, and the card of its first project, in both themes."""
    from leanlab.ui.portfolio.card_dialog import CardDialog

    page, count = window.portfolio, 0
    for theme in THEMES:
        window.set_theme(theme)
        for at in range(1, page.tabs.count()):
            page.tabs.setCurrentIndex(at)
            walk.settle(window)
            title = walk.named(page.tabs.tabText(at).partition(" (")[0])
            window.grab().save(str(folder / f"portfolio-{title}-{theme}.png"))
            count += 1
        page.tabs.setCurrentIndex(0)
        dialog = CardDialog(window, page.entries, 0)
        dialog.show()
        walk.settle(window)
        dialog.grab().save(str(folder / f"dialog-card-{theme}.png"))
        dialog.close()
        dialog.deleteLater()
        count += 1
    return count


def main(only: list[str]) -> int:
    """Take all pictures; arguments choose samples."""
    walk = _walk()
    walk.headless()
    from leanlab.app.samples import SAMPLES
    from leanlab.app.session import Session
    from leanlab.core import clock

    clock.freeze(MOMENT)
    folder = BUILD / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    count = 0 if only else start_and_portfolio(walk, folder)
    for sample in SAMPLES:
        if not only or sample.id in only:
            count += project(walk, sample.id, walk.fresh(sample.id, BUILD), folder)
    if not only:
        path = BUILD / "empty.leanlab"
        path.unlink(missing_ok=True)
        empty = Session.create(path, name="A new project", author="A. Ruiz")
        for kind in ("charter", "fishbone", "fmea", "map", "takt"):
            empty.add(
                "worksheet", {"type_id": kind, "version": 1, "title": kind.capitalize(), "body": {}}
            )
        count += project(walk, "empty", empty, folder)
    sys.stdout.write(f"{count} pictures in {folder}, {time.monotonic() - began:.0f} s\n")
    return 0


README = {
    "home": ("home", "light"), "fishbone": ("fishbone", "light"), "data": ("sheet", "light"),
    "analysis": ("analysis", "light"), "analysis-dark": ("analysis", "dark"),
}  # fmt: skip


def readme() -> int:
    """Take the pictures of the README."""
    walk = _walk()
    walk.headless()
    from leanlab.core import clock

    clock.freeze(MOMENT)
    folder = ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    BUILD.mkdir(exist_ok=True)
    session = walk.fresh("late-deliveries", BUILD)
    window = walk.window_on(session, (1280, 800))
    analyses = session.records("analysis")
    targets = {
        "home": "home",
        "fishbone": "worksheet:fishbone",
        "sheet": session.records("sheet")[0].id,
        "analysis": next(a.id for a in analyses if a.get("analysis_id") == "compare.before_after"),
    }
    for name, (target, theme) in README.items():
        window.set_theme(theme)
        walk.shoot(window, targets[target], folder / f"{name}.png")
    walk.leave(window, session)
    return 0


if __name__ == "__main__":
    sys.exit(readme() if sys.argv[1:] == ["--readme"] else main(sys.argv[1:]))
