"""Batches as a function of the step alone, so that a resumed run sees what an uninterrupted one would have seen."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from cxr_core.labels import CLASS_NAMES
from cxr_core.training.augment import Augmentation, augment_with_masks
from cxr_core.training.errors import RunError
from cxr_core.training.mixing import mix_amplitudes, swap_surroundings


def class_weights(codes: np.ndarray, power: float) -> np.ndarray:
    """Weight of each class, shape (4,): (films of the largest class / films of this class) ** `power`."""
    counts = np.bincount(codes, minlength=len(CLASS_NAMES)).clip(1)
    return (counts.max() / counts) ** power


@dataclass(frozen=True, eq=False)
class TrainFilms:
    """What a network learns from.

    Attributes
    ----------
    films, lungs : numpy.ndarray
        uint8, shape (n, size, size): canonical films and their lungs; may be memory-mapped, only a batch at a time is read.
    codes : numpy.ndarray
        int, shape (n,): the class of each film.
    chances : numpy.ndarray
        Shape (n,), adding up to 1: how often each film is drawn.
    infections : dict of int to numpy.ndarray
        By row: uint8, shape (size, size), where an infection was outlined on the canonical film.
    """

    films: np.ndarray
    lungs: np.ndarray
    codes: np.ndarray
    chances: np.ndarray
    infections: Mapping[int, np.ndarray]


def sampling_chances(
    codes: np.ndarray, sources: np.ndarray, class_balance: float, source_balance: float, draws: Mapping[str, float] | None = None
) -> np.ndarray:
    """Say how often each film is drawn, so that neither a class nor a source within it drowns the others.

    Parameters
    ----------
    codes : numpy.ndarray
        int, shape (n,): the class of each film.
    sources : numpy.ndarray
        Shape (n,): where each film comes from.
    class_balance, source_balance : float
        In [0, 1]; as in `Recipe`.
    draws : mapping of str to float, optional
        As in `Recipe`. Where it is given it names every class, or every source of a class.

    Returns
    -------
    numpy.ndarray
        float, shape (n,), adding up to 1.

    Raises
    ------
    RunError
        `draws` leaves out some of the films, or names films that are not there.
    """
    if draws:
        return _drawn(codes, sources, source_balance, draws)
    chances = np.zeros(len(codes))
    for code in np.unique(codes):
        of_class = codes == code
        names, counts = np.unique(sources[of_class], return_counts=True)
        shares = counts ** (1 - source_balance) / (counts ** (1 - source_balance)).sum()
        for name, count, share in zip(names, counts, shares, strict=True):
            chances[of_class & (sources == name)] = of_class.sum() ** (1 - class_balance) * share / count
    return chances / chances.sum()


def drawn_oftener(chances: np.ndarray, codes: np.ndarray, rows: Collection[int], times: float) -> np.ndarray:
    """Draw some films oftener than the others of their class, which as a whole is drawn as often as before.

    Parameters
    ----------
    chances : numpy.ndarray
        float, shape (n,), from `sampling_chances`.
    codes : numpy.ndarray
        int, shape (n,): the class of each film.
    rows : collection of int
        Numbers of these films.
    times : float
        How much oftener.

    Returns
    -------
    numpy.ndarray
        float, shape (n,), adding up to 1.
    """
    raised = chances.copy()
    raised[list(rows)] *= times
    for code in np.unique(codes):
        of_class = codes == code
        raised[of_class] *= chances[of_class].sum() / raised[of_class].sum()
    return raised


def _drawn(codes: np.ndarray, sources: np.ndarray, source_balance: float, draws: Mapping[str, float]) -> np.ndarray:
    """Say how often each film is drawn where that is told by class, or by class and source."""
    chances = np.zeros(len(codes))
    for name, often in draws.items():
        label, _, source = name.partition("/")
        rows = np.zeros(len(codes), bool) if label not in CLASS_NAMES else codes == CLASS_NAMES.index(label)
        rows &= (sources == source) if source else True
        if not rows.any():
            raise RunError(f"There are no films of {name!r} to be drawn. Name a class, or a class and a source such as Normal/kermany.")
        counts = dict(zip(*np.unique(sources[rows], return_counts=True), strict=True))
        each = np.array([counts[one] ** -source_balance for one in sources[rows]])
        chances[rows] = often * each / each.sum()
    if not chances.all():
        left = sorted({f"{CLASS_NAMES[code]}/{source}" for code, source in zip(codes[chances == 0], sources[chances == 0], strict=True)})
        raise RunError(f"Nothing is said of how often {', '.join(left)} is drawn. Name that too.")
    return chances / chances.sum()


def training_batches(
    train: TrainFilms,
    *,
    batch_size: int,
    epoch_films: int,
    first_epoch: int,
    epochs: int,
    seed: int,
    augmentation: Augmentation | None,
    amplitudes: float,
    surroundings: float,
    weights: np.ndarray,
    masks: bool,
) -> tuple[tf.data.Dataset, int]:
    """Stream augmented and mixed batches, drawn by lot, from `first_epoch` to the last.

    Parameters
    ----------
    train : TrainFilms
        The films.
    batch_size, epoch_films, first_epoch, epochs, seed : int
        Every draw depends on (`seed`, epoch, batch) alone.
    augmentation : Augmentation or None
        How films are changed.
    amplitudes, surroundings : float
        As in `Recipe`.
    weights : numpy.ndarray
        float, shape (4,): weight of each class in the loss.
    masks : bool
        Whether the network takes lungs and classes beside films, as `with_map_supervision` does.

    Returns
    -------
    tf.data.Dataset
        Of (film (b, size, size, 1), one-hot class (b, 4), weight (b,)), all float32; with `masks` the first is a tuple of film, lungs
        and infection (b, size, size, 2), and one-hot class.
    int
        Batches an epoch.
    """
    steps = max(1, epoch_films // batch_size)
    size = train.films.shape[1]

    def batch(step: np.ndarray) -> tuple[np.ndarray, ...]:
        epoch, number = divmod(int(step), steps)
        rng = np.random.default_rng((seed, epoch, number))
        rows = rng.choice(len(train.films), batch_size, p=train.chances)
        pairs = [_changed(train, row, augmentation, rng) for row in rows]
        films, shown = np.stack([film for film, _ in pairs]), np.stack([mask for _, mask in pairs])
        if surroundings:
            films = swap_surroundings(films, shown[..., 0], rng, surroundings)
        if amplitudes:
            films = mix_amplitudes(films, rng, amplitudes)
        y, weight = _targets(train.codes[rows], weights)
        return (films[..., np.newaxis], shown, y, y, weight) if masks else (films[..., np.newaxis], y, weight)

    stream = tf.data.Dataset.range(first_epoch * steps, epochs * steps)
    if masks:
        return _stream(stream, batch, [(size, size, 1), (size, size, 2), (len(CLASS_NAMES),)]), steps
    return _stream(stream, batch, [(size, size, 1)]).map(_single_input), steps


def _changed(train: TrainFilms, row: int, augmentation: Augmentation | None, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a film, float32 (size, size), and its lungs and infection, float32 (size, size, 2), changed alike."""
    film = train.films[row].astype(np.float32) / 255
    outlined = row in train.infections
    masks = np.dstack([train.lungs[row], train.infections[row] if outlined else train.lungs[row]]).astype(np.float32) / 255
    if augmentation is not None:
        film, moved = augment_with_masks(film, masks, augmentation, rng)
        masks = masks if moved is None else moved
    if not masks[..., 0].any():  # doubtful lungs supervise nothing
        masks = np.ones_like(masks)
    elif not outlined:
        masks[..., 1] = 1
    return film, masks


