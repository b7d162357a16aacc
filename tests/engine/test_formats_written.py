"""What each format says of a result, read back by what its users open it with."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest
from openpyxl import load_workbook
from PIL import Image
from pycocotools.coco import COCO

from engine.reading.agreement import agreement
from engine.reading.polygons import signed_area
from engine.reading.reading import Reading
from engine.records.record import Record
from engine.records.render import CONTOUR
from engine.records.report import Words, report
from engine.records.table import COLUMNS, MEASURES, csv_table, xlsx_table
from engine.records.writer import Collection
from engine.records.writers import writers
from tests.engine.records_setup import reading_of, result
from tests.engine.test_export import enclosed

if TYPE_CHECKING:
    from pathlib import Path

    from engine.photograph.image import SkinImage
    from engine.results import Evidence

TITLE = '=HYPERLINK("http://example.com","a")'


@pytest.fixture(params=["model", "consensus", "corrected", "nothing"])
def record(request: pytest.FixtureRequest, evidence: Evidence, photo: SkinImage) -> Record:
    """A record whose mask is the model's own, the consensus, a corrected one with a hole, and an empty one."""
    found = result(evidence, photo, refine=request.param != "consensus")
    reading = {"corrected": reading_of(found), "nothing": Reading(np.full(found.mask.shape, -1, np.int8))}
    return Record.of(found, reading.get(request.param))


@pytest.fixture
def corrected(evidence: Evidence, photo: SkinImage) -> Record:
    """A record of all that a person can do."""
    found = result(evidence, photo)
    return Record.of(found, reading_of(found))


def written(record: Record, name: str) -> bytes:
    """The one file of a format."""
    ((_, data),) = writers()[name].files(record)
    return data


def is_the_mask(rings: list[list[list[float]]], record: Record) -> bool:
    """Whether rings, by the even-odd rule, enclose the final mask."""
    inside = enclosed([np.array([*ring, ring[0]]) for ring in rings], record.mask.shape)
    return not (inside.any() or record.mask.any()) or agreement(inside, record.mask).dice > 0.995


def coco_of(data: bytes, folder: Path) -> COCO:
    """A COCO file as its own library reads it."""
    path = folder / "coco.json"
    path.write_bytes(data)
    return COCO(str(path))


def test_coco_gives_the_mask_back(record: Record, tmp_path: Path) -> None:
    coco = coco_of(written(record, "coco"), tmp_path)
    (image,) = coco.dataset["images"]
    assert (image["file_name"], image["width"], image["height"]) == ("nevus.png", 96, 72)
    annotations = coco.loadAnns(coco.getAnnIds(image["id"]))
    assert len(annotations) == record.mask.any()
    for annotation in annotations:
        mask = coco.annToMask(annotation) > 0
        assert agreement(mask, record.mask).dice > 0.995
        if isinstance(annotation["segmentation"], dict):
            assert np.array_equal(mask, record.mask)
        assert annotation["area"] == record.mask.sum()
        x, y, width, height = annotation["bbox"]
        assert record.mask[y : y + height, x : x + width].sum() == record.mask.sum()
        assert record.mask[y].any()
        assert record.mask[:, x + width - 1].any()
        assert annotation["iscrowd"] == 0


def test_two_photographs_of_one_file_are_told_apart(evidence: Evidence, photo: SkinImage) -> None:
    records = [Record.of(result(evidence, replace(photo, frame=frame))) for frame in (0, 1)]
    writer = writers()["coco"]
    assert isinstance(writer, Collection)
    images = json.loads(writer.whole([writer.part(one) for one in records]))["images"]
    assert [image["diffseg"]["photograph_frame"] for image in images] == [0, 1]
    assert "photograph_frame" not in Record.of(result(evidence, photo)).provenance


def test_coco_has_run_lengths_where_there_is_a_hole(corrected: Record, tmp_path: Path) -> None:
    ((annotation,),) = (coco_of(written(corrected, "coco"), tmp_path).anns.values(),)
    assert set(annotation["segmentation"]) == {"size", "counts"}


def test_coco_holds_many_photographs(evidence: Evidence, photo: SkinImage, corrected: Record, tmp_path: Path) -> None:
    writer = writers()["coco"]
    others = [
        Record.of(result(evidence, photo)),
        Record.of(result(evidence, photo), Reading(-np.ones((72, 96), np.int8))),
    ]
    coco = coco_of(writer.whole([writer.part(one) for one in (corrected, *others)]), tmp_path)
    assert sorted(coco.imgs) == [1, 2, 3]
    assert [annotation["image_id"] for annotation in coco.anns.values()] == [1, 2]
    assert np.array_equal(coco.annToMask(coco.anns[1]) > 0, corrected.mask)


