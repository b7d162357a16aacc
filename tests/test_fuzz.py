"""Damaged files give a value or a sentence, whatever the damage; ``python -m tests.fuzz`` is the long run."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from engine.errors import ExportError, ModelError
from engine.networks.weights import load_model
from engine.photograph.image import SkinImage
from engine.photograph.read import UNUSABLE
from engine.records.reading_back import read_record
from tests import fuzz, fuzz_seeds

if TYPE_CHECKING:
    from pathlib import Path


def test_undamaged_files_give_values(tmp_path: Path) -> None:
    for kind, data in fuzz_seeds.seeds().items():
        assert fuzz.read_case(kind, data, tmp_path) is not None, kind


def test_each_damaged_file_gives_a_value_or_a_sentence_and_nothing_is_printed(tmp_path: Path) -> None:
    with fuzz.chatter() as said:
        tally = fuzz.run(1, range(360), tmp_path)
    assert tally.failed == []
    assert said == []
    assert tally.values.total() > 20
    assert tally.refused.total() > 200


def test_what_libraries_print_is_seen() -> None:
    with fuzz.chatter() as said:
        os.write(2, b"tempfile.tif: bad code\n")
    assert said == ["tempfile.tif: bad code"]


@pytest.mark.parametrize(
    "entry",
    [{"base": 8 * 10**6}, {"blocks": 10**9}, {"multipliers": [1, 10**6]}, {"size": 2**40}, {"base": 10**30 * 8}],
)
def test_a_description_of_a_network_that_no_memory_holds_is_refused_at_once(
    model_path: Path, tmp_path: Path, entry: dict[str, object]
) -> None:
    described = json.loads(model_path.with_suffix(".json").read_text())
    path = tmp_path / "large.safetensors"
    path.write_bytes(model_path.read_bytes())
    path.with_suffix(".json").write_text(json.dumps({**described, "config": {**described["config"], **entry}}))
    with pytest.raises(ModelError, match="does not fit the network"):
        load_model(path)


def test_an_array_whose_header_is_cut_short_is_damage(tmp_path: Path) -> None:
    results = tmp_path / "results"
    fuzz_seeds.write_results(results)
    header = b"{'descr': ('<f4'\n"
    with zipfile.ZipFile(results / "maps.npz", "w") as archive:
        archive.writestr("difference.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
    with pytest.raises(ExportError, match="is damaged"):
        read_record(results)


def test_a_profile_whose_colour_space_is_not_text_is_passed_over(tmp_path: Path) -> None:
    """Case 6337 of the long run."""
    tally = fuzz.run(0, range(6337, 6338), tmp_path)
    assert tally.failed == []
    whole = fuzz_seeds.seeds()["jpg progressive"]
    place = whole.index(b"acsp") - 20  # where the profile's header names its colour space
    damaged = whole[:place] + b"R\n\xaa\x83" + whole[place + 4 :]
    assert colours_of(fuzz.read_case("jpg progressive", damaged, tmp_path)) == (UNUSABLE,)


def colours_of(image: object) -> tuple[str, ...]:
    """What is told of a photograph."""
    assert isinstance(image, SkinImage)
    return image.about.notes
