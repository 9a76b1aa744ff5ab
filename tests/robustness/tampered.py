"""Change a signed project below LeanLab in seven ways; chain, printed code and sign-off show it.

python -m tests.robustness.tampered 50
"""

import hashlib
import json
import random
import sys

from leanlab.app import history, roadmap
from leanlab.app.integrity import since_sign_off
from leanlab.app.session import Session
from tests.robustness.scene import home, told

ENTRIES = 12


def field(db, chance, last):
    """A value of an entry is changed."""
    db.execute("UPDATE audit SET who = 'Ben' WHERE seq = ?", [chance.randint(1, last)])


def deletion(db, chance, last):
    """An entry in the middle is taken out."""
    db.execute("DELETE FROM audit WHERE seq = ?", [chance.randint(1, last - 1)])


def renumbering(db, chance, last):
    """An entry is taken out and the gap is closed."""
    gone = chance.randint(1, last - 1)
    db.execute("DELETE FROM audit WHERE seq = ?", [gone])
    for seq in range(gone + 1, last + 1):
        db.execute("UPDATE audit SET seq = ? WHERE seq = ?", [seq - 1, seq])


def swap(db, chance, last):
    """Two entries change places."""
    one = chance.randint(1, last - 1)
    for old, new in ((one, 0), (one + 1, one), (0, one + 1)):
        db.execute("UPDATE audit SET seq = ? WHERE seq = ?", [new, old])


def cut_tail(db, chance, last):
    """The latest entries are taken away."""
    db.execute("DELETE FROM audit WHERE seq > ?", [chance.randint(last - 4, last - 1)])


def recomputed(db, chance, last):
    """An entry is changed and every digest after it is computed anew, as LeanLab does it."""
    at = chance.randint(1, last - 1)
    db.execute("UPDATE audit SET what = 'Nothing much' WHERE seq = ?", [at])
    prev = ""
    for seq, *entry in db.execute(
        "SELECT seq, at, who, what, payload FROM audit ORDER BY seq"
    ).fetchall():
        digest = hashlib.sha256(json.dumps([*entry, prev]).encode()).hexdigest()
        db.execute("UPDATE audit SET prev = ?, hash = ? WHERE seq = ?", [prev, digest, seq])
        prev = digest


def record(db, chance, last):
    """A record is changed and the history is left alone."""
    which = f"action {chance.randrange(ENTRIES)}"
    db.execute("UPDATE action SET title = 'Done!' WHERE title = ?", [which])


TAMPERINGS = (field, deletion, renumbering, swap, cut_tail, recomputed, record)


def shown(session, fingerprint, printed):
    """Return whether LeanLab says that something is not as it was signed."""
    chain = history.integrity(session)
    return not (
        chain.whole and chain.code == printed and since_sign_off(session, fingerprint).untouched
    )


def run(count: int, seed: int = 1) -> dict[str, int]:
    """Tamper `count` times in each way; return the figures."""
    chance = random.Random(seed)
    figures = {"tamperings": 0, "seen": 0, "false alarms": 0}
    with home() as folder:
        session = Session.create(folder / "plant.leanlab", name="Plant", author="Ann")
        for number in range(ENTRIES):
            session.add("action", {"title": f"action {number}"})
        gate = roadmap.decide_gate(session, "define", "rework", "M. Ito")
        fingerprint = str(session.record(gate).get("snapshot"))
        printed = history.integrity(session)
        figures["false alarms"] += shown(session, fingerprint, printed.code)
        db = session._document._db  # below LeanLab on purpose
        for tamper in TAMPERINGS:
            for _ in range(count):
                db.execute("BEGIN")
                tamper(db, chance, printed.entries)
                figures["tamperings"] += 1
                figures["seen"] += shown(session, fingerprint, printed.code)
                db.execute("ROLLBACK")
        figures["false alarms"] += shown(session, fingerprint, printed.code)
        session.close()
    return figures


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=found["seen"] == found["tamperings"] and not found["false alarms"])
