"""Photos of the place: turned upright, scaled, and without where they were taken."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtWidgets import QFileDialog, QWidget

from leanlab.core.errors import ImportProblem, Problem

if TYPE_CHECKING:
    from leanlab.ui.worksheets.binding import Binding

LONGEST = 2000  # px
QUALITY = 86
FILTER = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp)"
MOST_MB = 256


def cleaned_photo(path: Path) -> tuple[str, bytes]:
    """Return a photo as a new file: upright, at most 2000 px, without place, camera and date.

    The pixels are painted into a fresh picture, so nothing of the old file's descriptions stays.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    reader.setAllocationLimit(MOST_MB)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > LONGEST:
        reader.setScaledSize(
            size.scaled(QSize(LONGEST, LONGEST), Qt.AspectRatioMode.KeepAspectRatio)
        )
    image = reader.read()
    if image.isNull():
        raise ImportProblem(
            f"{path.name} cannot be read as a picture.", hint="Choose a PNG, JPEG or WebP file."
        )
    clear = image.hasAlphaChannel()
    fresh = image.convertToFormat(
        QImage.Format.Format_ARGB32 if clear else QImage.Format.Format_RGB32
    )
    for key in fresh.textKeys():
        fresh.setText(key, "")
    name = f"{path.stem}.{'png' if clear else 'jpg'}"
    return name, _encoded(fresh, "PNG" if clear else "JPG")


def _encoded(image: QImage, kind: str) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, QUALITY)  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())


def ask_photo(parent: QWidget) -> Path | None:
    """Ask for a picture file."""
    name, _ = QFileDialog.getOpenFileName(parent, "Attach a photo", str(Path.home()), FILTER)
    return Path(name) if name else None


def ask_photos(parent: QWidget, binding: "Binding", record_id: str) -> None:
    """Ask for a photo and keep it with a record."""
    path = ask_photo(parent)
    if path is not None:
        attach_photo(binding, record_id, path)


def attach_photo(binding: "Binding", record_id: str, path: Path) -> bool:
    """Keep a photo with a record; what cannot be read is said."""
    try:
        name, data = cleaned_photo(path)
        binding.session.attach(record_id, name, data)
    except Problem as problem:
        binding.refused.emit(problem)
        return False
    binding.window.say(f"{name} attached; its place and camera data were left out.")
    return True
