"""From a training run to the model folder that is shipped: weights laid out to be measured, then moved in with what was found."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cxr_core.card import CARD_FILE, DOUBT_FILE, SHIPPED_MODEL, WEIGHTS_FILE, Doubt, ModelCard, ModelIdentity, Training, WeightsMissingError
from cxr_core.files import replace_file
from cxr_core.gate import InputGate
from cxr_core.models import build_classifier, file_sha256
from cxr_core.training.index import SPLITS
from cxr_core.training.recipe import Recipe
from cxr_core.training.run import BEST_WEIGHTS, load_state


@dataclass(frozen=True)
class Evaluation:
    """A model card, the CSV file of the films behind it, the doubt that calibrates them, and the input gate; not yet written."""

    card: ModelCard
    reads: bytes
    doubt: Doubt
    gate: InputGate | None = None


def write_evaluation(evaluation: Evaluation, folder: Path) -> None:
    """Put a card, the films behind it, its doubt and its input gate into a model folder, in place of those that were there."""
    card = evaluation.card
    replace_file(folder / DOUBT_FILE, lambda path: path.write_text(evaluation.doubt.model_dump_json(indent=1) + "\n"))
    replace_file(folder / card.reads.file, lambda path: path.write_bytes(evaluation.reads))
    if evaluation.gate is not None:
        evaluation.gate.save(folder)
    replace_file(folder / CARD_FILE, lambda path: path.write_text(card.model_dump_json(indent=1) + "\n"))
    for split in SPLITS:
        if (name := f"{split}_reads.csv") != card.reads.file:
            (folder / name).unlink(missing_ok=True)


@contextmanager
def staged_run(run: Path, folder: Path) -> Iterator[tuple[Path, Training]]:
    """Lay a run's best weights out as a model folder of their own, to be evaluated and then moved in by `ship`.

    Parameters
    ----------
    run : Path
        A training run's folder.
    folder : Path
        The model folder that the weights may end in. It is not touched.

    Yields
    ------
    Path
        The temporary model folder, beside `folder`.
    Training
        How the weights came to be, for their card.

    Raises
    ------
    WeightsMissingError
        No epoch of the run is finished.
    RunError
        The run is damaged.
    """
    if not (run / BEST_WEIGHTS).is_file():
        raise WeightsMissingError(f"{run} holds no finished epoch of a training run.")
    recipe = Recipe.load(run)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".staged-") as name:
        staged = Path(name)
        shutil.copyfile(run / BEST_WEIGHTS, staged / WEIGHTS_FILE)
        identity = ModelIdentity(
            backbone=recipe.backbone,
            size=recipe.size,
            sha256=file_sha256(staged / WEIGHTS_FILE),
            parameters=build_classifier(recipe.backbone, recipe.size).count_params(),
        )
        (staged / CARD_FILE).write_text(f'{{"model": {identity.model_dump_json()}}}')
        yield staged, Training(recipe=recipe.for_card(), started_from=_origin(recipe), history=load_state(run).history)


def ship(evaluation: Evaluation, staged: Path, folder: Path) -> None:
    """Move measured weights and their card into a model folder, in place of what was there."""
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / WEIGHTS_FILE, lambda path: shutil.copyfile(staged / WEIGHTS_FILE, path))
    write_evaluation(evaluation, folder)


def model_folder(run: Path) -> Path:
    """Return the folder that ships the backbone of a run."""
    return SHIPPED_MODEL.parent / Recipe.load(run).backbone.lower()


def _origin(recipe: Recipe) -> str:
    """Say what a run's weights grew from, its teacher included."""
    if recipe.teacher_recipe is None:
        return recipe.lineage()
    teacher = recipe.teacher_recipe
    return f"{recipe.lineage()}; taught by a {teacher.backbone} that started from {teacher.lineage()}"
