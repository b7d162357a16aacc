"""Folders: which files are photographs, and in what order they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.errors import ImageError
from engine.photograph.dicom.kinds import CLASSES
from engine.photograph.files import in_order, is_photograph
from engine.photograph.read import read_image
from engine.photograph.readers import suffixes
from engine.study.items import photographs_in
from tests.engine import dicoms
from tests.engine.test_heif import heic
from tests.engine.test_image import RGB, encoded, written

if TYPE_CHECKING:
    from pathlib import Path

LEFT_BY_SYSTEMS = ("._lesion.jpg", ".DS_Store", ".hidden.png", "Thumbs.db", "ehthumbs.db", "desktop.ini", "DICOMDIR")


def names(paths: list[Path]) -> list[str]:
    """Their names."""
    return [path.name for path in paths]


@pytest.mark.parametrize("suffix", suffixes())
def test_every_format_that_opens_alone_is_found_in_a_folder(tmp_path: Path, suffix: str) -> None:
    written(tmp_path / f"a{suffix}", b"photograph")
    written(tmp_path / f"B{suffix.upper()}", b"photograph")
    assert len(photographs_in(tmp_path)) == 2


@pytest.mark.parametrize("suffix", [".jpe", ".jfif", ".JPG", ""])
def test_a_jpeg_opens_whatever_its_name(tmp_path: Path, suffix: str) -> None:
    assert read_image(written(tmp_path / f"photo{suffix}", encoded(RGB, "JPEG"))).about.kind == "JPEG"


def test_what_systems_leave_beside_photographs_is_passed_over(tmp_path: Path) -> None:
    head = bytes(128) + b"DICM"  # the index of a disc begins like its photographs
    for name in LEFT_BY_SYSTEMS:
        written(tmp_path / name, head if name == "DICOMDIR" else encoded(RGB, "JPEG"))
    for name in ("letter.txt", "table.csv", "nothing"):
        written(tmp_path / name, b"Dear colleague")
    (tmp_path / "folder").mkdir()
    written(tmp_path / "lesion.jpg", encoded(RGB, "JPEG"))
    assert names(photographs_in(tmp_path)) == ["lesion.jpg"]


@pytest.mark.parametrize("name", ["segmentation.dcm", "report"])
def test_dicom_that_holds_no_picture_is_passed_over(tmp_path: Path, name: str) -> None:
    written(tmp_path / "lesion.dcm", dicoms.native(np.asarray(RGB)))
    kind = f"{CLASSES}66.4" if name == "segmentation.dcm" else f"{CLASSES}88.33"
    path = written(tmp_path / name, dicoms.saved(dicoms.header(kind)))
    assert names(photographs_in(tmp_path)) == ["lesion.dcm"]
    with pytest.raises(ImageError, match="open the photograph"):
        read_image(path)


def test_a_companion_that_is_named_alone_is_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path / "._lesion.jpg", b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(60))
    with pytest.raises(ImageError, match=r"_lesion\.jpg is what macOS wrote beside a photograph; open the photograph"):
        read_image(path)


def test_a_file_without_an_ending_is_known_by_its_content(tmp_path: Path) -> None:
    assert is_photograph(written(tmp_path / "IMG_0001", heic(RGB)))
    assert not is_photograph(written(tmp_path / "IMG_0002", b""))


def test_the_order_is_the_one_a_person_expects(tmp_path: Path) -> None:
    right = ["1.jpg", "2.jpg", "10.jpg", "mole.jpg", "Mole 1.png", "mole 9.jpg", "mole 10.jpg", "Mole 10a.jpg",
             "mole 10b.jpg", "mole 100.jpg", "naevus.jpg", "nävus.jpg", "nevus.jpg", "nevus.png"]  # fmt: skip
    assert names(in_order(tmp_path / name for name in reversed(right))) == right
    assert names(in_order(tmp_path / name for name in sorted(right))) == right


def test_files_that_are_called_by_their_identifiers_are_in_order_and_keep_their_masks(tmp_path: Path) -> None:
    photograph = dicoms.native(np.asarray(RGB))
    for name in ("1.2.10", "1.2.9"):
        written(tmp_path / name, photograph)
    written(tmp_path / "1.2.9_segmentation.png", encoded(RGB, "PNG"))
    assert names(photographs_in(tmp_path)) == ["1.2.9", "1.2.10"]


def test_numbers_longer_than_any_number_keep_their_place(tmp_path: Path) -> None:
    right = [f"{'9' * 100}.jpg", f"1{'0' * 100}.jpg"]
    assert names(in_order(tmp_path / name for name in reversed(right))) == right
