"""The saliency methods: against the papers' formulas written out, against what they promise of progress and cancelling, and in threads."""

import functools
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.ndimage import zoom

from cxr_core.imaging import model_input
from cxr_core.models import BACKBONES
from cxr_core.saliency import Cancelled
from cxr_core.saliency.methods import METHODS, GradCAM, all_maps
from cxr_core.saliency.methods.scorecam import BATCH, CHANNELS
from cxr_core.saliency.methods.smoothgrad import CAP, NOISE, SAMPLES
from tests.conftest import distinct_phantom

pytestmark = pytest.mark.slow

SIZE = 64
each_method = pytest.mark.parametrize("name", METHODS)


@pytest.fixture(scope="module")
def network(random_classifier, tiny):
    return random_classifier(tiny, SIZE)


@pytest.fixture(scope="module")
def gradcam(network):
    return GradCAM(network)


@pytest.fixture(scope="module")
def methods(network, gradcam):
    return {name: method.build(network, gradcam) for name, method in METHODS.items()}


@pytest.fixture(scope="module")
def films():
    return [model_input(distinct_phantom(seed, opacity=0.8), SIZE)[np.newaxis] for seed in (41, 42)]


@pytest.fixture(scope="module")
def explained(methods, films):
    """Maps by method, film and class, drawn once, and the reports of progress that they were drawn with."""

    @functools.cache
    def explain(name, film, code):
        calls = []
        return methods[name].explain(films[film], code, lambda *call: calls.append(call)), calls

    return explain


def quiet(done, total):
    pass


def features_logits_gradients(network, film, code):
    """The last activation, the logits, and the gradient of one logit with respect to the last activation."""
    split = keras.Model(network.input, [network.get_layer(BACKBONES[network.name].last_activation).output])
    features = split(film, training=False)
    with tf.GradientTape() as tape:
        tape.watch(features)
        x = tf.reduce_mean(features, axis=(1, 2))
        for name in ("head_normalisation", "head_dense", "logits"):
            x = network.get_layer(name)(x)
        score = x[0, code]
    return features.numpy()[0], x.numpy()[0], tape.gradient(score, features).numpy()[0]


def stretched(saliency):
    return (saliency - saliency.min()) / np.ptp(saliency)


@each_method
def test_map_is_of_the_film_and_within_its_range(explained, name):
    saliency, _ = explained(name, 0, 1)
    assert saliency.ndim == 2
    assert saliency.shape in {(8, 8), (SIZE, SIZE)}
    assert saliency.dtype == np.float32
    assert saliency.min() >= 0
    assert saliency.max() == pytest.approx(1, abs=1e-3)
    assert np.std(saliency) > 0.01


@each_method
def test_classes_and_films_have_maps_of_their_own(explained, name):
    first, _ = explained(name, 0, 1)
    assert np.abs(first - explained(name, 0, 3)[0]).max() > 0.01
    assert np.abs(first - explained(name, 1, 1)[0]).max() > 0.01


@each_method
def test_progress_goes_from_none_done_to_all(methods, explained, name):
    _, calls = explained(name, 0, 1)
    assert calls == [(done, methods[name].steps) for done in range(methods[name].steps + 1)]


@each_method
@pytest.mark.parametrize("last", ["first", "second"])
def test_cancelling_ends_the_method_at_that_step(methods, films, name, last):
    stop = 0 if last == "first" else 1
    calls = []

    def on_step(done, total):
        calls.append(done)
        if done == stop:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        methods[name].explain(films[0], 0, on_step)
    assert calls == list(range(stop + 1))


def test_grad_cam_is_the_default():
    assert next(iter(METHODS)) == "Grad-CAM"


@each_method
def test_threads_do_not_mix_their_films_up(methods, films, explained, name):
    jobs = [(0, 1), (0, 3), (1, 1)]
    with ThreadPoolExecutor(len(jobs)) as pool:
        together = list(pool.map(lambda job: methods[name].explain(films[job[0]], job[1], quiet), jobs))
    for job, saliency in zip(jobs, together, strict=True):
        np.testing.assert_allclose(saliency, explained(name, *job)[0], atol=1e-4)


