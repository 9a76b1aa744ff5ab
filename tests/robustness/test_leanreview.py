"""A review file from a stranger: a sentence and nothing written, whatever is in it."""

import json
import random
import uuid

import pytest

from leanlab.app import review
from leanlab.app import review_file as files
from leanlab.app.history import printed_code
from leanlab.app.session import Session
from leanlab.core.errors import ImportProblem
from leanlab.domain.review import LARGEST, digest_of


@pytest.fixture
def owner(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="Late orders", author="A. Ruiz")
    made.add("cause", {"text": "Lorries arrive late"})
    made.save()
    yield made
    made.close()


def body(owner, **changes):
    """A sound parcel as JSON knows it; `changes` go into its one item."""
    item = {"id": uuid.uuid4().hex, "kind": "comment", "about": "project", "text": "Well begun",
            "at": "2026-05-14T10:22:31+00:00"}  # fmt: skip
    return {
        "format": "leanlab.review", "version": 1, "id": uuid.uuid4().hex,
        "reviewer": {"name": "M. Ito", "role": "Sponsor"}, "made_at": "2026-05-14T10:25:00+00:00",
        "program": "LeanLab 0.1",
        "projects": [{"project_id": owner.fact("project_id"), "title": "Late orders", "owner": "A. Ruiz",
                      "revision": 1, "seal": owner.seal, "items": [item | changes]}],
    }  # fmt: skip


def sealed(found):
    """Give a parcel the digest and the code that fit it."""
    digest = digest_of(found)
    return found | {"digest": digest, "code": printed_code(digest)}


def written(tmp_path, content):
    path = tmp_path / "hostile.leanreview"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def refused(tmp_path, content):
    """Return the sentence that a file is refused with."""
    with pytest.raises(ImportProblem) as caught:
        files.read_parcel(written(tmp_path, content))
    assert caught.value.hint
    return caught.value.message


def test_a_sound_parcel_is_read(owner, tmp_path):
    parcel = files.read_parcel(written(tmp_path, sealed(body(owner))))
    assert parcel.parts[0].items[0].text == "Well begun"


BYTES = {
    "empty": b"", "not JSON": b"hello", "not text": b"\xff\xfe\x00", "a list": b"[]", "a number": b"1",
    "NaN": b'{"format": NaN}', "infinity": b'{"version": Infinity}', "cut off": b'{"format": "leanlab.rev',
    "zip": b"PK\x03\x04" + bytes(200), "sqlite": b"SQLite format 3\0" + bytes(200),
    "long number": b'{"version": ' + b"9" * 100_000 + b"}",
    "huge exponent": b'{"version": 1e999999}',
    "name twice": b'{"format": "leanlab.review", "format": "leanlab.review"}',
    "deep list": b"[" * 200_000 + b"]" * 200_000,
    "deep mapping": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "open brackets": b"[" * 1_000_000,
    "quotes without end": b'{"a": "' + b'\\"' * 2_000_000,
    "brackets in text": b'{"a": "' + b"[" * 1_000_000 + b'"}',
}  # fmt: skip


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_what_is_no_review_is_refused(tmp_path, content):
    assert "cannot be read" in refused(tmp_path, content)


_BENEFIT = {"kind": "benefit", "about": "0" * 32, "choice": "validated"}
ITEMS = {
    "unknown kind": {"kind": "delete"}, "kind is a list": {"kind": ["comment"]}, "no kind": {"kind": None},
    "id is a path": {"id": "../../settings"}, "id is short": {"id": "12"}, "id is a number": {"id": 7},
    "about a path": {"about": "../x"}, "about markup": {"about": "<b>"}, "about lines": {"about": "project\n"},
    "unknown field": {"colour": "red"}, "text is a number": {"text": 3}, "text is long": {"text": "x" * 10_001},
    "no text": {"text": "  \n "}, "in 2090": {"at": "2090-01-01T00:00:00+00:00"},
    "in 1970": {"at": "1970-01-01T00:00:00+00:00"}, "no zone": {"at": "2026-05-14T10:22:31"},
    "no date": {"at": "yesterday"}, "year 0": {"at": "0000-00-00"}, "date is a number": {"at": 1e300},
    "unknown choice": {"kind": "gate", "about": "gate:define", "choice": "promote"},
    "a gate about a record": {"kind": "gate", "about": "0" * 32, "choice": "passed"},
    "no choice": {"kind": "opinion", "about": "question:define/D1"},
    "conditions without any": {"kind": "gate", "about": "gate:define", "choice": "conditions"},
    "condition in 2190": {"kind": "gate", "about": "gate:define", "choice": "conditions",
                          "conditions": [{"what": "x", "owner": "y", "due": "2190-01-01"}]},
    "condition of nonsense": {"kind": "gate", "about": "gate:define", "choice": "conditions",
                              "conditions": [{"what": "x", "owner": "y", "due": "soon"}]},
    "too many conditions": {"kind": "gate", "about": "gate:define", "choice": "conditions",
                            "conditions": [{"what": "x", "owner": "y", "due": "2026-06-01"}] * 21},
    "condition is a text": {"kind": "gate", "about": "gate:define", "choice": "rework", "conditions": ["x"]},
    "month of a comment": {"month": "2026-05"},
    "month 13": {"kind": "benefit", "about": "0" * 32, "choice": "validated", "month": "2026-13"},
    "seen is long": {"seen": "0" * 17},
    "amounts of a comment": {"amounts": {"2026-05": "1.0000"}},
    "amounts are a list": {**_BENEFIT, "amounts": ["1.0000"]},
    "amount of nonsense": {**_BENEFIT, "amounts": {"2026-05": "much"}},
    "amount is a number": {**_BENEFIT, "amounts": {"2026-05": 1.5}},
    "amount is endless": {**_BENEFIT, "amounts": {"2026-05": "9" * 16 + ".0000"}},
    "amount of month 13": {**_BENEFIT, "amounts": {"2026-13": "1.0000"}},
    "too many amounts": {**_BENEFIT, "amounts": {f"20{y:02}-{m:02}": "1.0000" for y in range(51) for m in range(1, 13)}},
}  # fmt: skip


