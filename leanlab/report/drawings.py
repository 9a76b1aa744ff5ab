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
_STYLE_THAT_POINTS = re.compile(rf"url\(|{_BARE_STYLE.pattern}", re.IGNORECASE)
LARGEST = 16 * 1024**2  # characters
DEEPEST = 100  # elements, one inside the other
MOST_COPIES = 1_000_000  # elements that are drawn again by reference
_SIGNS = re.compile(r"([\u2190-\u21ff\u2300-\u27bf]+)")
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")

ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)


def cleaned(svg: str, prefix: str = "") -> str:
    """Return a drawing without scripts, events, foreign objects and links to other files.

    `prefix` makes its ids unique, so that many drawings can stand in one page.
    """
    if len(svg) > LARGEST:
        raise Problem("A picture of this project is too large to be drawn.")
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
    _cut_chains(root)
    for element in list(root.iter()):
        _keep_looks(element, prefix)
        if _name(element) in {"text", "tspan"}:
            _set_signs_apart(element)
    return ET.tostring(root, encoding="unicode")


def _name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _keep_drawing(root: ET.Element) -> None:
    level = [root]
    for _ in range(DEEPEST):
        below: list[ET.Element] = []
        for parent in level:
            strange = [c for c in parent if _name(c) not in DRAWING or not _is_svg(c)]
            for child in strange:
                parent.remove(child)
            below += parent
        level = below
    if level:
        raise Problem("A picture of this project is nested too deeply to be drawn.")


def _is_svg(element: ET.Element) -> bool:
    return str(element.tag).startswith(f"{{{SVG}}}")


def _cut_chains(root: ET.Element) -> None:
    """Let what is drawn elsewhere draw nothing from elsewhere itself.

    Ten references to ten references to ten... are a small file and never done.
    """
    by_id = {name: element for element in root.iter() if (name := element.get("id"))}
    named = [name for element in root.iter() for name in _references(element)]
    for target in {by_id[name] for name in named if name in by_id}:
        for element in target.iter():
            for name, value in list(element.attrib.items()):
                if _references_of(name, value):
                    del element.attrib[name]
    size = {name: sum(1 for _ in by_id[name].iter()) for name in set(named) & by_id.keys()}
    if sum(size.get(name, 0) for name in named) > MOST_COPIES:
        raise Problem("A picture of this project is too large to be drawn.")


def _references(element: ET.Element) -> list[str]:
    return [name for item in element.attrib.items() for name in _references_of(*item)]


def _references_of(name: str, value: str) -> list[str]:
    """Return the ids that an attribute draws from."""
    if name.rpartition("}")[2].lower() == "href":
        return [value[1:]] if value.startswith("#") else []
    return [found.strip() for found in _LOCAL_URL.findall(value)]


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
    if _name(element) == "style" and _STYLE_THAT_POINTS.search(element.text or ""):
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
