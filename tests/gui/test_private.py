"""What is written of errors holds no path, no photograph's name and nothing that an error quotes."""

from __future__ import annotations

import logging
import sys

import pytest

from diffseg_gui.private import PrivateFormatter, without_names
from engine.photograph.read import read_image

NAMES = ("Jane Doe", "Jane.Doe", "O'Neill Jane", "Müller: Jane", "jane (2)", "Jane v1.2")
FOLDERS = ("/home/Jane/", "C:\\Jane\\", "\\\\server\\Jane\\", "~/Jane/", "file:///Jane/", "/media/Jane Doe/")
SENTENCES = (
    "{} is damaged or cut short; copy it again from its source.",
    "OSError: [Errno 28] No space left on device: '{}'",
    "cannot go from {} to {}, as both are open",
    'KeyError: "{}"',
    "ValueError: “{}” is no number",
    "({})",
    "took 3.5 s for {}",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_part_of_a_path_stays(sentence: str) -> None:
    for folder in FOLDERS:
        for name in NAMES:
            for ending in (".jpg", ".DCM", "", ".Doe", ".jpg.Doe"):
                written = without_names(sentence.replace("{}", folder + name + ending))
                for part in ("Jane", "jane", "Doe", "Neill", "Müller"):
                    assert part not in written, (folder + name + ending, written)


def test_the_ending_stays() -> None:
    assert without_names("/home/Jane/Jane Doe.jpg is damaged") == "….jpg"
    assert without_names("cannot read '/home/Jane/Doe.DCM'") == "cannot read ….DCM"
    assert without_names("OSError: Jane Doe.tiff ends early") == "OSError: ….tiff"


@pytest.mark.parametrize(
    "line",
    ["division by zero", "it doesn't fit and isn't small", "3 / 4 of 10 % at w1 = 0.5", "a reading was kept: 2.5 s"],
)
def test_what_names_nothing_stays(line: str) -> None:
    assert without_names(line) == line


@pytest.mark.parametrize("name", NAMES)
def test_a_traceback_keeps_its_places_alone(name: str) -> None:
    try:
        try:
            read_image(f"/nowhere/{name}.jpg")
        except Exception as error:
            raise KeyError(f"{name}.png") from error
    except KeyError:
        record = logging.makeLogRecord(
            {"msg": "no picture of %s", "args": (f"/x/{name}.jpg",), "exc_info": sys.exc_info()}
        )
    logging.Formatter().format(record)  # leaves its own text in the record
    written = PrivateFormatter("%(levelname)s %(message)s").format(record)
    assert not any(part in written for part in ("Jane", "jane", "Doe", "Neill", "Müller"))
    assert "engine/photograph/read.py, line " in written
    assert "ImageError: ….jpg" in written
    assert "KeyError: " in written
