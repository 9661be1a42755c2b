"""The U-Net in Keras, and the same weights in NumPy."""

import keras
import numpy as np

from cxr_core.imaging import square_input
from cxr_core.lungs import LUNG_LAYOUT, LUNG_SIDE, LungNetwork
from cxr_core.training.lungs.network import build_unet
from tests.conftest import distinct_phantom, settle


def test_numpy_runs_what_keras_trains():
    keras.utils.set_random_seed(2)
    network = build_unet()
    films = np.stack([square_input(distinct_phantom(seed), LUNG_SIDE) for seed in range(3)])
    settle(network, films)
    expected = network(films, training=False).numpy()
    assert expected.shape == (3, LUNG_SIDE // 2, LUNG_SIDE // 2, len(LUNG_LAYOUT.outputs))
    assert expected.min() >= 0
    assert expected.max() <= 1
    arrays = {f"{layer.name}|{number}": weight for layer in network.layers for number, weight in enumerate(layer.get_weights())}
    inside = LungNetwork(arrays)
    for film, found in zip(films, expected, strict=True):
        np.testing.assert_allclose(inside(film), found, atol=1e-4)
    assert expected.std() > 0.01
    assert network.count_params() < 250_000
