"""A report as PDF: tagged, with real text, the same on every computer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from leanlab.core import clock
from leanlab.core.files import write_whole
from leanlab.core.resources import font_files, resource
from leanlab.core.wording import unbroken
from leanlab.report.document import Report, as_data
from leanlab.report.drawings import cleaned


def pdf(report: Report, check: Callable[[], None] = lambda: None) -> bytes:
    """Set the report; `check` is called between the steps and may raise Cancelled."""
    data = _fitted(report)
    check()
    pages = _compiler(data).compile(
        format="pdf", pdf_standards=["ua-1"], timestamp=_stamp(clock.now())
    )
    check()
    return bytes(pages)


def page_pictures(report: Report, ppi: float = 110.0) -> list[bytes]:
    """Return every page as PNG: for the preview and for the printer."""
    return _drawn(_fitted(report), ppi)


SMALLER = (1.0, 0.92, 0.85, 0.78)  # sizes tried for one page; less could not be read
LARGER = (1.4, 1.3, 1.2, 1.1)  # sizes tried first on a large sheet, which is read from afar
SENTENCE = 30  # characters; shorter texts stand in narrow cells
READABLE = 0.85  # size of what needs more pages all the same
ROUGH = 12.0  # ppi at which pages are counted


def _fitted(report: Report) -> dict[str, Any]:
    """Return the data to be set; smaller where one page was asked for and is not enough."""
    data = _prepared(as_data(report))
    if not report.one_page and report.paper == "a4":
        _fill_pages(data)
    if report.one_page:
        sizes = (*LARGER, *SMALLER) if report.paper == "a3" else SMALLER
        fits = (size for size in sizes if len(_drawn({**data, "size": size}, ROUGH)) == 1)
        data["size"] = next(fits, READABLE)
    return data


FACTORS = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64)  # sizes of a picture that are tried
PAGE_END = 297.0 - 21.0 - 7.0  # mm, less the space above a heading


def _fill_pages(data: dict[str, Any]) -> None:
    """Let pictures be smaller that then fit the page that has begun, one after the other.

    What comes later moves with each, so the pages are laid out anew: without being drawn.
    """
    pictures = [
        block
        for chapter in data["chapters"]
        for block in chapter["blocks"]
        if block["kind"] in {"picture", "result"}
    ]
    for n, block in enumerate(pictures):
        block["fit"], block["scale"] = n, 1.0
    data["tried"] = FACTORS
    done = -1
    while pictures:
        places = _places(data)
        if done >= 0 and places[done]["begun"] > places[done]["spot"]:  # it moved on all the same
            pictures[done]["scale"] = 1.0
        found = next((n for n in range(done + 1, len(pictures)) if _fitting(places[n])), None)
        if found is None:
            break
        pictures[found]["scale"], done = _fitting(places[found]), found
    data["tried"] = ()


def _places(data: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Return where pictures would stand, the spots before them, and their heights by size."""
    places: dict[int, dict[str, Any]] = {}
    for told in json.loads(_compiler(data).query("<fit>", field="value")):
        places.setdefault(told["n"], {}).update(told)
    return places


def _fitting(place: Mapping[str, Any]) -> float:
    """Return the size at which a picture need not go to the next page; 0 if there is none, or no need."""
    if place["begun"] == place["spot"]:
        return 0.0
    sizes = zip(FACTORS, place["heights"], strict=True)
    return next((f for f, height in sizes if height <= PAGE_END - place["y"]), 0.0)


@dataclass(frozen=True, slots=True)
class Preview:
    """Pages as pictures, and on which page each part begins."""

    pages: list[bytes]
    places: Mapping[str, int]


def preview(report: Report, ppi: float = 110.0) -> Preview:
    """Set the report for the screen."""
    data = _fitted(report)
    made = _compiler(data)
    pages = made.compile(format="png", ppi=ppi)
    marks = json.loads(made.query("<part>", field="value"))
    shown = [bytes(p) for p in pages] if isinstance(pages, list) else [bytes(pages)]
    return Preview(shown, {str(m["key"]): int(m["page"]) for m in reversed(marks)})


def _drawn(data: dict[str, Any], ppi: float) -> list[bytes]:
    pages = _compiler(data).compile(format="png", ppi=ppi)
    return [bytes(p) for p in pages] if isinstance(pages, list) else [bytes(pages)]


def write(path: Path, content: bytes) -> None:
    """Write a file in one stroke; what fails is a Problem."""
    write_whole(path, content)


def _compiler(data: dict[str, Any]) -> Any:
    return compiler(data, "report.typ")


def compiler(data: dict[str, Any], name: str) -> Any:
    """Return what sets a template of resources/report with data; it reads them as JSON."""
    import typst

    template = resource(f"report/{name}")
    return typst.Compiler(
        input=str(template),
        root=str(template.parent),
        font_paths=[str(folder) for folder in _fonts()],
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
    )


def _fonts() -> tuple[Path, ...]:
    """Return the folders of our font, and of the one that charts fall back on."""
    import matplotlib as mpl

    ours = {file.parent for file in font_files()}
    return (*sorted(ours), Path(mpl.get_data_path()) / "fonts" / "ttf")


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())


def _prepared(value: Any) -> Any:
    """Return data with clean pictures, and with sentences whose numbers stay with their units."""
    if isinstance(value, dict):
        return {k: cleaned(v) if k == "svg" and v else _prepared(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_prepared(item) for item in value]
    return unbroken(value) if isinstance(value, str) and len(value) > SENTENCE else value
