"""Look at a foreign file before anything opens it: what it is, and whether it is a trap."""

import zipfile
from pathlib import Path
from typing import Literal

from leanlab.core import format as words
from leanlab.core.errors import ImportProblem
from leanlab.data.csv_text import LARGEST

Form = Literal["text", "xlsx", "xls", "ods"]

LARGEST_WORKBOOK = 100 * 1024**2
LARGEST_UNPACKED = 512 * 1024**2
MOST_RATIO = 200  # a workbook shrinks to a tenth; a bomb to a thousandth
RATIO_FROM = 10 * 1024**2
MOST_PARTS = 2_000
_CHUNK = 1024**2
_WORKBOOKS = {".xlsx", ".xlsm", ".ods"}  # .xls is often plain text under that name
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_DATA = {b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture"}


def form_of(path: Path) -> Form:
    """Return how a file is to be read, by its content; refuse what is no data or a trap."""
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "is not there"
            raise ImportProblem(
                f"{path.name} cannot be read: it {what}.", hint="Choose a data file."
            )
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise ImportProblem(
            f"{path.name} cannot be read: {error.strerror}.", hint="Check its name and your rights."
        ) from error
    for start, what in _NOT_DATA.items():
        if head.startswith(start):
            raise ImportProblem(
                f"{path.name} is {what}, not a table.", hint="Choose a CSV or Excel file."
            )
    _refuse_markup(path)
    if head.startswith(b"PK"):
        _check_size(path, size, LARGEST_WORKBOOK)
        return _checked_package(path)
    if head == _OLE:
        _check_size(path, size, LARGEST_WORKBOOK)
        return "xls"
    if size and path.suffix.lower() in _WORKBOOKS:
        raise ImportProblem(
            f"{path.name} is not an Excel or OpenDocument file, though its name ends in "
            f"{path.suffix}.",
            hint="Open it in the program it comes from and save it again as XLSX or CSV. If it is "
            "plain text, let its name end in .csv.",
        )
    _check_size(path, size, LARGEST)
    return "text"


def _refuse_markup(path: Path) -> None:
    """Many systems export a web page and call it .xls."""
    with path.open("rb") as file:
        start = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        raise ImportProblem(
            f"{path.name} is a web page or XML, not a table that LeanLab reads.",
            hint="Open it in Excel or LibreOffice and save it as XLSX or CSV.",
        )


def _check_size(path: Path, size: int, largest: int) -> None:
    if size > largest:
        raise ImportProblem(
            f"{path.name} is larger than {largest // 1024**2} MB.",
            hint="Save the sheet as CSV, or leave out rows or columns.",
        )


def _checked_package(path: Path) -> Form:
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS:
                raise _trap(path, f"it has {words.number(len(parts), 0)} parts")
            unpacked = sum(part.file_size for part in parts)
            packed = max(1, path.stat().st_size)
            if unpacked > LARGEST_UNPACKED:
                raise _trap(path, f"unpacked it is {words.number(unpacked // 1024**2, 0)} MB")
            if unpacked > RATIO_FROM and unpacked / packed > MOST_RATIO:
                raise _trap(path, f"it unpacks to {unpacked // packed} times its size")
            for part in parts:
                _check_part(path, package, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ImportProblem(
            f"{path.name} is damaged: it cannot be unpacked.",
            hint="Get the file again, or save it as CSV.",
        ) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise ImportProblem(
        f"{path.name} is an archive, not a spreadsheet.",
        hint="Unpack it first; XLSX, XLS and ODS can be read.",
    )


def _check_part(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part once: a size that lies fails here, and so does a document type."""
    first = True
    with package.open(part) as file:
        while chunk := file.read(_CHUNK):
            if first and part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in chunk:
                raise _trap(path, "it declares a document type")
            first = False


def _trap(path: Path, why: str) -> ImportProblem:
    return ImportProblem(
        f"{path.name} is not opened: {why}, as no ordinary spreadsheet does.",
        hint="If you trust it, open it in Excel or LibreOffice and save the sheet as CSV.",
    )
