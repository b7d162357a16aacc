"""How Sphinx makes the manual of these pages: ``make docs``, or ``python -m sphinx -W docs build/docs``.

What pages take from the program, such as the options of its commands, is read from it at each build, so nothing here
can grow old (``_ext/pages.py``). The result needs no network: no fonts, scripts or pictures from elsewhere, equations
are MathML, and the search works in files that are opened from the disk.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "_ext")]

from engine import __version__  # noqa: E402  # found by the line above

project = "DiffSeg"
release = version = __version__
copyright = "the DiffSeg developers, MIT licence"

extensions = ["myst_parser", "sphinx.ext.autodoc", "docstrings", "equations", "pages"]
exclude_patterns = ["_ext"]
suppress_warnings: list[str] = []  # none: what Sphinx finds amiss is mended

myst_enable_extensions = ["dollarmath", "colon_fence", "attrs_block"]
myst_heading_anchors = 3  # links may lead to headings, as on the pages of a repository
myst_dmath_allow_digits = False  # "$5 and $6" are no equation

html_theme = "furo"
html_title = f"DiffSeg {release}"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_favicon = "../resources/icons/diffseg.ico"
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
highlight_language = "text"  # where a block does not say
pygments_style = "friendly"

autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 88
