"""The command line: `python -m cxr_core --help`. Everything heavy is imported by the command that needs it."""

import typer

from cxr_core import DISCLAIMER
from cxr_core.cli import (
    archive,
    card,
    check_data,
    dicomweb,
    evaluate,
    predict,
    similar,
    study,
    train,
    train_lungs,
    validate,
    watch,
    what_helps,
)

__all__ = ["app"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=f"Second Look: train, measure and use a chest X-ray classifier. {DISCLAIMER}",
)
for command in (
    predict.predict,
    archive.archive,
    dicomweb.dicomweb,
    watch.watch,
    validate.validate,
    similar.similar,
    check_data.check_data,
    train.train,
    train_lungs.train_lungs,
    study.study,
    evaluate.evaluate,
    what_helps.what_helps,
    card.card,
):
    app.command()(command)
