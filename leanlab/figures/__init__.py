"""Draws results on a matplotlib Figure."""

from matplotlib import artist as artists


def _without_help(artist: object) -> str:  # noqa: ARG001 - the name that is replaced
    return ""


# While matplotlib is imported it writes a help text for every setter of every class and collects
# the signature of its `set`, which takes a third of that time; nobody reads them here.
artists.kwdoc = _without_help
setattr(artists.Artist, "_update_set_signature_and_docstring", lambda: None)  # noqa: B010
