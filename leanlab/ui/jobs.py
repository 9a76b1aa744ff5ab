"""Slow work off the main thread: values in, values out; a newer run replaces an older one."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from leanlab.core.errors import Cancelled, Problem


class Job:
    """A handle with which to stop the work."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; its result is dropped."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was told to stop."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise Cancelled if the work was told to stop; call it inside loops."""
        if self.cancelled:
            raise Cancelled("Stopped.")


class JobRunner(QObject):
    """Runs functions on one worker thread and delivers their results on the main thread.

    Only this object is a QObject, and it lives as long as the window: a worker that owned one
    would see it deleted on the wrong thread.
    """

    _ready = Signal()
    busy = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="leanlab-job")
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._latest: dict[str, Job] = {}
        self._running = 0
        self._ready.connect(self._deliver)

    def run(
        self,
        work: Callable[[Job], Any],
        then: Callable[[Any], None],
        *,
        failed: Callable[[Problem], None],
        view: str = "",
    ) -> Job:
        """Run `work(job)`; then call `then(result)` or `failed(problem)` here.

        A newer run of the same `view` cancels the older.
        """
        job = Job()
        if view:
            if view in self._latest:
                self._latest[view].cancel()
            self._latest[view] = job
        self._running += 1
        self.busy.emit(True)

        def post(future: "Future[Any]") -> None:
            self._inbox.put(lambda: self._finish(job, future, then, failed))
            self._ready.emit()

        self._pool.submit(_unless_cancelled, work, job).add_done_callback(post)
        return job

    def shut_down(self) -> None:
        """Wait for the running job; drop the rest."""
        for job in self._latest.values():
            job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _finish(
        self,
        job: Job,
        future: "Future[Any]",
        then: Callable[[Any], None],
        failed: Callable[[Problem], None],
    ) -> None:
        self._running -= 1
        self.busy.emit(self._running > 0)
        if job.cancelled or future.cancelled():
            return
        try:
            result = future.result()
        except Cancelled:
            return
        except Problem as problem:
            failed(problem)
        else:
            then(result)

    @Slot()
    def _deliver(self) -> None:
        while not self._inbox.empty():
            self._inbox.get()()


def _unless_cancelled(work: Callable[[Job], Any], job: Job) -> Any:
    job.check()
    return work(job)
