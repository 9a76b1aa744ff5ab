"""Report pages: the parts of a report, what the user chose of them, undo, and what is printed."""

import pytest

from leanlab.app import storyboard
from leanlab.app.reporting import project_report
from leanlab.app.session import Session
from leanlab.core.errors import DocumentProblem
from leanlab.report.document import Heading, Mark, Text
from leanlab.report.html import html
from leanlab.report.pdf import preview


@pytest.fixture
def project(tmp_path):
    made = Session.create(tmp_path / "p.leanlab", name="Late orders", author="A. Ruiz")
    for type_id, title, phase in (("charter", "Project charter", "define"), ("sipoc", "SIPOC", "define"),
                                  ("controlplan", "Control plan", "control")):  # fmt: skip
        made.add("worksheet", {"type_id": type_id, "version": 1, "title": title, "phase": phase,
                               "status": "in progress", "body": {}})  # fmt: skip
    yield made
    made.close()


def sheet(project, title):
    return next(r.id for r in project.records("worksheet") if r.get("title") == title)


def keys(project, template="project", *, shown=True):
    return [p.key for p in storyboard.parts_of(project, template) if p.shown or not shown]


def test_the_usual_report_has_summary_chapters_work_gates_and_appendix(project):
    found = keys(project)
    assert found[:3] == ["summary", "contents", "chapter:define"]
    assert found[3:6] == [sheet(project, "Project charter"), sheet(project, "SIPOC"), "gate:define"]
    assert found[-1] == "appendix"


def test_actions_that_were_never_opened_as_a_worksheet_are_printed_in_their_phase(project):
    assert "register:actions" not in keys(project)
    project.add("action", {"title": "Calibrate the scale", "owner": "T. Lind", "status": "open"})
    found = keys(project)
    assert found.index("chapter:improve") < found.index("register:actions")
    assert found.index("register:actions") < found.index("gate:improve")
    assert "Calibrate the scale" in html(project_report(project))
    project.add("worksheet", {"type_id": "actions", "version": 1, "title": "Actions",
                              "phase": "improve", "status": "in progress", "body": {}})  # fmt: skip
    assert "register:actions" not in keys(project)


def test_looking_changes_nothing(project):
    before = project.undo_label
    keys(project)
    assert project.undo_label == before
    assert project.records("report_page") == []


def test_a_part_is_left_out_and_undo_brings_it_back(project):
    sipoc = sheet(project, "SIPOC")
    storyboard.set_shown(project, "project", sipoc, shown=False)
    assert sipoc not in keys(project)
    assert "SIPOC" not in html(project_report(project)).split("For the auditor")[0].split("<nav")[1].split("</nav>")[0]  # fmt: skip
    assert project.undo_label == "Leave SIPOC out of the report"
    project.undo()
    assert sipoc in keys(project)


def test_a_chapter_takes_its_parts_along(project):
    storyboard.set_shown(project, "project", "chapter:define", shown=False)
    assert not {sheet(project, "SIPOC"), "gate:define", "chapter:define"} & set(keys(project))
    assert storyboard.move(project, "project", "chapter:control", -1)
    order = keys(project, shown=False)
    assert order.index(sheet(project, "Control plan")) < order.index("chapter:improve")


def test_a_part_moves_over_a_chapter_but_never_before_the_summary(project):
    sipoc, charter = sheet(project, "SIPOC"), sheet(project, "Project charter")
    assert storyboard.move(project, "project", sipoc, -1)
    assert keys(project)[3:5] == [sipoc, charter]
    assert storyboard.move(project, "project", sipoc, -1)
    assert not storyboard.move(project, "project", sipoc, -1)
    assert not storyboard.move_to(project, "project", sipoc, "summary")
    assert not storyboard.move(project, "project", "contents", 1)
    assert keys(project)[2:4] == [sipoc, "chapter:define"]


