"""The laws of the house: which way imports point, what stays light, and how long files and functions may grow."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIGHT = (
    *("arrays", "errors", "formats", "progress", "recipe", "results", "cli"),
    *("host.choices", "host.memory", "host.resources"),
    *("method.consensus", "method.crf", "method.doubt", "method.familiarity", "method.lattice", "method.refine"),
    "method.probability",
    "networks.description",
    *("photograph.about", "photograph.files", "photograph.image", "photograph.read", "photograph.resize"),
    *("photograph.readers", "photograph.readers.bitmap", "photograph.readers.dicom", "photograph.readers.heif"),
    *("reading.agreement", "reading.contours", "reading.correction", "reading.measures", "reading.reading"),
    *("reading.polygons", "reading.regions", "reading.outline", "reading.scale"),
    *("reading.distances", "reading.joining", "reading.deciding"),
    *("reading.shaping", "reading.snapshots", "reading.wire"),
    *("records.atomic", "records.export", "records.folders", "records.readings", "records.render", "records.sidecar"),
    *("records.reading_back", "records.record", "records.table", "records.text", "records.filing", "records.sending"),
    *(f"records.dicom.{name}" for name in ("answer", "files", "header", "source", "segmentation", "report")),
    *(f"records.writers.{name}" for name in ("coco", "figure", "geojson", "labelme", "tiff", "table_csv")),
    *("records.writers.pdf", "records.writers.table_xlsx", "records.writers.dicom_seg", "records.writers.dicom_sr"),
    *("records.report", "records.report.content", "records.report.fonts", "records.style"),
    *("study.batch", "study.finding", "study.items", "study.reproducing"),
)


def name_of(path: Path) -> str:
    """The dotted name by which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for top in ("engine", "diffseg_gui") for path in sorted((ROOT / top).rglob("*.py"))}
ENGINE = [name for name in FILES if name.split(".")[0] == "engine"]
WINDOW = [name for name in FILES if name.split(".")[0] == "diffseg_gui"]


@cache
def tree_of(name: str) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


@cache
def imports(name: str) -> frozenset[str]:
    """The modules that a module of ours imports, wherever in it: within functions, and for type checking, too."""
    found = set()
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (within & set(FILES)) or {node.module}
    return frozenset(found)


def feature_of(name: str) -> str:
    """The feature that a module belongs to, or nothing."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["diffseg_gui", "features"] and len(parts) > 2 else ""


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


@pytest.mark.slow
def test_the_engine_never_loads_qt() -> None:
    assert first_to_load({"PySide6", "shiboken6", "diffseg_gui"}, ENGINE) == {}


def test_the_light_half_of_the_engine_never_loads_torch() -> None:
    assert first_to_load({"torch"}, [f"engine.{name}" for name in LIGHT]) == {}


def test_the_window_appears_before_torch_does() -> None:
    assert first_to_load({"torch"}, WINDOW) == {}


def test_the_window_imports_no_matplotlib() -> None:
    libraries = {"matplotlib", "xlsxwriter", "fpdf", "fontTools"}
    assert first_to_load(libraries, [*WINDOW, *(f"engine.{name}" for name in LIGHT)]) == {}


def test_libraries_of_single_formats_wait_for_a_file_of_theirs() -> None:
    libraries = {"pydicom", "highdicom", "pillow_heif", "openjpeg", "tifffile", "PIL.ImageCms"}
    assert first_to_load(libraries, [*WINDOW, *(f"engine.{name}" for name in LIGHT)]) == {}


@pytest.mark.slow
def test_segmenting_and_its_heatmaps_load_no_matplotlib(photo_path: Path, model_path: Path, tmp_path: Path) -> None:
    """Its import takes longer than all colours of a photograph."""
    script = """
import sys
from engine.cli import main
code = main(sys.argv[1:])
sys.exit("matplotlib was loaded" if "matplotlib" in sys.modules else code)
"""
    options = ("-o", tmp_path, "--model", model_path, "--device", "cpu", "--timesteps", "100")
    command = [sys.executable, "-c", script, "segment", photo_path, *options]
    done = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / photo_path.stem / "consistency.png").is_file()


@pytest.mark.slow
def test_the_first_frame_waits_for_nothing_that_it_does_not_show() -> None:
    """What single commands, formats and dialogs need is loaded when they are used."""
    script = """
import json, sys
from PySide6.QtWidgets import QApplication
from diffseg_gui.app.main import Preferences, Setup, Workbench, theme
app = QApplication([])
theme.apply(app)
setup = Setup()
bench = Workbench(setup, setup.defaults(), Preferences(None))
bench.window.show()
app.processEvents()
print(json.dumps(sorted(sys.modules)))
bench.window.close()
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    libraries = {"torch", "scipy", "skimage", "safetensors", "matplotlib", "pydicom", "highdicom", "fpdf", "xlsxwriter"}
    libraries |= {"shtab", "tqdm", "packaging", "importlib.metadata", "PySide6.QtPrintSupport"}
    ours = {"cli", "pipeline", "host.libraries", "records.report", "records.export"}
    assert not loaded & libraries
    assert not loaded & {"diffseg_gui.app.self_test", *(f"engine.{name}" for name in ours)}


