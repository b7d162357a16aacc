"""Equations as MathML, which browsers draw by themselves: no script, and nothing to fetch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils.nodes import SkipNode
from latex2mathml.converter import convert

if TYPE_CHECKING:
    from docutils.nodes import math, math_block
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


NUMBER = re.compile(r"\\tag\{(\w+)\}")


def visit_inline(writer: HTML5Translator, node: math) -> None:
    """An equation within a line."""
    writer.body.append(convert(node.astext()))
    raise SkipNode


def visit_block(writer: HTML5Translator, node: math_block) -> None:
    """An equation by itself; its number in the paper, a ``\\tag``, stands at the right."""
    number = NUMBER.search(node.astext())
    drawn = convert(NUMBER.sub("", node.astext()), display="block")
    said = f"<span>({number[1]})</span>" if number else ""
    writer.body.append(f'<div class="equation">{drawn}{said}</div>')
    raise SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer them as the renderer ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
