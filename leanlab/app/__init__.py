"""Use cases over an open project; no Qt, no SQL."""
