"""Annotation styles: the annotators of one source draw wider than those of another, and a network can be told which.

A network in training has the labels healthy and lesion once for each style: 2 s + HEALTHY and 2 s + LESION. So all
photographs teach it what a lesion looks like, and each source's masks where *that* source ends one. Afterwards the
labels of the first style are kept: the model is a network like any other, and answers in that style.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from engine.errors import TrainingError
from engine.networks.unet import HEALTHY, LESION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.networks.registry import Network

COLUMN = "annotation_style"  # of an index


def styles_of(given: Iterable[str], first: str | None) -> tuple[str, ...]:
    """All annotation styles of images, the one that a model is to answer in first; none where first is None.

    given: each image's style, "" where it has none. Raises :class:`TrainingError` for a first that no image has, and
    for an image without a style.
    """
    if first is None:
        return ()
    named = set(given)
    if first not in named or "" in named:
        raise TrainingError(
            f"Every image needs a name in the index's column {COLUMN!r}, and one at least the name {first!r}."
        )
    return first, *sorted(named - {first})


def numbers_of(given: Iterable[str], styles: Sequence[str]) -> Tensor:
    """The place of each image's style among these, int64 (N,); 0 for all where there are none."""
    return torch.tensor([styles.index(style) if styles else 0 for style in given], dtype=torch.int64)


def labels_of(style: Tensor) -> Tensor:
    """The labels HEALTHY and LESION of each style: int64 (B, 2) of (B,)."""
    return torch.stack([2 * style + HEALTHY, 2 * style + LESION], dim=1)


def add_styles(network: Network, styles: Sequence[str]) -> None:
    """Give a network labels for each style, all of which begin as those that it has."""
    if styles:
        network.label = _labels(network.label.weight.repeat(len(styles), 1))


def in_first_style(network: Network) -> Network:
    """A copy for inference that answers in the first style, as a network without styles does."""
    alone = copy.deepcopy(network)
    alone.label = _labels(alone.label.weight[:2])
    return alone


def _labels(weight: Tensor) -> nn.Embedding:
    count, channels = weight.shape
    return nn.Embedding(count, channels, _weight=weight.detach().clone())
