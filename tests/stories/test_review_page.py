"""The page for a reviewer without LeanLab, answered in a real browser with the network off."""

import json
import os
import re
import shutil
import subprocess
import time

import pytest

from leanlab.app import review, roadmap
from leanlab.app import review_file as files
from leanlab.app.review_page import review_page, write_page
from leanlab.app.session import Session
from leanlab.report.review_page import fingerprint, html

BROWSER = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)  # fmt: skip
PATIENCE = 30.0
CHARTER = {
    "what": "late <b>orders</b>", "where": "hub", "period": "2025", "size": 13.9, "size_unit": "%",
    "by_date": "2026-06-01", "case": "Customers leave", "in_scope": "sorting",
    "out_scope": "carriers", "sponsor": "M. Ito", "leader": "A. Ruiz",
}  # fmt: skip


@pytest.fixture
def owner(tmp_path):
    made = Session.create(tmp_path / "late.leanlab", name="Late orders <script>alert(1)</script>", author="A. Ruiz")  # fmt: skip
    made.add("worksheet", {"type_id": "charter", "version": 1, "title": "Project charter",
                           "phase": "define", "status": "ready", "body": CHARTER})  # fmt: skip
    made.add("metric", {"name": "Late orders", "role": "primary", "unit": "%", "direction": "lower",
                        "definition": "late / all", "target": 5.0})  # fmt: skip
    made.add("benefit_line", {"title": "Fewer </script> credit notes", "benefit_class": "hard", "state": "forecast",
                              "months": {"2026-05": {"plan": 100.0, "actual": 90.0}, "2026-06": {"plan": 100.0}}})  # fmt: skip
    made.save()
    yield made
    made.close()


# the page ----------------------------------------------------------------------------------------


def test_the_page_holds_texts_as_texts_and_reaches_for_nothing(owner):
    page = html(review_page(owner))
    assert "<script>alert" not in page
    assert "late &lt;b&gt;orders&lt;/b&gt;" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "https://" not in page
    assert re.findall(r"<(?:link|img|iframe|object|embed|base|form)\b", page) == []
    assert "default-src 'none'" in page


def test_the_page_says_of_which_save_it_is_and_what_to_ask(owner):
    page = html(review_page(owner))
    assert "As of: the save on " in page
    assert "not saved yet" not in page
    assert "What to ask" in page
    assert "has no baseline; the gain cannot be judged" in page
    owner.set_fact("site", "Hub")
    assert "with 1 change not saved yet" in html(review_page(owner))


def test_only_our_own_script_may_run(owner):
    page = html(review_page(owner))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    assert f"script-src '{fingerprint(scripts[0])}'" in page


def test_a_blocked_gate_cannot_be_passed_on_the_page(owner):
    owner.edit(owner.records("metric")[0].id, {"target": None})
    page = html(review_page(owner))
    assert "It cannot be passed yet. Does the goal say" in page
    assert 'value="passed" disabled' in page


# a browser ---------------------------------------------------------------------------------------


class Browser:
    """Chromium without a window, driven through a pipe: no port is opened, no machine is reached."""

    def __init__(self, folder):
        from_us, self._to = os.pipe()
        self._from, to_us = os.pipe()
        command = (
            f'exec "$0" "$@" 3<&{from_us} 4>&{to_us}',
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}",
            "--window-size=1200,900", "about:blank",
        )  # fmt: skip
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", *command], pass_fds=(from_us, to_us), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)},
        )  # fmt: skip
        os.close(from_us)
        os.close(to_us)
        self._left, self._number, self._session = b"", 0, None
        self.events = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]  # fmt: skip
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")
        self.ask("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)  # fmt: skip
        self.ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def ask(self, method, **values):
        """Send a command and return its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": values}
        if self._session and not method.startswith("Browser."):
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            found = self._next()
            if found.get("id") == self._number:
                assert "error" not in found, found
                return found["result"]
            self.events.append(found)

    def _next(self):
        while b"\0" not in self._left:
            piece = os.read(self._from, 65536)
            assert piece, "the browser is gone"
            self._left += piece
        message, _, self._left = self._left.partition(b"\0")
        return json.loads(message)

    def run(self, script):
        """Run a script in the page and return what it is worth."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True, userGesture=True)  # fmt: skip
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def open(self, path):
        self.ask("Page.navigate", url=path.as_uri())
        end = time.monotonic() + PATIENCE
        while self.run("document.readyState + !!document.getElementById('save')") != "completetrue":
            assert time.monotonic() < end
            time.sleep(0.02)

    def shot(self, path):
        import base64

        whole = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(whole["data"]))

    def complaints(self):
        """Return what the page's console says: broken scripts and refused loads."""
        kinds = {"Log.entryAdded", "Runtime.exceptionThrown", "Network.loadingFailed"}
        return [e for e in self.events if e.get("method") in kinds]

    def close(self):
        os.close(self._to)
        os.close(self._from)
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def browser(tmp_path):
    if BROWSER is None:
        pytest.skip("chromium is not installed")
    opened = Browser(tmp_path)
    yield opened
    opened.close()


