"""A report as one HTML file that needs nothing else: for reading, mailing and printing."""

from collections.abc import Callable
from typing import Any

from leanlab.core.resources import resource
from leanlab.report.document import Report, as_data
from leanlab.report.drawings import cleaned

GLYPHS = {
    "good": "✓", "green": "✓", "warning": "!", "amber": "!", "bad": "✕", "red": "✕", "info": "i",
    "grey": "–",
}  # fmt: skip
SPOKEN = {
    "good": "good", "green": "good", "warning": "attention", "amber": "attention", "bad": "problem",
    "red": "problem", "info": "note", "grey": "not known",
}  # fmt: skip


def html(report: Report, check: Callable[[], None] = lambda: None) -> str:
    """Return the report as HTML; every text is escaped, every drawing cleaned."""
    import jinja2

    data = as_data(report)
    for chapter in data["chapters"]:
        chapter["blocks"] = [inner for block in chapter["blocks"] for inner in _upright(block)]
    check()
    template = resource("report/report.html.j2")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(drawing=Drawings(), glyph=GLYPHS.get, spoken=SPOKEN.get)
    return environment.get_template(template.name).render(report=data, contents=_contents(data))


class Drawings:
    """Places drawings inline; each gets ids of its own."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, picture: dict[str, Any]) -> Any:
        """Return the drawing as markup."""
        import markupsafe

        self._count += 1
        svg = cleaned(str(picture["svg"]), prefix=f"d{self._count}-")
        start = svg.index("<svg") + len("<svg")
        label = markupsafe.escape(picture["alt"])
        # Cleaned above: only shapes, texts and links to itself are left.
        return markupsafe.Markup(f'<svg role="img" aria-label="{label}"{svg[start:]}')  # noqa: S704


def _upright(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the blocks in one row: a screen has no pages on their side."""
    if block["kind"] not in {"landscape", "result"}:
        return [block]
    return [one for inner in block["blocks"] for one in _upright(inner)]


def _contents(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "title": chapter["title"],
            "id": f"c{i}",
            "parts": [
                {"title": b["text"], "id": f"c{i}-{j}"}
                for j, b in enumerate(chapter["blocks"])
                if b["kind"] == "heading" and b["depth"] == 2  # noqa: PLR2004 - what the PDF lists too
            ],
        }
        for i, chapter in enumerate(data["chapters"])
    ]
