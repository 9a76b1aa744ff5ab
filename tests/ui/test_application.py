import gc
import subprocess
import sys

import pytest

from leanlab.ui import application
from leanlab.ui.application import WarmUp

START = """
import sys
from leanlab.ui.application import make_application
app = make_application()
from leanlab.ui.window import MainWindow
window = MainWindow(); window.show(); app.processEvents(); window.grab(); window.close()
print(sorted(m for m in %r if m in sys.modules))
"""


def printed(code):
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def test_nothing_heavy_is_imported_before_the_first_paint():
    heavy = ("numpy", "pandas", "scipy", "matplotlib", "statsmodels", "sqlite3", "typst")
    assert printed(START % (heavy,)) == "[]"


def test_python_imports_as_it_did_before_qt_was_loaded():
    found = printed(
        "import builtins; own = builtins.__import__\n"
        "import leanlab.ui.application\n"
        "print(builtins.__import__ is own)"
    )
    assert found == "True"


@pytest.fixture
def own_garbage():
    yield
    gc.unfreeze()
    gc.enable()


def test_the_end_of_the_warm_up_lets_garbage_be_searched_for_again(monkeypatch, own_garbage):
    monkeypatch.delenv("LEANLAB_NO_WARMUP")
    monkeypatch.setattr(application, "HEAVY", ("json", "no.such.module"))
    failed = []
    monkeypatch.setattr(
        application.threading, "excepthook", lambda told: failed.append(told.exc_type)
    )
    gc.disable()
    warm = WarmUp()
    warm.begin()
    warm.end()
    assert failed == [ModuleNotFoundError]
    assert not warm.running
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1000
