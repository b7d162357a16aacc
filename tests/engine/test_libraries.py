"""The libraries that the program runs with, and their licences."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from engine.host.libraries import libraries, licence

ROOT = Path(__file__).parents[2]


def test_what_the_project_names_is_among_them_and_what_those_need_too() -> None:
    names = {canonicalize_name(one.metadata["Name"]) for one in libraries()}
    installed = [Requirement(line) for line in metadata.requires("diffseg") or []]
    for one in installed:
        if one.marker is None or one.marker.evaluate({"extra": ""}):
            assert canonicalize_name(one.name) in names
    assert {"sympy", "shiboken6"} <= names, "torch and PySide6 need them"
    assert not names & {"diffseg", "pytest", "scikit-learn", "pyinstaller"}


def test_each_says_its_licence() -> None:
    said = {one.metadata["Name"].lower(): licence(one) for one in libraries()}
    assert all(said.values())
    assert "BSD" in said["numpy"]
    assert "LGPL" in said["shiboken6"]


def test_what_the_project_names_is_pinned() -> None:
    """A new library without a version would be another on every computer."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = (ROOT / "requirements" / "constraints.txt").read_text(encoding="utf-8")
    names = {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", pinned, re.MULTILINE)}
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    for line in [*project["dependencies"], *extras]:
        assert canonicalize_name(Requirement(line).name) in names, line
