"""Equations as MathML, which browsers draw by themselves: no script, and nothing to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latex2mathml.converter import convert

if TYPE_CHECKING:
    from docutils.nodes import math, math_block
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


def visit_inline(writer: HTML5Translator, node: math) -> None:
    """An equation within a line."""
    writer.body.append(convert(node.astext()))
    _end()


def visit_block(writer: HTML5Translator, node: math_block) -> None:
    """An equation by itself; its number, where it has one, is written in it, as in the paper."""
    writer.body.append(f'<div class="equation">{convert(node.astext(), display="block")}</div>')
    _end()


def _end() -> None:
    from docutils.nodes import SkipNode

    raise SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer them as the renderer ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
