"""Export: what may be written, and into which folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from diffseg_gui.features.export import Export
from engine.records.export import export

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from engine.results import Evidence
    from tests.gui.desk import Desk


@pytest.fixture
def feature(opened: Desk) -> Export:
    """The photograph is analysed, and what is to be exported is written at once."""
    made = opened.add(Export(opened.document, opened.preferences, opened.messages, opened.stage))
    made.requested.connect(lambda folder: export(opened.document.shown.segmentation, folder))
    return made


def test_a_folder_is_asked_for_and_remembered(
    opened: Desk, feature: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    began: list[str] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda _, __, at: (began.append(at), str(tmp_path))[1])
    for _ in range(2):
        qtbot.keyClick(opened, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert began == ["", str(tmp_path)]
    assert opened.notices == ["Exporting…", "Exporting…"]
    assert [path.parent.name for path in tmp_path.glob("*/result.json")] == ["nevus"]
    feature.show_exported(tmp_path / "nevus")
    assert opened.notices[-1] == f"Exported to {tmp_path / 'nevus'}"


def test_a_dialog_that_is_dismissed_writes_nothing(
    opened: Desk, feature: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    opened.action("export").trigger()
    assert opened.notices == []


def test_only_what_is_current_and_may_be_seen_is_exported(
    opened: Desk, feature: Export, evidence: Evidence, tmp_path: Path
) -> None:
    asked: list[Path] = []
    feature.requested.connect(asked.append)
    assert opened.action("export").isEnabled()
    opened.document.set_delta(0.3)
    feature.into(tmp_path)
    assert not opened.action("export").isEnabled()
    opened.document._settled()
    opened.land(evidence)
    assert opened.action("export").isEnabled()
    opened.document.begin_blind()
    feature.into(tmp_path)
    assert not opened.action("export").isEnabled()
    assert asked == []
    opened.document.end_blind()
    feature.into(tmp_path)
    assert asked == [tmp_path / "nevus"]


def test_an_image_of_the_same_name_overwrites_nothing(
    opened: Desk, feature: Export, evidence: Evidence, tmp_path: Path
) -> None:
    feature.into(tmp_path)
    feature.into(tmp_path)
    twin = replace(opened.document.photograph, sha256="ab" * 32)
    opened.open(twin)
    opened.land(evidence)
    feature.into(tmp_path)
    names = sorted(path.parent.name for path in tmp_path.glob("*/result.json"))
    assert names == ["nevus", "nevus-abababab"], "the same image twice replaces its own results"
