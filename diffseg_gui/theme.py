"""One visual language: colours, sizes and the style sheet made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

BACKGROUND = QColor("#1b1d21")
PANEL = QColor("#24272c")
RAISED = QColor("#2f333a")
LINE = QColor("#3a3f47")
CANVAS = QColor("#0f1012")
TEXT = QColor("#e8eaed")
MUTED = QColor("#a3a9b3")
FAINT = QColor("#6b727c")
ACCENT = QColor("#4fb3bf")
TINT = QColor("#27474c")  # a choice that is on
ON_ACCENT = QColor("#0d1a1c")
WARNING = QColor("#e0a355")

RESULT_CURVE = QColor("#40e0f0")
BAND_CURVE = QColor("#ffffff")
PENDING_CURVE = QColor("#ffd27f")
CURVE_EDGE = QColor(10, 16, 20, 150)

CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap

SHEET = """
* {{ font-size: 12px; }}
QMainWindow, QDialog, QMessageBox {{ background: {background}; }}
QWidget {{ color: {text}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}

QMenuBar {{ background: {background}; }}
QMenuBar::item:selected {{ background: {raised}; }}
QMenu {{ background: {panel}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 12px; }}
QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}

QToolBar {{ background: {background}; border: 0; border-bottom: 1px solid {line}; padding: 5px 8px; spacing: 4px; }}
QToolBar QToolButton {{ background: {raised}; border: 1px solid {line}; border-radius: 5px; padding: 4px 10px; }}
QToolBar QToolButton:hover {{ border-color: {accent}; }}
QToolBar QToolButton:checked {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QToolBar QToolButton:disabled {{ color: {faint}; background: {panel}; }}

QStatusBar {{ background: {background}; color: {muted}; border-top: 1px solid {line}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ color: {muted}; padding: 0 8px; }}

QFrame#card {{ background: {panel}; border: 1px solid {line}; border-radius: 7px; }}
QFrame#card[chosen="true"] {{ border: 1px solid {accent}; }}
QLabel#title {{ font-weight: bold; }}
QLabel#muted {{ color: {muted}; }}
QLabel#figure {{ font-size: 30px; font-weight: bold; }}
QLabel#figure:disabled {{ color: {faint}; }}
QLabel#chip {{ background: {raised}; border: 1px solid {line}; border-radius: 5px; padding: 4px 10px; }}

QPushButton {{ background: {raised}; border: 1px solid {line}; border-radius: 5px; padding: 4px 12px; }}
QPushButton:hover {{ border-color: {accent}; }}
QPushButton:checked {{ background: {tint}; border-color: {accent}; }}
QPushButton:disabled {{ color: {faint}; background: {panel}; }}
QPushButton#pill {{ border-radius: 11px; padding: 3px 0; min-width: 36px; }}
QPushButton#link {{ background: transparent; border: 0; color: {accent}; padding: 0 2px; }}
QPushButton#link:hover {{ text-decoration: underline; }}
QPushButton#view {{ background: transparent; border: 0; border-bottom: 2px solid transparent; border-radius: 0;
    padding: 6px 10px; color: {muted}; }}
QPushButton#view:hover {{ color: {text}; }}
QPushButton#view:checked {{ color: {text}; border-bottom-color: {accent}; }}
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QAbstractSpinBox:focus {{ border: 1px solid {accent}; }}

QLineEdit, QAbstractSpinBox {{ background: {background}; border: 1px solid {line}; border-radius: 4px;
    padding: 2px 5px; selection-background-color: {accent}; selection-color: {on_accent}; }}
QAbstractSpinBox QLineEdit {{ border: 0; padding: 0; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: 0; }}
QLineEdit[wrong="true"] {{ border: 1px solid {warning}; }}

QSlider::groove:horizontal {{ height: 3px; background: {line}; border-radius: 1px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 1px; }}
QSlider::handle:horizontal {{ width: 13px; height: 13px; margin: -5px 0; border-radius: 6px; background: {text}; }}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus {{ background: {accent}; }}

QProgressBar {{ background: {panel}; border: 1px solid {line}; border-radius: 5px; text-align: center;
    min-height: 22px; }}
QProgressBar::chunk {{ background: {tint}; border-radius: 4px; }}

QScrollArea {{ border: 0; background: transparent; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ width: 9px; background: transparent; }}
QScrollBar:horizontal {{ height: 9px; background: transparent; }}
QScrollBar::handle {{ background: {line}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
"""


def apply(app: QApplication) -> None:
    """Dress an application."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, BACKGROUND),
        (QPalette.ColorRole.Base, PANEL),
        (QPalette.ColorRole.AlternateBase, RAISED),
        (QPalette.ColorRole.Button, RAISED),
        (QPalette.ColorRole.WindowText, TEXT),
        (QPalette.ColorRole.Text, TEXT),
        (QPalette.ColorRole.ButtonText, TEXT),
        (QPalette.ColorRole.PlaceholderText, MUTED),
        (QPalette.ColorRole.Highlight, ACCENT),
        (QPalette.ColorRole.HighlightedText, ON_ACCENT),
        (QPalette.ColorRole.Link, ACCENT),
    ):
        palette.setColor(role, colour)
    app.setPalette(palette)
    names = (
        "background",
        "panel",
        "raised",
        "line",
        "text",
        "muted",
        "accent",
        "on_accent",
        "warning",
        "faint",
        "tint",
    )
    app.setStyleSheet(SHEET.format(**{name: globals()[name.upper()].name() for name in names}))
