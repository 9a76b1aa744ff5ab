"""The sidebar: the places of a project, with the state of each."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from leanlab.ui.icons import icon


def fill(tree: QTreeWidget, session: Any, tokens: Mapping[str, str], current: str) -> None:
    """Show the places of the open project and mark where the user is."""
    tree.clear()
    if session is None:
        return
    from leanlab.app import roadmap

    colour = tokens["text"]
    _add(tree, "Home", "home", icon("home", colour))
    worksheets, analyses = session.records("worksheet"), session.records("analysis")
    state = roadmap.state_of(session)
    for phase in state.phases:
        shape = "ok" if phase.passed else phase.phase.icon
        top = _add(tree, phase.phase.title, f"phase:{phase.phase.id}", icon(shape, tokens["ok"] if phase.passed else colour))
        for record in [*worksheets, *analyses]:
            if record.get("phase") == phase.phase.id:
                _child(top, str(record.get("title")), record.id)
    known = {p.phase.id for p in state.phases}
    data = _add(tree, "Data", "data", icon("data", colour))
    for sheet in session.records("sheet"):
        _child(data, str(sheet.get("title")), sheet.id)
    others = _add(tree, "Analyses", "analyses", icon("chart", colour))
    for record in [*worksheets, *analyses]:
        if record.get("phase") not in known:
            _child(others, str(record.get("title")), record.id)
    _add(tree, "Actions", "actions", icon("actions", colour))
    tree.expandAll()
    _mark(tree, current)


def _add(tree: QTreeWidget, text: str, target: str, shape: Any) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text])
    item.setData(0, Qt.ItemDataRole.UserRole, target)
    item.setIcon(0, shape)
    tree.addTopLevelItem(item)
    return item


def _child(parent: QTreeWidgetItem, text: str, target: str) -> None:
    item = QTreeWidgetItem([text])
    item.setToolTip(0, text)
    item.setData(0, Qt.ItemDataRole.UserRole, target)
    parent.addChild(item)


def _mark(tree: QTreeWidget, current: str) -> None:
    for at in range(tree.topLevelItemCount()):
        top = tree.topLevelItem(at)
        for item in [top, *(top.child(i) for i in range(top.childCount()))]:
            if item.data(0, Qt.ItemDataRole.UserRole) == current:
                tree.setCurrentItem(item)
