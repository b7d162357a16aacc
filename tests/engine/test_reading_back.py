"""Results that are read back: the same record, the same bytes in every format, and sentences for what is not right."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.errors import ExportError
from engine.records.export import export, export_formats
from engine.records.reading_back import read_record
from engine.records.record import Record
from engine.records.sidecar import SIDECAR
from engine.records.writers import writers
from engine.records.writers.maps import npz
from tests.engine.records_setup import reading_of, result
from tests.engine.test_export import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.photograph.image import SkinImage
    from engine.results import Evidence

pytestmark = pytest.mark.slow

EVERY = tuple(writers())


@pytest.fixture(params=["corrected", "plain", "unrefined"])
def record(request: pytest.FixtureRequest, evidence: Evidence, photo: SkinImage) -> Record:
    """A corrected result, and results of the model alone."""
    found = result(evidence, photo, refine=request.param != "unrefined")
    return Record.of(found, reading_of(found) if request.param == "corrected" else None)


@pytest.fixture
def plain(evidence: Evidence, photo: SkinImage) -> Record:
    """A result of the model alone."""
    return Record.of(result(evidence, photo))


def files_of(record: Record) -> Iterator[tuple[str, str, bytes]]:
    """Every format's files, those that need the photograph only where it is there."""
    for name, writer in writers().items():
        if record.has_photograph or not writer.needs_photograph:
            yield from ((name, file, data) for file, data in writer.files(record))


def test_every_format_comes_out_the_same(record: Record, tmp_path: Path) -> None:
    export(record.found, tmp_path, record.reading)
    again = read_record(tmp_path, record.found.image)
    assert again.said == json.loads(json.dumps(record.said))
    assert list(files_of(again)) == list(files_of(record))


def test_without_the_photograph_the_others_come_out_the_same(record: Record, tmp_path: Path) -> None:
    export(record.found, tmp_path, record.reading)
    again = read_record(tmp_path)
    of_pixels = {"overlay", "figure", "pdf", "dicom-seg", "dicom-sr"}
    assert {name for name, _, _ in files_of(again)} == set(EVERY) - of_pixels
    assert set(files_of(again)) < set(files_of(record))
    with pytest.raises(ExportError, match=r"photograph nevus\.png was not found, and figure needs it"):
        export_formats(again, tmp_path / "out", ("svg", "figure"))
    assert not list((tmp_path / "out").rglob("*.svg"))


def test_formats_are_written_beside_their_result_and_nothing_else_changes(record: Record, tmp_path: Path) -> None:
    export(record.found, tmp_path / "nevus", record.reading)
    before = content(tmp_path)
    assert export_formats(read_record(tmp_path / "nevus", record.found.image), tmp_path, EVERY) == tmp_path / "nevus"
    after = content(tmp_path)
    assert {name: after[name] for name in before} == before
    export(record.found, tmp_path / "at_once", record.reading, also=EVERY)
    assert content(tmp_path / "at_once") == content(tmp_path / "nevus")


def test_elsewhere_a_format_has_its_sidecar_with_it(record: Record, tmp_path: Path) -> None:
    export(record.found, tmp_path / "nevus", record.reading)
    folder = export_formats(read_record(tmp_path / "nevus"), tmp_path / "svg", ["svg"])
    assert set(content(folder)) == {"border.svg", SIDECAR}
    assert (folder / SIDECAR).read_bytes() == (tmp_path / "nevus" / SIDECAR).read_bytes()


def test_another_result_of_the_photograph_is_never_mixed_in(plain: Record, tmp_path: Path) -> None:
    export(plain.found, tmp_path / "nevus", reading_of(plain.found))
    before = content(tmp_path)
    with pytest.raises(ExportError, match=r"nevus holds another result of nevus\.png"):
        export_formats(plain, tmp_path, ["svg"])
    assert content(tmp_path) == before


