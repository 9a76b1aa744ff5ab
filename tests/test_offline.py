"""Nothing leaves the machine: no module of LeanLab knows the network, and no test of it tries one."""

import ast
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "leanlab"
NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib",
    "socket", "socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip
HARMLESS = {"urllib.parse"}  # it only takes texts apart
LOCAL = {"ui/one_process.py": {"QLocalServer", "QLocalSocket"}}  # one process per user


def imported(path):
    """Yield the module and the names of each import, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, {alias.name for alias in node.names}


def test_no_module_imports_the_network():
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for module, names in imported(path):
            top = module.partition(".")[0]
            if top in NETWORK or (top == "urllib" and module not in HARMLESS):
                found.append(f"{place}: {module}")
            qt = module in {"PySide6.QtNetwork", "PySide6.QtWebSockets"} or "WebEngine" in module
            if qt and not (names and names <= LOCAL.get(place, set())):
                found.append(f"{place}: {module} {sorted(names)}")
    assert found == []


def test_an_attempt_in_a_test_is_noticed(network_attempts):
    with socket.socket(socket.AF_INET) as one, pytest.raises(AssertionError):
        one.connect_ex(("192.0.2.1", 9))
    with pytest.raises(AssertionError):
        socket.getaddrinfo("example.org", 80)
    assert len(network_attempts) == 2
    network_attempts.clear()
