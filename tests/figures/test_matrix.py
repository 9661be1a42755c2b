"""Square tables of shares as charts."""

from cxr_core.figures.matrix import matrix_figure


def test_cells_carry_their_texts_and_dark_ones_are_written_in_white():
    figure = matrix_figure(["a", "b"], [[0.9, 0.1], [-0.2, 1.0]], [["one", "two"], ["three", "four"]], "%{z}")
    told = {(note.y, note.x): (note.text, note.font.color) for note in figure.layout.annotations}
    assert told == {
        ("a", "a"): ("one", "white"),
        ("a", "b"): ("two", None),
        ("b", "a"): ("three", None),
        ("b", "b"): ("four", "white"),
    }
    assert figure.layout.yaxis.autorange == "reversed"
