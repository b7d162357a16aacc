"""``diffseg --print-completion``: what a shell offers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from engine.cli import COMMANDS, main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="bash there is the one of another system"),
    pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here"),
]


@pytest.fixture
def script(capsys: pytest.CaptureFixture[str]) -> str:
    """The completion for bash."""
    with pytest.raises(SystemExit, match="0"):
        main(["--print-completion", "bash"])
    return capsys.readouterr().out


def offered(script: str, folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of these words."""
    typed = " ".join(f"'{word}'" for word in ("diffseg", *words))
    ask = f"COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _shtab_diffseg; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_bash_offers_commands_options_choices_and_files(script: str, tmp_path: Path) -> None:
    (tmp_path / "photograph.jpg").touch()
    assert set(offered(script, tmp_path, "")) >= set(COMMANDS)
    assert offered(script, tmp_path, "rep") == ["reproduce"]
    assert "--resume" in offered(script, tmp_path, "segment", "--re")
    assert offered(script, tmp_path, "segment", "--device", "cu") == ["cuda"]
    assert offered(script, tmp_path, "segment", "--model", "pho") == ["photograph.jpg"]
