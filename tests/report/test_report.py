"""One report as PDF and as HTML: the same words, real text, alternative texts, no markup run."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from io import StringIO

import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure

from leanlab.core import clock
from leanlab.core.errors import Cancelled
from leanlab.report.document import (
    Bullets,
    Chapter,
    Facts,
    Findings,
    Gate,
    Grid,
    Heading,
    Landscape,
    Note,
    Number,
    Part,
    Picture,
    Report,
    ReportCard,
    Result,
    Summary,
    Text,
    as_data,
    column_weights,
    turned,
)
from leanlab.report.html import html
from leanlab.report.pdf import FACTORS, _compiler, _fitted, _places, page_pictures, pdf

NASTY = '<script>alert(1)</script> #read("/etc/passwd") $x$ *a* @ref'


def drawing(word="Minutes"):
    with rc_context({"svg.fonttype": "none"}):
        figure = Figure(figsize=(4, 2))
        figure.subplots().set_title(word)
        out = StringIO()
        figure.savefig(out, format="svg")
    return out.getvalue()


@pytest.fixture(scope="module")
def report():
    picture = Picture(drawing(), "A chart of minutes, rising", caption="n = 18, 1 excluded")
    wide = Grid([f"c{i}" for i in range(14)], [["x"] * 14] * 3, title="Wide")
    blocks = (
        Heading("Charter"), Facts([("Problem", NASTY), ("Goal", "13 to 5")]), Text("first\nsecond"),
        Note("Careful", "warning"), Bullets(["one", "two"]), picture,
        Findings([("verdict", "It fell.", "good"), ("next", "Hold it.", "info")]),
        ReportCard([("amber", "Data", "Only 18 points.")]), Landscape([wide]),
        Gate("Passed on 3 Jan.", "good", [("D1", "Is it stated?", "good", "yes")]),
    )  # fmt: skip
    summary = Summary(
        "Late orders fell.", [Number("Before", "13 %"), Number("Now", "5 %", "22 points", "good")],
        [Part("Problem", NASTY)], [Part("What changed", items=["Cut-off"])], "Close it.", picture,
    )  # fmt: skip
    return Report(
        "Late & early", "DMAIC report", [("Leader", "Ana")], [Chapter("Define", blocks, "Agree.")],
        "4 Jan 2026", "LeanLab", summary, "Ana",
    )  # fmt: skip


@pytest.fixture(scope="module")
def pdf_file(report, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "r.pdf"
    path.write_bytes(pdf(report))
    return path


def tool(*words):
    """Run a tool of poppler; return what it prints."""
    found = shutil.which(words[0])
    if found is None:
        pytest.skip("poppler is not installed")
    return subprocess.run([found, *words[1:]], capture_output=True, text=True, check=True).stdout


def test_the_pdf_has_real_text_in_figures_and_words(pdf_file):
    text = tool("pdftotext", "-layout", pdf_file, "-")
    for word in (
        "Late & early",
        "Minutes",
        "n = 18, 1 excluded",
        "Only 18 points.",
        "Contents",
        "Page 2 of 5",
        "Close it.",
    ):
        assert word in text, word
    assert 'alert(1)</script> #read("/etc/passwd")' in text


def test_the_pdf_is_tagged_and_has_a_title_and_a_page_on_its_side(pdf_file):
    info = tool("pdfinfo", "-f", "1", "-l", "9", pdf_file)
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Title:\s+Late & early", info)
    assert re.search(r"841\.\d+ x 595", info)


def test_the_pdf_declares_accessibility_and_alternative_text(pdf_file):
    raw = pdf_file.read_bytes()
    assert b"pdfuaid" in raw
    assert b"A chart of minutes, rising" in raw or "A chart of minutes".encode("utf-16-be") in raw


def test_equal_reports_are_equal_files(report):
    with clock.frozen(datetime(2026, 1, 4, 9, tzinfo=UTC)):
        assert pdf(report) == pdf(report)


def test_cancel_is_heard(report):
    def stop():
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        pdf(report, stop)
    with pytest.raises(Cancelled):
        html(report, stop)


def test_the_preview_has_one_picture_for_each_page(report):
    pages = page_pictures(report, 40)
    assert len(pages) == 5
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_html_holds_everything_and_runs_nothing(report):
    page = html(report)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #read" in page
    assert "<script" not in page
    assert page.count("<svg") == 2
    assert 'aria-label="A chart of minutes, rising"' in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for word in ("Careful", "Only 18 points.", "c13", "Passed on 3 Jan.", "first<br>second"):
        assert word in page, word


def test_every_link_of_the_contents_has_its_place(report):
    page = html(report)
    targets = re.findall(r'href="#([^"]+)"', page.split("<nav")[1].split("</nav>")[0])
    assert targets
    assert all(f'id="{target}"' in page for target in targets)


def test_a_report_without_summary_has_no_contents():
    single = Report(
        "I-MR chart", "Control chart", [], [Chapter("x", [Text("hello")])], "4 Jan", "LeanLab"
    )
    assert "<nav" not in html(single)
    assert len(page_pictures(single, 30)) == 1


def test_columns_fit_their_words_and_long_texts_get_the_rest():
    grid = Grid(
        ["No.", "Cause"], [["C1", "a rather long sentence about a cause " * 4], ["C2", "short"]]
    )
    number, cause = column_weights(grid)
    assert number < 10
    assert cause > 40


def test_turning_a_table_keeps_every_cell():
    grid = turned(Grid(["No.", "A", "B"], [["1", "x", "y"], ["2", "z", "w"]], title="T"))
    assert grid == Grid(["No.", "1", "2"], [["A", "x", "z"], ["B", "y", "w"]], title="T")


def test_blocks_know_their_kind(report):
    kinds = {b["kind"] for b in as_data(report)["chapters"][0]["blocks"]}
    assert {"heading", "facts", "note", "reportcard", "gate", "landscape"} <= kinds


def booklet(*blocks, title="Measure", **facts):
    return Report(
        "Late orders", "Pages", [("Leader", "Ana")], [Chapter(title, blocks, "Know how big it is.")],
        "4 Jan 2026", "LeanLab", contents=False, **facts,
    )  # fmt: skip


def test_a_report_that_begins_on_its_side_has_no_empty_page_before():
    wide = Landscape([Grid([f"c{i}" for i in range(14)], [["x"] * 14] * 3, title="Steps")])
    pages = page_pictures(booklet(Heading("Process map"), wide), 30)
    assert len(page_pictures(booklet(wide), 30)) == 1
    assert len(pages) == 2  # a heading of its own stands upright, as it was asked for


def test_a_picture_is_drawn_smaller_where_it_then_fits_the_page_that_has_begun():
    rows = [["a line of a table", "yes"]] * 26
    long = Grid(["What", "Done"], rows, title="Before")
    picture = Picture(drawing(), "Minutes")
    result = Result([picture, Findings([("verdict", "It fell.", "good")]), ReportCard([("green", "Data", "18 points.")])])  # fmt: skip
    few = booklet(Heading("Table"), long, Heading("Chart"), result)
    assert len(page_pictures(few, 30)) == 1
    many = booklet(
        Heading("Table"), Grid(["What", "Done"], rows + rows[:12]), Heading("Chart"), result
    )
    assert len(page_pictures(many, 30)) == 2


def test_many_pictures_in_a_row_settle_and_none_is_smaller_in_vain():
    findings, card = Findings([("verdict", "It fell.", "good")]), ReportCard([("green", "Data", "18 points.")])  # fmt: skip
    blocks = []
    for number in range(12):
        rows = [["a line of a table", "yes"]] * (27 + number % 5)
        blocks += [Heading(f"Table {number}"), Grid(["What", "Done"], rows), Heading(f"Chart {number}"),
                   Result([Picture(drawing(), "Minutes"), findings, card])]  # fmt: skip
    data = _fitted(booklet(*blocks))
    _, warnings = _compiler(data).compile_with_warnings(format="pdf")
    assert [warning.message for warning in warnings] == []
    scales = [b["scale"] for b in data["chapters"][0]["blocks"] if b["kind"] == "result"]
    assert min(scales) < 1.0 == max(scales)
    for n, place in _places({**data, "tried": FACTORS}).items():
        assert scales[n] == 1.0 or place["begun"] == place["spot"]


def test_wide_texts_get_the_room_that_short_ones_do_not_need():
    cause = "The evening cut-off is thirty minutes after the first lorries should leave the hub"
    rows = [[cause, "verified", "9", "yes"] for _ in range(6)]
    first, *rest = column_weights(Grid(["Cause", "Status", "Votes", "Shown"], rows))
    assert first > 3 * max(rest)
    two = column_weights(Grid(["Cause", "Again", "Votes"], [[cause, cause, "9"]] * 6))
    assert abs(two[0] - two[1]) < 3
