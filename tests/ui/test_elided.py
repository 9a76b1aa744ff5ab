"""Lines that are broken to a width are shown whole, at every width."""

import pytest
from PySide6.QtCore import Qt

from leanlab.ui.elided import ElidedLines

CAPTION = (
    "Normal distribution · sigma within from mean moving range · specification 12.000 to 15.500 · "
    "n = 31 · 0 excluded · 1 cell that did not fit left out"
)


@pytest.mark.parametrize("start", [300, 400, 500])
def test_no_line_but_the_last_is_cut_at_any_width(qapp, start):
    label = ElidedLines(most=3)
    label.setText(CAPTION)
    metrics = label.fontMetrics()
    for width in range(start, start + 100):
        *whole, _ = label._lines(width)
        for line in whole:
            assert metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) == line, width
    label.deleteLater()
