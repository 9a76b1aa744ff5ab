"""Every sentence that is used exists, and every sentence that exists is used."""

import ast
import re
from pathlib import Path

import pytest

import leanlab.analyses
from leanlab.analyses.sentences import sentences

SOURCES = sorted(Path(leanlab.analyses.__file__).parent.rglob("*.py"))
FORBIDDEN = re.compile(r"\b(proves|proven|accept(?!able)|null hypothesis|statistically significant|random\b(?! order))", re.I)  # fmt: skip
KEYED = {"sentence", "check"}


def patterns_of(node):
    """Return the keys that an expression can stand for, as regular expressions."""
    match node:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.JoinedStr(values=parts):
            return ["".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"[a-z_0-9.]+" for p in parts)]  # fmt: skip
        case ast.IfExp(body=body, orelse=orelse):
            return patterns_of(body) + patterns_of(orelse)
    return []


def strings_in(path):
    """Return all texts of a module that look like keys, and those given to sentence() or check()."""
    anywhere, asked = [], []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            anywhere += patterns_of(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYED:
            keys = node.args[:1] if node.func.id == "sentence" else node.args[2:3]
            asked += [p for key in keys for p in patterns_of(key)]
    return anywhere, asked


FOUND = [strings_in(path) for path in SOURCES]


@pytest.mark.parametrize("pattern", sorted({p for _, asked in FOUND for p in asked}))
def test_a_sentence_that_is_asked_for_exists(pattern):
    assert any(re.fullmatch(pattern, key) for key in sentences()), pattern


def test_no_sentence_is_left_over():
    shaped = {p for anywhere, _ in FOUND for p in anywhere if "." in p.replace(r"\.", ".")}
    used = [re.compile(p) for p in shaped]
    labels = {"card.label." + check for check in _check_ids()}
    left = [k for k in sentences() if k not in labels and not any(p.fullmatch(k) for p in used)]
    labelled = [k for k in sentences() if k.startswith("card.label.") and k not in labels]
    assert not left
    assert not labelled


def _check_ids():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
                assert isinstance(node.args[0], ast.Constant)
                yield node.args[0].value


@pytest.mark.parametrize("key", sentences())
def test_no_sentence_uses_a_forbidden_word(key):
    assert not FORBIDDEN.search(sentences()[key])
