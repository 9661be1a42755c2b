"""From a training run to the model folder that is shipped: weights laid out to be measured, then moved in with what was found."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cxr_core.artifacts import (
    CALIBRATION_FILE,
    CARD_FILE,
    COMPANION_FILE,
    SHIPPED_MODEL,
    WEIGHTS_FILE,
    Calibration,
    Companion,
    ModelCard,
    ModelIdentity,
    Training,
    WeightsMissingError,
    file_sha256,
)
from cxr_core.data import SPLITS
from cxr_core.files import replace_file
from cxr_core.gate import InputGate
from cxr_core.models import build_classifier
from cxr_core.training import BEST_WEIGHTS, Recipe, RunError, load_state


@dataclass(frozen=True)
class Evaluation:
    """A model card, the CSV file of the films behind it, their calibration, and the input gate; not yet written."""

    card: ModelCard
    reads: bytes
    calibration: Calibration
    gate: InputGate | None = None


def write_evaluation(evaluation: Evaluation, folder: Path) -> None:
    """Put a card, the films behind it, its calibration and its input gate into a model folder, in place of those that were there."""
    card = evaluation.card
    replace_file(folder / CALIBRATION_FILE, lambda path: path.write_text(evaluation.calibration.model_dump_json(indent=1) + "\n"))
    replace_file(folder / card.reads.file, lambda path: path.write_bytes(evaluation.reads))
    if evaluation.gate is not None:
        evaluation.gate.save(folder)
    replace_file(folder / CARD_FILE, lambda path: path.write_text(card.model_dump_json(indent=1) + "\n"))
    for split in SPLITS:
        if (name := f"{split}_reads.csv") != card.reads.file:
            (folder / name).unlink(missing_ok=True)


@contextmanager
def staged_run(run: Path, folder: Path, companion: Path | None = None) -> Iterator[tuple[Path, Training]]:
    """Lay a run's best weights out as a model folder of their own, to be evaluated and then moved in by `ship`.

    Parameters
    ----------
    run : Path
        A training run's folder.
    folder : Path
        The model folder that the weights may end in. It is not touched.
    companion : Path, optional
        Folder of the run whose network is to be averaged with it, by halves until `evaluate` fits their shares.

    Yields
    ------
    Path
        The temporary model folder, beside `folder`.
    Training
        How the weights came to be, for their card.

    Raises
    ------
    WeightsMissingError
        No epoch of a run is finished.
    RunError
        A run is damaged, or the companion sees other films than the run.
    """
    recipe, training = _trained(run)
    beside = None
    if companion is not None:
        beside, of_companion = _trained(companion)
        if (beside.size, beside.crop, beside.data_sha256) != (recipe.size, recipe.crop, recipe.data_sha256):
            raise RunError(f"{companion} was trained on other data, or at another size or crop, than {run}. Name a run of the same films.")
        training = training.model_copy(update={"companion": of_companion})
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".staged-") as name:
        staged = Path(name)
        shutil.copyfile(run / BEST_WEIGHTS, staged / WEIGHTS_FILE)
        parameters = build_classifier(recipe.backbone, recipe.size, dilated=recipe.dilated).count_params()
        files = [staged / WEIGHTS_FILE]
        if companion is not None and beside is not None:
            files.append(staged / COMPANION_FILE)
            shutil.copyfile(companion / BEST_WEIGHTS, files[1])
            parameters += build_classifier(beside.backbone, beside.size, dilated=beside.dilated).count_params()
        identity = ModelIdentity(
            backbone=recipe.backbone,
            size=recipe.size,
            crop=recipe.crop,
            dilated=recipe.dilated,
            companion=None if beside is None else Companion(backbone=beside.backbone, share=0.5, dilated=beside.dilated),
            sha256=file_sha256(*files),
            parameters=parameters,
        )
        write_identity(staged, identity)
        yield staged, training


def write_identity(staged: Path, identity: ModelIdentity) -> None:
    """Write which weights lie in a folder that has no model card yet."""
    (staged / CARD_FILE).write_text(f'{{"model": {identity.model_dump_json()}}}')


def ship(evaluation: Evaluation, staged: Path, folder: Path) -> None:
    """Move measured weights and their card into a model folder, in place of what was there."""
    folder.mkdir(parents=True, exist_ok=True)
    identity = evaluation.card.model
    for source, target in zip(identity.weights_paths(staged), identity.weights_paths(folder), strict=True):
        replace_file(target, lambda path, source=source: shutil.copyfile(source, path))  # type: ignore[misc]
    if identity.companion is None:
        (folder / COMPANION_FILE).unlink(missing_ok=True)
    write_evaluation(evaluation, folder)


def model_folder(run: Path) -> Path:
    """Return the folder that ships the backbone of a run."""
    return SHIPPED_MODEL.parent / Recipe.load(run).backbone.lower()


def _trained(run: Path) -> tuple[Recipe, Training]:
    """Return a run's recipe, and how its weights came to be, for their card."""
    if not (run / BEST_WEIGHTS).is_file():
        raise WeightsMissingError(f"{run} holds no finished epoch of a training run.")
    recipe = Recipe.load(run)
    return recipe, Training(recipe=recipe.for_card(), started_from=_origin(recipe), history=load_state(run).history)


def _origin(recipe: Recipe) -> str:
    """Say what a run's weights grew from, its teacher included."""
    told = recipe.lineage()
    if recipe.engine == "pytorch":
        told += ", trained on by this recipe in PyTorch; the running mean of its weights was carried over layer by layer"
    if recipe.teacher_recipe is None:
        return told
    teacher = recipe.teacher_recipe
    return f"{told}; taught by a {teacher.backbone} that started from {teacher.lineage()}"
