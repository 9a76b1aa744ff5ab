"""What every test of the window gets: one application, a window that is closed afterwards."""

import gc

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from leanlab.app.session import Session
from leanlab.ui.application import make_application


@pytest.fixture(scope="session")
def qapp():
    """One application with our font and name."""
    made = make_application()
    gc.enable()  # a program leaves this to its warm-up
    return made


@pytest.fixture
def window(qtbot):
    """An open window without a project."""
    from leanlab.ui.window import MainWindow

    opened = MainWindow()
    opened.show()
    yield opened
    session = opened.session
    if session is not None:
        opened.leave_project()
        session.close()
    opened.close()
    opened.deleteLater()
    # windows that linger are styled anew with every later one: each test would be slower
    QCoreApplication.sendPostedEvents(opened, QEvent.Type.DeferredDelete)


@pytest.fixture
def session(tmp_path):
    """A new project, saved."""
    made = Session.create(tmp_path / "project.leanlab", name="Late deliveries", author="A. Ruiz")
    yield made
    made.close()


@pytest.fixture
def project_window(window, session):
    """A window with a new project."""
    window.show_project(session)
    return window
