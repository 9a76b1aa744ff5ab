"""Problems a user can mend; anything else is a bug and reaches the crash report."""

import errno
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class Problem(Exception):  # noqa: N818 - it names what the user meets, not a Python error
    """Something the user can understand and put right."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def message(self) -> str:
        """What is wrong, in the user's words."""
        return str(self.args[0])


class DataProblem(Problem):
    """The chosen data cannot be analysed as asked."""


class DocumentProblem(Problem):
    """The project file cannot be opened, read or written."""


class DamagedFile(DocumentProblem):
    """The file is not what was saved; a backup, or what can be read of it, may be had."""


class ForeignFile(DocumentProblem):
    """The file is no project of LeanLab's."""


class NewerFile(DocumentProblem):
    """The file was made with a newer LeanLab."""


class OpenElsewhere(DocumentProblem):
    """Another window has the project; it can be opened read-only.

    `anyway`: only a note says so, which the user may overrule.
    """

    def __init__(self, message: str, *, hint: str = "", anyway: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.anyway = anyway


class ChangedElsewhere(DocumentProblem):
    """Somebody else changed the file since it was opened; it can be overwritten on purpose."""

    def __init__(self, message: str, *, hint: str = "", verb: str = "Overwrite") -> None:
        super().__init__(message, hint=hint)
        self.verb = verb


class ImportProblem(Problem):
    """A foreign file cannot be read as asked; `setting` names what would settle it."""

    def __init__(
        self, message: str, *, hint: str = "", setting: str = "", choices: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.setting = setting
        self.choices = choices  # the values of the setting that would do; empty is any


class Cancelled(Problem):
    """The user stopped the work; nothing needs saying."""


def is_full(error: OSError) -> bool:
    """Whether there was no room left for what was to be written."""
    return error.errno in _FULL


def not_written(path: Path | str, error: OSError) -> Problem:
    """Say that a file could not be written, and what would help."""
    if is_full(error):
        return Problem(
            f"{path} cannot be written: the disk is full.",
            hint="Free some space, or choose another place.",
        )
    return Problem(
        f"{path} cannot be written: {error.strerror}.",
        hint="Close the file elsewhere, or choose another place.",
    )
