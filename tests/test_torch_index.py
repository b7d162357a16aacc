"""Which build of PyTorch is asked of pip: the one at hand, else one without CUDA where no GPU could use it."""

from __future__ import annotations

import importlib.util
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path(__file__).parents[1] / "packaging" / "torch_index.py"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is nothing to choose")


def load() -> Any:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("torch_index", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script on a computer without a GPU where no torch is at hand."""
    module = load()
    monkeypatch.setattr(module, "is_at_hand", lambda version: False)
    monkeypatch.setattr(module, "GPU", ())
    return module


class Answering(BaseHTTPRequestHandler):
    """An index that has a page for torch and nothing else."""

    def do_GET(self) -> None:
        """Answer as an index does."""
        self.send_response(200 if self.path == "/whl/cpu/torch/" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def index() -> Iterator[str]:
    """The address of an index on this computer."""
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/whl/cpu"
        server.shutdown()
        thread.join()


def test_without_a_gpu_it_is_the_small_one(script: Any, index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "INDEX", index)
    assert script.choose() == (f"--extra-index-url {index}", script.SMALL)


def test_with_a_gpu_it_is_the_usual_one(
    script: Any, index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(script, "INDEX", index)
    monkeypatch.setattr(script, "GPU", (tmp_path,))
    assert script.choose() == ("", f"{script.LARGE}, for the NVIDIA GPU.")


def test_an_index_out_of_reach_is_said(script: Any, index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "INDEX", f"{index}/elsewhere")
    options, sentence = script.choose()
    assert options == ""
    assert "does not answer" in sentence


def test_what_is_installed_is_at_hand() -> None:
    script = load()
    assert script.is_at_hand(torch.__version__.split("+")[0])
    assert script.pinned().count(".") == 2
