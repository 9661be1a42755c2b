"""Who may import whom, by which names, and what may be loaded along with it."""

import ast
import functools
import subprocess
import sys
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
LIBRARY = REPOSITORY / "cxr_core"
GROUND = {"errors", "files", "labels", "lazy"}
ROOMS = sorted(path.parent.name for path in LIBRARY.glob("*/__init__.py"))
TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))
SOURCES = sorted(
    [REPOSITORY / "app.py", *(path for name in ("cxr_core", "pages", "benchmarks") for path in (REPOSITORY / name).rglob("*.py"))]
)
ROOMS_WITHIN = {"cxr_core.saliency.methods", "cxr_core.training.lungs"}
"""What has public names of its own inside another sub-package: the methods alone load TensorFlow, and another network is trained there."""

LONGEST = 300
"""Lines of a module: one with more has more than one purpose."""

TENSORFLOW = {"tensorflow", "keras", "tf_keras_vis"}
HEAVY = TENSORFLOW | {"streamlit", "sklearn", "highdicom"}
FREE_OF = {
    "ablation": HEAVY,
    "archive": HEAVY | {"pandas", "pyarrow"},
    "archive.on_ray": HEAVY | {"ray"},
    "archive.run": HEAVY,
    "artifacts": HEAVY | {"pandas", "scipy", "cv2", "plotly"},
    "calculator": HEAVY | {"pandas", "scipy", "cv2", "plotly", "pydicom"},
    "calibration": HEAVY | {"pandas", "scipy"},
    "cli": HEAVY | {"pandas", "scipy", "pyarrow"},
    "data": HEAVY,
    "dicomweb": HEAVY | {"pandas", "scipy", "pydicom", "requests"},
    "dicomweb.send": HEAVY | {"dicomweb_client", "requests"},
    "decision": HEAVY | {"pandas", "scipy", "cv2", "plotly", "pydicom", "pydantic"},
    "evaluation.comparison": HEAVY | {"scipy"},  # and the package with it
    "figures": HEAVY,
    "gate": HEAVY,
    "imaging": HEAVY | {"pydicom"},
    "lecture": HEAVY | {"pandas", "scipy", "plotly"},
    "model_card": HEAVY | {"scipy", "fpdf", "pydicom"},
    "practice": HEAVY | {"pandas", "scipy"},
    "reading": HEAVY,
    "reading.decoder": HEAVY | {"pandas", "scipy", "pydicom"},
    "reporting": HEAVY | {"pandas", "scipy", "plotly"},
    "saliency": HEAVY,
    "similar": HEAVY,
    "site_cards": HEAVY | {"pandas", "scipy", "cv2", "plotly"},
    "stats": HEAVY | {"pandas", "scipy"},
    "training": HEAVY,
    "watch": HEAVY | {"pandas", "scipy", "pydicom", "watchfiles"},
    "worklist": HEAVY | {"pandas", "scipy", "pyarrow", "fpdf"},
    "worklist.worklist": HEAVY,
}
"""By module of `cxr_core`: what importing it must not load."""


def name_of(path):
    return path.relative_to(REPOSITORY).as_posix()