def test_loading_the_model_leaves_the_compiler_of_torch_alone() -> None:
    """It makes a thousand modules, and no use of them."""
    script = """
import sys
from engine.networks.weights import load_model
load_model().on("cpu")
sys.exit(", ".join({"torch._dynamo", "sympy"} & set(sys.modules)) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
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
        assert not [module for module in imports(name) if module.split(".")[0] in ("diffseg_gui", "PySide6")], name


def test_the_window_does_no_mathematics_of_its_own() -> None:
    for name in WINDOW:
        assert not {module.split(".")[0] for module in imports(name)} & {"torch", "scipy", "pydensecrf"}, name


def test_only_the_command_line_draws_bars() -> None:
    assert [name for name in ENGINE if "tqdm" in imports(name)] == ["engine.cli.bars"]


def test_only_sending_knows_the_network() -> None:
    """And only the command of that name knows sending."""
    clients = {"requests", "dicomweb_client", "urllib3", "socket", "ssl", "ftplib", "smtplib", "asyncio", "xmlrpc"}
    parts = {"http.client", "http.server", "urllib.request", "PySide6.QtNetwork", "PySide6.QtWebSockets"}
    knowing = {
        name for name in FILES if imports(name) & parts or {one.split(".")[0] for one in imports(name)} & clients
    }
    assert knowing == {"engine.records.sending"}
    assert {name for name in FILES if "engine.records.sending" in imports(name)} == {"engine.cli.send"}


@pytest.mark.slow
def test_nothing_brings_the_library_that_sends_before_something_is_sent() -> None:
    assert first_to_load({"dicomweb_client", "requests"}, [*ENGINE, *WINDOW]) == {}


def test_the_graph_of_imports_is_known() -> None:
    """The tests about imports would pass on an empty graph."""
    assert "engine.method.lattice" in imports("engine.method.crf")
    assert "engine.host.device" in imports("engine.method.evidence")  # "from engine.host import device"
    assert "engine.recipe" in imports("engine.method.crf")  # for type checking only
    assert "engine.pipeline" in imports("engine.cli.options")  # within a function
    assert "diffseg_gui.features.changes" in imports("diffseg_gui.app.workbench")
    assert feature_of("diffseg_gui.features.changes.panel") == feature_of("diffseg_gui.features.changes") == "changes"


def test_no_import_goes_round_in_a_circle() -> None:
    """Nor do those for type checking: two modules that name each other can only be understood together."""
    graph = {name: imports(name) & set(FILES) - {name} for name in FILES}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_what_is_no_code_is_installed_and_frozen_with_it() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    frozen = (ROOT / "diffseg.spec").read_text()
    files = [p for p in (ROOT / "engine").rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")]
    assert files
    for path in files:
        assert any(path.match(pattern) for pattern in patterns), path
        assert f'"{path.relative_to(ROOT).as_posix()}"' in frozen, path


def test_only_who_wires_them_knows_features() -> None:
    """The window arranges what it is handed; ``bench`` measures some of it."""
    knowing = {name for name in WINDOW if not feature_of(name) and any(map(feature_of, imports(name)))}
    assert knowing == {"diffseg_gui.app.workbench", "diffseg_gui.bench"}


def test_features_know_neither_the_program_about_them_nor_each_other() -> None:
    features = [name for name in WINDOW if feature_of(name)]
    assert len({feature_of(name) for name in features}) > 20
    for name in features:
        others = {feature_of(module) for module in imports(name)} - {"", feature_of(name)}
        assert not others, f"{name} imports {others}"
        assert not [module for module in imports(name) if module.startswith("diffseg_gui.app")], name


def test_both_floors_are_installed_and_type_checked() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(tools["mypy"]["packages"]) == {"engine", "diffseg_gui"}
    ours = {name for name, path in FILES.items() if path.name == "__init__.py"}
    patterns = tools["setuptools"]["packages"]["find"]["include"]
    assert all(any(fnmatch(name, pattern) for pattern in patterns) for name in ours)
    assert not any(fnmatch("tests", pattern) for pattern in patterns)


@pytest.mark.parametrize("name", FILES)
def test_a_file_stays_readable(name: str) -> None:
    assert len(FILES[name].read_text(encoding="utf-8").splitlines()) <= 300
    tree = tree_of(name)
    assert ast.get_docstring(tree), "a module says what it is for"
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f.name for f in functions if f.end_lineno - f.lineno >= 40] == [], "longer than 40 lines"
