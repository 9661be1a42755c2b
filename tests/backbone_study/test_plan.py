"""What the study trains."""

from pathlib import Path

import pytest

from cxr_core.backbone_study.plan import BACKBONE_NAMES, check_plan, end_to_end_plan, initial_weights, refinement_plan, report_plan
from cxr_core.models import BACKBONES
from cxr_core.training import RunError


def test_another_backbone_does_not_turn_the_reports_study_into_one_of_four(tiny):
    assert tiny in BACKBONES
    assert BACKBONE_NAMES == ("DenseNet121", "InceptionV3", "MobileNetV2")
    assert set(BACKBONE_NAMES) <= set(BACKBONES)


def test_imagenet_is_where_everything_starts_unless_told_otherwise():
    assert initial_weights([]) == dict.fromkeys(BACKBONE_NAMES, "imagenet")


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "some.weights.h5"
    path.write_bytes(b"weights")
    return str(path)


def test_weights_can_be_told_by_backbone(weights):
    found = initial_weights(["none", "MobileNetV2=imagenet", f"DenseNet121={weights}"])
    assert found == {"DenseNet121": weights, "InceptionV3": "none", "MobileNetV2": "imagenet"}


def test_file_is_for_the_only_backbone_that_is_wanted(weights):
    assert initial_weights([weights], ["InceptionV3"])["InceptionV3"] == weights


def test_absent_file_is_told_before_anything_is_trained(weights):
    with pytest.raises(RunError, match=r"no weights file absent\.h5"):
        initial_weights(["none", "MobileNetV2=absent.h5"])
    assert initial_weights(["none", "MobileNetV2=absent.h5"], ["DenseNet121"])["DenseNet121"] == "none"


def test_file_without_a_backbone_is_asked_whose_it_is():
    with pytest.raises(RunError, match=r"--init BACKBONE=some\.weights\.h5"):
        initial_weights(["some.weights.h5"])


def test_unknown_backbone_names_the_known():
    with pytest.raises(RunError, match=r"no backbone 'VGG16'.*InceptionV3"):
        initial_weights(["VGG16=none"])


def test_report_plan_is_the_reports_recipe():
    plan = report_plan("DenseNet121", "imagenet", size=224, epochs=10, seed=1)
    recipe = plan.recipe
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule) == ("adamax", 1e-4, "constant")
    assert (recipe.trainable_layers, recipe.dropout, recipe.class_weight_power) == (20, 0.3, 1.0)
    assert recipe.augmentation == "none"
    assert plan.name == "densenet121-imagenet-last20-224px-10epochs-seed1"


def test_plans_that_differ_have_other_names(weights, tmp_path):
    other = tmp_path / "other.h5"
    other.write_bytes(b"other weights")
    plans = [
        report_plan(name, init, size=96, epochs=1, seed=0) for name in BACKBONE_NAMES for init in ("none", "imagenet", weights, str(other))
    ]
    plans += [end_to_end_plan(name, "none", size=96, epochs=1, seed=0) for name in BACKBONE_NAMES]
    plans += [report_plan("MobileNetV2", "none", size=96, epochs=epochs, seed=seed) for epochs, seed in ((2, 0), (1, 1))]
    plans += [refinement_plan(plans[0], Path("best.weights.h5"), epochs=epochs) for epochs in (1, 2)]
    assert len({plan.name for plan in plans}) == len(plans)


def test_films_too_small_for_a_backbone_are_refused_before_anything_is_trained():
    check_plan(end_to_end_plan("InceptionV3", "none", size=75, epochs=1, seed=0))
    with pytest.raises(RunError, match="InceptionV3 needs films of at least 75 pixels; 74 were asked for"):
        check_plan(end_to_end_plan("InceptionV3", "none", size=74, epochs=1, seed=0))


def test_refinement_trains_every_layer_from_the_winners_weights():
    winner = report_plan("MobileNetV2", "none", size=96, epochs=1, seed=7)
    recipe = refinement_plan(winner, Path("run/best.weights.h5"), epochs=3).recipe
    assert (recipe.backbone, recipe.size, recipe.seed, recipe.epochs) == ("MobileNetV2", 96, 7, 3)
    assert recipe.trainable_layers is None
    assert recipe.init == "run/best.weights.h5"