def feature_batches(
    views: Sequence[Sequence[np.ndarray]],
    *,
    codes: np.ndarray,
    batch_size: int,
    first_epoch: int,
    epochs: int,
    seed: int,
    weights: np.ndarray,
) -> tuple[tf.data.Dataset, int]:
    """Stream features of frozen layers shuffled anew in every epoch.

    Parameters
    ----------
    views : sequence of sequence of numpy.ndarray
        A view after another of all films; each a list of float16 arrays (n, ...), one for each input. An epoch takes the next view.
    codes : numpy.ndarray
        int, shape (n,): the class of each film.
    batch_size, first_epoch, epochs, seed, weights
        As in `training_batches`; every film is shown once an epoch.

    Returns
    -------
    tf.data.Dataset
        Of (tuple of features, one-hot class (b, 4), weight (b,)), all float32.
    int
        Batches an epoch; the last, incomplete one is dropped.
    """
    steps = max(1, len(codes) // batch_size)

    def batch(step: np.ndarray) -> tuple[np.ndarray, ...]:
        epoch, number = divmod(int(step), steps)
        rows = _rows(len(codes), batch_size, seed, epoch, number)
        return *(array[rows].astype(np.float32) for array in views[epoch % len(views)]), *_targets(codes[rows], weights)

    stream = tf.data.Dataset.range(first_epoch * steps, epochs * steps)
    return _stream(stream, batch, [array.shape[1:] for array in views[0]]), steps


def feature_evaluation_batches(features: Sequence[np.ndarray], batch_size: int) -> tf.data.Dataset:
    """Stream features of frozen layers in the films' order: tuples of float32 arrays (b, ...), as the only element of a tuple."""
    count = len(features[0])

    def load(step: tf.Tensor) -> tuple[tuple[tf.Tensor, ...]]:
        def rows(step: np.ndarray) -> list[np.ndarray]:
            chosen = slice(int(step) * batch_size, (int(step) + 1) * batch_size)
            return [array[chosen].astype(np.float32) for array in features]

        parts = tf.numpy_function(rows, [step], [tf.float32] * len(features))
        for part, array in zip(parts, features, strict=True):
            part.set_shape((None, *array.shape[1:]))
        return (tuple(parts),)

    return tf.data.Dataset.range(-(-count // batch_size)).map(load).prefetch(2)


def evaluation_batches(films: np.ndarray, codes: np.ndarray, batch_size: int) -> tf.data.Dataset:
    """Stream films in their order, unchanged: (film (b, size, size, 1), one-hot class (b, 4), weight 1 (b,)), all float32."""

    def batch(step: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = slice(int(step) * batch_size, (int(step) + 1) * batch_size)
        chosen = films[rows].astype(np.float32)[..., np.newaxis] / 255
        return chosen, *_targets(codes[rows], np.ones(len(CLASS_NAMES)))

    stream = tf.data.Dataset.range(-(-len(films) // batch_size))
    return _stream(stream, batch, [(films.shape[1], films.shape[1], 1)]).map(_single_input)


def _targets(codes: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.eye(len(CLASS_NAMES), dtype=np.float32)[codes], weights[codes].astype(np.float32)


def _rows(count: int, batch_size: int, seed: int, epoch: int, number: int) -> np.ndarray:
    return np.random.default_rng((seed, epoch)).permutation(count)[number * batch_size : (number + 1) * batch_size]


def _single_input(x: tuple[tf.Tensor], y: tf.Tensor, weight: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    return x[0], y, weight


def _stream(steps: tf.data.Dataset, batch: Callable[..., tuple[np.ndarray, ...]], shapes: Sequence[tuple[int, ...]]) -> tf.data.Dataset:
    """Stream (inputs of these shapes, one-hot class, weight) batches, each made from its step."""

    def load(step: tf.Tensor) -> tuple[tuple[tf.Tensor, ...], tf.Tensor, tf.Tensor]:
        *inputs, y, weight = tf.numpy_function(batch, [step], [tf.float32] * (len(shapes) + 2))
        for x, shape in zip(inputs, shapes, strict=True):
            x.set_shape((None, *shape))
        y.set_shape((None, len(CLASS_NAMES)))
        weight.set_shape((None,))
        return tuple(inputs), y, weight

    return steps.map(load, num_parallel_calls=2, deterministic=True).prefetch(4)
