"""The report in the window: its pages are those of the file, which is the command line's; printed, and saved."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QLocale, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.features.report import ReportFeature
from diffseg_gui.features.report.dialog import PageView, ReportDialog
from diffseg_gui.features.report.painting import paper, picture_of, print_on
from diffseg_gui.look.system_style import system_style
from engine.records.record import Record
from engine.records.report import report
from engine.records.style import Style
from engine.records.writers import writers
from engine.records.writers.pdf import pdf
from tests.gui.conftest import PATIENCE, dialog

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.results import Evidence
    from tests.gui.desk import Desk

CONTROL, LEFT = Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.LeftButton
GERMAN = Style("de", "a4", ",")
poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's tools are not installed")


@pytest.fixture
def feature(opened: Desk) -> ReportFeature:
    """The photograph is analysed, on a German system."""
    return opened.add(
        ReportFeature(opened.document, opened.preferences, opened.messages, opened.canvas, lambda: GERMAN)
    )


def look(desk: Desk, qtbot: QtBot) -> ReportDialog:
    """Press the key, and wait for the pages."""
    desk.activateWindow()  # where no window manager does it once a dialog is gone
    qtbot.waitUntil(desk.isActiveWindow)
    qtbot.keyClick(desk, Qt.Key.Key_P, CONTROL)
    found = dialog(qtbot)
    assert isinstance(found, ReportDialog)
    assert not found.save.isEnabled()
    qtbot.waitUntil(lambda: bool(found.findChildren(PageView)), timeout=PATIENCE)
    return found


def record_of(desk: Desk) -> Record:
    """What an export writes of."""
    return Record.of(desk.document.shown.segmentation, desk.document.reading, style=GERMAN)


def test_the_file_that_is_saved_is_the_one_that_is_exported(
    opened: Desk, feature: ReportFeature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    proposed: list[str] = []
    opened.preferences.set("export", str(tmp_path))
    answer = (str(tmp_path / "mine"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda _, __, at, ___: proposed.append(at) or answer)
    shown = look(opened, qtbot)
    pages = shown.findChildren(PageView)
    assert [page.accessibleName() for page in pages] == ["Page 1 of 2", "Page 2 of 2"]
    qtbot.waitUntil(lambda: all(page.height() == round(page.width() * 297 / 210) for page in pages))
    assert "Begrenzung einer Hautläsion" in pages[0].accessibleDescription()
    qtbot.mouseClick(shown.save, LEFT)
    qtbot.waitUntil(lambda: shown.said.text() == f"Saved as {tmp_path / 'mine.pdf'}", timeout=PATIENCE)
    assert proposed == [str(tmp_path / "nevus report.pdf")]
    ((_, exported),) = writers()["pdf"].files(record_of(opened))
    assert (tmp_path / "mine.pdf").read_bytes() == exported
    shown.reject()


def test_what_cannot_be_saved_is_told_in_the_dialog(
    opened: Desk, feature: ReportFeature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "file" / "a.pdf"), ""))
    shown = look(opened, qtbot)
    qtbot.mouseClick(shown.save, LEFT)
    qtbot.waitUntil(lambda: "could not be written" in shown.said.text(), timeout=PATIENCE)
    assert shown.save.isEnabled()
    shown.reject()


def test_it_is_of_what_is_open_and_may_be_seen(
    opened: Desk, feature: ReportFeature, evidence: Evidence, qtbot: QtBot
) -> None:
    for leave in (opened.document.begin_blind, lambda: opened.open(replace(opened.document.photograph))):
        shown = look(opened, qtbot)
        with qtbot.waitSignal(shown.rejected):
            leave()
        assert not opened.action("report").isEnabled()
        opened.document.end_blind()
    opened.land(evidence)
    qtbot.keyClick(opened, Qt.Key.Key_P, CONTROL)  # closing does not wait for a dialog
    feature.close()
    assert not feature._making._pool.activeThreadCount()


@poppler
def test_the_pages_on_the_screen_are_those_of_the_file(opened: Desk, tmp_path: Path) -> None:
    made = report(record_of(opened))
    (tmp_path / "a.pdf").write_bytes(pdf(made))
    subprocess.run(["pdftoppm", "-r", "50", "-png", tmp_path / "a.pdf", tmp_path / "page"], check=True)
    files = sorted(tmp_path.glob("page*.png"))
    assert len(files) == len(made.pages)
    for number, file in enumerate(files):
        with Image.open(file) as picture:
            theirs = np.asarray(picture.convert("L"), np.float32)
        image = picture_of(made, number, theirs.shape[1])
        assert abs(image.height() - theirs.shape[0]) <= 1
        lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
        ours = lines[: len(theirs), : image.width(), 1].astype(np.float32)
        assert (theirs < 128).mean() > 0.005
        assert apart(ours, theirs) < apart(ours[::-1], theirs) / 4, "which it would be upside down"


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """How far two pages are apart in grey values, seen from afar: each program smooths small pictures in its way."""
    height, width = (side // 8 * 8 for side in theirs.shape)
    blocks = [page[:height, :width].reshape(height // 8, 8, width // 8, 8).mean(axis=(1, 3)) for page in (ours, theirs)]
    return float(np.abs(blocks[0] - blocks[1]).mean())


def test_all_that_was_saved_in_quick_succession_is_written(
    opened: Desk, feature: ReportFeature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    names = ["first", "second", "third"]
    shown, answers = look(opened, qtbot), [(str(tmp_path / name), "") for name in names]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answers.pop(0))
    for _ in names:
        qtbot.mouseClick(shown.save, LEFT)
    shown.close()
    feature.close()
    assert {path.stem for path in tmp_path.glob("*.pdf")} == set(names), "the window waits for all of them"


def test_a_file_that_cannot_be_saved_is_told_whether_the_dialog_is_there_or_not(
    opened: Desk, feature: ReportFeature, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("in the way")
    answers = [str(tmp_path / "file" / "no.pdf"), str(tmp_path / "yes.pdf")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (answers.pop(0), ""))
    shown = look(opened, qtbot)
    qtbot.mouseClick(shown.save, LEFT)
    with qtbot.waitSignal(opened.messages.failed, timeout=PATIENCE):
        shown.close()
    assert "could not be written" in opened.failures[-1]
    again = look(opened, qtbot)
    with qtbot.waitSignal(opened.messages.failureOver, timeout=PATIENCE):
        qtbot.mouseClick(again.save, LEFT)
    again.close()


@poppler
@pytest.mark.parametrize("kind", ["a4", "letter"])
def test_it_is_printed_on_its_paper_with_all_its_words(opened: Desk, tmp_path: Path, kind: str) -> None:
    made = report(replace(record_of(opened), style=Style("en", kind)))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(paper(made))
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    assert print_on(printer, made)
    said = subprocess.run(["pdfinfo", tmp_path / "printed.pdf"], check=True, capture_output=True, text=True).stdout
    assert f"Pages:           {len(made.pages)}" in said
    assert ("A4" if kind == "a4" else "letter") in said
    (tmp_path / "saved.pdf").write_bytes(pdf(made))
    printed, saved = (
        subprocess.run(
            ["pdftotext", "-layout", tmp_path / name, "-"], check=True, capture_output=True, text=True
        ).stdout
        for name in ("printed.pdf", "saved.pdf")
    )
    assert set(saved.split()) - set(printed.split()) == set()


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("de_DE", Style("de", "a4", ",")),
        ("en_US", Style("en", "letter", ".")),
        ("en_GB", Style("en", "a4", ".")),
        ("fr_FR", Style("en", "a4", ",")),
        ("de_CH", Style("de", "a4", ".")),
        ("C", Style()),
    ],
)
def test_language_numbers_and_paper_are_the_systems(name: str, style: Style) -> None:
    assert system_style(QLocale(name)) == style
