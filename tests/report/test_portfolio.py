"""The page, the cards and the workbook hold what the records say, as text that is only text."""

import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from leanlab.domain.cards import Ask, Benefit, Card, Figure, Held, Photo
from leanlab.domain.portfolio import Entry, usual_year, years
from leanlab.report.card import cards_pdf
from leanlab.report.portfolio import Folder, charts_of, portfolio_pdf, portfolio_xlsx, short, tiles

TODAY = date(2026, 5, 20)
EVIL = '=HYPERLINK("http://x","y")'


def entry(number, **more):
    line = {"title": f"Less {number}", "benefit_class": "hard", "months": {"2026-03": {"plan": 9e3, "actual": 5e3}, "2026-04": {"plan": 9e3}}}  # fmt: skip
    phases = [{"title": "Define", "on": "2026-02-01"}]
    return Entry({"title": f"Project {number}", "code": f"P-{number:03}", "created": "2026-01-05", "leader": EVIL,
                  "changed": "2026-05-10", "benefits": [line], "phases": phases, "phase": "Measure",
                  "next_gate": {"title": "Measure", "planned": "2026-03-01"},
                  "worth": {"costs": 100.0, "npv": 900.0, "payback": 1.5, "rate": 0.08, "paid_in": "2026-03"}, **more}, f"/x/{number}", TODAY)  # fmt: skip


def folder(count):
    return Folder("projects", "2026-05-20T09:00:00+00:00", [entry(i) for i in range(count)],
                  [("bad.leanlab", "bad.leanlab is damaged.")])  # fmt: skip


def tool(name, *words):
    """Run a tool of poppler; return what it prints."""
    found = shutil.which(name)
    if found is None:
        pytest.skip("poppler is not installed")
    return subprocess.run([found, *words], capture_output=True, text=True, check=True).stdout


def text_of(content, tmp_path):
    file = tmp_path / "x.pdf"
    file.write_bytes(content)
    pages = tool("pdfinfo", str(file)).partition("Pages:")[2].split()[0]
    return tool("pdftotext", "-layout", str(file), "-"), int(pages)


@pytest.mark.parametrize("count", [0, 3, 24, 60])
def test_a_portfolio_fits_on_one_page(count, tmp_path):
    text, pages = text_of(portfolio_pdf(folder(count)), tmp_path)
    assert pages == 1
    assert "bad.leanlab is damaged." in text
    if count:
        assert "P-000" in text
        assert "The Measure gate is 80 days late" in text
    if count == 60:
        assert "36 more projects" in text


def test_the_page_says_how_many_more_things_are_stuck(tmp_path):
    still = [entry(i, changed="2026-03-01") for i in range(8)]
    text, _ = text_of(portfolio_pdf(replace(folder(0), entries=still)), tmp_path)
    assert text.count("no change for 80 days") == 4
    assert "and 4 more, in the workbook" in text


def test_trends_are_drawn_only_where_there_is_something():
    assert charts_of([]) == []
    assert [c.title for c in charts_of([entry(1)])] == [
        "Begun and ended",
        "Days per phase",
        "Benefits per month",
    ]


