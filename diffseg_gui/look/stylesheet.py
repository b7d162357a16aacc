"""The style sheet. Names in braces are the colours of :class:`diffseg_gui.look.theme.Colours`."""

STYLE_SHEET = """
* {{ font-size: 12px; }}
QMainWindow, QDialog, QMessageBox {{ background: {background}; }}
QWidget {{ color: {text}; }}
QWidget:disabled {{ color: {faint}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}

QMenuBar {{ background: {background}; }}
QMenuBar::item {{ padding: 4px 9px; background: transparent; }}
QMenuBar::item:selected {{ background: {tint}; border-radius: 4px; }}
QMenu {{ background: {panel}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 26px; border-radius: 3px; }}
QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::indicator {{ width: 10px; height: 10px; left: 8px; border: 1px solid transparent; border-radius: 5px; }}
QMenu::indicator:checked {{ background: {accent}; border: 1px solid {on_accent}; }}
QMenu::indicator:checked:selected {{ background: {on_accent}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}

QToolBar {{ background: {background}; border: 0; spacing: 4px; }}
QToolBar QToolButton {{ background: {raised}; border: 1px solid {line}; border-radius: 5px; padding: 4px 9px; }}
QToolBar[narrow="true"] QToolButton {{ padding: 4px 2px; }}
QToolBar QToolButton:hover {{ border-color: {accent}; }}
QToolBar QToolButton:checked {{ background: {tint}; border-color: {accent}; }}
QToolBar QToolButton:disabled {{ color: {faint}; background: {panel}; }}
QToolBar::separator {{ width: 1px; background: {line}; margin: 5px 5px; }}

QToolBar#line {{ padding: 0; min-height: 36px; }}
QToolBar#line QLabel#chip {{ padding: 3px 9px; }}
QToolBar#rail {{ spacing: 2px; padding: 2px 4px; }}
QToolBar#rail QToolButton {{ background: transparent; border: 1px solid transparent; padding: 0; }}
QToolBar#rail QToolButton:hover, QToolBar#rail QToolButton:focus {{ border-color: {accent}; }}
QToolBar#rail QToolButton:checked {{ background: {tint}; border-color: {accent}; }}
QToolBar#rail::separator {{ height: 1px; background: {line}; margin: 3px 5px; }}
QPushButton#switch {{ background: {panel}; border: 1px solid {line}; border-radius: 0; padding: 2px 10px;
    color: {muted}; }}
QPushButton#switch:checked {{ background: {tint}; color: {text}; border-color: {accent}; }}
QPushButton#switch:focus {{ border: 1px solid {accent}; padding: 2px 10px; }}

QStatusBar {{ background: {background}; color: {muted}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ color: {muted}; padding: 0 2px; }}

QMainWindow::separator {{ background: {background}; width: 8px; height: 8px; }}
QMainWindow::separator:hover {{ background: {tint}; }}
QFrame#card {{ background: {panel}; border: 1px solid {line}; border-radius: 7px; }}
QFrame#dock {{ background: {panel}; border: 1px solid {line}; border-top: 0;
    border-bottom-left-radius: 7px; border-bottom-right-radius: 7px; }}
QWidget#docktitle {{ background: {panel}; border: 1px solid {line}; border-bottom: 0;
    border-top-left-radius: 7px; border-top-right-radius: 7px; }}
QFrame#section {{ border: 0; border-top: 1px solid {line}; }}
QFrame#thumb {{ border: 1px solid transparent; border-radius: 5px; }}
QFrame#thumb:hover {{ border-color: {line}; }}
QFrame#thumb[chosen="true"] {{ border-color: {accent}; background: {tint}; }}
QFrame#banner {{ background: {raised}; border: 1px solid {line}; border-left: 4px solid {warning};
    border-radius: 5px; }}
QFrame#welcome {{ background: {panel}; border: 1px solid {line}; border-radius: 10px; }}

QLabel#title {{ font-weight: bold; }}
QLabel#heading {{ font-size: 17px; font-weight: bold; }}
QLabel#muted {{ color: {muted}; }}
QLabel#muted:disabled {{ color: {faint}; }}
QLabel#warning {{ color: {warning}; }}
QLabel#large {{ font-size: 22px; font-weight: bold; }}
QLabel#large:disabled {{ color: {faint}; }}
QLabel#figure {{ font-size: 30px; font-weight: bold; }}
QLabel#figure:disabled {{ color: {faint}; }}
QLabel#key {{ background: {raised}; border: 1px solid {line}; border-radius: 4px; padding: 2px 7px; }}
QLabel#chip {{ background: {raised}; border: 1px solid {line}; border-radius: 5px; padding: 5px 10px; }}

QPushButton {{ background: {raised}; border: 1px solid {line}; border-radius: 5px; padding: 5px 12px; }}
QPushButton:hover {{ border-color: {accent}; }}
QPushButton:checked {{ background: {tint}; border-color: {accent}; }}
QPushButton:disabled {{ color: {faint}; background: {panel}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 4px 11px; }}
QPushButton#primary {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton#primary:disabled {{ background: {panel}; color: {faint}; border-color: {line}; }}
QPushButton#primary:hover, QPushButton#primary:focus {{ border-color: {text}; }}
QPushButton#recent {{ background: transparent; border: 1px solid transparent; padding: 2px 6px; text-align: left; }}
QPushButton#recent:hover {{ background: {raised}; border-color: {line}; }}
QPushButton#recent:focus {{ border: 1px solid {accent}; }}
QPushButton#proposed {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: bold; }}
QPushButton#proposed:disabled {{ background: {panel}; color: {faint}; border-color: {line}; }}
QPushButton#proposed:hover, QPushButton#proposed:focus {{ border-color: {text}; }}
QPushButton#tool {{ text-align: left; padding: 5px 8px; }}
QPushButton#tool:focus {{ padding: 4px 7px; }}
QPushButton#pill {{ border-radius: 11px; padding: 3px 0; min-width: 36px; }}
QPushButton#pill:focus {{ padding: 2px 0; }}
QPushButton#link, QPushButton#close, QPushButton#fold {{ background: transparent; border: 1px solid transparent;
    padding: 1px 2px; }}
QPushButton#link {{ color: {accent}; }}
QPushButton#link:disabled {{ color: {faint}; }}
QPushButton#link:hover {{ text-decoration: underline; }}
QPushButton#close:hover {{ background: {raised}; }}
QPushButton#link:focus, QPushButton#close:focus, QPushButton#fold:focus {{ border: 1px solid {accent}; }}
QPushButton#view {{ background: transparent; border: 1px solid transparent; border-bottom: 2px solid transparent;
    border-radius: 0; padding: 5px 7px; color: {muted}; }}
QPushButton#view:hover {{ color: {text}; }}
QPushButton#view:disabled {{ color: {faint}; }}
QPushButton#view:checked {{ color: {text}; border-bottom: 2px solid {accent}; }}
QPushButton#view:focus {{ border: 1px solid {accent}; border-bottom: 2px solid {accent}; }}
QToolButton:focus, QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus {{ border: 1px solid {accent}; }}

QLineEdit, QAbstractSpinBox, QPlainTextEdit {{ background: {background}; border: 1px solid {line}; border-radius: 4px;
    padding: 2px 5px; selection-background-color: {accent}; selection-color: {on_accent}; }}
QAbstractSpinBox QLineEdit {{ border: 0; padding: 0 3px; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: 0; }}
QLineEdit[wrong="true"] {{ border: 1px solid {warning}; }}

QCheckBox::indicator:unchecked {{ width: 12px; height: 12px; border: 1px solid {muted}; border-radius: 3px;
    background: {background}; }}
QCheckBox::indicator:unchecked:disabled {{ border-color: {faint}; }}
QRadioButton::indicator:unchecked {{ width: 12px; height: 12px; border: 1px solid {muted}; border-radius: 7px;
    background: {background}; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 4px solid {accent}; border-radius: 7px;
    background: {background}; }}

QSlider:horizontal {{ min-height: 17px; }}
QSlider::groove:horizontal {{ height: 3px; background: {line}; border-radius: 1px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 1px; }}
QSlider::handle:horizontal {{ width: 13px; height: 13px; margin: -5px 0; border-radius: 6px; background: {handle}; }}
QSlider::handle:horizontal:hover {{ background: {accent}; }}
QSlider::handle:horizontal:focus {{ width: 11px; height: 11px; background: {handle}; border: 2px solid {accent};
    border-radius: 7px; margin: -6px 0; }}

QProgressBar {{ background: {panel}; border: 1px solid {line}; border-radius: 5px; text-align: center;
    min-height: 24px; }}
QProgressBar::chunk {{ background: {tint}; border-radius: 4px; }}

QTabBar {{ background: transparent; qproperty-drawBase: 0; qproperty-elideMode: ElideNone;
    qproperty-usesScrollButtons: true; }}
QTabBar QToolButton {{ background: {raised}; border: 1px solid {line}; border-radius: 4px; }}
QTabBar::tab {{ background: transparent; color: {muted}; border: 1px solid transparent;
    border-bottom: 2px solid transparent; padding: 5px 4px; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:focus {{ border: 1px solid {accent}; border-bottom: 2px solid {accent}; }}
QTabWidget::pane {{ border: 1px solid {line}; border-radius: 5px; }}
QTextBrowser {{ background: {panel}; border: 0; padding: 8px; }}

QScrollArea {{ border: 0; background: transparent; }}
QScrollArea#framed {{ background: {panel}; border: 1px solid {line}; border-radius: 7px; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ width: 9px; background: transparent; }}
QScrollBar:horizontal {{ height: 9px; background: transparent; }}
QScrollBar::handle {{ background: {line}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
QScrollBar::handle:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
