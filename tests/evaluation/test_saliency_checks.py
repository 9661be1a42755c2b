"""The sanity checks must tell maps that follow the network from maps that do not."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from cxr_core.artifacts import ModelCard, read_training
from cxr_core.data import open_collections
from cxr_core.evaluation import evaluate
from cxr_core.evaluation.saliency_checks import (
    PATCHES,
    STEPS,
    draw_films,
    inside_shares,
    mean_of,
    patch_curves,
    randomised_stages,
)
from cxr_core.imaging import model_input
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import prepare
from cxr_core.models import NetworkOutputs, build_classifier
from cxr_core.saliency.methods import METHODS, GradCAM, all_maps
from tests.conftest import distinct_phantom
from tests.evaluating import few_pictures

SIDE = 6 * PATCHES
SPOT = (slice(12, 24), slice(30, 42))
"""Four patches."""


class SpotClassifier:
    """The finer the detail in one spot, the surer it calls a film COVID; it looks nowhere else."""

    identity = SimpleNamespace(size=SIDE)

    def outputs(self, films):
        logits = np.zeros((len(films), 4), np.float32)
        logits[:, 0] = 60 * films[:, SPOT[0], SPOT[1], 0].std((1, 2)) - 3
        return NetworkOutputs(logits, films, logits[:, np.newaxis])


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(0).random((12, SIDE, SIDE, 1), np.float32)


def spot_maps(count, value=1.0):
    maps = np.full((count, PATCHES, PATCHES), 0.5, np.float32)
    maps[:, 2:4, 5:7] = value
    return maps


def curves(films, maps):
    return patch_curves(SpotClassifier(), films, maps, np.zeros(len(films), int), np.arange(len(films)), lambda *_: None)


def test_the_right_map_deletes_fast_and_inserts_fast(noise):
    deletion, insertion = curves(noise, spot_maps(12))
    for curve in (deletion, insertion):
        assert curve.fraction == [step / STEPS for step in range(STEPS + 1)]
        assert curve.gain.value > 0.1
        assert curve.gain.low > 0
    assert deletion.by_saliency[0] > 0.9
    assert deletion.by_saliency[1] < 0.1
    assert insertion.by_saliency[0] < 0.5
    assert insertion.by_saliency[1] == pytest.approx(insertion.by_saliency[-1])
    assert insertion.by_saliency[-1] == pytest.approx(deletion.by_saliency[0])
    assert deletion.by_saliency[-1] == pytest.approx(deletion.at_random[-1])


def test_the_opposite_map_is_worse_than_chance(noise):
    deletion, insertion = curves(noise, spot_maps(12, value=0.0))
    assert deletion.gain.high < 0
    assert insertion.gain.high < 0


def test_areas_are_those_under_the_curves(noise):
    deletion, _ = curves(noise, spot_maps(12))
    values = np.array(deletion.at_random)
    assert deletion.random_area.value == pytest.approx(((values[1:] + values[:-1]) / 2).mean(), abs=1e-5)
    assert deletion.gain.value == pytest.approx(deletion.random_area.value - deletion.area.value, abs=1e-9)


def test_every_patch_is_gone_in_the_end_and_as_many_at_each_step(noise):
    seen = []

    class Recording(SpotClassifier):
        def outputs(self, films):
            seen.append(films)
            return super().outputs(films)

    patch_curves(Recording(), noise[:1], spot_maps(1), np.zeros(1, int), np.zeros(1, int), lambda *_: None)
    shown = np.concatenate(seen).reshape(2, 2, STEPS + 1, SIDE, SIDE)
    changed = (shown[0] != noise[0, ..., 0]).mean((2, 3))
    np.testing.assert_allclose(changed, np.broadcast_to(np.arange(STEPS + 1) / STEPS, (2, STEPS + 1)), atol=1e-6)
    np.testing.assert_array_equal(shown[1, :, -1], np.broadcast_to(noise[0, ..., 0], (2, SIDE, SIDE)))
    assert np.ptp(shown[0, :, -1]) == 0


def test_films_are_drawn_by_class_and_always_the_same():
    y_true = np.array([0] * 50 + [1] * 3 + [3] * 20)
    rows = draw_films(y_true, per_class=10)
    assert np.bincount(y_true[rows], minlength=4).tolist() == [10, 3, 0, 10]
    assert len(set(rows)) == len(rows)
    np.testing.assert_array_equal(rows, draw_films(y_true, per_class=10))


def test_mean_leaves_out_what_is_unknown_and_keeps_groups_together():
    values = np.array([0.2, 0.4, np.nan, -0.9])
    assert mean_of(values, np.arange(4)).value == pytest.approx(-0.1)
    alone, together = (mean_of(np.tile(values[:2], 50), groups) for groups in (np.arange(100), np.tile([0, 1], 50)))
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert mean_of(np.array([np.nan]), np.zeros(1)).value is None


def test_share_inside_is_by_called_class_beside_the_area():
    films = [prepare(distinct_phantom(seed), 64) for seed in range(3)]
    assert all(film.lungs.doubt is None for film in films)
    lungs = np.stack([film.lung_mask > 0.5 for film in films])
    maps = np.stack([lungs[0], lungs[1], ~lungs[2]]).astype(np.float32)
    found = inside_shares(films, maps, np.array([0, 0, 2]), np.arange(3))
    assert list(found) == ["COVID", "Normal"]
    assert found["COVID"].films == 2
    assert found["COVID"].share.value > 0.9  # the lungs' outlines are soft
    assert found["COVID"].warned == 0
    assert found["COVID"].area == pytest.approx(np.mean([film.lungs.area for film in films[:2]]))
    assert found["Normal"].share.value < 0.1
    assert found["Normal"].warned == 1
    assert (found["COVID"].no_better, found["Normal"].no_better) == (0, 1)


@pytest.mark.slow
def test_maps_lose_their_likeness_as_the_network_is_randomised(random_classifier, tiny):
    original = random_classifier(tiny, 64)
    copy = build_classifier(tiny, 64)
    copy.set_weights(original.get_weights())
    gradcam = GradCAM(copy)
    films = np.stack([model_input(distinct_phantom(seed, opacity=1), 64) for seed in range(6)])
    maps = np.stack([all_maps(gradcam, film[np.newaxis])[0, 0] for film in films])
    stages = randomised_stages(copy, gradcam, films, maps, np.zeros(6, int), np.arange(6))
    assert [stage.layers for stage in stages] == ["last layer", "head", "head and upper half of the backbone", "all layers"]
    assert all(stage.correlation.value < 0.9 for stage in stages)
    for one, other in zip(copy.weights, original.weights, strict=True):
        np.testing.assert_array_equal(np.sort(one.numpy(), axis=None), np.sort(other.numpy(), axis=None))
    assert (copy.get_layer("stem_conv").kernel.numpy() != original.get_layer("stem_conv").kernel.numpy()).any()


@pytest.mark.slow
def test_card_holds_the_checks(tiny_model, phantom_data):
    calls = []
    with few_pictures():
        card = evaluate(
            tiny_model, open_collections([phantom_data]), "val", read_training(tiny_model), "none", lambda *call: calls.append(call)
        ).card
    found = card.saliency
    assert found.films == card.results.films
    assert set(found.agreement) == set(METHODS)
    assert all(found.agreement[one][other] == found.agreement[other][one] for one in METHODS for other in METHODS)
    assert all(found.agreement[name][name] == 1 for name in METHODS)
    assert found.agreement_films == len(CLASS_NAMES)
    assert sum(part.films for part in found.inside.values()) == found.films
    assert ("saliency checks", found.films, found.films) in calls
    assert ModelCard.model_validate_json(card.model_dump_json()) == card
    assert ModelCard.model_validate(json.loads(card.model_dump_json()) | {"saliency": None}).saliency is None
