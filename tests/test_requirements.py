"""No requirement admits a version that is known to be vulnerable, as far as the dated list in the repository knows."""

import json
import re
import warnings
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).parents[1]
LIST = json.loads((REPOSITORY / ".ci" / "known-vulnerabilities.json").read_text())
STALE = timedelta(days=180)
FILES = sorted(REPOSITORY.glob("requirements*.txt"))
REQUIREMENTS = sorted(
    {
        line.split("#")[0].strip()
        for path in FILES
        for line in path.read_text().splitlines()
        if line.strip() and not line.lstrip().startswith(("#", "-"))
    }
)


def known(requirement):
    return LIST["packages"][canonicalize_name(requirement.name)]


def lowest(specifiers):
    """The versions at which these specifiers begin."""
    return [Version(one.version.removesuffix(".*")) for one in specifiers if one.operator in {">=", "==", "~=", ">"}]


def admitted(requirement, affected):
    """Versions that a requirement admits and an entry of the list affects; both are ranges, so one of the two begins at such a version."""
    begins = lowest(requirement.specifier) + lowest(affected)
    return [str(start) for start in begins if requirement.specifier.contains(start, True) and affected.contains(start, True)]


@pytest.mark.parametrize("line", REQUIREMENTS)
def test_no_version_that_is_known_to_be_vulnerable_is_admitted(line):
    requirement = Requirement(line)
    assert lowest(requirement.specifier), f"{requirement.name} has no lower bound"
    assert canonicalize_name(requirement.name) in LIST["packages"], "look it up, and list what is known of it, if only []"
    found = [(entry["id"], admitted(requirement, SpecifierSet(spec))) for entry in known(requirement) for spec in entry["affected"]]
    assert [(name, versions) for name, versions in found if versions] == []


@pytest.mark.parametrize("line", REQUIREMENTS)
def test_nothing_that_is_known_to_be_vulnerable_is_installed(line):
    requirement = Requirement(line)
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        pytest.skip(f"{requirement.name} is optional")
    found = [entry["id"] for entry in known(requirement) if any(SpecifierSet(spec).contains(installed, True) for spec in entry["affected"])]
    assert found == []


@pytest.mark.parametrize(
    ("line", "spec", "vulnerable"),
    [
        ("one>=3.12,<4", "<3.12.1", True),
        ("one>=3.12.1,<4", "<3.12.1", False),
        ("one>=3.12.1,<4", ">=3.13,<3.13.2", True),
        ("one>=3.12.1,!=3.13.*,<4", ">=3.13,<3.13.2", False),
        ("one>=3.12.1,<3.13", ">=3.13,<3.13.2", False),
    ],
)
def test_a_vulnerable_version_is_found_in_either_range(line, spec, vulnerable):
    assert bool(admitted(Requirement(line), SpecifierSet(spec))) == vulnerable


def test_the_list_can_be_read_and_is_not_stale():
    assert len(REQUIREMENTS) > 30
    for name, entries in LIST["packages"].items():
        assert name == canonicalize_name(name)
        for entry in entries:
            assert re.search(r"\d", entry["id"])
            assert [SpecifierSet(spec) for spec in entry["affected"]]
    looked_up = date.fromisoformat(LIST["date"])
    if date.today() - looked_up > STALE:
        warnings.warn(f"the list of known vulnerabilities is of {looked_up}: bring it up to date", stacklevel=1)
