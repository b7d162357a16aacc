"""A result's photograph is found by its bytes, whatever it is called, and the frame with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.photograph.read import read_image
from engine.study.finding import Photographs
from tests.engine.dicoms import native

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage


def said_of(image: SkinImage, name: str) -> dict[str, object]:
    """What a sidecar says of a photograph, under the name that it had then."""
    frame = {} if image.frame is None else {"frame": image.frame}
    return {"image": {"file": name, "sha256": image.sha256, **frame}}


@pytest.mark.parametrize("name", ["IM0001", "renamed.dcm", "arm.jpg"])
@pytest.mark.parametrize("frame", [None, 0, 2])
def test_a_dicom_photograph_and_its_frame_are_found(
    photo: SkinImage, tmp_path: Path, name: str, frame: int | None
) -> None:
    shades = [photo.pixels, 255 - photo.pixels, photo.pixels // 2]
    path = tmp_path / "far" / "deep" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(native(shades[0] if frame is None else np.stack(shades)))
    (tmp_path / "another").mkdir()
    found = Photographs(tmp_path / "another", tmp_path / "far").find(
        tmp_path, said_of(read_image(path, frame), "arm.dcm")
    )
    assert found is not None
    assert found.frame == frame
    assert np.array_equal(found.pixels, shades[frame or 0])


def test_what_systems_leave_beside_photographs_is_not_taken(photo: SkinImage, tmp_path: Path) -> None:
    (tmp_path / ".hidden.dcm").write_bytes(native(photo.pixels))
    image = read_image(tmp_path / ".hidden.dcm")
    assert Photographs(tmp_path).find(tmp_path, said_of(image, "arm.dcm")) is None
    assert Photographs(tmp_path).find(tmp_path, said_of(image, ".hidden.dcm")) is not None
