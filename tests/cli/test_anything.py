"""Whatever options, files and folders the commands are given: an exit code and a sentence, never a traceback."""

import json
import os
import random
import shutil

import pytest
import typer
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from cxr_core.cli import app
from cxr_core.labels import CLASS_NAMES
from cxr_core.training import Recipe
from tests.cli.running import invoke
from tests.drawing import flip_bits, phantom_levels, png_bytes

pytestmark = pytest.mark.slow

COMMANDS = typer.main.get_command(app).commands
ENDED = {0, 1, 2}
TEXTS = (
    "",
    " ",
    "x",
    "-",
    "--",
    "None",
    "imagenet",
    "none",
    "../..",
    "a\nb",
    "é\u202e",
    "\udcff",
    "%s{0}",
    "9" * 400,
    "x" * 5000,
    "COVID=x",
)
WHOLE = ("0", "1", "-1", "224", "99999999999999999999", "1.5", "nan", "", "٣", "1_000", " 7 ")
NUMBERS = ("0", "0.5", "1", "-1", "nan", "inf", "-inf", "1e400", "1e-400", "0x1p3", "", "x")
PLACES = (
    "",
    ".",
    "empty",
    "absent",
    "absent/deeper",
    "file",
    "file/below",
    "binary",
    "loop",
    "pipe",
    "classes",
    "list.csv",
    "film.png",
    "films.zip",
    "run",
    "model",
    "x" * 300,
    "y/" * 2100,
    "\udcff",
    "a\nb",
    "/sys/second-look",
    "/dev/null",
    "/dev/null/below",
    "/dev/full",
)
"""Nothing here lets a command train or measure: no data set is whole."""


@pytest.fixture(scope="module")
def places(tmp_path_factory, tiny_model):
    """A folder with something of each kind; the commands are given what is in it, and run there."""
    folder = tmp_path_factory.mktemp("places")
    for name in ("empty", "classes/COVID", "run"):
        (folder / name).mkdir(parents=True)
    (folder / "classes" / "masks.csv").write_text("film,mask\nfilm.png,mask.png\n")
    (folder / "file").write_text("some text\n")
    (folder / "binary").write_bytes(random.Random(0).randbytes(500))
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    (folder / "list.csv").write_text("path,label\nabsent.png,COVID\n")
    (folder / "film.png").write_bytes(png_bytes(phantom_levels()))
    (folder / "films.zip").write_bytes(b"PK\x03\x04")
    (folder / "run" / "recipe.json").write_text("{}")
    (folder / "README.md").write_text("<!-- figures: written by 'python -m cxr_core card' -->\n<!-- end of figures -->\n")
    (folder / "results").mkdir()
    shutil.copytree(tiny_model, folder / "model")
    return folder


def values(command, parameter):
    """Whatever may be typed for a parameter."""
    if (command, parameter.name) == ("archive", "films"):
        return sorted(set(PLACES) - {"", ".", "film.png"})  # what holds a film would be read by processes of its own
    kind = str(parameter.type_descriptor.annotation)
    drawn = {"Path": PLACES, "int": WHOLE, "float": NUMBERS}
    return next((drawn[word] for word in drawn if word in kind), TEXTS + PLACES)


MUST_BE_GIVEN = {"model", "out", "results", "run", "cache", "once"}
"""What would otherwise be looked for, or written, outside of the folder of the test, or never end."""


@st.composite
def command_lines(draw):
    name = draw(st.sampled_from(sorted(COMMANDS)))
    words = [name]
    for parameter in COMMANDS[name].params:
        if not (parameter.required or parameter.name in MUST_BE_GIVEN or draw(st.integers(0, 4)) == 0):
            continue
        option = [] if parameter.param_type_name == "argument" else [parameter.opts[0]]
        if parameter.type_descriptor.annotation is bool:
            words += option
            continue
        for _ in range(draw(st.integers(1, 2)) if parameter.type_descriptor.is_list else 1):
            words += [*option, draw(st.sampled_from(values(name, parameter)))]
    return words


