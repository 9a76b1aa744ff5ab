"""Reviewing in the window: the bar of a review, comments, decisions, import."""
