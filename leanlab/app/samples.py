"""The sample projects: built by recipes through the public API, opened as copies."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.store.places import folder


@dataclass(frozen=True, slots=True)
class Sample:
    """A finished project to learn from."""

    id: str
    title: str
    story: str
    module: str


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "late-deliveries",
        "Late deliveries",
        "A parcel hub finds out why its lorries leave late (DMAIC).",
        "late_deliveries",
    ),
    Sample(
        "fill-weight",
        "Fill weight",
        "A bottling line fills too much and unevenly: gage study, trial, capability (DMAIC).",
        "fill_weight",
    ),
    Sample(
        "changeover",
        "Changeover of a press",
        "Three days at a press, by stopwatch: 48 minutes become 21 (Kaizen event).",
        "changeover",
    ),
)


def build(sample_id: str, path: Path) -> Session:
    """Build a sample at a path; the session is open and saved."""
    sample = next((s for s in SAMPLES if s.id == sample_id), None)
    if sample is None:
        raise DocumentProblem(
            f"There is no sample named {sample_id!r}.",
            hint="Samples: " + ", ".join(s.id for s in SAMPLES) + ".",
        )
    recipe: Callable[[Path], Session] = import_module(f"leanlab.app.recipes.{sample.module}").build
    return recipe(path)


def copy_of(sample_id: str) -> Path:
    """Return a fresh path in the user's samples folder for a copy of a sample."""
    place = folder("samples")
    number = 1
    while (path := place / f"{sample_id}{'' if number == 1 else f' {number}'}.leanlab").exists():
        number += 1
    return path