def ended_well(words):
    done = invoke(*words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise AssertionError(f"{words} ended in {done.exception!r}") from done.exception
    assert done.exit_code in ENDED, words
    assert "Traceback" not in done.output
    assert done.exit_code == 0 or done.stderr.strip() or done.stdout.strip(), f"{words} failed without a word"
    return done


EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
"""A few each time; `EXAMPLES=1000 pytest -m "" tests/cli/test_anything.py` looks longer."""


@seed(16)
@settings(max_examples=EXAMPLES)
@given(words=command_lines())
def test_options_of_any_value(places, words):
    here = os.getcwd()
    os.chdir(places)
    try:
        ended_well(words)
    finally:
        os.chdir(here)


# What is in a file

VALUES = (
    None,
    "",
    "x",
    -1,
    0,
    1.5,
    10**40,
    1e308,
    float("nan"),
    float("inf"),
    True,
    [],
    {},
    [[]],
    {"x": {}},
    "9" * 300,
    "\ud800",
    [1] * 500,
)
CELLS = (
    "",
    "x",
    "COVID",
    "train",
    "held",
    "..",
    "/etc/passwd",
    "a\0b",
    '"',
    "\n",
    "," * 9,
    "x" * 200_000,
    "\udcff",
    "nan",
    "1e400",
    "é",
    ".",
)


def nested(document, draw):
    """Put a drawn value in a drawn place of a JSON document."""
    if not isinstance(document, dict | list) or not document or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(VALUES))
    if isinstance(document, list):
        at = draw(st.integers(0, len(document) - 1))
        return [*document[:at], nested(document[at], draw), *document[at + 1 :]]
    key = draw(st.sampled_from(sorted(document)))
    if draw(st.integers(0, 5)) == 0:
        return {name: value for name, value in document.items() if name != key}
    return {**document, key: nested(document[key], draw)}


def damaged(content, name, draw):
    """Damage a file in a way that its kind allows."""
    kinds = ["bits", "cut", "junk", "empty", "deep"] + ["json"] * 8 * name.endswith(".json") + ["cell"] * 8 * name.endswith(".csv")
    kind = draw(st.sampled_from(kinds))
    if kind == "json":
        return json.dumps(nested(json.loads(content), draw)).encode()
    if kind == "cell":
        rows = [row.split(",") for row in content.decode().splitlines()]
        row = draw(st.sampled_from(rows))
        row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(CELLS))
        return "\n".join(map(",".join, rows)).encode(errors="surrogateescape")
    place = draw(st.integers(0, len(content)))
    return {
        "bits": flip_bits(content or b"x", draw(st.lists(st.integers(0, 8 * len(content)), min_size=1, max_size=9))),
        "cut": content[:place],
        "junk": content[:place] + draw(st.sampled_from([b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"[" * 5000])) + content[place:],
        "empty": b"",
        "deep": b"[" * 100_000,
    }[kind]


FILES = {
    "README.md": [["card", "--readme", "README.md", "--model", "model"]],
    "list.csv": [["validate", "--data", "list.csv", "--model", "model"], ["check-data", "list.csv", "--cache", "empty"]],
    "classes/manifest.csv": [
        ["check-data", "classes", "--cache", "empty"],
        ["train", "--data", "classes", "--out", "run", "--cache", "empty", "--skip-broken", "--backbone", "tiny", "--size", "64"],
        ["evaluate", "--data", "classes", "--model", "model", "--cache", "empty", "--skip-broken"],
    ],
    "classes/masks.csv": [["train-lungs", "--data", "classes", "--out", "run"]],
    "classes/sources.csv": [["check-data", "classes", "--cache", "empty"]],
    "run/recipe.json": [
        ["train", "--data", "classes", "--out", "run", "--resume", "--cache", "empty"],
        ["evaluate", "--data", "classes", "--run", "run", "--model", "absent", "--cache", "empty"],
    ],
    "empty/readable-films.txt": [["check-data", "classes", "--cache", "empty"]],
    **{
        f"model/{name}": [
            ["card", "--model", "model"],
            ["predict", "film.png", "--model", "model"],
            ["predict", "film.png", "--model", "model", "--report", "results", "--force"],
            ["validate", "--list", "--model", "model"],
            ["evaluate", "--data", "classes", "--model", "model", "--cache", "empty"],
        ]
        for name in ("model_card.json", "calibration.json", "gate.npz", "test_reads.csv", "classifier.weights.h5")
    },
}


CONTENTS = {
    "list.csv": b"path,label\nfilm.png,COVID\nabsent.png,Normal\n",
    "classes/manifest.csv": b"path,label,split,group\n"
    + b"".join(b"%d.png,%s,train,g%d\n" % (code, name.encode(), code) for code, name in enumerate(CLASS_NAMES)),
    "classes/sources.csv": b"path,source,age\n0.png,a,40\n1.png,b,\n",
    "run/recipe.json": Recipe(backbone="Tiny", size=64, init="none").model_dump_json().encode(),
    "empty/readable-films.txt": b"0123456789abcdef\n",
}


@seed(16)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_files_with_any_content(places, data):
    for name, content in CONTENTS.items():
        (places / name).write_bytes(content)
    for number in range(4):
        (places / "classes" / f"{number}.png").write_bytes(png_bytes(phantom_levels(seed=number)))
    name = data.draw(st.sampled_from(sorted(FILES)))
    words = data.draw(st.sampled_from(FILES[name]))
    sound = (places / name).read_bytes()
    (places / name).write_bytes(damaged(sound, name, data.draw))
    try:
        ended_well([str(places / word) if (places / word).exists() or word == "absent" else word for word in words])
    finally:
        (places / name).write_bytes(sound)
