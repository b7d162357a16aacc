"""The laws of the house: which way imports point, what stays light, and how long a file may grow."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
LIGHT = (
    *("arrays", "errors", "progress", "recipe", "results", "cli"),
    *("host.memory", "host.resources"),
    *("method.consensus", "method.crf", "method.lattice", "method.refine", "method.probability"),
    *("photograph.image", "photograph.read", "photograph.resize"),
    *("reading.agreement", "reading.contours", "reading.correction", "reading.measures", "reading.reading"),
    *("reading.regions", "reading.outline"),
    *("records.atomic", "records.export", "records.folders", "records.readings", "records.render", "records.sidecar"),
)


def name_of(path: Path) -> str:
    """The dotted name by which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for top in ("engine", "diffseg_gui") for path in sorted((ROOT / top).rglob("*.py"))}
ENGINE = [name for name in FILES if name.split(".")[0] == "engine"]
WINDOW = [name for name in FILES if name.split(".")[0] == "diffseg_gui"]


def is_type_checking(node: ast.stmt) -> bool:
    """Whether a statement is an ``if TYPE_CHECKING`` block."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def statements(body: list[ast.stmt], lazy: bool) -> Iterator[ast.stmt]:
    """All statements that run, on import or (``lazy``) at any time."""
    for node in body:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not lazy:
            continue
        inner = [] if is_type_checking(node) else getattr(node, "body", [])
        for block in (inner, getattr(node, "orelse", []), getattr(node, "finalbody", [])):
            yield from statements(block, lazy)
        for handler in getattr(node, "handlers", []):
            yield from statements(handler.body, lazy)


@cache
def imports(name: str, lazy: bool = False) -> frozenset[str]:
    """The modules that a module of ours names in its imports, those for type checking aside."""
    found = set()
    for node in statements(ast.parse(FILES[name].read_text(encoding="utf-8")).body, lazy):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (within & set(FILES)) or {node.module}
    return frozenset(found)


def first_to_load(packages: set[str], modules: list[str]) -> dict[str, list[str]]:
    """Import modules one after another in a fresh interpreter; which of them brought in which of the packages."""
    script = """
import importlib, json, sys
packages, modules = json.loads(sys.argv[1])
guilty = {}
for name in modules:
    before = set(sys.modules)
    importlib.import_module(name)
    found = sorted((set(sys.modules) - before) & set(packages))
    guilty.update({name: found} if found else {})
print(json.dumps(guilty))
"""
    arguments = json.dumps([sorted(packages), modules])
    command = [sys.executable, "-c", script, arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_engine_never_loads_qt() -> None:
    assert first_to_load({"PySide6", "shiboken6", "diffseg_gui"}, ENGINE) == {}


def test_the_light_half_of_the_engine_never_loads_torch() -> None:
    assert first_to_load({"torch"}, [f"engine.{name}" for name in LIGHT]) == {}


def test_the_window_appears_before_torch_does() -> None:
    assert first_to_load({"torch"}, WINDOW) == {}


def test_the_check_itself_notices_a_heavy_import() -> None:
    assert first_to_load({"torch"}, ["engine.errors", "engine.networks.unet", "engine.networks.weights"]) == {
        "engine.networks.unet": ["torch"]
    }


def readers_of_the_truth(name: str) -> set[str]:
    """The functions of a module that read ``results`` of anything, as only a document has; "" outside of functions."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "results"]
    within = ([one.name for one in functions if one.lineno <= line <= (one.end_lineno or 0)] for line in lines)
    return {names[-1] if names else "" for names in within}


def test_what_may_be_seen_is_asked_of_a_document() -> None:
    """``shown`` is nothing while a photograph is read blind, ``results`` is not: who reads that must know why."""
    reading = {name: functions for name in WINDOW if (functions := readers_of_the_truth(name))}
    assert reading.pop("diffseg_gui.look.wording") == {"chip"}, "device and time tell nothing of what was found"
    assert "reveal" in reading.pop("diffseg_gui.features.blind.blind")
    assert not [name for name in reading if not name.startswith(("diffseg_gui.document.", "diffseg_gui.app."))]


def test_nobody_reaches_into_a_document() -> None:
    """Its private attributes hold what was found, too."""
    for name in WINDOW:
        for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
            private = isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__")
            if private and ast.unparse(node.value).split(".")[-1] in ("document", "_document"):
                pytest.fail(f"{name}, line {node.lineno}: {ast.unparse(node)}")


def test_imports_point_from_the_window_to_the_engine() -> None:
    for name in ENGINE:
        assert not [m for m in imports(name, lazy=True) if m.split(".")[0] in ("diffseg_gui", "PySide6", "qtpy")], name


def test_the_window_does_no_mathematics_of_its_own() -> None:
    for name in WINDOW:
        assert not {m.split(".")[0] for m in imports(name, lazy=True)} & {"torch", "scipy", "pydensecrf"}, name


def test_the_graph_of_imports_is_known() -> None:
    """The two tests above and the one below would pass on an empty graph."""
    assert "engine.method.lattice" in imports("engine.method.crf")
    assert "engine.host.device" in imports("engine.method.evidence")  # "from engine import device"
    assert "engine.recipe" not in imports("engine.method.crf", lazy=True)  # for type checking only
    assert "engine.pipeline" not in imports("engine.cli.options")
    assert "engine.pipeline" in imports("engine.cli.options", lazy=True)
    assert any(module.startswith("engine.") for name in WINDOW for module in imports(name))


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {name: imports(name) & set(FILES) - {name} for name in FILES}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("name", FILES)
def test_a_file_stays_readable(name: str) -> None:
    text = FILES[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    if text:
        assert ast.get_docstring(ast.parse(text)), "a module says what it is for"
