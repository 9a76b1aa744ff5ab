"""All analyses, in menu order."""

from leanlab.analyses.declare import Analysis

ANALYSES: tuple[Analysis, ...] = ()
BY_ID = {analysis.id: analysis for analysis in ANALYSES}
