"""What LeanLab is, which version, and under which licences its parts are used."""

from importlib import metadata

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from leanlab import __version__
from leanlab.ui.widgets import label

PARTS = ("PySide6_Essentials", "numpy", "scipy", "statsmodels", "pandas", "matplotlib", "typst")


class AboutDialog(QDialog):
    """Version, licence, promise."""

    help = "welcome"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About LeanLab")
        self.setMinimumWidth(460)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(label(f"LeanLab {__version__}", "title"))
        for text in (
            "Improvement projects with numbers that can be checked.",
            "It never uses the network: your data stay on this computer and in your files.",
            "LeanLab is under the MIT licence. Qt is used under the LGPL.",
        ):
            layout.addWidget(label(text))
        layout.addWidget(label("Made with " + ", ".join(map(_version, PARTS)) + ".", "small"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)


def _version(name: str) -> str:
    try:
        return f"{name.partition('_')[0]} {metadata.version(name)}"
    except metadata.PackageNotFoundError:  # a bundle may leave the metadata out
        return name.partition("_")[0]