def test_labelme_opens_it(record: Record) -> None:
    ((name, data),) = writers()["labelme"].files(record)
    assert name == "labelme/nevus.json"
    said = json.loads(data)
    assert said["version"].split(".")[0] == "5"
    assert (said["imagePath"], said["imageData"], said["flags"]) == ("nevus.png", None, {})
    assert (said["imageWidth"], said["imageHeight"]) == (96, 72)
    for shape in said["shapes"]:
        assert set(shape) == {"label", "points", "group_id", "description", "shape_type", "flags", "mask"}
        assert (shape["label"], shape["shape_type"], shape["flags"]) == ("lesion", "polygon", {})
        assert len(shape["points"]) > 2
    assert is_the_mask([shape["points"] for shape in said["shapes"]], record)
    groups = {shape["group_id"] for shape in said["shapes"]}
    assert groups <= ({1} if len(said["shapes"]) > 1 else {None})


def test_geojson_is_as_its_standard_wants_it(record: Record) -> None:
    said = json.loads(written(record, "geojson"))
    assert said["type"] == "FeatureCollection"
    assert len(said["features"]) == record.mask.any()
    rings: list[Any] = []
    for feature in said["features"]:
        assert feature["type"] == "Feature"
        geometry = feature["geometry"]
        several = geometry["type"] == "MultiPolygon"
        assert several or geometry["type"] == "Polygon"
        for polygon in geometry["coordinates"] if several else [geometry["coordinates"]]:
            for number, ring in enumerate(polygon):
                assert len(ring) >= 4
                assert ring[0] == ring[-1]
                assert (signed_area(np.array(ring[:-1])) > 0) == (number == 0), "the right-hand rule"
            rings += polygon
        assert feature["properties"]["objectType"] == "annotation"
        assert set(map(type, feature["properties"]["measurements"].values())) <= {int, float}
    assert is_the_mask(rings, record)


def test_geojson_measures_in_mm_where_there_is_a_ruler(corrected: Record) -> None:
    (feature,) = json.loads(written(corrected, "geojson"))["features"]
    assert [len(polygon) for polygon in feature["geometry"]["coordinates"]] == [2, 1]
    said, measures = feature["properties"]["measurements"], corrected.said["measures"]
    assert said["Area (mm²)"] == measures["area"]["value"]
    assert said["Largest diameter, greatest (mm)"] == measures["largest_diameter"]["high"]
    assert said["Asymmetry, least"] == measures["asymmetry"]["low"]


def test_tiff_holds_the_maps_in_16_bits(record: Record) -> None:
    found = record.found
    maps = {"consistency": found.consensus.consistency, "ambiguity": found.consensus.ambiguity}
    maps["probability"] = found.probability
    if found.refined is not None:
        maps["refined"] = found.refined.probability
    files = dict(writers()["tiff"].files(record))
    assert set(files) == {f"maps/{name}.tif" for name in maps}
    for name, values in maps.items():
        with Image.open(io.BytesIO(files[f"maps/{name}.tif"])) as picture:
            assert picture.mode == "I;16"
            about = json.loads(picture.tag_v2[270])
            grey = np.asarray(picture).astype(float)
        low, high = about["range"]
        assert np.abs(low + grey / 65535 * (high - low) - values).max() <= (high - low) / 65535
        assert about["photograph"] == [96, 72]


@pytest.mark.slow
def test_a_correction_that_changes_nothing_is_none_in_any_format(evidence: Evidence, photo: SkinImage) -> None:
    found = result(evidence, photo)
    record = Record.of(found, Reading(np.where(found.mask, np.int8(1), np.int8(0)), edits=1))
    (row,) = rows_of(written(record, "xlsx"))
    (image,) = json.loads(written(record, "coco"))["images"]
    segmentation = dict(writers()["dicom-seg"].files(record))["dicom/segmentation.dcm"]
    (segment,) = pydicom.dcmread(io.BytesIO(segmentation)).SegmentSequence
    assert (row["corrected"], image["diffseg"]["corrected"]) == ("no", False)
    assert segment.SegmentAlgorithmType == "AUTOMATIC"
    words = [item.text for page in report(record).pages for item in page if isinstance(item, Words)]
    assert "Corrected by hand" not in words
    assert written(record, "svg") == written(Record.of(found), "svg"), "the border that was measured"


def test_the_figure_is_as_wide_as_a_page_in_print(corrected: Record) -> None:
    data = written(corrected, "figure")
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.width / 300 * 25.4, picture.info["dpi"][0]) == pytest.approx((180, 300), rel=1e-3)
        colours = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    assert len(np.unique(colours, axis=0)) > 1000
    assert (np.abs(colours.astype(int) - CONTOUR).sum(axis=1) < 6).sum() > 500, "the border"


