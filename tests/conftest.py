"""What every test gets: a home of its own, no warm-up, no network, no leaked threads."""

import socket
import sys
import threading

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """State, locks and settings of LeanLab live in a folder of this test's own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LEANLAB_HOME", str(folder))
    monkeypatch.setenv("LEANLAB_NO_WARMUP", "1")
    return folder


ATTEMPTS: list[str] = []  # to reach another machine
REACHING = {
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getaddrinfo",
    "socket.gethostbyname", "socket.gethostbyaddr",
}  # fmt: skip


def _listen(event, arguments):
    """Python tells of every way to reach a network, whoever takes it."""
    if event not in REACHING:
        return
    one = arguments[0]
    if isinstance(one, socket.socket) and one.family not in (socket.AF_INET, socket.AF_INET6):
        return
    ATTEMPTS.append(f"{event} {arguments[1:]}")
    raise AssertionError(f"LeanLab tried {event} {arguments[1:]}")


sys.addaudithook(_listen)


@pytest.fixture(autouse=True)
def network_attempts():
    """An attempt to reach another machine fails the test, also where its error is swallowed."""
    yield ATTEMPTS
    found = list(ATTEMPTS)
    ATTEMPTS.clear()
    assert found == []


@pytest.fixture(autouse=True)
def no_leaked_threads():
    """A thread that outlives its test is a bug."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive(), f"{thread.name} is still running"
