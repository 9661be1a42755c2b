"""Channel counts, frozen layers, pictures."""

import numpy as np
import pytest

from cxr_core.lecture.pictures import enlarged, greyed, outlined
from cxr_core.lecture.structure import Block, Structure, strongest

BLOCK = Block(64, (32, 32, 32))
STRUCTURE = Structure((10, 0, 20, 30), 40, (BLOCK,))


def test_a_layer_sees_all_before_it():
    assert [BLOCK.seen_by(layer) for layer in range(4)] == [64, 96, 128, 160]
    assert BLOCK.connections == 1 + 2 + 3
    assert "64 + 2 · 32 = 128 channels and adds 32" in BLOCK.sentence(2)
    assert "8 + 2 + 3 = 13 channels" in Block(8, (2, 3, 4)).sentence(2)


@pytest.mark.parametrize(("last", "trained"), [(0, 40), (1, 70), (3, 90), (4, 100)])
def test_last_layers_and_the_head_are_trained(last, trained):
    assert STRUCTURE.trained(last) == trained
    assert f"{trained} of 100 weights" in STRUCTURE.sentence(last)


def test_ends_have_words_of_their_own():
    assert STRUCTURE.sentence(0).startswith("The head alone")
    assert STRUCTURE.sentence(4).startswith("The whole network")
    assert "nothing is frozen" in STRUCTURE.sentence(4)
    assert "the other 30 stay" in STRUCTURE.sentence(1)


def test_channels_are_ordered_by_their_mean():
    activation = np.zeros((2, 2, 3))
    activation[0, 0] = [1, 9, 4]
    assert strongest(activation) == [1, 2, 0]


def test_pictures_span_black_to_white_and_mark_a_place():
    grey = greyed(np.array([[0.0, 1.0], [2.0, 4.0]]))
    assert grey.tolist() == [[0, 64], [128, 255]]
    assert greyed(np.ones((2, 2))).max() == 0
    assert enlarged(grey, 10).shape == (10, 10)
    marked = outlined(grey, 1, 1, 1, 1, 40)
    assert marked.shape == (40, 40, 3)
    assert marked[-1, -1].tolist() == [255, 255, 255]
    assert marked[19, 25].tolist() == marked[25, 19].tolist() != [64] * 3
    assert marked[5, 5].tolist() == [0, 0, 0]