def test_another_photograph_of_that_name_gets_a_folder_of_its_own(plain: Record, tmp_path: Path) -> None:
    other = replace(plain.found, image=replace(plain.found.image, sha256="0123456789abcdef"))
    first, second = (export_formats(one, tmp_path, ["svg"]) for one in (plain, Record.of(other)))
    assert (first.name, second.name) == ("nevus", "nevus-01234567")


def test_a_result_of_before_has_the_border_of_its_mask(plain: Record, tmp_path: Path) -> None:
    export(plain.found, tmp_path)
    with np.load(tmp_path / "maps.npz") as maps:
        (tmp_path / "maps.npz").write_bytes(npz({name: maps[name] for name in maps if name != "refined"}))
    again = read_record(tmp_path)
    assert np.array_equal(again.mask, plain.mask)
    assert again.found.refined.dropped == plain.found.refined.dropped
    assert len(again.border) >= len(plain.border) > 0


def test_a_result_whose_correction_is_missing_is_not_taken_for_the_models(
    evidence: Evidence, photo: SkinImage, tmp_path: Path
) -> None:
    found = result(evidence, photo)
    export(found, tmp_path, reading_of(found))
    (tmp_path / "correction.png").unlink()
    with pytest.raises(ExportError, match=r"correction\.png is missing in"):
        read_record(tmp_path)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def painted(path: Path) -> None:
    """Change some pixels of a mask by hand."""
    mask = np.array(Image.open(path))
    mask[0, :9] = 255 - mask[0, :9]
    Image.fromarray(mask).save(path)


def without(name: str) -> object:
    """Something that takes a name out of the sidecar."""

    def edit(path: Path) -> None:
        said = json.loads(path.read_text())
        del said[name]
        path.write_text(json.dumps(said))

    return edit


def wider(path: Path) -> None:
    said = json.loads(path.read_text())
    said["image"]["width"] += 1
    path.write_text(json.dumps(said))


@pytest.mark.parametrize(
    ("name", "harm", "sentence"),
    [
        (SIDECAR, Path.unlink, f"holds no {SIDECAR} that can be read"),
        (SIDECAR, cut_short, f"holds no {SIDECAR} that can be read"),
        (SIDECAR, without("measures"), "does not say 'measures'"),
        (SIDECAR, wider, "are of other sizes"),
        ("mask.png", Path.unlink, "cannot be read back: .*mask.png does not exist"),
        ("mask.png", cut_short, "cannot be read back: .*mask.png is damaged"),
        ("mask.png", painted, "mask.png in .* is not the mask that result.json describes"),
        ("maps.npz", Path.unlink, "maps.npz is missing in "),
        ("maps.npz", cut_short, "is damaged"),
    ],
)
def test_what_is_damaged_is_a_sentence(plain: Record, tmp_path: Path, name: str, harm: object, sentence: str) -> None:
    export(plain.found, tmp_path)
    harm(tmp_path / name)
    with pytest.raises(ExportError, match=sentence) as failed:
        read_record(tmp_path)
    assert str(tmp_path) in str(failed.value)


def test_a_name_in_a_sidecar_leads_nowhere_else(plain: Record, tmp_path: Path) -> None:
    export(plain.found, tmp_path / "in")
    said = json.loads((tmp_path / "in" / SIDECAR).read_text())
    for name in ("../../etc/passwd", "..\\..\\boot", "/etc/passwd", "..", "con.jpg", "a\0b.png"):
        said["image"]["file"] = name
        (tmp_path / "in" / SIDECAR).write_text(json.dumps(said))
        folder = export_formats(read_record(tmp_path / "in"), tmp_path / "out", ("labelme", "coco"))
        assert folder.parent == tmp_path / "out"
        (labelme,) = (folder / "labelme").iterdir()
        assert not {"/", "\\"} & set(json.loads(labelme.read_text())["imagePath"])
        shutil.rmtree(folder)
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
