from leanlab.core import format as words


def test_numbers_read_as_people_write_them():
    assert words.number(-0.001, 1) == "0.0"
    assert words.number(1234.5, 1) == "1\u202f234.5"
    assert words.number(-2.5, 1) == "\u22122.5"
    assert words.number(None) == "–"
    assert words.p_phrase(0.0004) == "p < 0.001"
    assert words.p_phrase(0.0341) == "p = 0.034"
    assert words.count(1, "point") == "1 point"
    assert words.count(3, "point") == "3 points"


def test_a_unit_that_stands_in_the_heading_is_not_written_twice():
    assert words.titled("Weight", "kg") == "Weight (kg)"
    assert words.titled("Weight (kg)", "kg") == "Weight (kg)"
    assert words.titled("Weight [kg]", "kg") == "Weight [kg]"
    assert words.titled("Weight (g)", "kg") == "Weight (g) (kg)"
    assert words.titled("Time in min", "min") == "Time in min"
    assert words.titled("Weight", "") == "Weight"


def test_the_smallest_written_digit_decides_the_decimals():
    assert words.decimals_of([1.25, 3.0, float("nan")]) == 2
    assert words.decimals_of([1.0, 2.0]) == 0
