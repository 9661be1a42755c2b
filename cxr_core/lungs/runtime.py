"""The lung network without TensorFlow: the Keras weights, run in NumPy.

A pass takes a few milliseconds, and whatever needs only the lungs (the gate, the film cache, an overlay) does not load TensorFlow for it.
OpenCV's own network runner would need the weights in another format beside Keras'.
"""

from functools import cache
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from cxr_core.artifacts import file_sha256, read_lung_card
from cxr_core.lungs.errors import LungNetworkDamagedError, LungNetworkMissingError
from cxr_core.lungs.layout import LUNG_LAYOUT, LUNG_SIDE

LUNG_NETWORK = Path(__file__).parents[2] / "weights" / "lungs"
WEIGHTS_FILE = "lungs.npz"


class LungNetwork:
    """A trained lung network.

    Parameters
    ----------
    weights : dict of str to numpy.ndarray
        By ``"{layer name}|{number}"``, as `keras.Layer.get_weights` orders them.

    Raises
    ------
    LungNetworkDamagedError
        A layer is missing.
    """

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        try:
            self._layers = {
                name.split("|")[0].removesuffix("_conv"): _folded(weights, name) for name in weights if name.endswith("_conv|0")
            }
            self._last = weights["lungs|0"][0, 0].astype(np.float32), weights["lungs|1"].astype(np.float32)
            self(np.zeros((LUNG_SIDE, LUNG_SIDE, 1), np.float32))
        except (KeyError, ValueError, IndexError) as error:
            raise LungNetworkDamagedError(
                "The weights of the lung network are of another version. Restore the folder weights/lungs."
            ) from error

    def __call__(self, film: np.ndarray) -> np.ndarray:
        """Find the lungs of a film.

        Parameters
        ----------
        film : numpy.ndarray
            float32, shape (LUNG_SIDE, LUNG_SIDE, 1), values in [0, 1], from `square_input`.

        Returns
        -------
        numpy.ndarray
            float32, shape (LUNG_SIDE // 2, LUNG_SIDE // 2, 2): how likely each place belongs to the patient's right and left lung.
        """
        # So small a pass gains nothing from a second thread, and waits long for it where the processor is busy.
        with _thread_pools().limit(limits=1, user_api="blas"):
            return self._pass(film)

    def _pass(self, film: np.ndarray) -> np.ndarray:
        x = self._block(self._block(film, "down0_0", stride=2), "down0_1")
        kept = []
        for level in range(1, len(LUNG_LAYOUT.widths)):
            kept.append(x)
            height, width, channels = x.shape
            x = x.reshape(height // 2, 2, width // 2, 2, channels).max((1, 3))
            x = self._block(self._block(x, f"down{level}_0"), f"down{level}_1")
        for level in range(len(LUNG_LAYOUT.widths) - 2, -1, -1):
            x = np.concatenate([kept[level], x.repeat(2, 0).repeat(2, 1)], axis=2)
            x = self._block(self._block(x, f"up{level}_0"), f"up{level}_1")
        kernel, bias = self._last
        return 1 / (1 + np.exp(-(x @ kernel + bias)))

    def _block(self, x: np.ndarray, name: str, stride: int = 1) -> np.ndarray:
        """Convolve 3 x 3 with the batch normalisation folded in, and cut off below 0."""
        kernel, bias = self._layers[name]
        height, width, channels = x.shape
        before = 2 - stride  # Keras pads an even side on one side alone where it strides
        padded = np.zeros((height + 2, width + 2, channels), np.float32)
        padded[before : before + height, before : before + width] = x
        # Three neighbours in a row lie one after the other in memory, so that a row of the kernel is one product.
        triples = np.lib.stride_tricks.sliding_window_view(padded.reshape(height + 2, -1), 3 * channels, axis=1)
        triples = np.ascontiguousarray(triples[:, : width * channels : stride * channels])
        rows, columns = height // stride, width // stride
        y = bias + sum(triples[row : row + height : stride].reshape(rows * columns, -1) @ part for row, part in enumerate(kernel))
        return np.maximum(y, 0).reshape(rows, columns, -1)

    @classmethod
    def load(cls, folder: Path = LUNG_NETWORK) -> "LungNetwork":
        """Load the network of a folder, once for each folder.

        Raises
        ------
        LungNetworkMissingError
            There is none.
        LungNetworkDamagedError
            The file cannot be read, or is not the one that its card pins.
        """
        return _loaded(folder)


@cache
def _thread_pools() -> ThreadpoolController:
    return ThreadpoolController()


@cache
def _loaded(folder: Path) -> LungNetwork:
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise LungNetworkMissingError(f"The lung network {path} is missing. Restore it, or train it anew with 'train-lungs'.")
    if file_sha256(path) != read_lung_card(folder).sha256:
        raise LungNetworkDamagedError(f"The lung network {path} is not the one that its card describes. Restore both.")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return LungNetwork({name: arrays[name] for name in arrays.files})
    except (OSError, ValueError, EOFError) as error:
        raise LungNetworkDamagedError(f"The lung network {path} cannot be read. Restore it.") from error


def _folded(weights: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    kernel = weights[name]
    scale, shift, mean, variance = (weights[name.replace("_conv|0", f"_bn|{number}")] for number in range(4))
    factor = scale / np.sqrt(variance + LUNG_LAYOUT.epsilon)
    rows = (kernel * factor).reshape(3, -1, kernel.shape[-1]).astype(np.float32)
    return rows, (shift - mean * factor).astype(np.float32)
