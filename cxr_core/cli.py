"""The command line: `python -m cxr_core --help`. Everything heavy is imported by the command that needs it."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Optional

import platformdirs
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cxr_core.card import SHIPPED_MODEL, STUDY_FOLDER, ModelCard, Rule, read_card
from cxr_core.errors import SecondLookError
from cxr_core.labels import CLASS_NAMES

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Second Look: train, measure and use a chest X-ray classifier. For research and teaching; not a medical device.",
)
_stderr = Console(stderr=True)

ModelFolder = Annotated[Path, typer.Option("--model", help="Folder with the weights and their model card.")]
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder: a manifest.csv, or one folder a class.")]


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Turn the errors that we raise on purpose, and those of the file system, into one line on stderr and exit code 1."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read our output has seen enough: typer ends quietly
    except (SecondLookError, OSError) as error:
        print("error:", " ".join(str(error).split()), file=sys.stderr)
        raise typer.Exit(1) from error


def _import_tensorflow() -> None:
    """Import TensorFlow without its start-up chatter, which it writes straight to file descriptor 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _progress(*extra: str) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(
        *columns,
        *map(TextColumn, extra),
        console=_stderr,
        transient=True,
        disable=not _stderr.is_terminal,
        redirect_stdout=sys.stdout.isatty(),  # else rich would send piped results to stderr
    )


def _reporter(progress: Progress, verb: str, **fields: Any) -> Callable[[str, int, int], None]:
    """Return a function that shows how far a named piece of work is, each on a bar of its own."""
    tasks: dict[str, Any] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = progress.add_task(f"{verb} {what}", total=total, **fields)
        progress.update(tasks[what], completed=done)

    return report


