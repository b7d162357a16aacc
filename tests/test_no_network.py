"""The commands, and the whole program as a process of its own, with the network walled off."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.cli import main
from engine.records.export import export
from engine.records.writers import writers
from tests.engine.dicoms import native
from tests.engine.pictures import lesion_photo
from tests.engine.records_setup import result
from tests.offline import NetworkError, no_network
from tests.test_cli import usage_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.photograph.image import SkinImage
    from engine.results import Evidence

ROOT = Path(__file__).parents[1]
WALLED = """
import sys
from tests.offline import no_network
with no_network() as tried:
    from {module} import main
    code = main(sys.argv[1:])
sys.exit("; ".join(tried) or code)
"""


@pytest.fixture
def tried() -> Iterator[list[str]]:
    """What wanted to use the network."""
    with no_network() as found:
        yield found


def test_the_wall_holds_back_connections_and_look_ups(tried: list[str]) -> None:
    with socket.socket() as one, pytest.raises(NetworkError):
        one.connect(("127.0.0.1", 9))
    with socket.socket(socket.AF_INET6) as one, pytest.raises(NetworkError):
        one.connect_ex(("::1", 9))
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(NetworkError):
        one.sendto(b"x", ("127.0.0.1", 9))
    with pytest.raises(NetworkError):
        socket.create_connection(("localhost", 9))
    with pytest.raises(NetworkError):
        socket.getaddrinfo("example.org", 443)
    assert len(tried) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="local sockets of Linux and macOS")
def test_local_sockets_pass(tried: list[str], tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one, pytest.raises(FileNotFoundError):
        one.connect(str(tmp_path / "none"))
    assert tried == []


def test_without_the_wall_a_look_up_works() -> None:
    with no_network() as tried:
        pass
    assert socket.getaddrinfo("127.0.0.1", 9)
    assert tried == []


@pytest.mark.slow
def test_the_commands_use_no_network(tried: list[str], photo_path: Path, model_path: Path, tmp_path: Path) -> None:
    photographs, out = tmp_path / "photographs", tmp_path / "out"
    photographs.mkdir()
    (photographs / "nevus.png").write_bytes(photo_path.read_bytes())
    (photographs / "lesion.dcm").write_bytes(native(lesion_photo(0)[0]))
    fast = ("--model", model_path, "--device", "cpu", "--timesteps", "60,100")
    for arguments in (
        ("info", photographs),
        ("segment", photographs, "-o", out, *fast),
        ("export", out, "-o", tmp_path / "more", "--to", ",".join(writers()), "--photographs", photographs),
        ("reproduce", out, "--photographs", photographs, "--model", model_path),
    ):
        assert main([str(argument) for argument in arguments]) == 0
        assert tried == []
    assert (tmp_path / "more" / "nevus").is_dir()


@pytest.mark.slow
def test_the_command_that_sends_does_so_only_when_told(
    tried: list[str], photo: SkinImage, evidence: Evidence, tmp_path: Path
) -> None:
    export(result(evidence, photo), tmp_path / "nevus", also=("dicom-seg",))
    arguments = ["send", str(tmp_path / "nevus"), "--to", "http://127.0.0.1:9/dicom-web"]
    usage_error(arguments)
    assert tried == []
    with pytest.raises(NetworkError):
        main([*arguments, "--yes"])
    assert len(tried) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "arguments"),
    [("engine.cli", ("info",)), ("diffseg_gui.start", ("--self-test", "--device", "cpu"))],
    ids=["command", "window"],
)
def test_from_its_first_import_to_its_end(
    module: str, arguments: tuple[str, ...], photo_path: Path, tmp_path: Path
) -> None:
    """The window's self-test goes through all of it: opening, votes, scribbles, a correction, export, and once more."""
    first, *others = arguments
    given = [first, photo_path if first == "info" else tmp_path, *others]
    done = subprocess.run(
        [sys.executable, "-c", WALLED.format(module=module), *map(str, given)],
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
