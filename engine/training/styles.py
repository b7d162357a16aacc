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
    from collections.abc import Sequence

    from engine.networks.registry import Network
    from engine.training.data import Sample

COLUMN = "annotation_style"  # of an index


def styles_of(samples: Sequence[Sample], first: str | None) -> tuple[str, ...]:
    """The annotation styles that an index names, the one that a model is to answer in first; none where first is None.

    Raises :class:`TrainingError` for a first that no sample has, and for a sample without a style.
    """
    if first is None:
        return ()
    named = {sample.facts.get(COLUMN, "") for sample in samples}
    if first not in named or "" in named:
        raise TrainingError(
            f"Every image needs a name in the index's column {COLUMN!r}, and one at least the name {first!r}."
        )
    return first, *sorted(named - {first})


def numbers_of(samples: Sequence[Sample], styles: Sequence[str]) -> Tensor:
    """The place of each sample's style among these, int64 (N,); 0 for all where there are none."""
    return torch.tensor([styles.index(sample.facts[COLUMN]) if styles else 0 for sample in samples], dtype=torch.int64)


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