def room_of(path):
    """The sub-package of `cxr_core`, its module, or the folder outside that a file belongs to."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return parts[1] if parts[0] == "cxr_core" and len(parts) > 1 else parts[0]


@functools.cache
def nodes(path):
    """Every part of a file's syntax tree."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path):
    """Every import of a file, wherever it stands: the module's name and the names taken from it."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), tuple(alias.name for alias in node.names)


def entered(path):
    """Imports of a file from other sub-packages: the sub-package, the module, and the names."""
    for module, names in imports(path):
        parts = module.split(".")
        if parts[0] == "cxr_core" and len(parts) > 1 and parts[1] != room_of(path):
            yield parts[1], module, names


def public_names(package):
    """What a package's `__all__` lists."""
    tree = ast.parse((REPOSITORY.joinpath(*package.split(".")) / "__init__.py").read_text(encoding="utf-8"))
    lists = [node.value for node in tree.body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"]
    return set(ast.literal_eval(lists[0])) if lists else set()


def importers(folder, packages):
    sources = sorted(folder.rglob("*.py"))
    assert sources
    return [name_of(path) for path in sources if {module.split(".")[0] for module, _ in imports(path)} & packages]


def loaded_by(script, *arguments):
    command = [sys.executable, "-c", f"import sys\n{script}\nprint(*sys.modules)", *arguments]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return set(run.stdout.split())


# Who imports whom


def test_the_library_never_imports_streamlit():
    assert importers(LIBRARY, {"streamlit"}) == []


def test_nothing_imports_by_dots():
    assert [name_of(path) for path in SOURCES for module, _ in imports(path) if module.startswith(".")] == []


@pytest.mark.parametrize("room", ["decision", "imaging", "stats"])
def test_what_stands_on_the_ground_imports_nothing_else_of_ours(room):
    assert {other for path in (LIBRARY / room).rglob("*.py") for other, _, _ in entered(path)} <= GROUND


def test_the_ground_stands_on_nothing():
    assert {other for name in GROUND for other, _, _ in entered(LIBRARY / f"{name}.py")} <= GROUND


def test_no_circle_among_rooms():
    arrows = {room: {other for path in (LIBRARY / room).rglob("*.py") for other, _, _ in entered(path)} for room in ROOMS}
    order = list(TopologicalSorter(arrows).static_order())  # raises CycleError, which names the circle
    assert set(ROOMS) <= set(order)


def test_sub_packages_are_used_by_their_public_names():
    deep = [
        f"{name_of(path)}: from {module} import {', '.join(names)}"
        for path in SOURCES
        for room, module, names in entered(path)
        if room not in GROUND and (module not in {f"cxr_core.{room}", *ROOMS_WITHIN} or not set(names) <= public_names(module))
    ]
    assert deep == []


@pytest.mark.parametrize("package", [*(f"cxr_core.{room}" for room in ROOMS), *sorted(ROOMS_WITHIN)])
def test_public_names_that_are_imported_late_are_there(package):
    """Those of packages that import them at once are looked after by Python itself."""
    source = (REPOSITORY.joinpath(*package.split(".")) / "__init__.py").read_text(encoding="utf-8")
    if "lazily(" not in source:
        return
    tree = ast.parse(source)
    homes = next(
        ast.literal_eval(node.args[1]) for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "lazily"
    )
    typed = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == {name: f"{package}.{home}" for name, home in homes.items()}
    assert set(homes) <= public_names(package)
    assert not {path.stem for path in REPOSITORY.joinpath(*package.split(".")).iterdir()} & set(homes)


def is_of(path, package):
    """Whether a file belongs to a package or to its tests."""
    inside = Path(*package.split("."))
    return path.is_relative_to(REPOSITORY / inside) or path.is_relative_to(REPOSITORY / "tests" / inside.relative_to("cxr_core"))


def names_used(path, package):
    """Public names of a package that a file imports, or takes from the imported package."""
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == package.split(".")[-1]:
            yield node.attr


@pytest.mark.parametrize("package", [*(f"cxr_core.{room}" for room in ROOMS), *sorted(ROOMS_WITHIN)])
def test_public_names_are_used_by_others(package):
    """A room's own modules and tests import from its modules, and need no door."""
    used = {name for path in [*SOURCES, *TESTS] if not is_of(path, package) for name in names_used(path, package)}
    assert public_names(package) - used == set()


def test_no_two_public_classes_share_a_name():
    """A name that stands for two ideas must be read with its module each time."""
    homes = defaultdict(list)
    for path in LIBRARY.rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name_of(path))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("folder", ["cxr_core", "pages"])
