"""What the rows show is said from their figures alone."""

from cxr_core.model_card import helps_card
from cxr_core.stats import Interval
from tests.helps import around, drawn_row

WHOLE = drawn_row("whole-film", held_out=0.2, in_set=0.9, covid=0.8)
CROP = drawn_row("lung-crop", held_out=0.5, in_set=0.85, covid=0.3)
MORE = drawn_row("more-films", held_out=0.51, in_set=0.85, covid=0.31, kermany=0.8)


def test_best_elsewhere_is_named_with_what_it_is_not_shown_to_beat_and_with_the_best_in_set():
    said = helps_card.verdict([WHOLE, CROP, MORE])
    assert "the best is row 3, lung crop + kermany: accuracy 0.510 [0.490, 0.530], normals called COVID 0.310" in said
    assert "not shown to beat row 2, whose interval overlaps with its own" in said
    assert "By in-set accuracy alone row 1 would be chosen, whole film: 0.900" in said


def test_a_row_that_stands_out_is_said_to():
    said = helps_card.verdict([WHOLE, CROP])
    assert "The intervals of all others lie below its own" in said
    assert "It is also the best in-set" in helps_card.verdict([WHOLE, drawn_row("lung-crop", held_out=0.9, in_set=0.95)])


def test_one_row_compares_nothing():
    assert "One row compares nothing" in helps_card.verdict([CROP])
    assert helps_card.steps([CROP]) == []


def test_a_step_tells_better_from_worse_by_what_the_figure_means():
    (step,) = helps_card.steps([WHOLE, CROP])
    assert step.startswith("Row 2, lung crop, against row 1: better in accuracy on the held-out films (0.200 to 0.500) and ")
    assert "held-out normals called COVID (0.800 to 0.300)" in step.partition("; worse")[0]
    assert step.endswith("worse in accuracy in-set (0.900 to 0.850).")


def test_overlapping_intervals_show_no_difference():
    assert helps_card.steps([CROP, CROP.model_copy(update={"name": MORE.name, "against": CROP.name})])[0].endswith(
        "no figure is shown to differ."
    )


def test_what_was_not_measured_shows_no_difference():
    none = CROP.outside.model_copy(update={"kermany_accuracy": Interval(value=None)})
    (step,) = helps_card.steps([CROP.model_copy(update={"outside": none}), MORE])
    assert "Kermany" not in step


def test_budget_is_told_and_rows_that_differ_in_it_are_not_compared():
    assert "3 epochs of 2,000 films at 128 px, started from random weights" in helps_card.budget([WHOLE, CROP])
    assert "cannot be compared" in helps_card.budget([WHOLE, drawn_row("lung-crop", seed=1)])


def test_tables_hold_every_figure_with_its_interval():
    outside, kermany = helps_card.outside_table([WHOLE, MORE]), helps_card.kermany_table([WHOLE, MORE])
    assert outside["row"].tolist() == ["1 whole film", "2 lung crop + kermany"]
    assert outside["held-out accuracy"].tolist() == [0.2, 0.51]
    assert outside["JSRT normals called COVID low"].tolist() == [around(0.8).low, around(0.31).low]
    assert kermany["trained on"].tolist() == ["pack", "pack and kermany"]
    assert kermany["three-way accuracy high"].tolist() == [around(0.6).high, around(0.8).high]
    assert "93 of JSRT, 51 of external and 624 of Kermany; in-set ones of the 2,137 test films" in helps_card.films_sentence(MORE)
