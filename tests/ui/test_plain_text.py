"""Text of the user's, or of a stranger's file, is shown as text: never as markup that loads files."""

import re
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from leanlab.ui.widgets import label

ROOT = Path(__file__).resolve().parents[2] / "leanlab" / "ui"
ALLOWED = {
    "dialogs/help.py": "setMarkdown",  # shipped pages only
    "worksheets/side.py": "setMarkdown",
    "pages/analysis_tabs.py": "setMarkdown",
    "widgets.py": "QLabel",  # the one place that makes labels
}
RICH = re.compile(r"RichText|AutoText|setHtml|setMarkdown|QLabel\(|insertHtml")


def test_labels_are_made_in_one_place_and_nothing_shows_markup():
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{number} {line.strip()}"
        for path in sorted(ROOT.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if RICH.search(line)
        and ALLOWED.get(path.relative_to(ROOT).as_posix(), "\0") not in line
        and "data.setHtml" not in line  # the clipboard, escaped
    ]
    assert found == []


def test_a_hostile_title_draws_no_picture(project_window, session):
    session.set_fact("title", '<img src="file:///etc/passwd"><b>bold</b>')
    session.add("action", {"title": "<h1>late</h1>", "due": "2020-01-01", "status": "open"})
    project_window.go_to("home")
    labels = project_window.navigation.page.findChildren(QLabel)
    assert any("<img" in label.text() for label in labels)
    assert {label.textFormat() for label in labels if label.text()} == {Qt.TextFormat.PlainText}


def test_a_tool_tip_shows_markup_as_text():
    from leanlab.ui.widgets import plain_tip

    assert plain_tip("Fill weight") == "Fill weight"
    assert plain_tip("Fill weight < 500 g") == "<span>Fill weight &lt; 500 g</span>"
    tip = plain_tip('<img src="file:///etc/passwd">')
    assert "<img" not in tip
    assert "&lt;img" in tip


def test_lines_do_not_end_between_a_number_and_its_unit(qapp):
    said = "Late orders fell to 5.2 % of all, in 22 weeks."
    shown = label(said)
    assert shown.text() == said
    assert QLabel.text(shown) == said.replace("5.2 %", "5.2\u00a0%").replace("22 w", "22\u00a0w")
    shown.setText("Only 3 h")
    assert shown.text() == "Only 3 h"
    assert QLabel.text(shown) == "Only 3\u00a0h"
    assert QLabel.text(label("5 %", wrap=False)) == "5 %"
