"""Let the system itself end a process, and its children, that make a socket for a network.

On Linux a filter in the kernel does it, so that C++ libraries are covered as well as Python.
"""

import ctypes
import platform
import struct
import sys

ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # its mark, its socket()
FAMILIES = (2, 10)  # AF_INET, AF_INET6
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2
ALLOW, KILL = 0x7FFF0000, 0x80000000
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def possible() -> bool:
    """Whether this machine knows such filters."""
    return sys.platform.startswith("linux") and platform.machine() in ARCHITECTURES


def enforce() -> bool:
    """End this process, and every child of it, at the first socket for a network. False if it cannot."""
    mark, call = ARCHITECTURES[platform.machine()]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE), (EQUAL, 0, 5, mark),
        (LOAD, 0, 0, NUMBER), (EQUAL, 0, 3, call),
        (LOAD, 0, 0, FIRST_ARGUMENT), (EQUAL, 2, 0, FAMILIES[0]), (EQUAL, 1, 0, FAMILIES[1]),
        (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, KILL),
    ]  # fmt: skip
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    libc = ctypes.CDLL(None, use_errno=True)
    program = _Program(len(steps), code)
    return (
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
        and libc.prctl(SECCOMP, FILTER, ctypes.byref(program)) == 0
    )
