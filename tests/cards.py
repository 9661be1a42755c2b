"""Model cards and study files of readers that were drawn by lot: complete, and of no network. Drawn once: nothing in them can be set."""

import functools

import numpy as np

from cxr_core.artifacts import (
    CollectionResult,
    DataSummary,
    Elsewhere,
    GateAudit,
    GateChange,
    GateExternal,
    GateOthers,
    InsideShare,
    Mean,
    ModelCard,
    ModelIdentity,
    PairedCopies,
    PatchCurve,
    PointingResult,
    RandomisedStage,
    Ratio,
    ReadsFile,
    SaliencyResult,
    SourceProbe,
    StudyRun,
    Training,
    reads_csv,
    reads_sha256,
)
from cxr_core.calibration import calibrated, fit_calibration
from cxr_core.evaluation import classification_results
from cxr_core.evaluation.audits import mask_audits, results_by_copy
from cxr_core.evaluation.calibration import calibration_result
from cxr_core.evaluation.curves import class_curves, reliability
from cxr_core.evaluation.elsewhere import class_figures, network_results, unseen_result
from cxr_core.evaluation.read_films import UNKNOWN, ReadFilms
from cxr_core.evaluation.sources import source_results, source_totals
from cxr_core.evaluation.stability import stability_result
from cxr_core.evaluation.statements import statements
from cxr_core.evaluation.subtasks import subtask_results
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import BOOTSTRAP, Interval, share

SHARES = (0.3, 0.1, 0.45, 0.15)


def drawn_films(films=400, seed=0):
    """True classes and near-duplicate groups."""
    rng = np.random.default_rng(seed)
    y_true = np.concatenate([np.arange(len(CLASS_NAMES)), rng.choice(len(CLASS_NAMES), films - len(CLASS_NAMES), p=SHARES)])
    return y_true, np.array([f"g{number}" for number in rng.integers(0, films, films)])


def drawn_probabilities(y_true, skill=2.5, seed=1):
    """Probabilities of a reader who guesses at skill 0 and is nearly always right at 6."""
    scores = np.random.default_rng(seed).normal(0, 1, (len(y_true), len(CLASS_NAMES)))
    scores[np.arange(len(y_true)), y_true] += skill
    odds = np.exp(1.5 * scores)
    return odds / odds.sum(1, keepdims=True)


def drawn_calibration(skill=2.5):
    """The calibration of such a reader, fitted on other films."""
    y_true, _ = drawn_films(seed=10)
    return fit_calibration(np.log(drawn_probabilities(y_true, skill, seed=11)), y_true, "ab" * 32)


def drawn_views(logits, temperature):
    """Probabilities of two test-time augmentations of the same films."""
    return [calibrated(logits + np.random.default_rng(seed).normal(0, 0.7, logits.shape), temperature) for seed in (20, 21)]


def drawn_history(epochs=4):
    return [
        {
            "epoch": float(epoch),
            "seconds": 60.0,
            "loss": 1.2 / epoch,
            "accuracy": 1 - 0.5 / epoch,
            "covid_recall": 1 - 0.6 / epoch,
            "val_loss": 1.3 / epoch + 0.05,
            "val_accuracy": 0.95 - 0.5 / epoch,
            "val_covid_recall": 0.95 - 0.6 / epoch,
        }
        for epoch in range(1, epochs + 1)
    ]


def drawn_saliency():
    """Checks of saliency maps with every part measured, made up."""

    def mean(value):
        return Mean(value=value, low=value - 0.1, high=value + 0.1)

    steps = [step / 10 for step in range(11)]
    falling, slower = [0.9 * (1 - step) ** 3 + 0.05 for step in steps], [0.9 * (1 - step) + 0.05 for step in steps]
    stages = zip(("last layer", "head", "head and upper half of the backbone", "all layers"), (0.7, 0.4, 0.2, 0.05), strict=True)
    names = ("Grad-CAM", "Grad-CAM++", "SmoothGrad", "Score-CAM")
    return SaliencyResult(
        films=40,
        method="Made up.",
        deletion=PatchCurve(fraction=steps, by_saliency=falling, at_random=slower, area=mean(0.28), random_area=mean(0.5), gain=mean(0.22)),
        insertion=PatchCurve(
            fraction=steps, by_saliency=slower[::-1], at_random=falling[::-1], area=mean(0.5), random_area=mean(0.28), gain=mean(0.22)
        ),
        randomised=[RandomisedStage(layers=layers, correlation=mean(value)) for layers, value in stages],
        other_film=mean(0.15),
        agreement_films=4,
        agreement={one: {other: 1.0 if one == other else 0.2 * abs(a - b) for b, other in enumerate(names)} for a, one in enumerate(names)},
        inside={name: InsideShare(films=10, share=mean(0.4), area=0.27, warned=6, no_better=2) for name in CLASS_NAMES},
    )