@pytest.mark.parametrize("changes", ITEMS.values(), ids=ITEMS)
def test_a_strange_item_is_refused(owner, tmp_path, changes):
    message = refused(tmp_path, sealed(body(owner, **changes)))
    assert message.startswith("This review cannot be read: ")
    assert len(message) < 200


WHOLE = {
    "other format": {"format": "leanlab.portfolio"}, "no version": {"version": None}, "version is true": {"version": True},
    "no reviewer": {"reviewer": {"name": "", "role": ""}}, "reviewer is a text": {"reviewer": "M. Ito"},
    "made in 2090": {"made_at": "2090-05-14T10:25:00+00:00"}, "projects is a mapping": {"projects": {}},
    "project is a number": {"projects": [3]}, "too many projects": {"projects": [3] * 501},
    "id is markup": {"id": "<script>"}, "unknown field": {"run": "rm"},
}  # fmt: skip


@pytest.mark.parametrize("changes", WHOLE.values(), ids=WHOLE)
def test_a_strange_parcel_is_refused(owner, tmp_path, changes):
    assert "cannot be read" in refused(tmp_path, sealed(body(owner) | changes))


def test_a_newer_form_is_refused_kindly(owner, tmp_path):
    assert "newer LeanLab" in refused(tmp_path, sealed(body(owner) | {"version": 2}))


def test_two_items_of_one_number_are_refused(owner, tmp_path):
    found = body(owner)
    found["projects"][0]["items"] *= 2
    assert "same number" in refused(tmp_path, sealed(found))
    found = body(owner)
    found["projects"] *= 2
    assert "a project twice" in refused(tmp_path, sealed(found))


@pytest.mark.parametrize("what", ["digest", "code"])
def test_a_wrong_digest_or_code_is_refused(owner, tmp_path, what):
    found = sealed(body(owner))
    found[what] = found[what][::-1]
    assert "changed after it was made" in refused(tmp_path, found)


def test_a_word_changed_after_the_fact_is_noticed(owner, tmp_path):
    found = sealed(body(owner))
    found["projects"][0]["items"][0]["text"] = "Badly begun"
    assert "changed after it was made" in refused(tmp_path, found)


def test_half_a_character_is_refused(owner, tmp_path):
    found = sealed(body(owner))
    found["projects"][0]["items"][0]["text"] = "\ud800"
    assert "no text" in refused(tmp_path, found)


def test_a_hundred_megabytes_are_not_read(owner, tmp_path):
    path = tmp_path / "large.leanreview"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(ImportProblem, match="larger than 5 MB"):
        files.read_parcel(path)
    assert "larger than 5 MB" in refused(tmp_path, b"x" * (LARGEST + 1))


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing.leanreview"):
        with pytest.raises(ImportProblem):
            files.read_parcel(path)


def test_markup_stays_text_and_unseen_characters_go(owner, tmp_path):
    text = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x07\x1b[31m"
    parcel = files.read_parcel(written(tmp_path, sealed(body(owner, text=text))))
    proposal = review.propose(owner, parcel)
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    assert [s.text for s in review.said_in(owner)] == [
        "<script>alert(1)</script><img src=x onerror=alert(1)>[31m"
    ]


def test_an_id_of_a_record_of_the_project_is_never_overwritten(owner, tmp_path):
    cause = owner.records("cause")[0]
    parcel = files.read_parcel(written(tmp_path, sealed(body(owner, id=cause.id))))
    proposal = review.propose(owner, parcel)
    assert [(e.state, e.can) for e in proposal.entries] == [("here", False)]
    review.merge(owner, proposal, {cause.id})
    assert owner.record(cause.id) == cause


def test_places_that_do_not_exist_are_conflicts_that_cannot_be_taken(owner, tmp_path):
    found = body(owner)
    one = found["projects"][0]["items"][0]
    found["projects"][0]["items"] = [
        one | {"id": uuid.uuid4().hex, "kind": kind, "about": about, "choice": choice}
        for kind, about, choice in (
            ("gate", "gate:nowhere", "passed"), ("gate", "gate:sustain", "stop"),
            ("opinion", "question:define/X99", "agree"), ("benefit", "f" * 32, "validated"),
            ("benefit", owner.records("cause")[0].id, "validated"),
        )
    ]  # fmt: skip
    revision = owner.fact("revision")
    proposal = review.propose(owner, files.read_parcel(written(tmp_path, sealed(found))))
    assert [(e.state, e.can) for e in proposal.entries] == [("conflict", False)] * 5
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    assert owner.fact("revision") == revision


def test_three_hundred_mutants_are_refused_or_whole(owner, tmp_path):
    sound = json.dumps(sealed(body(owner))).encode()
    chance = random.Random(5)
    expected = files.read_parcel(written(tmp_path, sound))
    outcomes = set()
    for _ in range(300):
        mutant = bytearray(sound)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(mutant))
            if chance.random() < 0.3:
                del mutant[at : at + chance.randrange(1, 40)]
            else:
                mutant[at] = chance.randrange(256)
        try:
            outcomes.add(files.read_parcel(written(tmp_path, bytes(mutant))) == expected)
        except ImportProblem:
            outcomes.add("refused")
    assert False not in outcomes
    assert "refused" in outcomes