@app.command()
def predict(
    files: Annotated[list[Path], typer.Argument(help="PNG, JPEG or DICOM films.", metavar="FILE...")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, in the order given.")] = False,
    model: ModelFolder = SHIPPED_MODEL,
    force: Annotated[bool, typer.Option("--force", help="Give the probabilities of films that the input gate refuses, too.")] = False,
) -> None:
    """Read films: class probabilities, top class, prediction set, model version, and what the input gate says.

    Exits with 1 if any file could not be read. A film that the gate refuses is no error: it has no probabilities, unless --force is
    given, and the exit code stays 0.
    """
    with _one_line_errors():
        _import_tensorflow()
        from cxr_core.batch import read_files
        from cxr_core.doubt import prediction_set, set_sentence
        from cxr_core.gate import InputGate
        from cxr_core.models import Classifier

        gate = InputGate.load(model)
        classifier = Classifier.load(model)
        version = classifier.identity.version
        failed = False
        with _progress() as progress:
            for read in progress.track(read_files(classifier, files, gate=gate), total=len(files), description="Reading films"):
                file = _printable(read.path)
                if read.probabilities is None or read.gate is None:
                    failed = True
                    if as_json:
                        print(json.dumps({"file": file, "error": str(read.error)}), flush=True)
                    else:
                        print(f"{file}: {read.error}", file=sys.stderr)
                    continue
                probabilities = {name: round(float(p), 6) for name, p in zip(CLASS_NAMES, read.probabilities, strict=True)}
                top = CLASS_NAMES[int(read.probabilities.argmax())]
                refused = read.gate.outcome == "refused"
                shown = force or not refused
                # The thresholds of the set are those of films that the gate lets pass.
                fitting = None if refused else prediction_set(read.probabilities, classifier.doubt.set_thresholds)
                if as_json:
                    line: dict[str, Any] = {"file": file}
                    if shown:
                        line |= {"probabilities": probabilities, "top_class": top}
                    if fitting is not None:
                        line["prediction_set"] = fitting
                    line |= {"model": version, "gate": {"outcome": read.gate.outcome, "reasons": list(read.gate.reasons)}}
                    print(json.dumps(line), flush=True)
                else:
                    shares = "  ".join(f"{name} {p:.3f}" for name, p in probabilities.items())
                    said = [f"{top}  ({shares})"] if shown else []
                    said += [set_sentence(fitting, top)] if fitting is not None and fitting != (top,) else []
                    said += [f"{read.gate.outcome}: {' '.join(read.gate.reasons)}"] if read.gate.findings else []
                    print(f"{file}: {'  '.join(said)}  [{version}]", flush=True)
        if failed:
            raise typer.Exit(1)


def _printable(path: Path) -> str:
    r"""Return a file's name as text: bytes in it that are no text, which neither a terminal nor JSON takes, become \xff and the like."""
    return os.fsencode(path).decode(sys.getfilesystemencoding(), "backslashreplace")


@app.command()
def train(
    data: DataFolder,
    out: Annotated[Path, typer.Option(help="Folder of the run: recipe, history, checkpoint and best weights.")],
    backbone: Annotated[str, typer.Option(help="DenseNet121, InceptionV3 or MobileNetV2.")] = "DenseNet121",
    size: Annotated[int, typer.Option(help="Side of the input in pixels.")] = 192,
    init: Annotated[str, typer.Option(help="Starting weights: imagenet, none, or a weights file.")] = "imagenet",
    trainable_layers: Annotated[Optional[int], typer.Option(help="Train only this many last backbone layers.")] = None,
    epochs: Annotated[int, typer.Option(help="Epochs in all, those before a resume included.")] = 10,
    batch_size: Annotated[int, typer.Option(help="Films a step.")] = 32,
    optimizer: Annotated[str, typer.Option(help="adamw or adamax.")] = "adamw",
    schedule: Annotated[str, typer.Option(help="Learning rate over the run: cosine or constant.")] = "cosine",
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 1e-3,
    warmup_epochs: Annotated[float, typer.Option(help="Epochs until the peak.")] = 1.0,
    weight_decay: Annotated[float, typer.Option(help="Of AdamW, on kernels.")] = 0.03,
    label_smoothing: Annotated[float, typer.Option(help="In [0, 1).")] = 0.05,
    class_weight_power: Annotated[float, typer.Option(help="1 balances the classes, 0 leaves them.")] = 0.5,
    dropout: Annotated[float, typer.Option(help="In [0, 1).")] = 0.3,
    augmentation: Annotated[str, typer.Option(help="none, mild or strong.")] = "mild",
    views: Annotated[
        int, typer.Option(help="With --trainable-layers: augmented views of a film that are kept; 0: fresh ones each epoch, slower.")
    ] = 4,
    teacher: Annotated[Optional[str], typer.Option(help="Run or model folder of a classifier to learn from as well.")] = None,
    hard_weight: Annotated[float, typer.Option(help="With a teacher: weight of the labels' loss.")] = 0.5,
    average_epochs: Annotated[int, typer.Option(help="Judge and keep the mean of the weights of this many last epochs.")] = 1,
    seed: Annotated[int, typer.Option(help="Seed of weights, order and augmentation.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last whole epoch in the run's folder.")] = False,
    cache: Annotated[Optional[Path], typer.Option(help="Where prepared films are kept between runs.")] = None,
) -> None:
    """Train a classifier on the train split and watch it on val. Every epoch is kept; a run can be killed and resumed."""
    settings = {k: v for k, v in locals().items() if k not in ("data", "out", "resume", "cache")}
    with _one_line_errors():
        from cxr_core.training.errors import RunError
        from cxr_core.training.recipe import Recipe

        try:
            recipe = Recipe(**settings)
        except ValidationError as error:
            raise RunError(_first_fault(error)) from error
        _import_tensorflow()
        from cxr_core.training.display import TrainingDisplay
        from cxr_core.training.fit import train as fit
        from cxr_core.training.index import read_index

        try:
            with _progress() as progress:
                looking = partial(_reporter(progress, "Looking for"), "near-duplicates")
                index = read_index(data, progress=looking)  # the split does not hang on the seed: evaluation must find the same
            with _progress("{task.fields[figures]}") as progress:
                fit(
                    recipe,
                    index,
                    data,
                    out,
                    cache=cache or Path(platformdirs.user_cache_dir("second-look")),
                    resume=resume,
                    progress=_reporter(progress, "Preparing", figures=""),
                    announce=_stderr.print,
                    callbacks=[TrainingDisplay(progress)],
                )
        except KeyboardInterrupt:
            print(f"Stopped. Whole epochs are kept in {out}; go on with --resume.", file=sys.stderr)
            raise typer.Exit(130) from None
        print(f"Best weights and history are in {out}. Measure and ship them with: evaluate --data {data} --run {out}")


@app.command()
def study(
    data: DataFolder,
    out: Annotated[Path, typer.Option(help="Folder of the study: a run a row. A study that was stopped goes on from there.")],
    backbone: Annotated[Optional[list[str]], typer.Option(help="Which to train; may be given again. Without it: all three.")] = None,
    init: Annotated[
        Optional[list[str]],
        typer.Option(help="Starting weights: imagenet, none, or BACKBONE=FILE; may be given again.", metavar="[BACKBONE=]WEIGHTS"),
    ] = None,
    size: Annotated[int, typer.Option(help="Side of the input in pixels.")] = 224,
    epochs: Annotated[int, typer.Option(help="Epochs of each row.")] = 10,
    trainable_layers: Annotated[int, typer.Option(help="Backbone layers that train, from the last one.")] = 20,
    end_to_end: Annotated[bool, typer.Option("--end-to-end", help="Train every layer instead, with augmentation.")] = False,
    refine_epochs: Annotated[int, typer.Option(help="Epochs of the winner's refinement; 0 leaves it out.")] = 5,
    shipped: Annotated[bool, typer.Option("--shipped", help="Only write the row of the shipped classifier, from its card.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of every row.")] = 0,
    results: Annotated[Path, typer.Option(help="Folder that gets a JSON file a row.")] = STUDY_FOLDER,
    cache: Annotated[Optional[Path], typer.Option(help="Where prepared films and features are kept.")] = None,
) -> None:
    """Run the report's comparison of backbones, then refine the winner. Chosen on val; every row is reported on test."""
    with _one_line_errors():
        from cxr_core.training.errors import RunError

        _import_tensorflow()
        from cxr_core.study import end_to_end_plan, initial_weights, refinement_plan, report_plan, run_plan, shipped_row, write_row
        from cxr_core.study.plan import BACKBONE_NAMES
        from cxr_core.training.display import TrainingDisplay
        from cxr_core.training.index import read_index
        from cxr_core.training.run import BEST_WEIGHTS

        if shipped:
            print(write_row(shipped_row(SHIPPED_MODEL, read_card(SHIPPED_MODEL), "python -m cxr_core study --shipped"), results))
            return
        names = backbone or list(BACKBONE_NAMES)
        unknown = [name for name in names if name not in BACKBONE_NAMES]
        if unknown:
            raise RunError(f"There is no backbone {unknown[0]!r}. Choose one of {', '.join(BACKBONE_NAMES)}.")
        starts = initial_weights(init or [])
        try:
            if end_to_end:
                plans = [end_to_end_plan(name, starts[name], size=size, epochs=epochs, seed=seed) for name in names]
            else:
                plans = [
                    report_plan(name, starts[name], size=size, epochs=epochs, seed=seed, trainable_layers=trainable_layers)
                    for name in names
                ]
        except ValidationError as error:
            raise RunError(_first_fault(error)) from error
        command = _study_command(names, starts, size, epochs, trainable_layers, end_to_end, refine_epochs, seed)
        kept = cache or Path(platformdirs.user_cache_dir("second-look"))
        try:
            with _progress() as progress:
                index = read_index(data, progress=partial(_reporter(progress, "Looking for"), "near-duplicates"))

            def run(plan: Any) -> Any:
                with _progress("{task.fields[figures]}") as progress:
                    _stderr.print(f"{plan.name}: {plan.method}", highlight=False)
                    row = run_plan(
                        plan,
                        index,
                        data,
                        out,
                        cache=kept,
                        command=command,
                        progress=_reporter(progress, "Preparing", figures=""),
                        announce=_stderr.print,
                        callbacks=[TrainingDisplay(progress)],
                    )
                print(write_row(row, results))
                return max(figures["val_accuracy"] for figures in row.history)

            reached = [run(plan) for plan in plans]
            if refine_epochs:
                winner = plans[reached.index(max(reached))]
                run(refinement_plan(winner, out / winner.name / BEST_WEIGHTS, epochs=refine_epochs))
        except KeyboardInterrupt:
            print(f"Stopped. Whole epochs are kept in {out}; the same command goes on from there.", file=sys.stderr)
            raise typer.Exit(130) from None


def _study_command(
    names: list[str], starts: dict[str, str], size: int, epochs: int, trainable_layers: int, end_to_end: bool, refine_epochs: int, seed: int
) -> str:
    """Write a study's command with file names in place of folders of this machine."""
    parts = ["python -m cxr_core study --data DIR --out RUN"]
    parts += [f"--backbone {name} --init {name}={Path(starts[name]).name}" for name in names]
    parts += [f"--size {size} --epochs {epochs}", "--end-to-end" if end_to_end else f"--trainable-layers {trainable_layers}"]
    return " ".join([*parts, f"--refine-epochs {refine_epochs} --seed {seed}"])


def _first_fault(error: ValidationError) -> str:
    """Say what is wrong with the first option that is out of its range."""
    first = error.errors()[0]
    return f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}."


