"""Geometry: nothing covers anything that must be read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from leanlab.worksheets.layout import fishbone, matrix, plots, process_map, tree
from leanlab.worksheets.layout.drawing import (
    Line,
    Text,
    estimated_width,
    shortened,
    to_svg,
    wrapped,
)

words = st.text(alphabet="abcdefghij klmnop", min_size=1, max_size=70)


def twigs_of(drawing):
    return [n for n in drawing.nodes if n.ref.startswith("c")]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.lists(st.tuples(words, st.integers(1, 3)), max_size=7), min_size=1, max_size=8))
def test_labels_of_a_fishbone_never_overlap(branches):
    bones, number = [], 0
    for i, causes in enumerate(branches):
        twigs, depth = [], 0
        for text, wanted in causes:
            depth = min(wanted, depth + 1)
            twigs.append(fishbone.Twig(f"c{number}", text, "potential", depth))
            number += 1
        bones.append(fishbone.Bone(f"Branch {i}", tuple(twigs)))
    drawing = fishbone.draw("Late departures: 12 %", bones, estimated_width)
    nodes = drawing.nodes
    for i, one in enumerate(nodes):
        assert one.x >= 0
        assert one.y >= 0
        assert one.y + one.height <= drawing.height
        for other in nodes[i + 1 :]:
            assert not one.overlaps(other), (one.text, other.text)


def test_no_line_of_a_cause_crosses_its_bone():
    text = "Scanner batteries die during the long evening wave of the week"
    twigs = tuple(fishbone.Twig(f"c{i}", text, "verified") for i in range(3))
    bones = [fishbone.Bone("Up", twigs), fishbone.Bone("Down", twigs)]
    for room in (None, (300.0, 500.0), (500.0, 300.0)):
        drawing = fishbone.draw("Late", bones, estimated_width, room=room)
        spine = drawing.scale["spine"]
        slanted = [s.points for s in drawing.shapes if isinstance(s, Line) and s.style == "bone"]
        for shape in (s for s in drawing.shapes if isinstance(s, Text) and s.size == fishbone.SIZE):
            (x0, y0), (x1, y1) = next(p for p in slanted if (p[0][1] < spine) == (shape.y < spine))
            at = x0 + (x1 - x0) * (shape.y - shape.size - y0) / (y1 - y0)
            right = shape.x + estimated_width(shape.text, shape.size, shape.bold)
            assert right <= at, (shape.text, room)


def test_a_cause_dropped_on_a_bone_belongs_to_it():
    bones = [
        fishbone.Bone(n, (fishbone.Twig(f"c{i}", f"cause of {n}"),))
        for i, n in enumerate(("People", "Method", "Machine", "Material"))
    ]
    drawing = fishbone.draw("Late", bones, estimated_width)
    for i, bone in enumerate(bones):
        node = drawing.node(f"c{i}")
        assert fishbone.bone_at(drawing, *node.centre) == bone.title


def steps(*pairs):
    return tuple(
        process_map.Step(ref, ref, lane, exits=tuple(process_map.Exit(t) for t in exits))
        for ref, lane, exits in pairs
    )


def test_steps_stand_after_what_leads_to_them():
    columns = process_map.columns_of(
        steps(("a", "x", "b"), ("b", "y", "cd"), ("c", "x", "d"), ("d", "y", ""))
    )
    assert columns == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_a_loop_does_not_push_steps_for_ever():
    columns = process_map.columns_of(steps(("a", "x", "b"), ("b", "x", "ac"), ("c", "x", "")))
    assert columns == {"a": 0, "b": 1, "c": 2}


def test_steps_of_a_map_do_not_cover_each_other_and_stay_in_their_lane():
    made = steps(
        ("a", "x", "bcd"), ("b", "x", "e"), ("c", "x", "e"), ("d", "y", "e"), ("e", "z", "a")
    )
    drawing = process_map.draw(made, estimated_width)
    for i, one in enumerate(drawing.nodes):
        assert process_map.lane_at(drawing, one.centre[1]) == one.group
        assert not any(one.overlaps(other) for other in drawing.nodes[i + 1 :])


def test_a_forward_connector_keeps_off_the_steps_between():
    made = steps(("a", "x", "bc"), ("b", "x", "c"), ("c", "x", ""))
    drawing = process_map.draw(made, estimated_width)
    between = drawing.node("b")
    lines = [s for s in drawing.shapes if getattr(s, "style", "") == "link"]
    longest = max(lines, key=lambda line: line.points[-1][0] - line.points[0][0])
    for (x0, y0), (x1, y1) in zip(longest.points, longest.points[1:], strict=False):
        if y0 == y1 and min(x0, x1) < between.centre[0] < max(x0, x1):
            assert not between.y < y0 < between.y + between.height


def test_boxes_of_a_tree_never_overlap():
    leaf = tuple(tree.Branch(f"l{i}", "leaf") for i in range(3))
    root = tree.Branch(
        "r",
        "root",
        children=(
            tree.Branch("a", "a", children=leaf),
            tree.Branch("b", "b"),
            tree.Branch("c", "c", children=leaf[:1]),
        ),
    )
    for down in (True, False):
        drawing = tree.draw(root, estimated_width, down=down)
        for i, one in enumerate(drawing.nodes):
            assert not any(one.overlaps(other) for other in drawing.nodes[i + 1 :])


def test_a_chip_keeps_its_numbers_when_it_is_put_where_it_stands():
    across, upwards = matrix.Axis("Effort", 0.5, 10.5), matrix.Axis("Impact", 0.5, 10.5)
    chips = [matrix.Chip("s", "S1", "Solution", 3.5, 8.0)]
    drawing = matrix.draw(chips, across, upwards, (("", "quadrant"),) * 4, estimated_width)
    assert matrix.value_at(drawing.node("s").centre, across, upwards, drawing) == (3.5, 8.0)
    assert matrix.value_at((-500, 5000), across, upwards, drawing) == (1.0, 1.0)


def test_ticks_are_round_and_reach_the_top():
    for top in (0.37, 1, 58, 60, 999, 144000):
        marks = plots.ticks(top)
        assert marks[0] == 0
        assert marks[-1] >= top * (1 - 1e-9)
        assert 2 <= len(marks) <= 8


def test_texts_are_broken_and_cut_to_their_room():
    lines = wrapped(
        "a long text that does not fit into two lines of this room at all",
        90,
        11,
        estimated_width,
        2,
    )
    assert len(lines) == 2
    assert all(estimated_width(line, 11, False) <= 90 for line in lines)
    assert shortened("abc", 200, 11, estimated_width) == "abc"


def test_an_svg_shows_markup_as_text():
    drawing = fishbone.draw(
        "<b>&",
        [fishbone.Bone("<i>", (fishbone.Twig("c", "<script>"),))],
        estimated_width,
        alt="<&>",
    )
    svg = to_svg(drawing)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(words, st.integers(1, 20), st.integers(1, 20)), max_size=12))
def test_names_of_chips_keep_off_each_other_and_off_the_names_of_quadrants(placed):
    from leanlab.worksheets.layout.drawing import Node, Text

    axis = matrix.Axis("Effort", 0.5, 10.5)
    chips = [matrix.Chip(f"s{i}", f"S{i}", t, x / 2, y / 2) for i, (t, x, y) in enumerate(placed)]
    titles = ("Quick wins", "Major projects", "Fill-ins", "Drop")
    drawing = matrix.draw(chips, axis, axis, [(t, "quadrant") for t in titles], estimated_width)
    covers = []
    for shape in drawing.shapes:
        named = isinstance(shape, Text) and shape.ref and not shape.bold
        if named or (isinstance(shape, Text) and shape.text in titles):
            width = estimated_width(shape.text, shape.size, shape.bold)
            left = shape.x - width * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor]
            covers.append(Node("", left, shape.y - shape.size + 2, width, shape.size, shape.text))
    assert len(covers) >= len(titles)
    for i, one in enumerate(covers):
        assert not any(one.overlaps(other) for other in covers[i + 1 :])
