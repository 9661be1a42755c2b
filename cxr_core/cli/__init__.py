"""The command line: `python -m cxr_core --help`. Everything heavy is imported by the command that needs it."""

import typer

from cxr_core.cli import card, evaluate, predict, study, train

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Second Look: train, measure and use a chest X-ray classifier. For research and teaching; not a medical device.",
)
for command in (predict.predict, train.train, study.study, evaluate.evaluate, card.card):
    app.command()(command)
