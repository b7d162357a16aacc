"""The report: what its pages say and show, as other programs read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import label

from engine.method.expected import ReaderCurve
from engine.reading.measures import TITLES
from engine.reading.reading import VERDICTS
from engine.reading.regions import DIRECTIONS, regions
from engine.records.close_ups import whole
from engine.records.record import Record
from engine.records.report import Words, content, words
from engine.records.report import report as pages
from engine.records.report.content import CHOICES
from engine.records.report.fonts import width_of
from engine.records.report.page import wrapped
from engine.records.style import Style
from engine.records.table import row
from engine.records.writers import writers
from engine.scribbles import LESION, Scribble
from tests.engine.records_setup import discs, reading_of, result

if TYPE_CHECKING:
    from engine.photograph.image import SkinImage
    from engine.results import Evidence

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's tools are not installed")


def report(record: Record, folder: Path) -> Path:
    """The report as a file."""
    ((_, data),) = writers()["pdf"].files(record)
    (folder / "report.pdf").write_bytes(data)
    return folder / "report.pdf"


def text_of(path: Path) -> str:
    """All of its text in one line, as pdftotext reads it."""
    done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(("language", "said"), [("en", "frame 2"), ("de", "Bild 2")])
def test_it_says_which_photograph_of_a_file_it_is_of(
    evidence: Evidence, photo: SkinImage, tmp_path: Path, language: str, said: str
) -> None:
    found = result(evidence, replace(photo, frame=1))
    assert f"{photo.path.name} ({said}), " in text_of(report(Record.of(found, style=Style(language)), tmp_path))


def test_it_says_what_was_found_and_decided(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> None:
    found = result(evidence, photo)
    record = Record.of(found, reading_of(found))
    text = text_of(report(record, tmp_path))
    area = record.said["measures"]["area"]
    assert f"Area {area['value']:.1f} mm² {area['low']:.1f} to {area['high']:.1f} mm²" in text
    assert "read the photograph 10 times, at 10 noise levels (GED" in text
    assert f"GED {record.said['ged']:.3f}" in text
    assert f"a person reviewed 1 of {len(record.said['regions'])}" in text
    assert f"1. {record.said['regions'][0]['place']}: undecidable" in text
    assert f"{Style().number(record.said['reading']['added_px'])} pixels added".replace("\u202f", " ") in text
    assert found.image.sha256 in text
    assert "analysed on 2026-05-03" in text
    assert "scribbles" not in text
    assert text.count("Research use only. Not a medical device.") >= 2


def test_a_border_that_follows_scribbles_is_not_told_as_the_models_own(
    evidence: Evidence, photo: SkinImage, tmp_path: Path
) -> None:
    found = replace(result(evidence, photo), scribbles=(Scribble(LESION, ((40, 30), (50, 30)), 2),) * 2)
    record = Record.of(found)
    assert "The border follows scribbles that a person drew (2)" in text_of(report(record, tmp_path))
    assert (record.is_corrected, record.is_guided, record.provenance["scribbles"]) == (False, True, 2)
    assert (row(record.said)["scribbles"], row(record.said)["corrected"]) == (2, "no")
    corrected = Record.of(found, reading_of(found))
    text = text_of(report(corrected, tmp_path))
    assert "Left with the scribbles alone, right as corrected" in text
    assert "as the model found it" not in text
    german = text_of(report(replace(record, style=Style("de", "a4", ",")), tmp_path))
    assert "folgt Strichen, die eine Person zog (2)" in german


def test_places_have_their_numbers_on_the_whole_photograph(
    evidence: Evidence, photo: SkinImage, tmp_path: Path
) -> None:
    record = Record.of(result(evidence, photo))
    listed = regions(record.found.consensus, photo.width, photo.height)
    plain, numbered = (np.asarray(whole(record, 700, some)).astype(int) for some in ((), listed))
    assert plain.shape[1] == 700, "small photographs are enlarged"
    found, _ = label(np.abs(numbered - plain).sum(2) > 0, np.ones((3, 3)))
    discs = np.bincount(found.ravel())[1:] > 100
    assert discs.sum() == len(listed) > 0, "a disc each, apart from each other"
    assert "Numbers: the places" in text_of(report(record, tmp_path))
    nothing = result(replace(evidence, difference=np.zeros_like(evidence.difference)), photo, refine=False)
    assert "Numbers" not in text_of(report(Record.of(nothing), tmp_path))


def test_verdict_and_note_are_on_it(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> None:
    found = result(evidence, photo)
    record = Record.of(found, reading_of(found))
    said = {**record.said, "reading": {**record.said["reading"], "verdict": "usable", "note": "Zwei\nZeilen"}}
    text = text_of(report(replace(record, said=said), tmp_path))
    assert "Verdict and note usable Zwei Zeilen" in text
    assert "Verdict and note" not in text_of(report(record, tmp_path))


def test_how_well_readers_would_agree_is_on_it(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> None:
    curve = ReaderCurve((0, 1), (0.5, 0.5), (0.75, 0.75), (0.9, 0.9))
    text = text_of(report(Record.of(replace(result(evidence, photo), readers=curve)), tmp_path))
    assert "a Dice of about 0.75 (0.50 to 0.90 in about four of five cases); that is no statement on whether" in text
    assert "a Dice of about" not in text_of(report(Record.of(result(evidence, photo)), tmp_path))


def test_without_correction_and_ruler_it_says_no_more(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> None:
    text = text_of(report(Record.of(result(evidence, photo)), tmp_path))
    assert "Corrected by hand" not in text
    assert "mm²" not in text
    assert "no ruler was laid, so lengths are in pixels" in text


def test_where_there_is_no_lesion_there_is_a_report(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> None:
    nothing = replace(evidence, difference=np.zeros_like(evidence.difference))
    text = text_of(report(Record.of(result(nothing, photo, refine=False)), tmp_path))
    assert "No reading finds a lesion." in text
    assert "Places where" not in text


def test_names_in_other_scripts_do_no_harm(
    evidence: Evidence, photo: SkinImage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = result(evidence, replace(photo, path=Path("Ελιά родинка 黑色 )\\Tj.png")))
    text = text_of(report(Record.of(found), tmp_path))
    assert "Ελιά родинка" in text
    assert ")\\Tj.png" in text
    assert not caplog.records


@pytest.mark.parametrize("shape", [(72, 96), (96, 72), (40, 300), (300, 40)])
def test_its_pages_are_few_and_not_empty(photo: SkinImage, tmp_path: Path, shape: tuple[int, int]) -> None:
    pixels = np.resize(photo.pixels, (*shape, 3))
    found = result(discs(*shape), replace(photo, pixels=pixels))
    path = report(Record.of(found, reading_of(found)), tmp_path)
    subprocess.run(["pdftoppm", "-r", "40", "-png", path, tmp_path / "page"], check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    assert 1 <= len(pages) <= 3
    for page in pages:
        with Image.open(page) as picture:
            assert (picture.width / picture.height) == pytest.approx(210 / 297, rel=0.01)
            assert len(picture.convert("RGB").getcolors(10**7)) > 200


GERMAN = Style("de", "letter", ",")


def test_in_german_all_is_german_with_decimal_commas_on_the_paper_that_is_wanted(
    evidence: Evidence, photo: SkinImage, tmp_path: Path
) -> None:
    found = result(evidence, photo)
    reading = replace(reading_of(found), verdict="not usable", note="Haar über dem Rand")
    record = Record.of(found, reading, style=GERMAN)
    path = report(record, tmp_path)
    text = text_of(path)
    area = record.said["measures"]["area"]
    assert f"Fläche {area['value']:.1f} mm² ".replace(".", ",") in text
    assert f"{area['low']:.1f} bis {area['high']:.1f} mm²".replace(".", ",") in text
    assert "10-mal umrissen" in text
    assert "nicht brauchbar Haar über dem Rand" in text
    assert "Nur für Forschungszwecke" in text
    for english in ("the ", " to ", "border", "Research", "outline", "not ", "pixels", "accepted"):
        assert english not in text, english
    sizes = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
    assert "612 x 792 pts" in sizes


def test_there_are_german_words_for_all_that_a_report_can_say() -> None:
    """Each sentence of the code, and each word that the engine may hand over."""
    source = Path(content.__file__).read_text(encoding="utf-8")
    sentences = {*re.findall(r'self\.say\(\s*"([^"]+)"', source), *TITLES.values(), *CHOICES.values(), *VERDICTS}
    sentences |= {f"{where} border" for where in DIRECTIONS} | {f"interior, {where}" for where in DIRECTIONS}
    assert len(sentences) > 40
    assert sentences - set(words.GERMAN) - {"Asymmetry"} == set()
    for english, german in words.GERMAN.items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", german)), english


def test_lines_are_as_wide_as_they_are_thought_to_be(evidence: Evidence, photo: SkinImage, tmp_path: Path) -> None:
    """Or texts would run into each other, and over the margin."""
    found = result(evidence, photo)
    made = Record.of(found, reading_of(found))
    page = pages(made).pages[0]
    boxes = subprocess.run(
        ["pdftotext", "-bbox-layout", report(made, tmp_path), "-"], check=True, capture_output=True, text=True
    ).stdout
    lines = [tuple(map(float, one)) for one in re.findall(r'<line xMin="(\S+)" yMin="(\S+)" xMax="(\S+)"', boxes)]
    assert max(right for _, _, right in lines) <= (210 - 15) * 72 / 25.4 + 0.5
    title = next(one for one in page if isinstance(one, Words))
    assert title.text.startswith("Research use only")
    long = max((one for one in page if isinstance(one, Words)), key=lambda one: len(one.text))
    width = width_of(long.text, long.size) * 72 / 25.4
    assert any(right - left == pytest.approx(width, abs=1.0) for left, _, right in lines)


def test_a_word_that_has_no_room_is_broken() -> None:
    lines = wrapped("an " + "x" * 90, 40.0, 8.5)
    assert lines[0] == "an"
    assert "".join(lines[1:]) == "x" * 90
    assert all(width_of(line, 8.5) <= 40 for line in lines)
