"""The manual: it is made without a warning, needs nothing from elsewhere, and leaves out nothing that there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import COMMANDS

TOOLS = ("sphinx", "myst_parser", "furo", "latex2mathml")
ROOT = Path(__file__).parents[1]
SOURCES = r"`((?:diffseg_gui|engine|packaging|resources|tests)/[\w./-]+\.(?:py|sh|json))`"
KEYS = r"(?<![\w+])(?:(?:Ctrl|Shift|Alt)\+)+[A-Z0-9]\w*|\bF\d{1,2}\b"
FETCHED = r"""<(?:script|img|iframe|source)[^>]*\bsrc=["'](?:https?:)?//|<link[^>]*\bhref=["'](?:https?:)?//"""


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole manual; every warning, such as a link that leads nowhere, would have been an error."""
    for name in TOOLS:
        pytest.importorskip(name, reason="the manual is made with what the extra 'docs' installs")
    folder = tmp_path_factory.mktemp("manual")
    command = (sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", ROOT / "docs", folder / "html")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    options = ("-d", folder / "kept")
    done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


@pytest.mark.slow
def test_it_needs_nothing_from_elsewhere(manual: Path) -> None:
    pages = list(manual.rglob("*.html"))
    assert len(pages) > 20
    assert not [page.name for page in pages if re.search(FETCHED, page.read_text(encoding="utf-8"))]
    styles = (path.read_text(encoding="utf-8") for path in manual.rglob("*.css"))
    assert not [style for style in styles if re.search(r"url\(\s*[\"']?(https?:)?//", style)]


@pytest.mark.slow
def test_every_command_and_its_options_are_there(manual: Path) -> None:
    page = (manual / "commands.html").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f'id="diffseg-{name}"' in page
    assert "--recipe" in page
    assert 'id="diffseg-gui"' in page


@pytest.mark.slow
def test_every_decision_is_there(manual: Path) -> None:
    page = (manual / "decisions.html").read_text(encoding="utf-8")
    records = list((ROOT / "docs" / "adr").glob("*.md"))
    assert len(records) >= 21
    assert not [record.name for record in records if f"adr/{record.stem}.html" not in page]


@pytest.mark.slow
def test_every_model_says_who_may_use_it(manual: Path) -> None:
    page = (manual / "models.html").read_text(encoding="utf-8")
    for weights in (ROOT / "resources" / "models").glob("*.safetensors"):
        assert weights.name in page
    assert "CC0-1.0" in page


@pytest.mark.slow
def test_every_key_that_is_named_is_one(manual: Path) -> None:
    known = re.sub(r"<[^>]*>", " ", (manual / "keys.html").read_text(encoding="utf-8"))
    for page in (ROOT / "docs" / "guide").glob("*.md"):
        named = re.findall(KEYS, page.read_text(encoding="utf-8"))
        assert not [key for key in named if not re.search(rf"(?<![\w+]){re.escape(key)}\b", known)], page.name


@pytest.mark.slow
def test_every_picture_is_shown(manual: Path) -> None:
    pictures = {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    shown = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("*.md"))
    assert not [name for name in pictures if name not in shown]
    assert pictures <= {path.name for path in (manual / "_images").iterdir()}


def test_what_the_readme_links_to_is_there() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8"))
        assert links
        assert not [link for link in links if not (ROOT / link).exists()], page


def test_every_source_file_that_is_named_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "resources").rglob("*.md")]
    named = {(page.name, path) for page in pages for path in re.findall(SOURCES, page.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert not [one for one in named if not (ROOT / one[1]).exists()]


@pytest.mark.slow
def test_the_example_runs(tmp_path: Path) -> None:
    example = ROOT / "docs" / "example.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(example)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split("Dice ")[-1].split()[0]) > 0.8
    assert (tmp_path / "out" / "melanoma" / "mask.png").is_file()