@pytest.mark.parametrize("code", range(4))
def test_grad_cam_plus_plus_is_the_papers_formula(network, methods, films, code):
    features, logits, gradients = features_logits_gradients(network, films[0], code)
    # Equation 19 of the paper for the score exp(logit), of which all higher derivatives are powers of the logit's gradient.
    squares, cubes, sums = gradients**2, gradients**3, features.sum((0, 1))
    alphas = squares / np.where(squares == 0, 1, 2 * squares + sums * cubes)
    alphas /= np.where(alphas.sum((0, 1)) == 0, 1, alphas.sum((0, 1)))
    weights = (alphas * np.maximum(np.exp(logits[code]) * gradients, 0)).sum((0, 1))
    expected = stretched(np.maximum((features * weights).sum(-1), 0))
    np.testing.assert_allclose(methods["Grad-CAM++"].explain(films[0], code, quiet), expected, atol=1e-3)


@pytest.mark.parametrize("code", range(4))
def test_grad_cam_plus_plus_is_grad_cam_without_the_channels_against(network, methods, films, code):
    features, _, gradients = features_logits_gradients(network, films[1], code)
    expected = stretched((features * np.maximum(gradients.mean((0, 1)), 0)).sum(-1))
    np.testing.assert_allclose(methods["Grad-CAM++"].explain(films[1], code, quiet), expected, atol=1e-3)


def test_grad_cam_is_that_of_all_classes(gradcam, methods, films):
    np.testing.assert_array_equal(methods["Grad-CAM"].explain(films[0], 2, quiet), all_maps(gradcam, films[0])[0, 2])


def test_smoothgrad_is_the_mean_gradient_of_noisy_copies(network, explained, films):
    logits = keras.Model(network.input, network.get_layer("logits").output)
    rng, total = np.random.default_rng(0), 0
    for _ in range(SAMPLES):
        noisy = tf.constant(films[0] + rng.normal(0, NOISE * np.ptp(films[0]), films[0].shape), tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(noisy)
            score = logits(noisy, training=False)[0, 3]
        total = total + tape.gradient(score, noisy).numpy()[0, ..., 0]
    size = np.abs(total)
    expected = np.minimum(size / np.percentile(size, CAP), 1)
    # A compiled pass rounds differently, and where that tips an activation over its threshold the gradient of single pixels moves.
    actual = explained("SmoothGrad", 0, 3)[0]
    np.testing.assert_allclose(actual, expected, atol=0.05)
    assert np.corrcoef(actual.ravel(), expected.ravel())[0, 1] > 0.999


def test_score_cam_is_the_papers_formula(network, methods, explained, films):
    code = 1
    features, _, _ = features_logits_gradients(network, films[0], code)
    chosen = np.argsort(-features.std((0, 1)))[:CHANNELS]
    masks = np.stack([zoom(features[..., channel], SIZE / features.shape[0], order=1, mode="nearest") for channel in chosen])
    low, high = masks.min((1, 2), keepdims=True), masks.max((1, 2), keepdims=True)
    shown = films[0] * ((masks - low) / (high - low + 1e-7))[..., np.newaxis]
    weights = network(shown.astype(np.float32), training=False).numpy()[:, code]
    expected = stretched(np.maximum((features[..., chosen] * weights).sum(-1), 0))
    np.testing.assert_allclose(explained("Score-CAM", 0, code)[0], expected, atol=5e-3)
    assert len(chosen) == features.shape[-1] == BATCH * methods["Score-CAM"].steps < CHANNELS  # it has fewer, and all are tried


@pytest.fixture
def constant_network(network):
    kernel = network.get_layer("logits").kernel
    before = kernel.numpy()
    kernel.assign(np.zeros_like(before))
    yield network
    kernel.assign(before)


@pytest.mark.parametrize("name", ["Grad-CAM", "Grad-CAM++", "SmoothGrad"])
def test_map_is_zero_where_nothing_speaks_for_the_class(constant_network, methods, films, name):
    np.testing.assert_array_equal(methods[name].explain(films[0], 0, quiet), 0)


def test_densenet_maps_are_drawn_on_the_activation_that_the_head_pools(shipped):
    network = shipped.classifier.network
    size = shipped.classifier.identity.size
    film = model_input(distinct_phantom(5, opacity=1, side=256), size)[np.newaxis]
    saliency = METHODS["Grad-CAM++"].build(network, shipped._gradcam).explain(film, 0, quiet)
    assert METHODS["Score-CAM"].build(network, shipped._gradcam).steps == CHANNELS // BATCH  # not all of its 1,024
    features, _, gradients = features_logits_gradients(network, film, 0)
    assert features.shape[-1] == 1024
    expected = stretched((features * np.maximum(gradients.mean((0, 1)), 0)).sum(-1))
    np.testing.assert_allclose(saliency, expected, atol=1e-3)
