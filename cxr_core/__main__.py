"""`python -m cxr_core`."""

from cxr_core.cli import app

app(prog_name="python -m cxr_core")
