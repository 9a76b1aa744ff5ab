"""A list and its drawing, or an outline and its form: how they share the room is remembered."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from leanlab.ui.grip import GripSplitter


class Panes(GripSplitter):
    """Two parts of a worksheet with a border that can be moved."""

    def __init__(
        self, orientation: Qt.Orientation, parts: Sequence[QWidget], usual: Sequence[int],
        *, memory: dict[str, Any], key: str, name: str, words: str, keeps_first: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(orientation, name=name, words=words)
        self._memory, self._key, self._usual = memory, key, list(usual)
        for part, share in zip(parts, usual, strict=True):
            self.addWidget(part)
            self.setStretchFactor(self.count() - 1, share)
        if keeps_first:
            self.setStretchFactor(0, 0)
        self.setSizes(self._kept() or self._usual)
        self.moved.connect(self._remember)
        self.reset.connect(self._put_back)

    def _remember(self) -> None:
        if all(self.sizes()):  # one of them may be hidden for now
            self._memory[self._key] = self.sizes()

    def _kept(self) -> list[int]:
        kept: Any = self._memory.get(self._key)
        good = isinstance(kept, list) and len(kept) == self.count()
        return kept if good and all(isinstance(size, int) and size > 0 for size in kept) else []

    def _put_back(self) -> None:
        self._memory.pop(self._key, None)
        self.setSizes(self._usual)