HELP = """
function place(about, kind) { return document.querySelector('[data-about="' + about + '"]' + (kind || '')); }
function pick(box, value) { box.querySelector('input[value="' + value + '"]').click(); }
function type(field, text) { field.value = text; field.dispatchEvent(new Event('input', {bubbles: true})); }
function told() { return document.getElementById('told').textContent; }
document.getElementById('save').click();
"""


def downloaded(folder):
    end = time.monotonic() + PATIENCE
    while True:
        found = list(folder.glob("*.leanreview"))
        if found and not list(folder.glob("*.crdownload")):
            return found
        assert time.monotonic() < end, list(folder.iterdir())
        time.sleep(0.05)


def test_a_reviewer_answers_the_page_and_the_owner_merges_the_file(owner, browser, tmp_path):
    path, line = tmp_path / "review.html", owner.records("benefit_line")[0].id
    write_page(owner, path)
    browser.open(path)
    browser.run(HELP)
    assert browser.run("told()") == "Please type your name first."
    browser.run("type(document.getElementById('reviewer'), 'M. Ito \\u00e9\\u{1F600}'); type(document.getElementById('role'), 'Sponsor'); document.getElementById('save').click()")  # fmt: skip
    assert "nothing to send" in browser.run("told()")
    browser.run("pick(place('question:define/D1'), 'agree')")
    browser.run("pick(place('question:define/D3'), 'disagree'); type(place('question:define/D3').querySelector('textarea'), 'By when <b>exactly</b>?\\n\\u00dc')")  # fmt: skip
    browser.run("type(place('project').querySelector('textarea'), 'half \\ud83d a character')")
    browser.run("pick(place('gate:define'), 'conditions')")
    browser.run("document.getElementById('save').click()")
    assert "each condition" in browser.run("told()")
    browser.run("var c = place('gate:define').querySelectorAll('.condition input'); type(c[0], 'Name the risks'); type(c[1], 'A. Ruiz'); type(c[2], '2026-06-30')")  # fmt: skip
    browser.run(f"pick(place('{line}', ':not([data-month])'), 'validated'); pick(place('{line}', '[data-month=\"2026-06\"]'), 'rejected')")  # fmt: skip
    assert browser.run("document.getElementById('count').textContent") == "6 items"
    browser.run("document.getElementById('save').click()")
    (made,) = downloaded(tmp_path)

    parcel = files.read_parcel(made)

    assert files.code_of(parcel) in browser.run("told()")
    assert (parcel.reviewer, parcel.role) == ("M. Ito é😀", "Sponsor")
    proposal = review.propose(owner, parcel)
    assert proposal.same_state
    assert [e.state for e in proposal.entries] == ["new"] * 6
    done = review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    assert (done.comments, done.decisions) == (3, 3)
    assert roadmap.state_of(owner).phase("define").decision.decision == "conditions"
    assert owner.record(line).get("state") == "validated"
    amounts = {i.month: dict(i.amounts) for i in parcel.parts[0].items if i.kind == "benefit"}
    assert amounts == {"": {"2026-05": "90.0000"}, "2026-06": {}}
    assert owner.record(line).get("month_reviews")["2026-06"]["decision"] == "rejected"
    texts = {s.about: s.text for s in review.said_in(owner)}
    assert texts["question:define/D3"] == "By when <b>exactly</b>?\nÜ"
    assert texts["project"] == "half \ufffd a character"
    assert browser.complaints() == []
    loaded = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]  # fmt: skip
    assert [u for u in loaded if not u.startswith(("file:", "blob:", "data:", "about:"))] == []
    browser.shot(tmp_path / "page.png")


def test_a_second_file_repeats_the_numbers_of_what_did_not_change(owner, browser, tmp_path):
    path = tmp_path / "review.html"
    write_page(owner, path)
    browser.open(path)
    browser.run(HELP)
    browser.run("type(document.getElementById('reviewer'), 'M. Ito')")
    browser.run("type(place('project').querySelector('textarea'), 'One'); document.getElementById('save').click()")  # fmt: skip
    (first,) = downloaded(tmp_path)
    one = files.read_parcel(first)
    first.unlink()
    browser.run("pick(place('question:define/D1'), 'agree'); document.getElementById('save').click()")  # fmt: skip
    (second,) = downloaded(tmp_path)
    two = files.read_parcel(second)
    proposal = review.propose(owner, one)
    review.merge(owner, proposal, {e.item.id for e in proposal.entries})
    assert [e.state for e in review.propose(owner, two).entries] == ["here", "new"]
