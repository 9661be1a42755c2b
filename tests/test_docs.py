"""README and docs: short, with links that lead somewhere, commands that exist, and rooms that are there."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from cxr_core.cli import app
from tests.dicoms import dicom_bytes, levels
from tests.test_layout import LIBRARY, REPOSITORY, ROOMS, entered

DOCS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
LONGEST = 140
"""Letters of a line, as in the code."""

COMMANDS = typer.main.get_command(app).commands
each_document = pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)


def blocks(path):
    """The fenced blocks of a document."""
    return re.findall(r"^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def commands(start):
    """Every command in a fenced block that begins so, as words, without its comment."""
    lines = [line for path in DOCS for block in blocks(path) for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith(start)]


def anchors(path):
    """What a link may name in a document, as GitHub makes it of headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(document):
    """The links of a document to files and headings that are not there."""
    text = document.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("https://"):
            continue
        target, _, anchor = link.partition("#")
        file = document.parent / target if target else document
        if not file.is_file() or (anchor and anchor not in anchors(file)):
            yield link


def options(name):
    return {option for parameter in COMMANDS[name].params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}


OURS = [words[3:] for words in commands("python -m cxr_core ")]


def test_the_readme_is_short():
    assert len((REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()) <= 80


@each_document
def test_lines_are_short(path):
    prose = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(("|", "!["))]
    assert [line for line in prose if len(line) > LONGEST] == []


@each_document
def test_links_lead_somewhere(path):
    assert list(broken(path)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    document = tmp_path / "one.md"
    document.write_text("# One\n[a](#one) [b](#two) [c](gone.md) [d](one.md#one) [e](https://example.org)\n")
    assert list(broken(document)) == ["#two", "gone.md"]


def test_the_readme_leads_to_every_document():
    linked = re.findall(r"\]\(([^)\s#]+)", (REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert {path.relative_to(REPOSITORY).as_posix() for path in DOCS} - {"README.md"} <= set(linked)


@pytest.mark.parametrize("words", OURS, ids=" ".join)
def test_commands_can_be_given_so(words):
    """Parsed as the command line itself does, with every option and its type."""
    name, *arguments = words
    assert name in COMMANDS
    assert {word.partition("=")[0] for word in arguments if word.startswith("--")} <= options(name)
    if "--help" not in arguments:
        COMMANDS[name].make_context(name, arguments)


RUN_HERE = ("predict", "validate", "check-data")


@pytest.mark.slow
def test_commands_that_need_no_training_run_as_they_stand(tmp_path, monkeypatch, phantom_data, tiny_model):
    """In the order of the documents, beside files of the names that these use. The rest is run in `tests/cli`."""
    shutil.copytree(phantom_data, tmp_path / "my-films")
    (tmp_path / "DIR").symlink_to(phantom_data)
    shutil.copy(phantom_data / "COVID" / "images" / "COVID-0.png", tmp_path / "film.png")
    (tmp_path / "other.dcm").write_bytes(dicom_bytes(levels(), bits=12))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / "user-cache" / name))
    chosen = [words for words in OURS if words[0] in RUN_HERE and "DIR/kermany.csv" not in words]
    assert {words[0] for words in chosen} == set(RUN_HERE)
    for words in chosen:
        of_tiny = ["--model", str(tiny_model)] if "--model" in options(words[0]) and "--help" not in words else []
        done = CliRunner().invoke(app, [*words, *of_tiny])
        assert done.exit_code == 0, (words, done.output[-1000:])
    assert list((tmp_path / "reports").glob("*.pdf"))


def test_every_command_is_in_the_docs():
    assert {words[0] for words in OURS} == set(COMMANDS)


@each_document
def test_options_in_the_text_exist(path):
    known = set().union(*map(options, COMMANDS))
    assert set(re.findall(r"`(?:[a-z-]+ )?(--[a-z-]+)", path.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_tell_the_rest(name):
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert "Usage" in shown.output


def test_the_card_is_shown_by_its_command():
    run = subprocess.run([sys.executable, "-m", "cxr_core", "card"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert "accuracy" in run.stdout


def test_the_readmes_figures_are_written_by_their_command(tmp_path, monkeypatch):
    assert ["card", "--readme", "README.md"] in OURS
    readme = tmp_path / "README.md"
    readme.write_text(re.sub(r"^\| Accuracy .*$", "| Accuracy | typed |", (REPOSITORY / "README.md").read_text(), flags=re.MULTILINE))
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["card", "--readme", "README.md"]).exit_code == 0
    assert "typed" not in readme.read_text()


def test_make_knows_its_targets():
    targets = re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = [words[1] for words in commands("make ")]
    assert {"run", "test"} <= set(named) <= set(targets)


def drawing(holding):
    text = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    (block,) = [block for block in re.findall(r"^```\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE) if holding in block]
    return block


def test_the_rooms_are_those_on_disk():
    listed = drawing("cxr_core/\n").partition("cxr_core/\n")[2]
    assert sorted(re.findall(r"^  (\w+)/", listed, flags=re.MULTILINE)) == ROOMS


def test_whatever_else_is_drawn_is_there():
    outside = re.findall(r"^([\w.]+/?) ", drawing("cxr_core/\n"), flags=re.MULTILINE)
    assert len(outside) > 4
    assert [name for name in outside if not (REPOSITORY / name).exists()] == []


def test_rooms_stand_on_lines_below():
    lines = [line.split() for line in drawing("cli\nablation").splitlines()]
    below = {room: {other for line in lines[number + 1 :] for other in line} for number, line in enumerate(lines) for room in line}
    assert sorted(below) == ROOMS
    for room in ROOMS:
        used = {other for path in (LIBRARY / room).rglob("*.py") for other, _, _ in entered(path)} & set(ROOMS)
        assert used <= below[room], room


def test_files_in_the_text_exist():
    text = "".join(path.read_text(encoding="utf-8") for path in DOCS)
    named = set(re.findall(r"`((?:cxr_core|pages|tests|docs|benchmarks)/[\w./]*)`", text))
    assert len(named) > 10
    assert [name for name in named if "my_page" not in name and not (REPOSITORY / name).exists()] == []