def test_what_comes_later_stands_behind_what_it_follows(project):
    storyboard.move(project, "project", "chapter:control", -1)
    late = project.add("worksheet", {"type_id": "fishbone", "version": 1, "title": "Fishbone",
                                     "phase": "analyse", "status": "in progress", "body": {}})  # fmt: skip
    order = keys(project, shown=False)
    assert order[order.index("chapter:analyse") + 1] == late


def test_what_is_deleted_leaves_the_report(project):
    sipoc = sheet(project, "SIPOC")
    storyboard.move(project, "project", sipoc, -1)
    project.delete(sipoc)
    assert sipoc not in keys(project, shown=False)
    project_report(project)
    project.undo()
    assert keys(project)[3] == sipoc


def test_a_page_of_ones_own_is_printed_where_it_stands(project):
    key = storyboard.add_page(project, "project", "Why <now>", "One.\n\nTwo.", after="contents")
    chapters = project_report(project).chapters
    assert chapters[0].title == "Why <now>"
    assert [b.text for b in chapters[0].blocks] == ["One.", "Two."]
    storyboard.edit_page(project, "project", key, "Later", "Three.", new_page=False)
    storyboard.move(project, "project", key, 1)
    blocks = project_report(project).chapters[0].blocks
    assert blocks[:3] == [Mark(key), Heading("Later"), Text("Three.")]
    storyboard.remove(project, "project", key)
    assert key not in keys(project, shown=False)


def test_reports_keep_their_own_choice_and_return_to_the_usual_one(project):
    storyboard.set_shown(project, "project", "appendix", shown=False)
    assert keys(project, "sponsor") == ["summary"]
    assert "appendix" in keys(project, "audit")
    assert storyboard.changed(project, "project")
    storyboard.reset(project, "project")
    assert "appendix" in keys(project)
    assert not storyboard.changed(project, "project")


def test_adding_says_where_it_went(project):
    plan = sheet(project, "Control plan")
    assert (
        storyboard.add_record(project, plan).words
        == "Already in the project report, under Control."
    )
    storyboard.choose(project, "sponsor")
    assert storyboard.add_record(project, plan).words == "Added to the sponsor's page."
    assert keys(project, "sponsor") == ["summary", plan]
    assert project.undo_label == "Add Control plan to the report"
    project.undo()
    assert keys(project, "sponsor") == ["summary"]


def test_a_saved_result_is_added_and_taken_out(project):
    found = project.add(
        "finding", {"title": "Baseline of May", "caption": "n = 30", "findings": []}
    )
    assert storyboard.add_record(project, found).already is False
    assert found in keys(project)
    assert "Baseline of May" in html(project_report(project))
    storyboard.remove(project, "project", found)
    assert found not in keys(project, shown=False)


def test_a_metric_cannot_stand_in_a_report(project):
    metric = project.add("metric", {"name": "Late"})
    with pytest.raises(DocumentProblem, match="cannot stand"):
        storyboard.add_record(project, metric)


def test_an_unknown_report_names_those_that_are_there(project):
    with pytest.raises(DocumentProblem) as told:
        storyboard.template(project, "deck")
    assert "sponsor" in told.value.hint
    assert "gate:measure" in told.value.hint


@pytest.mark.parametrize(("template", "pages"), [("sponsor", 1), ("a3", 1), ("control", 1)])
def test_short_reports_are_one_page(project, template, pages):
    shown = preview(project_report(project, template=template), 20)
    assert len(shown.pages) == pages


def test_the_preview_knows_on_which_page_a_part_begins(project):
    shown = preview(project_report(project), 20)
    assert shown.places["summary"] == 1
    assert shown.places["contents"] == 2
    assert shown.places["chapter:define"] == 3
    assert shown.places["chapter:define"] <= shown.places["gate:define"] < shown.places["appendix"]
    assert shown.places["appendix"] <= len(shown.pages)
    assert set(shown.places) == {p.key for p in storyboard.parts_of(project, "project")}
