"""Two themes: legible by WCAG's measure, and changed while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings, QSize
from PySide6.QtGui import QColor

from diffseg_gui import icons, theme
from diffseg_gui.preferences import Preferences

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from diffseg_gui.app import Workbench

TEXT_ON = [
    *((text, ground) for text in ("text", "muted") for ground in ("background", "panel", "raised")),
    *((text, ground) for text in ("accent", "warning") for ground in ("background", "panel")),
    *(("text", "tint"), ("on_accent", "accent"), ("canvas_text", "canvas")),
]


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a: QColor, b: QColor) -> float:
    """Contrast ratio, WCAG 2.2: 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_is_legible(colours: theme.Colours, text: str, ground: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [theme.DARK, theme.LIGHT], ids=["dark", "light"])
def test_the_focus_stands_out(colours: theme.Colours) -> None:
    for ground in (colours.background, colours.panel, colours.raised, colours.tint):
        assert contrast(colours.accent, ground) >= 3


def at(widget: QWidget, x: int, y: int) -> QColor:
    """The colour of one pixel of a widget as it is painted now."""
    return widget.grab().toImage().pixelColor(x, y)


def test_the_theme_changes_live_and_is_remembered(analysed: Workbench, tmp_path: Path) -> None:
    window = analysed.window
    menu_bar, curve = window.menuBar(), window.threshold.curve
    before = curve.grab().toImage(), window.stage.canvas.scene
    assert at(menu_bar, 300, 3) == theme.DARK.background
    window.actions_by_name["theme_light"].trigger()
    assert theme.colours() is theme.LIGHT
    assert at(menu_bar, 300, 3) == theme.LIGHT.background
    assert at(curve, curve.width() - 20, 5) == theme.LIGHT.background, "what a panel keeps is painted anew"
    assert window.stage.canvas.scene is before[1]
    window.actions_by_name["theme_dark"].trigger()
    assert curve.grab().toImage() == before[0]
    window.actions_by_name["theme_light"].trigger()
    again = Preferences(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert again.text("theme") == "light"


def test_icons_take_the_colours_of_the_theme(analysed: Workbench) -> None:
    found = []
    for name in ("dark", "light"):
        analysed.window.actions_by_name[f"theme_{name}"].trigger()
        image = icons.icon("open").pixmap(24, 24).toImage()
        pixels = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        strongest = max(pixels, key=QColor.alpha)
        found.append(strongest.lightness())
    assert found[0] > 200
    assert found[1] < 60


def test_every_icon_can_be_drawn(bench: Workbench) -> None:
    names = [path.stem for path in sorted(icons.FOLDER.glob("*.svg")) if path.stem != "diffseg"]
    assert len(names) > 30
    for name in names:
        for size, ratio in ((18, 1.0), (18, 1.5), (18, 2.0)):
            image = icons.icon(name).pixmap(QSize(size, size), ratio).toImage()
            assert image.width() == size * ratio, "sharp on screens of any resolution"
            assert any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())), (
                name
            )
