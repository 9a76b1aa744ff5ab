"""Slow work off the main thread: values in, values out; a newer run replaces an older one."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from leanlab.core.errors import Cancelled, Problem

EVERY = 0.05  # seconds between two reports of progress


class Job:
    """A handle with which to stop the work, and through which it reports progress."""

    def __init__(
        self,
        title: str = "",
        report: Callable[["Job"], None] | None = None,
        *,
        told: Callable[["Job", Any], None] | None = None,
        stoppable: bool = True,
    ) -> None:
        self.title, self.stoppable = title, stoppable
        self._told = told
        self.done, self.total = 0.0, 0.0
        self._stop = threading.Event()
        self._report = report
        self._reported = 0.0

    def cancel(self) -> None:
        """Ask the work to stop; its result is dropped. A save goes on to its end."""
        if self.stoppable:
            self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was told to stop."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise Cancelled if the work was told to stop; call it inside loops."""
        if self.cancelled:
            raise Cancelled("Stopped.")

    def tell(self, part: Any) -> None:
        """Hand over what was found so far; also a place to stop."""
        self.check()
        if self._told is not None:
            self._told(self, part)

    def progress(self, done: float, total: float) -> None:
        """Say how far the work is; also a place to stop."""
        self.check()
        self.done, self.total = done, total
        now = time.monotonic()
        if self._report is not None and (now - self._reported > EVERY or done >= total):
            self._reported = now
            self._report(self)


class JobRunner(QObject):
    """Runs functions on worker threads and delivers their results on the main thread.

    Work with a title is long (imports, reports) and runs on a thread of its own, so that charts
    stay live beside it. Only this object is a QObject, and it lives as long as the window: a
    worker that owned one would see it deleted on the wrong thread.
    """

    _ready = Signal()
    busy = Signal(bool)
    moved = Signal(object)  # a long job began, went on, or ended (None)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quick = ThreadPoolExecutor(max_workers=1, thread_name_prefix="leanlab-quick")
        self._long = ThreadPoolExecutor(max_workers=1, thread_name_prefix="leanlab-long")
        self._save = ThreadPoolExecutor(max_workers=1, thread_name_prefix="leanlab-save")
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._latest: dict[str, Job] = {}
        self._open: dict[Job, Future[Any] | None] = {}
        self._ready.connect(self._deliver, Qt.ConnectionType.QueuedConnection)  # never inside run()

    def run(
        self,
        work: Callable[[Job], Any],
        then: Callable[[Any], None],
        *,
        failed: Callable[[Problem], None],
        view: str = "",
        title: str = "",
        told: Callable[[Any], None] | None = None,
        stopped: Callable[[], None] | None = None,
        stoppable: bool = True,
    ) -> Job:
        """Run `work(job)`; then call `then(result)`, `failed(problem)` or `stopped()` here.

        `told(part)` is called here with each part that the work hands over by `job.tell`.

        A newer run of the same `view` cancels the older; a `title` shows the work in the status
        bar, with its progress and a button to stop it. What is not `stoppable` is a save: it waits
        for no other work.
        """

        def hand_over(from_job: Job, part: Any) -> None:
            self._later(lambda: told(part) if told and not from_job.cancelled else None)

        job = Job(title, self._tell if title else None, told=hand_over, stoppable=stoppable)
        if view:
            if view in self._latest:
                self._latest[view].cancel()
            self._latest[view] = job
        self._open[job] = None
        self.busy.emit(True)
        if title:
            self.moved.emit(job)

        def post(future: "Future[Any]") -> None:
            self._later(lambda: self._finish(job, future, (then, failed, stopped)))

        pool = self._long if title else self._quick
        if not stoppable:
            pool = self._save
        self._open[job] = future = pool.submit(_unless_cancelled, work, job)
        future.add_done_callback(post)
        return job

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._open

    def stop_all(self) -> None:
        """Tell all work to stop; its results are dropped."""
        for job in self._open:
            job.cancel()

    def wait(self, only: Job | None = None) -> None:
        """Wait for all work or one job, also from another thread; what cannot be stopped is finished."""
        jobs = [only] if only is not None else list(self._open)
        wait([future for job in jobs if (future := self._open.get(job)) is not None])

    def deliver(self) -> None:
        """Tell now how the work ended that has ended."""
        self._deliver()

    def shut_down(self) -> None:
        """Stop what runs, drop the rest, and wait for the threads."""
        self.stop_all()
        for pool in (self._quick, self._long, self._save):
            pool.shutdown(wait=True, cancel_futures=True)

    def _tell(self, job: Job) -> None:
        self._later(lambda: self.moved.emit(job) if job in self._open else None)

    def _later(self, call: Callable[[], object]) -> None:
        self._inbox.put(call)  # type: ignore[arg-type]
        self._ready.emit()

    def _finish(self, job: Job, future: "Future[Any]", ends: tuple[Any, Any, Any]) -> None:
        then, failed, stopped = ends
        self._open.pop(job, None)
        self.busy.emit(bool(self._open))
        if job.title:
            self.moved.emit(next((other for other in self._open if other.title), None))
        try:
            job.check()
            result = future.result()
        except (Cancelled, CancelledError):
            if stopped is not None:
                stopped()
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
