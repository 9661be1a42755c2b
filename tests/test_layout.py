"""Who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_core import imaging

REPOSITORY = Path(__file__).parents[1]
LIBRARY = REPOSITORY / "cxr_core"
HEAVY = {"tensorflow", "keras"}
LIGHT_PARTS = [
    name for name in ("card", "gate", "imaging", "figures", "decision", "doubt", "reporting", "read_report") if (LIBRARY / name).is_dir()
]


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def importers(folder, packages):
    sources = sorted(folder.rglob("*.py"))
    assert sources
    return [str(path) for path in sources if {name.split(".")[0] for name in imported(path)} & packages]


def loaded_with(module):
    script = f"import sys, {module}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_library_never_imports_streamlit():
    assert importers(LIBRARY, {"streamlit"}) == []


@pytest.mark.parametrize("part", LIGHT_PARTS)
def test_light_parts_name_no_tensorflow(part):
    assert importers(LIBRARY / part, HEAVY) == []


@pytest.mark.parametrize("module", [f"cxr_core.{part}" for part in LIGHT_PARTS] + ["cxr_core.cli", "cxr_core.training.film_cache"])
def test_light_modules_load_no_tensorflow(module):
    modules = loaded_with(module)
    assert module in modules
    assert not modules & (HEAVY | {"streamlit"})


def test_the_read_page_starts_without_what_only_a_read_needs():
    modules = loaded_with("pages.read")
    assert "pages.read.where" in modules
    assert not modules & (HEAVY | {"pandas", "scipy", "fpdf", "cxr_core.reading"})


def test_the_model_card_starts_without_what_only_a_read_needs():
    modules = loaded_with("pages.card.comparison, pages.card.results")
    assert "cxr_core.reporting.tables" in modules
    assert not modules & (HEAVY | {"scipy", "sklearn", "fpdf", "pydicom"})


@pytest.mark.parametrize("ending", ["batch", "evaluation.gate", "gate.counterexamples", "reading", "training.film_cache"])
def test_everything_that_feeds_a_classifier_shares_one_preprocessing(ending):
    module = __import__(f"cxr_core.{ending}", fromlist=["model_input"])
    assert module.model_input is imaging.model_input


def test_nothing_else_makes_model_inputs():
    users = [path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.py") if "model_input(" in path.read_text(encoding="utf-8")]
    assert sorted(users) == [
        "batch.py",
        "evaluation/gate.py",
        "gate/counterexamples.py",
        "imaging/model_input.py",
        "reading.py",
        "training/film_cache.py",
    ]