@app.command()
def evaluate(
    data: DataFolder,
    split: Annotated[str, typer.Option(help="Films to report on. Choose models on val; report on test.")] = "test",
    run: Annotated[Optional[Path], typer.Option(help="Run folder whose best weights are put into the model folder first.")] = None,
    model: Annotated[
        Optional[Path], typer.Option(help="Model folder to measure, or to ship the run in. Without it: the shipped one of the backbone.")
    ] = None,
    operating_rule: Annotated[
        Rule, typer.Option(help="How the threshold of COVID is chosen on val: sensitivity (at least 0.95) or youden.")
    ] = "sensitivity",
) -> None:
    """Measure a classifier and write its model card. Nothing in the card is typed by hand.

    Shipped cards are of the test split: a card of another split is written only into a folder named with --model.
    """
    with _one_line_errors():
        _import_tensorflow()
        from cxr_core.card import read_training
        from cxr_core.evaluation.evaluate import evaluate as measure
        from cxr_core.evaluation.shipping import model_folder, ship, staged_run, write_evaluation

        command = f"python -m cxr_core evaluate --data DIR --split {split}" + (" --run RUN" if run else "")
        command += "" if operating_rule == "sensitivity" else f" --operating-rule {operating_rule}"
        with _progress() as progress:
            report = _reporter(progress, "Reading")
            written = model is not None or split == "test"
            if run is None:
                folder = model or SHIPPED_MODEL
                evaluation = measure(folder, data, split, read_training(folder), command, report, operating_rule)
                if written:
                    write_evaluation(evaluation, folder)
            else:
                folder = model or model_folder(run)
                with staged_run(run, folder) as (staged, training):
                    evaluation = measure(staged, data, split, training, command, report, operating_rule)
                    if written:
                        ship(evaluation, staged, folder)
        _print_card(evaluation.card)
        if not written:
            print("No card was written. To write one of this split, name a model folder with --model.", file=sys.stderr)


