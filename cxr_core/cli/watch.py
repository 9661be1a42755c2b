"""`watch`: read films as they come into a folder."""

import math
import sys
from pathlib import Path
from typing import Annotated

import typer

from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.cli.console import ModelFolder, import_tensorflow, one_line_errors, printable
from cxr_core.cli.reads import read_line


def watch(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder into which a modality or a router writes films; folders below it count.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Gets a JSON file and a PDF a film, named by a fingerprint of its pixels.")],
    once: Annotated[bool, typer.Option("--once", help="End when every film that is there has been read.")] = False,
    settle: Annotated[float, typer.Option(min=0.1, max=3600, help="Read a file once it has not changed for so many seconds.")] = 2.0,
    model: ModelFolder = SHIPPED_MODEL,
    force: Annotated[bool, typer.Option("--force", help="Give the probabilities of films that the input gate refuses, too.")] = False,
) -> None:
    """Read each film that comes into a folder, once, as soon as its file is whole. Ctrl-C ends it.

    Films that have a result by this model in --out are not read again, even after a restart. A file that cannot be read is named, and
    tried again when it changes. The films stay where they are.
    """
    with one_line_errors():
        from cxr_core.watch import check_watchable, watch_folder

        if math.isnan(settle):
            raise typer.BadParameter("nan is not a number of seconds.", param_hint="--settle")
        check_watchable(folder)
        import_tensorflow()
        from cxr_core.reading import Reader
        from cxr_core.reporting import Reporter

        reporter = Reporter.load(model, Reader.load(model))
        if not once:
            print(f"Waiting for films in {printable(folder)}. Ctrl-C ends this.", file=sys.stderr)
        failed = False
        for told in watch_folder(folder, out, reporter, once=once, settled=settle, refused_too=force):
            if told.error is None:
                print(printable(read_line(told)), flush=True)
            else:
                print(printable(f"{told.file}: {told.error}"), file=sys.stderr)
                failed = True
        if failed:
            raise typer.Exit(1)
