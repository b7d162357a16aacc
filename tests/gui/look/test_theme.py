"""Two themes: legible by WCAG's measure, and what the system has where none was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPalette

from diffseg_gui.look import icons, theme
from diffseg_gui.preferences import Preferences

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

THEMES = {"dark": theme.DARK, "light": theme.LIGHT}
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


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_is_legible(name: str, text: str, ground: str) -> None:
    assert contrast(getattr(THEMES[name], text), getattr(THEMES[name], ground)) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_the_focus_stands_out(name: str) -> None:
    colours = THEMES[name]
    for ground in (colours.background, colours.panel, colours.raised, colours.tint):
        assert contrast(colours.accent, ground) >= 3


def test_an_application_is_dressed_in_the_themes_colours(qapp: QApplication) -> None:
    for name, colours in THEMES.items():
        theme.apply(qapp, name)
        assert theme.colours() is colours
        palette = qapp.palette()
        assert palette.color(QPalette.ColorRole.Window) == colours.background
        assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == colours.faint
        assert colours.tint.name() in qapp.styleSheet()
    theme.apply(qapp)


@pytest.mark.parametrize("kept", ["dark", "light", "system"])
def test_a_theme_that_was_chosen_is_known_again(kept: str) -> None:
    preferences = Preferences()
    assert theme.chosen(preferences) == "system"
    preferences.set("theme", kept)
    assert theme.chosen(preferences) == kept
    preferences.set("theme", kept.upper())
    assert theme.chosen(preferences) == "system"


def test_icons_take_the_colours_of_the_theme(qapp: QApplication) -> None:
    icon, found = icons.icon("open"), []
    for name in THEMES:
        theme.apply(qapp, name)
        image = icon.pixmap(24, 24).toImage()
        strongest = max((image.pixelColor(x, y) for x in range(24) for y in range(24)), key=QColor.alpha)
        found.append(strongest.lightness())
    theme.apply(qapp)
    assert found[0] > 200
    assert found[1] < 60, "an icon that is there already is painted in the new colours, too"


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    names = [path.stem for path in sorted(icons.FOLDER.glob("*.svg")) if path.stem != "diffseg"]
    assert len(names) > 30
    for name in names:
        for size, ratio in ((18, 1.0), (18, 1.5), (18, 2.0)):
            image = icons.icon(name).pixmap(QSize(size, size), ratio).toImage()
            assert image.width() == size * ratio, "sharp on screens of any resolution"
            pixels = ((x, y) for x in range(image.width()) for y in range(image.height()))
            assert any(image.pixelColor(x, y).alpha() for x, y in pixels), name
