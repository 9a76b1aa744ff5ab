"""A double click opens projects and imports reviews: the desktop's files name what the program takes."""

import configparser
from pathlib import Path
from xml.etree import ElementTree as ET

from leanlab.domain.review import ENDING
from leanlab.store.schema import APPLICATION_ID

LINUX = Path(__file__).resolve().parents[1] / "packaging" / "linux"
NAMES = {"": "http://www.freedesktop.org/standards/shared-mime-info"}


def kinds():
    tree = ET.parse(LINUX / "leanlab.xml")  # noqa: S314 - a file of ours
    return {
        kind.get("type"): [glob.get("pattern") for glob in kind.findall("glob", NAMES)]
        for kind in tree.getroot().findall("mime-type", NAMES)
    }


def test_the_menu_entry_takes_every_kind_of_file():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(LINUX / "leanlab.desktop", encoding="utf-8")
    told = entry["Desktop Entry"]
    assert set(told["MimeType"].strip(";").split(";")) == set(kinds())
    assert told["Exec"] == "leanlab %f"


def test_projects_and_reviews_are_known_by_their_endings_and_projects_by_their_mark():
    assert sorted(one for patterns in kinds().values() for one in patterns) == [
        "*.leanlab",
        f"*{ENDING}",
    ]
    mark = APPLICATION_ID.to_bytes(4, "big").decode()
    assert f'offset="68" value="{mark}"' in (LINUX / "leanlab.xml").read_text(encoding="utf-8")
