"""One client in a process of its own, so that a crash or a limit ends that client and nothing else."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import BaseContext, ForkServerContext
from multiprocessing.process import BaseProcess
from threading import current_thread, main_thread

from capgain.addin.cli.batch.options import Job, Outcome
from capgain.workbook.batch.record import ErrorKind
from capgain.workbook.batch.state import State
from capgain.workbook.interruption import SIGNALS, Interrupted

Task = Callable[[Job], Outcome]


class Children:
    """Starts one child at a time. Where the system can, a child begins with the program loaded already."""

    def __init__(self, task: Task, memory: int | None) -> None:
        self._task = task
        self._memory = memory
        self._context = _context(task)

    def run(self, job: Job) -> Outcome:
        """The work on one client; a child that dies is tried a second time, one that takes too long is ended."""
        ending = 0
        for _ in range(2):
            child: BaseProcess | None = None
            try:
                with interrupts_wait():
                    child = self._start(job)
                child.join(job.seconds_allowed)
                if child.exitcode is None:
                    return without_output(job, ErrorKind.TIMEOUT, took_too_long(job))
            finally:
                if child is not None:
                    _end(child)
            ending = child.exitcode or 0
            if ending == 0:
                record = State(job.out).read(job.key)
                assert record is not None
                return Outcome(job.number, record.status.is_error, record.peak_mib)
        return without_output(job, ErrorKind.CRASHED, f"The program died over this file twice ({_ending(ending)}).")

    def _start(self, job: Job) -> BaseProcess:
        child: BaseProcess = self._context.Process(target=_work, args=(self._task, job, self._memory))  # type: ignore[attr-defined]
        child.start()
        return child


def took_too_long(job: Job) -> str:
    return (
        f"It took longer than the {_seconds(job.seconds_allowed)} that one client may take. "
        "Allow more with --limit, or look at the file."
    )


def _seconds(number: float) -> str:
    text = f"{number:,.0f}" if number == int(number) else f"{number:,}"
    return f"{text} second{'' if number == 1 else 's'}"


def without_output(job: Job, kind: ErrorKind, reason: str) -> Outcome:
    """Keep the record of a client whose process could not do it itself."""
    from capgain.addin.cli.batch.one_client import failed

    State(job.out).write(job.key, failed(job, kind, reason))
    return Outcome(job.number, is_error=True, peak_mib=0)


def _context(task: Task) -> BaseContext:
    """A server that has the program in memory and forks a child in milliseconds; a new process elsewhere."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([task.__module__])
    return context


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """A signal to end is for this process to answer, and once what is begun here is known to it.

    Threads and processes begun meanwhile inherit the block of Ctrl-C and never get it. multiprocessing's tracker would
    lift it in the thread that starts it, so it is started before. Where another thread of this process takes the
    signal, its handler waits too.
    """
    if sys.platform == "win32" or current_thread() is not main_thread():
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    came: list[int] = []
    handlers = {number: signal.getsignal(number) for name in SIGNALS if (number := getattr(signal, name, None))}
    answered = {number: handler for number, handler in handlers.items() if handler not in (None, signal.SIG_IGN)}
    try:
        for number in answered:
            signal.signal(number, lambda number, frame: came.append(number))
        ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    finally:
        for number, handler in answered.items():
            signal.signal(number, handler)
    if came:
        raise Interrupted(came[0])


def _work(task: Task, job: Job, memory: int | None) -> None:
    """What the child does. Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    task(job)


def limit_memory(limit: int | None) -> None:
    """Refuse this process more than `limit` bytes, where the system can."""
    if limit is None or sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _end(child: BaseProcess) -> None:
    if child.exitcode is None:
        child.kill()
        child.join()


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
