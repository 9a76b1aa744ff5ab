"""Draws results on a matplotlib Figure."""

from matplotlib import artist as artists


def _without_help(artist: object) -> str:  # noqa: ARG001 - the name that is replaced
    return ""


# While matplotlib is imported it writes a help text for every setter of every class, which takes a
# quarter of that time; nobody reads them here.
artists.kwdoc = _without_help
