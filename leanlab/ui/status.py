"""The status bar: what just happened, what runs and how to stop it, what is saved."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar

from leanlab.core import format as words
from leanlab.ui.jobs import Job, JobRunner
from leanlab.ui.widgets import button, label

if TYPE_CHECKING:
    from leanlab.ui.window import MainWindow

MESSAGE_TIME = 8000  # milliseconds
STEPS = 1000


class Status:
    """The parts at the bottom of the window."""

    def __init__(self, window: "MainWindow", jobs: JobRunner) -> None:
        self._bar = window.statusBar()
        self._bar.setSizeGripEnabled(False)
        self._job: Job | None = None
        self.job_words = label("", "muted", wrap=False)
        self.progress = QProgressBar()
        self.progress.setObjectName("job_progress")
        self.progress.setAccessibleName("Progress")
        self.progress.setFixedWidth(140)
        self.progress.setTextVisible(False)
        self.stop = button("Stop", self._cancel, "job_stop")
        self.saved = label("", "saved_words", wrap=False)
        self.comments = button("", lambda: window.bar.run("comments"), "link")
        self.comments.hide()
        for part in (self.job_words, self.progress, self.stop, self.comments, self.saved):
            self._bar.addPermanentWidget(part)
        jobs.moved.connect(self._show_job)
        self._show_job(None)

    def say(self, text: str) -> None:
        """Show a short message for a while."""
        self._bar.showMessage(text, MESSAGE_TIME)

    def show_comments(self, window: "MainWindow") -> None:
        """Say how much was said of the open page; nothing where nothing was."""
        from leanlab.ui.review.count import count_here

        count = count_here(window) if window.session is not None else 0
        self.comments.setVisible(count > 0)
        self.comments.setText(words.count(count, "comment"))
        self.comments.setAccessibleName(f"{words.count(count, 'comment')} on this page")

    def _show_job(self, job: Job | None) -> None:
        self._job = job
        for part in (self.job_words, self.progress, self.stop):
            part.setVisible(job is not None)
        self.stop.setVisible(job is not None and job.stoppable)
        if job is None:
            return
        self.job_words.setText(job.title)
        self.progress.setRange(0, STEPS if job.total else 0)
        if job.total:
            self.progress.setValue(int(STEPS * job.done / job.total))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.job_words.setText("Stopping…")
