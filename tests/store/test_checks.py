"""The seal of a file covers all of its bytes, wherever it stands and however long the file is."""

import hashlib

import pytest

from leanlab.store import checks
from leanlab.store.checks import SEAL_LENGTH, is_json, nests_too_deeply, seal_holds, sealed

TOKEN = "f" * SEAL_LENGTH


@pytest.mark.parametrize("before", [0, 1, 36, 99, 100, 101, 163, 164, 165, 1000])
def test_a_seal_holds_wherever_it_stands(tmp_path, monkeypatch, before):
    monkeypatch.setattr(checks, "PIECE", 100)
    path = tmp_path / "a"
    head, rest = bytes(range(100)) * (before // 100 + 1), b"rest" * 77
    path.write_bytes(head[:before] + TOKEN.encode() + rest)
    seal = sealed(path, TOKEN)
    neutral = head[:before] + b"0" * SEAL_LENGTH + rest
    assert seal == hashlib.sha256(neutral).hexdigest()
    assert path.read_bytes() == head[:before] + seal.encode() + rest
    assert seal_holds(path, seal)
    whole = path.read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert not seal_holds(path, seal)
    for changed in (whole[:-1], whole + b"\0", whole + seal.encode(), b""):
        path.write_bytes(changed)
        assert not seal_holds(path, seal)


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("", False), ("[]" * 99, False), ('{"a": [1]}' * 40, False), ('"' + "[" * 99 + '"', False),
        ('"\\"' + "[" * 99 + '"', False), ("[" * 50 + "]" * 50, False), ("[" * 51 + "]" * 51, True),
        ('{"a":' * 51 + "1" + "}" * 51, True), ("[" * 99, True),
        ("[" + '"]",' * 60 + "[" * 50 + "]" * 51, True),
    ],
)  # fmt: skip
def test_brackets_are_counted_outside_of_texts(text, deep):
    assert nests_too_deeply(text) == deep


@pytest.mark.parametrize(
    ("text", "an_object", "good"),
    [
        ("{}", True, True), ("[]", True, False), ("[]", False, True), ("{", True, False),
        ("[" * 50 + "]" * 50, False, True), ("[" * 51 + "]" * 51, False, False),
        ("9" * 5000, False, False), ("NaN", False, True), ("", False, False),
    ],
)  # fmt: skip
def test_only_json_that_can_be_read_passes(text, an_object, good):
    assert is_json(text, an_object=an_object) == good
