"""Text from outside, made harmless for where it is written."""

from __future__ import annotations

import json
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.records.text import base_name, cell, file_name, plain

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "  =1", "＝1", '=HYPERLINK("http://x")')


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_is_no_formula(text: str) -> None:
    assert cell(text).startswith("'")
    assert cell(f"x{text}")[0] == "x"


def test_a_line_stays_a_line_and_reads_the_way_it_is_written() -> None:
    assert plain("one\r\ntwo\x00\u2028three") == "one  two  three"
    assert plain("photo\u202egpj.exe") == "photogpj.exe"
    assert plain("Müller  1 (links)") == "Müller  1 (links)"
    assert plain("a\udcffb") == "a\ufffdb"


@given(st.text(st.characters(), max_size=300))
def test_every_name_is_a_name_on_every_system(text: str) -> None:
    name = file_name(text, "photograph")
    assert name
    assert name not in (".", "..")
    assert len(name.encode()) <= 201
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).is_reserved()
    assert not name.endswith((".", " "))
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert file_name(name, "photograph") == name


@pytest.mark.parametrize("text", ["con", "NUL", "com1.2024", "AUX.jpg"])
def test_a_device_of_windows_is_no_file(text: str) -> None:
    assert file_name(text, "photograph") == f"_{text}"


@pytest.mark.parametrize("path", ["../../a.jpg", "C:\\Users\\Hans\\a.jpg", "/home/hans/a.jpg", "a.jpg", "..\\a.jpg"])
def test_of_a_path_the_name_is_left(path: str) -> None:
    assert base_name(path) == "a.jpg"


@pytest.mark.parametrize("path", ["", ".", "..", "/", "a/..", "C:\\"])
def test_no_name_means_another_folder(path: str) -> None:
    assert base_name(path) == "photograph"


@given(st.text(st.characters(), max_size=50))
def test_what_is_plain_goes_through_json_and_utf8(text: str) -> None:
    said = plain(text)
    assert json.loads(json.dumps(said).encode()) == said.encode().decode()