def test_the_workbook_has_a_sheet_for_every_table_and_no_formula(tmp_path):
    file = tmp_path / "x.xlsx"
    file.write_bytes(portfolio_xlsx(folder(3)))
    from python_calamine import load_workbook

    book = load_workbook(str(file))
    assert book.sheet_names == [
        "Summary", "Projects", "Kaizen cards", "Benefits", "Actions", "Risks", "Stuck", "Lessons",
        "Benefits by month", "Worth", "To ask", "Counted twice", "Not read",
    ]  # fmt: skip
    rows = book.get_sheet_by_name("Projects").to_python()
    assert rows[1][0] == "P-000"
    assert rows[1][rows[0].index("Leader")] == EVIL
    months = book.get_sheet_by_name("Benefits by month").to_python()
    assert months[1][:3] == ["2026-03", "EUR", 27000.0]
    assert book.get_sheet_by_name("Worth").to_python()[1][3:] == [100.0, 900.0, "2026-03", 1.5, 8.0]
    with zipfile.ZipFile(file) as parts:
        sheets = [
            parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/worksheets/")
        ]
    assert not any("<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize(("amount", "text"), [(950, "950"), (12_340, "12 k"), (1_250_000, "1.2 M")])
def test_large_amounts_are_short(amount, text):
    assert short(amount) == text


def test_currencies_are_not_added_up():
    shown = {t.id: t for t in tiles([entry(1), entry(2), entry(3, currency="USD")])}
    assert (shown["plan"].value, shown["plan"].note) == ("36 k", "EUR, and 18 k USD")
    assert shown["actual"].value == "10 k"


def test_money_that_may_be_counted_twice_is_marked_at_the_top():
    same = [entry(1), replace(entry(1), path="/x/2")]
    (plan,) = [t for t in tiles(same) if t.id == "plan"]
    assert (plan.note, plan.level) == ("EUR; some twice?", "warning")


def test_long_titles_and_reasons_leave_the_portfolio_on_one_page(tmp_path):
    long = [
        entry(
            i,
            title="Complaints about " + "very long things " * 5,
            leader="Maximiliane von Hohenzollern",
        )
        for i in range(24)
    ]
    _, pages = text_of(
        portfolio_pdf(Folder("p", "2026-05-20T09:00:00+00:00", long, year="2026")), tmp_path
    )
    assert pages == 1


def test_the_money_at_the_top_is_of_one_year():
    months = {
        "2025-12": {"plan": 100.0, "actual": 90.0},
        "2026-01": {"plan": 40.0, "actual": 30.0, "standing": "validated"},
    }
    one = Entry(
        {"benefits": [{"title": "a", "benefit_class": "hard", "months": months}]}, "/x/1", TODAY
    )
    assert years([one]) == ["2025", "2026"]
    assert usual_year([one], TODAY) == "2026"
    assert usual_year([one], date(2031, 1, 1)) == ""

    def values(year):
        return [(t.label, t.value, t.note) for t in tiles([one], year)[3:]]

    assert values("2026") == [
        ("Plan 2026", "40", "EUR"),
        ("Forecast 2026", "0", "EUR"),
        ("Actual 2026", "30", "EUR"),
        ("Validated", "30", "100 % of actual"),
    ]
    assert values("")[2:] == [
        ("Actual in all", "120", "90 not yet validated"),
        ("Validated", "30", "25 % of actual"),
    ]
    assert values("2025")[0] == ("Plan 2025", "100", "EUR")


def card(title="Press 3", **more):
    values = {
        "title": title, "kind": "Kaizen card", "facts": (("Leader", "A"),), "metric": "Time",
        "figures": (Figure("Before", "48 min"), Figure("After", "20 min", "9 points", "good")),
        "verdict": "Confirmed", "level": "good", "held": Held("good", "yes", "It is held."), "gap": "99 %",
        "evidence": "It fell.", "svg": "", "alt": "", "caption": "", "photos": (), "changed": ("Clamps",),
        "counters": (("Scrap: 1 → 1", "good"),),
        "benefits": (Benefit("soft", "100 EUR a year", "80 to 120", "estimated"),), "worth": "",
        "list_words": "3 of 4 done, 1 late", "list_late": ("Brush (Ivan, due 1 May 2026)",),
        "follow_up": (("Trained", "9 of 9"),), "asks": (Ask("Where else?", "Marta"),),
        "weak": ({"title": "x", "text": "Nothing says whether it can be trusted.", "code": "Y1"},),
        "decision": "Passed.", "as_of": "2026-05-20T09:00:00",
    }  # fmt: skip
    return Card(**{**values, **more})


def test_a_card_has_all_its_parts_as_text(tmp_path):
    text, pages = text_of(cards_pdf([card()]), tmp_path)
    assert pages == 1
    for words in ("Press 3", "48 min", "Held: yes", "Clamps", "Scrap: 1", "80 to 120", "1 late", "9 of 9",
                  "Where else?", "Nothing says whether", "sustained"):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    ("count", "per_page", "pages"), [(1, 1, 1), (3, 1, 3), (3, 2, 2), (4, 2, 2)]
)
def test_two_cards_stand_on_a_page(count, per_page, pages, tmp_path):
    text, found = text_of(
        cards_pdf([card(f"Press {i}") for i in range(count)], per_page=per_page), tmp_path
    )
    assert found == pages
    assert f"Press {count - 1}" in text


def test_a_card_with_too_much_on_it_stays_on_its_page(tmp_path):
    long = card(
        "A very long title of a project that somebody typed without thinking of cards at all",
        changed=("word " * 60,) * 6, evidence="word " * 200, counters=(("word " * 90, "good"),) * 5,
        benefits=tuple(Benefit("class " * 9, "1 EUR", "i " * 60, "s " * 60) for _ in range(7)),
        asks=tuple(Ask("question " * 30, "somebody") for _ in range(20)), list_late=("late " * 40,) * 3,
        follow_up=(("Standard", "word " * 80),) * 4,
    )  # fmt: skip
    assert text_of(cards_pdf([long]), tmp_path)[1] == 1
    assert text_of(cards_pdf([long, long], per_page=2), tmp_path)[1] == 1


def test_markup_and_photos_that_are_none_are_left_as_words(tmp_path):
    odd = card('#link("x")[y] $x^2$ <b>', photos=(Photo("before", "x.png", b"<svg onload='x'/>"),))
    text, _ = text_of(cards_pdf([odd]), tmp_path)
    assert '#link("x")[y] $x^2$ <b>' in text
