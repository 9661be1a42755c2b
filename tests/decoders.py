"""Films that crash or hang whatever decodes them, by their names: for processes that start after `with_faulty_films`."""

import os

HOOK = """
import os, pathlib, signal, time

real = pathlib.Path.open

def open_film(self, *arguments, **named):
    if self.name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if self.name.startswith("hang"):
        time.sleep(1000)
    once = self.with_suffix(".once")
    if once.exists():
        once.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, *arguments, **named)

pathlib.Path.open = open_film
"""
"""Python runs it at its start. A film beside which lies a file `.once` crashes the first time alone."""


def with_faulty_films(monkeypatch, folder):
    """Make films named `crash...` and `hang...` do so in every process that is started from now on."""
    (folder / "sitecustomize.py").write_text(HOOK)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")])))
