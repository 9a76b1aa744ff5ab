"""What was signed is compared with what is there now; whatever was tampered with is seen."""

import gzip
import hashlib
import re

import numpy as np
import pytest

from leanlab.app import freezing, roadmap
from leanlab.app.audit_pages import appendix
from leanlab.app.freezing import frozen_copy
from leanlab.app.history import integrity, printed_code
from leanlab.app.integrity import codes_of, since_sign_off
from leanlab.app.session import Session
from leanlab.data.columns import ColumnData
from leanlab.report.document import Grid, Text
from leanlab.store import trail
from tests.robustness import tampered


@pytest.fixture
def signed(tmp_path):
    session = Session.create(tmp_path / "p.leanlab", name="Plant", author="Ann")
    session.add("cause", {"text": "worn nozzle"})
    gate = roadmap.decide_gate(session, "define", "rework", "M. Ito")
    session.fingerprint = str(session.record(gate).get("snapshot"))
    yield session
    session.close()


def test_nothing_changed_right_after_the_decision(signed):
    found = since_sign_off(signed, signed.fingerprint)
    assert found.untouched
    assert found.text == "Nothing changed after sign-off."


def test_every_kind_of_later_change_is_listed(signed):
    cause = signed.records("cause")[0].id
    signed.edit(cause, {"text": "clogged nozzle"})
    signed.add("action", {"title": "clean it"})
    found = since_sign_off(signed, signed.fingerprint)
    assert [(d.kind, d.title, d.how) for d in found.differences] == [
        ("cause", "clogged nozzle", "changed"), ("action", "clean it", "new"),
    ]  # fmt: skip
    assert found.text.startswith("Changed after sign-off: 2")
    signed.delete(cause)
    assert since_sign_off(signed, signed.fingerprint).differences[0].how == "gone"


def test_an_undone_change_is_no_change(signed):
    signed.edit(signed.records("cause")[0].id, {"text": "clogged nozzle"})
    signed.undo()
    assert since_sign_off(signed, signed.fingerprint).untouched


def test_one_cell_of_a_data_sheet_is_seen(tmp_path):
    session = Session.create(tmp_path / "d.leanlab", name="Plant", author="Ann")
    column = ColumnData(name="x", kind="number", values=np.array([1.0, 2.0, np.nan]))
    session.add_sheet("Data", [column], source={}, label="Import")
    gate = roadmap.decide_gate(session, "define", "rework", "M. Ito")
    fingerprint = str(session.record(gate).get("snapshot"))
    assert since_sign_off(session, fingerprint).untouched
    session._document._db.execute("UPDATE data_1 SET c1 = 2.5 WHERE row_id = 2")
    session._document.forget("data_1")
    (found,) = since_sign_off(session, fingerprint).differences
    assert (found.kind, found.how) == ("sheet", "changed")
    session.close()


def test_a_frozen_copy_that_was_changed_is_not_believed(signed):
    signed._document._db.execute(
        "UPDATE content SET data = ? WHERE sha256 = ?", [b"other", signed.fingerprint]
    )
    assert "changed outside LeanLab" in since_sign_off(signed, signed.fingerprint).text


def test_tampering_is_seen():
    assert tampered.run(5) == {"tamperings": 35, "seen": 35, "false alarms": 0}


def test_a_decision_prints_the_code_of_its_copy_and_of_the_history_before_it(signed):
    codes = codes_of(signed, signed.fingerprint)
    head = frozen_copy(signed, signed.fingerprint)["history"]
    assert signed.history_holds(head)
    assert codes.frozen_copy == printed_code(signed.fingerprint)
    assert codes.history == printed_code(head)
    for code in (codes.frozen_copy, codes.history):
        assert re.fullmatch("[0-9A-F]{4}(-[0-9A-F]{4}){2}", code)
    assert codes.frozen_copy != codes.history


def test_the_report_prints_both_codes(signed):
    pages = appendix(signed, roadmap.state_of(signed))
    (grid,) = [p for p in pages if isinstance(p, Grid) and p.columns[0] == "Gate"]
    codes = codes_of(signed, signed.fingerprint)
    assert grid.rows[0][-1] == f"Frozen copy {codes.frozen_copy}\nHistory {codes.history}"
    texts = " ".join(p.text for p in pages if isinstance(p, Text))
    assert f"the code {integrity(signed).code}." in texts


def test_a_copy_that_unpacks_to_gigabytes_or_is_no_copy_is_not_believed(signed, monkeypatch):
    monkeypatch.setattr(freezing, "LARGEST", 100_000)
    bombs = [
        gzip.compress(b'{"a": "' + b"x" * 200_000 + b'"}'),
        gzip.compress(b"[" * 60 + b"]" * 60),
        gzip.compress(b'{"gate": "define"}'),
        gzip.compress(b"\xff\xfe"),
        gzip.compress(b"{}")[:-4],
        b"no archive",
    ]
    for content in bombs:
        fingerprint = hashlib.sha256(content).hexdigest()
        with signed.step("Plant"):
            trail.keep_content(signed._document, fingerprint, content)
        assert frozen_copy(signed, fingerprint) is None
        assert not since_sign_off(signed, fingerprint).whole
        assert codes_of(signed, fingerprint).history == ""