def _alone(probabilities, rng):
    """Logits of two networks around what both say together."""
    return np.log(probabilities)[:, np.newaxis] + rng.normal(0, 1, (len(probabilities), 2, probabilities.shape[1]))


def drawn_elsewhere(seen=False):
    """What became of a reader elsewhere, drawn by lot; `seen` says whether all collections were."""
    rng = np.random.default_rng(30)

    def shares(value, films):
        return share(rng.random(films) < value, np.arange(films))

    def films(*codes, skill):
        y_true = np.repeat(codes, 30)
        features = rng.normal(0, 1, (len(y_true), 4))
        probabilities = drawn_probabilities(np.maximum(y_true, 0), skill, seed=31)
        return ReadFilms(y_true, probabilities, features, _alone(probabilities, rng), np.arange(len(y_true)), ())

    gate = {"told_from_own": Interval(value=0.7, low=0.65, high=0.75), "warned_elsewhere": shares(0.2, 90)}
    gate |= {"read": shares(0.7, 90), "refused": shares(0.05, 90)}
    parts = {
        "JSRT": ("adults in Japan", films(2, UNKNOWN, skill=0.5), seen),
        "external": ("published cases", films(0, 1, 3, skill=0.5), seen),
        "Kermany": ("children of one hospital", films(1, 2, 3, skill=2), True),
    }
    own_y, groups = drawn_films()
    own_drawn = drawn_probabilities(own_y)
    own = ReadFilms(own_y, own_drawn, rng.normal(0, 1, (len(own_y), 4)), _alone(own_drawn, rng), groups, ())
    sources = np.where(rng.random(len(own_y)) < 0.5, "harbour", "clinic")
    return Elsewhere(
        unseen=unseen_result([(name, found) for name, (_, found, known) in parts.items() if not known]),
        collections=[
            CollectionResult(name=name, about=about, seen=known, **class_figures(found), **gate)
            for name, (about, found, known) in parts.items()
        ],
        sources=source_results(own, sources),
        by_source=source_totals(own, sources),
        probes=[
            SourceProbe(label=label, sources={"clinic": 40, "harbour": 60}, balanced_accuracy=shares(value, 100), chance=0.5)
            for label, value in (("COVID", 0.9), ("Normal", 0.5))
        ],
        detector="Made up.",
        own_warned=shares(0.05, 400),
        alone=network_results(("DenseNet121", "MobileNetV2"), own, [found for _, found, known in parts.values() if not known]),
        pointing=PointingResult(
            outlined=100, inside=shares(0.3, 100), chance=0.12, masked=200, lung_ratio=Ratio(value=1.9, low=1.8, high=2.0)
        ),
    )


def drawn_gate(films=400):
    """What a gate made of films, of films turned about, and of pictures of other things, drawn by lot."""
    rng = np.random.default_rng(7)
    _, groups = drawn_films(films)
    outcomes = rng.choice(3, films, p=(0.96, 0.02, 0.02))

    def caught(rate):
        return share(rng.random(films) < rate, groups)

    external = [GateExternal(row=row, finding="SARS", view="PA", outcome="read", codes=[]) for row in range(1, 52)]
    external[4] = external[4].model_copy(update={"outcome": "warning", "codes": ["low_contrast"]})
    external[7] = external[7].model_copy(update={"view": "L", "outcome": "refused", "codes": ["not_a_chest", "out_of_distribution"]})
    return GateAudit(
        fitted_on={"train": 1500, "val": 300},
        films=films,
        read=share(outcomes == 0, groups),
        warned=share(outcomes == 1, groups),
        refused=share(outcomes == 2, groups),
        reasons={"warning": {"blurred": 2, "out_of_distribution": 6}, "refused": {"inverted": 8}},
        changed=[
            GateChange(change="inverted", films=films, caught=caught(0.99), refused=caught(0.9)),
            GateChange(change="rotated by 90 degrees", films=films, caught=caught(0.97), refused=caught(0.9)),
            GateChange(change="rotated by 180 degrees", films=films, caught=caught(0.8), refused=caught(0.7)),
        ],
        corruptions=[GateChange(change="out of focus", films=films, caught=caught(0.95), refused=caught(0.9))],
        narrowed=GateChange(change="brought to 4:5", films=films, caught=caught(0.05), refused=caught(0.01)),
        others=[
            GateOthers(kind="pictures of scikit-image", pictures=20, refused=19, warned=1, undecodable=0),
            GateOthers(kind="noise", pictures=40, refused=40, warned=0, undecodable=0),
            GateOthers(kind="DICOM files of pydicom", pictures=60, refused=57, warned=1, undecodable=50),
        ],
        others_refused=116 / 120,
        packages={"scikit-image": "0.25.2", "pydicom": "3.0.2"},
        external=external,
    )


