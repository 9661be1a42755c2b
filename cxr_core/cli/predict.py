"""`predict`: read films."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cxr_core.card import SHIPPED_MODEL
from cxr_core.cli.console import ModelFolder, import_tensorflow, one_line_errors, progress_bars
from cxr_core.labels import CLASS_NAMES


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
    with one_line_errors():
        import_tensorflow()
        from cxr_core.batch import read_files
        from cxr_core.doubt import prediction_set, set_sentence
        from cxr_core.gate import InputGate
        from cxr_core.models import Classifier

        gate = InputGate.load(model)
        classifier = Classifier.load(model)
        version = classifier.identity.version
        failed = False
        with progress_bars() as progress:
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