@app.command()
def card(
    model: ModelFolder = SHIPPED_MODEL,
    readme: Annotated[Optional[Path], typer.Option(help="Markdown file whose block of figures is brought up to date.")] = None,
) -> None:
    """Show a model card's figures, or put them into a README."""
    with _one_line_errors():
        from cxr_core.card import read_card
        from cxr_core.reporting import replace_figures

        shipped = read_card(model)
        if readme is None:
            _print_card(shipped)
        else:
            readme.write_text(replace_figures(readme.read_text(), shipped))


def _print_card(card: ModelCard) -> None:
    results = card.results
    table = Table(title=f"{card.model.version}: {results.films} films of the {card.data.split} split", title_justify="left")
    for column in ("", "precision", "recall", "F1", "support"):
        table.add_column(column, justify="left" if not column else "right")
    rows: list[tuple[str, Any, int]] = [(name, result, result.support) for name, result in results.classes.items()]
    rows += [("macro average", results.macro, results.films), ("weighted average", results.weighted, results.films)]
    for name, figures, support in rows:
        values = [_figure(figures.precision), _figure(figures.recall), _figure(figures.f1)]
        table.add_row(name, *values, str(support))
    console = Console()
    console.print(table)
    console.print(f"accuracy {_figure(results.accuracy)}, expected calibration error {results.expected_calibration_error:.3f}")
    if card.doubt is not None:
        console.print(
            f"before calibration {card.doubt.expected_calibration_error_before:.3f}; "
            f"prediction sets hold the true class of {_figure(card.doubt.coverage)}, on average {card.doubt.mean_set_size:.2f} classes"
        )
    if card.gate is not None:
        pictures = sum(kind.pictures for kind in card.gate.others)
        console.print(f"input gate: refused {_figure(card.gate.refused)} of {card.gate.films}, warned of {_figure(card.gate.warned)}")
        console.print(f"input gate: refused {card.gate.others_refused:.3f} of {pictures} pictures of other things")
        for change in card.gate.changed:
            console.print(f"input gate: films {change.change}: caught {_figure(change.caught)}, refused {_figure(change.refused)}")
    if card.saliency is not None:
        console.print(
            f"saliency maps of {card.saliency.films} films beat a random order of patches by {card.saliency.deletion.gain} in deletion, "
            f"{card.saliency.insertion.gain} in insertion"
        )
    if card.paired_copies is not None:
        console.print(f"paired copies: same top class {_figure(card.paired_copies.agreement)} of {card.paired_copies.films}")
    if card.external is not None:
        console.print(f"external films: accuracy {_figure(card.external.accuracy)} of {card.external.films}")


def _figure(figure: Any) -> str:
    if figure.value is None:
        return "-"
    bounds = "" if figure.low is None else f" [{figure.low:.3f}, {figure.high:.3f}]"
    return f"{figure.value:.3f}{bounds}"