def rows_of(data: bytes) -> list[dict[str, Any]]:
    """A workbook's first sheet, as openpyxl reads it."""
    sheet = load_workbook(io.BytesIO(data))["Results"]
    heading, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, line, strict=True)) for line in lines]


def test_tables_say_what_the_sidecar_says(corrected: Record) -> None:
    (row,) = rows_of(written(corrected, "xlsx"))
    said = corrected.said
    assert list(row) == list(COLUMNS)
    assert (row["file"], row["sha256"], row["width"]) == ("nevus.png", corrected.found.image.sha256, 96)
    assert row["lesion_area_px"] == row["area_px2"] == corrected.mask.sum()
    assert row["mm_per_px"] == pytest.approx(10 / 48)
    for name, column in (("area", "area_mm2"), ("largest_diameter", "largest_diameter_mm"), ("asymmetry",) * 2):
        for key, end in (("value", ""), ("low", "_low"), ("high", "_high")):
            assert row[f"{column}{end}"] == pytest.approx(said["measures"][name][key], abs=1e-6)
    assert row["largest_diameter_px"] == pytest.approx(row["largest_diameter_mm"] * 48 / 10, rel=1e-4)
    assert (row["regions"], row["reviewed"], row["undecidable"]) == (len(said["regions"]), 1, 1)
    assert (row["corrected"], row["edits"], row["blind_dice"]) == ("yes", 7, 0)
    assert (row["model"], row["timesteps"], row["refined"]) == ("tiny", "60 70 80 90 100 110 120 130 140 150", "yes")


def test_without_a_ruler_nothing_is_in_mm(record: Record) -> None:
    (row,) = rows_of(written(record, "xlsx"))
    has_ruler = record.reading.mm_per_px is not None
    for name, (_, unit) in MEASURES.items():
        for end in ("", "_low", "_high"):
            assert (row[f"{name}{end}"] is not None) == (has_ruler or not unit.startswith("mm")), name


def test_csv_and_xlsx_hold_the_same(corrected: Record) -> None:
    (text,) = csv.DictReader(io.StringIO(written(corrected, "csv").decode("utf-8-sig")))
    (row,) = rows_of(written(corrected, "xlsx"))
    assert list(text) == list(row)
    for name, value in row.items():
        if isinstance(value, (int, float)):
            assert float(text[name]) == pytest.approx(value, rel=1e-12), name
        else:
            assert text[name] == (value or ""), name


def test_text_in_a_workbook_is_text_and_columns_are_explained() -> None:
    data = xlsx_table([{"file": TITLE, "ged": -0.5, "model": "a\x00b\udcff"}])
    book = load_workbook(io.BytesIO(data))
    cell = book["Results"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (TITLE, "s", True)
    assert book["Results"]["B2"].value == -0.5
    assert book["Results"]["C2"].value == "a b\ufffd"
    assert [row[0] for row in book["Columns"].iter_rows(min_row=2, values_only=True)] == ["file", "ged", "model"]


def test_text_in_csv_is_no_formula() -> None:
    lines = csv_table([{"file": TITLE, "ged": -0.5}]).decode("utf-8-sig").splitlines()
    assert lines == ["file,ged", '"\'=HYPERLINK(""http://example.com"",""a"")",-0.5']


def test_what_a_person_wrote_is_text(corrected: Record) -> None:
    said = {**corrected.said, "reading": {**corrected.said["reading"], "verdict": "usable", "note": "=1+1\nend"}}
    record = replace(corrected, said=said)
    (row,) = rows_of(written(record, "xlsx"))
    assert (row["verdict"], row["note"]) == ("usable", "=1+1 end")
    (line,) = csv.DictReader(io.StringIO(written(record, "csv").decode("utf-8-sig")))
    assert (line["verdict"], line["note"]) == ("usable", "'=1+1 end")


def test_a_table_of_nothing_has_its_heading() -> None:
    assert csv_table([]).decode("utf-8-sig").splitlines() == [",".join(COLUMNS)]
    assert rows_of(xlsx_table([])) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook(corrected: Record, tmp_path: Path) -> None:
    (tmp_path / "table.xlsx").write_bytes(written(corrected, "xlsx"))
    command = ["soffice", "--headless", "--convert-to", "csv", "--outdir", tmp_path, tmp_path / "table.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "table.csv").read_text().splitlines()
    assert lines[0].split(",") == list(COLUMNS)
    assert lines[1].startswith("nevus.png,")