def test_modules_are_short(folder):
    paths = [path for kind in ("py", "js") for path in (REPOSITORY / folder).rglob(f"*.{kind}")]
    lengths = {str(path.relative_to(REPOSITORY)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


# What is loaded


@pytest.mark.parametrize("heavy", sorted(map(sorted, {frozenset(heavy) for heavy in FREE_OF.values()})), ids=" ".join)
def test_nothing_heavy_is_loaded_before_it_is_needed(heavy):
    """One process imports all that must be free of the same; the first that is not is named."""
    modules = [module for module in FREE_OF if FREE_OF[module] == set(heavy)]
    script = (
        "import importlib\n"
        "for module in sys.argv[1].split():\n"
        "    importlib.import_module('cxr_core.' + module)\n"
        "    found = sorted(sys.modules.keys() & set(sys.argv[2].split()))\n"
        "    assert not found, module + ' loads ' + ' '.join(found)"
    )
    loaded = loaded_by(script, " ".join(modules), " ".join(heavy))
    assert {f"cxr_core.{module}" for module in modules} <= loaded


@pytest.mark.parametrize(
    "room",
    [
        "artifacts",
        "calculator",
        "calibration",
        "data",
        "decision",
        "figures",
        "imaging",
        "model_card",
        "practice",
        "reporting",
        "similar",
        "site_cards",
        "stats",
    ],
)
def test_what_needs_no_tensorflow_never_names_it(room):
    assert importers(LIBRARY / room, TENSORFLOW) == []


def test_of_saliency_the_methods_alone_name_tensorflow():
    assert {Path(name).parent.name for name in importers(LIBRARY / "saliency", TENSORFLOW)} == {"methods"}


def test_of_the_lecture_one_module_names_tensorflow():
    assert importers(LIBRARY / "lecture", TENSORFLOW) == ["cxr_core/lecture/insides.py"]


def test_the_lecture_starts_without_the_network():
    script = (
        "from streamlit.testing.v1 import AppTest\n"
        "for query in ({}, {'step': 'neuron'}, {'step': 'loss'}):\n"
        "    app = AppTest.from_file(sys.argv[1], default_timeout=120)\n"
        "    app.query_params.update(query)\n"
        "    app.run()\n"
        "    assert app.header and not app.exception"
    )
    assert not loaded_by(script, str(REPOSITORY / "pages" / "how_it_works.py")) & (TENSORFLOW | {"scipy", "cxr_core.reading.reader"})


def test_the_read_page_starts_without_what_only_a_read_needs():
    modules = loaded_by("import pages.read")
    assert "pages.read.where" in modules
    assert not modules & (TENSORFLOW | {"pandas", "scipy", "fpdf", "cxr_core.reading", "cxr_core.similar"})


def test_the_model_card_starts_without_what_only_a_read_needs():
    modules = loaded_by("import pages.card.comparison, pages.card.results")
    assert "cxr_core.model_card.tables" in modules
    assert not modules & (TENSORFLOW | {"scipy", "sklearn", "fpdf", "pydicom"})


@pytest.mark.parametrize(
    ("page", "without"),
    [
        ("model_card", TENSORFLOW | {"sklearn", "scipy"}),
        ("net_benefit", TENSORFLOW | {"sklearn", "pandas", "scipy"}),
        ("practise", TENSORFLOW | {"sklearn", "pandas", "scipy", "cxr_core.reading.reader"}),
    ],
)
def test_a_whole_page_is_drawn_without(page, without):
    script = (
        "from streamlit.testing.v1 import AppTest; from pages.card.contents import PARTS\n"
        "for query in [{'part': part} for part in PARTS] if 'model_card' in sys.argv[1] else [{}]:\n"
        "    app = AppTest.from_file(sys.argv[1], default_timeout=120)\n"
        "    app.query_params.update(query)\n"
        "    app.run()\n"
        "    assert (app.subheader or app.header) and not app.exception"
    )
    assert not loaded_by(script, str(REPOSITORY / "pages" / f"{page}.py")) & without


# One preprocessing


def users_of(function):
    """The modules of the library that call a function."""
    return {
        path.relative_to(LIBRARY).as_posix()
        for path in LIBRARY.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function
    }


def test_everything_that_feeds_a_classifier_shares_one_preprocessing():
    assert users_of("model_input") == {"lungs/prepared.py"}
    feeding = {
        "data/film_cache.py",
        "evaluation/gate.py",
        "lecture/changes.py",
        "reading/load.py",
        "reading/reader.py",
        "similar/build.py",
        "training/infections.py",
    }
    assert users_of("prepare") == feeding


def test_what_looks_at_whole_films_shares_another():
    assert users_of("square_input") == {"gate/counterexamples.py", "lungs/fields.py", "lungs/prepared.py", "training/lungs/masks.py"}
