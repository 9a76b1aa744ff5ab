"""What every test gets: a home of its own, no warm-up, no network, no leaked threads."""

import socket
import threading

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """State, locks and settings of LeanLab live in a folder of this test's own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LEANLAB_HOME", str(folder))
    monkeypatch.setenv("LEANLAB_NO_WARMUP", "1")
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """An attempt to reach another machine fails the test."""

    def refuse(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"LeanLab tried to connect to {address}")
        return real(self, address)

    real = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def no_leaked_threads():
    """A thread that outlives its test is a bug."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive(), f"{thread.name} is still running"
