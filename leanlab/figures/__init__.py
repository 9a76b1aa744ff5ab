"""Draws results on a matplotlib Figure."""
