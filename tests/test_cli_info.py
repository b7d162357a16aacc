"""``diffseg info``, and what ``segment`` says of photographs that are not as one would expect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.cli import main
from tests.engine.dicoms import native
from tests.engine.pictures import lesion_photo

if TYPE_CHECKING:
    from pathlib import Path

PIXELS = lesion_photo(0)[0]
FILM = native(np.stack([PIXELS, PIXELS[::-1]]), PixelSpacing=[0.05, 0.05], BurnedInAnnotation="YES")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A DICOM file of two frames."""
    path = tmp_path / "film.dcm"
    path.write_bytes(FILM)
    return path


def test_it_says_what_a_file_is(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(film)]) == 0
    said = capsys.readouterr().out
    for part in ("DICOM, Dermoscopic Photography Image, Explicit VR Little Endian", "80 x 64 pixels", "frames       2",
                 "0.05 mm a pixel (DICOM Pixel Spacing)", "2026-05-04 10:11:12", "Back (left)", "Maker DX-1",
                 "who the patient is", "text is burned into its pixels"):  # fmt: skip
        assert part in said
    assert "PLANTED" not in said
    assert "4711" not in said


def test_as_json_it_is_a_list(film: Path, photo_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(film), str(photo_path), "--json"]) == 0
    text = capsys.readouterr().out
    first, second = json.loads(text)
    assert (first["frames"], first["mm_per_px"], first["mm_per_px_from"]) == (2, 0.05, "DICOM Pixel Spacing")
    assert (second["kind"], second["width"], second["height"], second["mm_per_px"]) == ("PNG", 96, 72, None)
    assert "PLANTED" not in text


def test_what_cannot_be_read_is_a_line_on_stderr_and_the_others_are_told(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.jpg").write_text("Dear colleague")
    assert main(["info", str(tmp_path), str(tmp_path / "absent.png"), "--json"]) == 1
    said = capsys.readouterr()
    assert [one["file"] for one in json.loads(said.out)] == [str(film)]
    assert len(said.err.splitlines()) == 2
    assert all(line.startswith("diffseg: ") for line in said.err.splitlines())


def test_an_empty_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["info", str(tmp_path)])
    assert exit_.value.code == 2


def test_segment_takes_the_frame_that_is_named_and_says_what_is_odd(
    film: Path, model_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--model", str(model_path), "--device", "cpu", "--timesteps", "100", "-o", str(tmp_path / "out"))
    assert main(["segment", str(film), *options]) == 0
    said = capsys.readouterr().err
    assert f"diffseg: {film}: this is the first of 2 frames." in said
    assert "text is burned into its pixels" in said
    assert main(["segment", str(film), *options, "--frame", "2"]) == 0
    assert "first of" not in capsys.readouterr().err
    frames = [json.loads(path.read_text())["image"]["frame"] for path in sorted((tmp_path / "out").glob("*/*.json"))]
    assert frames == [0, 1]
    assert main(["segment", str(film), *options, "--frame", "3"]) == 1
    assert "holds 2 frames, and no frame 3" in capsys.readouterr().err
