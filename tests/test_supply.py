"""The lock and the bill of materials name what the program runs with, and nothing but that."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from engine.host.resources import default_model
from engine.networks.description import read_description

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "packaging"))

PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Versions by package, of a file of requirements."""
    found = PIN.findall((ROOT / "requirements" / name).read_text(encoding="utf-8"))
    return {canonicalize_name(package): version for package, version in found}


def needed() -> set[str]:
    """What pyproject.toml says that the program runs with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}


def test_the_lock_has_a_digest_for_all_that_is_needed() -> None:
    text = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert needed() <= set(pins("lock.txt"))
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_the_lock_names_the_versions_that_are_tested() -> None:
    locked, tested = pins("lock.txt"), pins("constraints.txt")
    assert {name: locked[name] for name in locked if name in tested} == {
        name: tested[name] for name in tested if name in locked
    }
    assert not [name for name in locked if name not in tested and not name.startswith(("cuda-", "nvidia-", "triton"))]


@pytest.mark.slow
def test_the_bill_names_libraries_models_and_no_tools() -> None:
    pytest.importorskip("cyclonedx_py", reason="the bill is made with what the extra 'supply' installs")
    import sbom
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    bill = sbom.bill()
    names = {canonicalize_name(one["name"]) for one in bill["components"]}
    assert {"torch", "numpy", "pyside6-essentials", "pydicom", "typing-extensions"} <= names
    assert not names & {"pytest", "mypy", "sphinx", "diffseg"}
    refs = {one["bom-ref"] for one in bill["components"]}
    (root,) = [one for one in bill["dependencies"] if one["ref"] == bill["metadata"]["component"]["bom-ref"]]
    assert {ref for one in bill["dependencies"] for ref in one["dependsOn"]} <= refs
    assert len(root["dependsOn"]) > 10
    (model,) = [one for one in bill["components"] if one["name"] == default_model().stem]
    assert model["hashes"][0]["content"] == hashlib.sha256(default_model().read_bytes()).hexdigest()
    assert model["licenses"][0]["license"]["name"] == read_description(default_model()).licence
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
