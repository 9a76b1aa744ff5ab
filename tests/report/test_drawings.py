"""Drawings of a project file are a stranger's: they may draw, and nothing else."""

import xml.etree.ElementTree as ET

import pytest

from leanlab.core.errors import Problem
from leanlab.report.drawings import cleaned

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">'


def svg(inner):
    return f"{HEAD}{inner}</svg>"


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)" width="1" height="1"/>',
        '<rect onClick="alert(1)" width="1" height="1"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/></foreignObject>',
        '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
        '<image xlink:href="file:///etc/passwd"/>',
        '<image href="https://example.org/alert.png"/>',
        '<use href="https://example.org/alert.svg#x"/>',
        '<rect style="fill:url(https://example.org/alert)"/>',
        "<style>@import url(https://example.org/alert.css);</style>",
        '<g><g><script xmlns="http://www.w3.org/2000/svg">alert(1)</script></g></g>',
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        '<set attributeName="onmouseover" to="alert(1)"/>',
    ],
)
def test_what_acts_is_dropped(inner):
    out = cleaned(svg(f"{inner}<text>kept</text>"))
    assert "kept" in out
    for word in ("alert", "passwd", "javascript", "example.org", "script>"):
        assert word not in out


def test_what_draws_is_kept():
    inner = (
        '<defs><clipPath id="c"><rect width="4" height="4"/></clipPath><path id="m" d="M0 0"/></defs>'
        '<g clip-path="url(#c)"><use xlink:href="#m" x="1"/><text style="font: 9px Fira Sans">42 %</text></g>'
    )
    out = cleaned(svg(inner))
    assert all(word in out for word in ('clip-path="url(#c)"', "#m", "42 %", "font: 9px"))


def test_a_prefix_makes_ids_unique_and_keeps_references_together():
    inner = '<path id="m" d="M0 0"/><use xlink:href="#m"/><g clip-path="url(#m)"/>'
    out = cleaned(svg(inner), prefix="d3-")
    assert 'id="d3-m"' in out
    assert "#d3-m" in out
    assert "url(#d3-m)" in out
    assert '"#m"' not in out


def test_entities_and_broken_xml_are_problems():
    bomb = f'<!DOCTYPE svg [<!ENTITY a "aaaa">]>{svg("<text>&a;</text>")}'
    for text in (bomb, "<svg", "not xml", svg("<g>")):
        with pytest.raises(Problem):
            cleaned(text)


def test_the_doctype_of_matplotlib_is_no_problem():
    doctype = (
        '<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n'
        '  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    )
    assert "<text" in cleaned(doctype + svg("<text>x</text>"))


def test_a_sign_has_a_font_of_its_own_so_that_the_words_beside_it_keep_theirs():
    root = ET.fromstring(cleaned(svg("<text>◆ mean, → 95 %</text>")))  # noqa: S314 - our own
    (text,) = root
    assert "".join(text.itertext()) == "◆ mean, → 95 %"
    assert [(part.text, part.get("style")) for part in text] == [
        ("◆", "font-family: 'DejaVu Sans'"), ("→", "font-family: 'DejaVu Sans'"),
    ]  # fmt: skip


def test_a_sign_alone_and_plain_words_stay_as_they_are():
    assert "tspan" not in cleaned(svg("<text>✓</text><text>42 % − 3 × 2</text>"))


NESTED = {
    "use": '<g id="a{n}">' + '<use xlink:href="#a{m}"/>' * 10 + "</g>",
    "pattern": '<pattern id="a{n}">' + '<rect fill="url(#a{m})"/>' * 10 + "</pattern>",
    "marker": '<marker id="a{n}">' + '<path d="M0 0 L1 1" style="marker-end: url(#a{m})"/>' * 10 + "</marker>",
    "clip": '<clipPath id="a{n}">' + '<rect clip-path="url(\'#a{m}\')"/>' * 10 + "</clipPath>",
}  # fmt: skip


@pytest.mark.parametrize("one", NESTED.values(), ids=NESTED)
def test_references_to_references_are_cut(one):
    levels = "".join(one.replace("{n}", str(n)).replace("{m}", str(n - 1)) for n in range(1, 9))
    drawn = f'<defs><rect id="a0"/>{levels}</defs><use xlink:href="#a8"/><rect fill="url(#a8)"/>'
    out = cleaned(svg(drawn))
    assert out.count("#a") == 2
    assert out.count("#a8") == 2


def test_what_refers_to_itself_is_cut():
    out = cleaned(svg('<g id="a"><use xlink:href="#a"/></g><use xlink:href="#a"/>'))
    assert out.count("#a") == 1


def test_a_style_sheet_that_points_somewhere_is_emptied():
    out = cleaned(svg("<style>path { marker-end: url(#a) }</style><style>* { fill: red }</style>"))
    assert "url" not in out
    assert "fill: red" in out


@pytest.mark.parametrize(
    "inner",
    [
        "<g>" * 5_000 + "</g>" * 5_000,
        '<g id="a">' + "<rect/>" * 2_000 + "</g>" + '<use xlink:href="#a"/>' * 2_000,
        f"<text>{'x' * 17_000_000}</text>",
    ],
    ids=["deep", "multiplied", "long"],
)
def test_what_would_take_for_ever_is_a_problem(inner):
    with pytest.raises(Problem, match="too"):
        cleaned(svg(inner))
