"""A second process is refused while a project is open, and let in after the first was killed.

python -m tests.robustness.locked 100
"""

import os
import signal
import sys

from leanlab.core.errors import OpenElsewhere
from leanlab.store import project
from tests.robustness.scene import home, reopened, told


def holder(path, said):
    """Open the project, say so, and wait to be killed."""
    held = project.open_project(path, who="Ann")
    os.write(said, f"{held.path.name}\n".encode())
    while True:
        signal.pause()


def run(count: int) -> dict[str, int]:
    """Try `count` times; return the figures."""
    figures = {"tries": 0, "refused": 0, "free after the kill": 0}
    with home() as folder:
        path = folder / "plant.leanlab"
        first = project.create(path, who="Ann")
        first.save()
        first.close()
        while figures["tries"] < count:
            figures["tries"] += 1
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                holder(path, writing)
            os.read(reading, 100)
            try:
                project.open_project(path, who="Ben").close()
            except OpenElsewhere:
                figures["refused"] += 1
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(reading)
            os.close(writing)
            try:
                reopened(path).close()
                figures["free after the kill"] += 1
            except OpenElsewhere:
                continue
    return figures


if __name__ == "__main__":
    found = run(int(sys.argv[1]))
    told(found, promised=found["tries"] == found["refused"] == found["free after the kill"])
