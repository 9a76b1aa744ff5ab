"""A page for a reviewer without LeanLab: it is read, answered and sent back as a file, offline."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from leanlab.core.resources import resource
from leanlab.report.document import Level, Number, Part, Picture
from leanlab.report.html import GLYPHS, SPOKEN, Drawings


@dataclass(frozen=True, slots=True)
class Place:
    """What can be commented or decided: where it is, and a mark of what is seen there."""

    about: str
    title: str
    seen: str
    after: str = ""
    amounts: str = ""  # JSON: the actual amounts seen of a benefit, by month


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A gate question with what the records answer."""

    place: Place
    code: str
    text: str
    must: bool
    level: Level
    answer: str


@dataclass(frozen=True, slots=True)
class AskedGate:
    """A gate: its questions, and the decision if it is open."""

    place: Place
    title: str
    state: str
    level: Level
    questions: Sequence[AskedQuestion]
    open: bool
    blocking: str = ""  # why it cannot be passed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of the project, to be judged."""

    place: Place
    verdict: str
    level: Level
    evidence: str
    held: str
    numbers: Sequence[Number]
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AskedMonth:
    """One month of a benefit."""

    place: Place
    month: str
    name: str
    plan: str
    forecast: str
    actual: str
    standing: str  # what finance has said of it so far


@dataclass(frozen=True, slots=True)
class AskedBenefit:
    """A benefit line with its months, to be validated or rejected by finance."""

    place: Place
    title: str
    note: str
    state: str
    level: Level
    months: Sequence[AskedMonth]


@dataclass(frozen=True, slots=True)
class AskedPicture:
    """A saved result with its chart."""

    place: Place
    picture: Picture
    says: str
    level: Level


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything that the page shows, and what the parcel made of it needs."""

    title: str
    kind: str
    facts: Sequence[tuple[str, str]]
    headline: str
    numbers: Sequence[Number]
    parts: Sequence[Part]
    wanted: str
    project: Place
    gates: Sequence[AskedGate]
    outcome: Outcome | None
    benefits: Sequence[AskedBenefit]
    pictures: Sequence[AskedPicture]
    weak: Sequence[tuple[str, str, str]]  # topic, text, who can answer: what a reviewer should ask
    decisions: Mapping[str, str]
    outcomes: Mapping[str, str]
    project_id: str
    owner: str
    revision: int
    seal: str
    as_of: str
    program: str


def html(page: ReviewPage) -> str:
    """Return the page; every text is escaped, every drawing cleaned, only our own script runs."""
    import jinja2
    import markupsafe

    template = resource("report/review.html")
    script = resource("report/review.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(drawing=Drawings(), glyph=GLYPHS.get, spoken=SPOKEN.get)
    return environment.get_template(template.name).render(
        page=asdict(page),
        told=_told(page),
        # a file of ours, and the only script whose fingerprint the page allows
        script=markupsafe.Markup(script),  # noqa: S704
        fingerprint=fingerprint(script),
    )


def fingerprint(script: str) -> str:
    """Return what a content security policy calls the hash of a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _told(page: ReviewPage) -> dict[str, Any]:
    """Return what the script must know."""
    return {
        "project_id": page.project_id, "title": page.title, "owner": page.owner,
        "revision": page.revision, "seal": page.seal, "program": f"{page.program}, review page",
    }  # fmt: skip