@functools.cache
def drawn_card(skill=2.5, split="test", films=400):
    """A card with every part measured, and the CSV file of the films behind it."""
    y_true, groups = drawn_films(films)
    calibration, logits = drawn_calibration(skill), np.log(drawn_probabilities(y_true, skill))
    probabilities = calibrated(logits, calibration.temperature)
    reads = reads_csv(np.array(CLASS_NAMES)[y_true], groups, probabilities)
    top = probabilities.argmax(1)
    outside = y_true != CLASS_NAMES.index("Normal")
    twin = drawn_probabilities(y_true, 3 * skill, seed=1).argmax(1)
    weaker = iter((0.8, 0.3, 0.15))
    card = ModelCard(
        model=ModelIdentity(backbone="DenseNet121", size=192, sha256="ab" * 32, parameters=7_305_284),
        written="2026-01-02T03:04:05+00:00",
        command="python -m cxr_core evaluate --data DIR",
        libraries={"numpy": "2.4"},
        data=DataSummary(
            name="drawn films",
            split=split,
            counts={part: {name: 10 * (code + 1) for code, name in enumerate(CLASS_NAMES)} for part in ("train", "val", "test")},
            near_duplicate_groups=395,
            index_sha256="cd" * 32,
        ),
        training=Training(
            recipe={"backbone": "DenseNet121", "size": 192, "epochs": 4, "optimizer": "adamw", "parent": None},
            started_from="random weights",
            history=drawn_history(),
        ),
        elsewhere=drawn_elsewhere(),
        results=classification_results(y_true, probabilities, groups),
        bootstrap=BOOTSTRAP,
        curves=class_curves(y_true, probabilities),
        reliability=reliability(top == y_true, probabilities.max(1)),
        subtasks=subtask_results(y_true, probabilities, groups),
        reads=ReadsFile(file=f"{split}_reads.csv", sha256=reads_sha256(reads)),
        audits=mask_audits(y_true, probabilities, groups, lambda mask: drawn_probabilities(y_true, skill * next(weaker), seed=2)),
        copies=results_by_copy(y_true, probabilities, groups, np.where(np.arange(films) % 3 == 0, "copy-a", "copy-b")),
        paired_copies=PairedCopies(films=films, agreement=share(top == twin, groups), mean_probability_change=0.02),
        external=classification_results(y_true[outside][:51], drawn_probabilities(y_true, 0.2, seed=3)[outside][:51], np.arange(51)),
        calibration=calibration_result(calibration, logits, y_true, groups, split),
        stability=stability_result(y_true, probabilities, drawn_views(logits, calibration.temperature), groups),
        gate=drawn_gate(films),
        statements=statements("cd" * 32, paired=True, external=True),
        saliency=drawn_saliency(),
    )
    return card, reads


@functools.cache
def drawn_run(name, backbone, skill, seed=4):
    """One run of a study."""
    y_true, groups = drawn_films()
    probabilities = drawn_probabilities(y_true, skill, seed)
    return StudyRun(
        name=name,
        title=f"{backbone}, random weights, {name}",
        backbone=backbone,
        started_from="random weights",
        size=96,
        trainable_layers=20,
        epochs=4,
        seconds=5400.0,
        films_seen=30_000,
        seed=0,
        recipe={"optimizer": "adamax", "init": f"{name}.weights.h5"},
        history=drawn_history(),
        results=classification_results(y_true, probabilities, groups),
        y_true=y_true.tolist(),
        top_class=probabilities.argmax(1).tolist(),
        groups=groups.tolist(),
        index_sha256="cd" * 32,
        weights_sha256="ef" * 32,
        machine="2 cores, no GPU",
        command="python -m cxr_core study --data DIR --out RUN",
        written="2026-01-02T03:04:05+00:00",
    )


def drawn_study():
    """Runs of the report's three backbones."""
    return [
        drawn_run("densenet121-report", "DenseNet121", 2.6),
        drawn_run("inceptionv3-report", "InceptionV3", 2.0, seed=5),
        drawn_run("mobilenetv2-report", "MobileNetV2", 2.4, seed=6),
    ]


def write_card(folder, card, reads):
    """Lay a card out as a model folder without weights."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model_card.json").write_text(card.model_dump_json())
    (folder / card.reads.file).write_bytes(reads)
    return folder


def write_study(folder, runs):
    """Lay a study's runs out in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for run in runs:
        (folder / f"{run.name}.json").write_text(run.model_dump_json())
    return folder
