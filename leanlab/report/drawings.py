"""SVG from a project file is a stranger's: keep what draws, drop what acts."""

import re
import xml.etree.ElementTree as ET

from leanlab.core.errors import Problem

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
DRAWING = frozenset({
    "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "use", "clipPath", "style", "title", "desc", "marker", "linearGradient", "stop",
    "pattern", "image",
})  # fmt: skip
_BARE_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!#)|expression|javascript:", re.IGNORECASE)
_SIGNS = re.compile(r"([\u2190-\u21ff\u2300-\u27bf]+)")
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")

ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)


def cleaned(svg: str, prefix: str = "") -> str:
    """Return a drawing without scripts, events, foreign objects and links to other files.

    `prefix` makes its ids unique, so that many drawings can stand in one page.
    """
    text = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*>", "", svg)
    if "<!" in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL):
        raise Problem("A picture of this project has a form that is not drawn.", hint="Save its result again.")  # fmt: skip
    try:
        root = ET.fromstring(text)  # noqa: S314 - no declarations are left that could expand
    except ET.ParseError as error:
        raise Problem(
            "A picture of this project is damaged.", hint="Save its result again."
        ) from error
    _keep_drawing(root)
    for element in list(root.iter()):
        _keep_looks(element, prefix)
        if _name(element) in {"text", "tspan"}:
            _set_signs_apart(element)
    return ET.tostring(root, encoding="unicode")


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _keep_drawing(parent: ET.Element) -> None:
    for child in list(parent):
        if _name(child) not in DRAWING or not str(child.tag).startswith(f"{{{SVG}}}"):
            parent.remove(child)
        else:
            _keep_drawing(child)


def _set_signs_apart(element: ET.Element) -> None:
    """Give signs a font of their own: where the text's font lacks one, all of it would change."""
    words, *rest = _SIGNS.split(element.text or "")
    if not rest or not "".join([words, *rest[1::2]]).strip():
        return
    element.text = words
    for at, (sign, after) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        part = ET.Element(f"{{{SVG}}}tspan", {"style": "font-family: 'DejaVu Sans'"})
        part.text, part.tail = sign, after
        element.insert(at, part)


def _keep_looks(element: ET.Element, prefix: str) -> None:
    if _name(element) == "style" and _BARE_STYLE.search(element.text or ""):
        element.text = ""
    for name, value in list(element.attrib.items()):
        plain = name.rpartition("}")[2].lower()
        if not _harmless(plain, value):
            del element.attrib[name]
        elif prefix:
            element.attrib[name] = _renamed(plain, value, prefix)


def _harmless(name: str, value: str) -> bool:
    if name == "href":
        return value.startswith(("#", "data:image/png;base64,"))
    return not name.startswith("on") and not _BARE_STYLE.search(value)


def _renamed(name: str, value: str, prefix: str) -> str:
    if name == "id":
        return f"{prefix}{value}"
    if name == "href" and value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    return _LOCAL_URL.sub(rf"url(#{prefix}\1)", value)
