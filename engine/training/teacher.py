"""A teacher: an earlier network whose answers another one learns beside the annotations (distillation).

A DiffSeg teacher sees the same noised images. Its clean images under both labels are learned as they are, and its
difference softens the annotated mask, so that the network need not be sure where the teacher is not:

    L = L_diffseg(mask') + 3 E || clean(x_t, eps) - clean(x_t, eps_teacher) ||^2
    mask' = (1 - share) mask + share p,    p = sigmoid((difference_teacher - delta) / tau)

A supervised teacher (:mod:`engine.networks.segmenter`) sees the images without noise, and p is its probability of
lesion. It knows no clean images, so L = L_diffseg(mask').
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from engine.errors import TrainingError
from engine.method.evidence import noise_difference
from engine.method.schedule import clean_image
from engine.networks.segmenter import load_segmenter
from engine.networks.weights import load_model
from engine.training.losses import diffseg_loss, diffseg_objective, predict

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

    from engine.networks.segmenter import PretrainedSegmenter
    from engine.training.config import TrainConfig
    from engine.training.loop import Objective
    from engine.training.losses import Batch

LIKENESS = 3.0  # weight of the clean images' distance


class Teacher:
    """An objective, as :func:`engine.training.losses.diffseg_objective` is, that asks an earlier model too."""

    def __init__(self, model: Path, config: TrainConfig, kind: str) -> None:
        """kind: of device that both networks are on.

        Raises :class:`ModelError` for a model that cannot be read, :class:`TrainingError` for one of another size.
        """
        loaded = load_model(model)
        if loaded.size != config.network.size:
            raise TrainingError(
                f"The teacher {model} sees squares of {loaded.size} pixels and the network of {config.network.size};"
                " choose the same --size."
            )
        self.network = loaded.on(kind)
        self.config = config

    def __call__(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """The terms of the loss, ``teacher`` among them."""
        loss = self.config.loss
        with torch.no_grad():
            theirs = predict(self.network, replace(batch, style=torch.zeros_like(batch.style)))
            sure = ((noise_difference(theirs, batch.t)[:, None] - loss.delta) / loss.tau).sigmoid()
        predicted = predict(network, batch)
        terms = diffseg_loss(predicted, _softened(batch, sure, self.config.teacher_share), loss)
        teacher = F.mse_loss(_clean(batch, predicted), _clean(batch, theirs))
        return {**terms, "teacher": teacher, "total": terms["total"] + LIKENESS * teacher}


class SupervisedTeacher:
    """An objective, as :func:`engine.training.losses.diffseg_objective` is, that asks a supervised network too."""

    def __init__(self, network: PretrainedSegmenter, config: TrainConfig, kind: str) -> None:
        """kind: of device that both networks are on."""
        self.network = network.to(kind)
        self.config = config

    def __call__(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """The terms of the loss."""
        with torch.no_grad():
            images = clean_image(batch.x_t, batch.t, batch.eps).contiguous(memory_format=torch.channels_last)
            sure = self.network(images).float().sigmoid()
        return diffseg_objective(network, _softened(batch, sure, self.config.teacher_share), self.config.loss)


def objective_of(config: TrainConfig, kind: str, teacher: Path | None) -> Objective:
    """What a network is trained for: the annotations, and a teacher's answers where there is one.

    Raises :class:`ModelError` for a teacher that cannot be read, :class:`TrainingError` for one of another size.
    """
    if teacher is None:
        return partial(diffseg_objective, config=config.loss)
    supervised = load_segmenter(teacher)
    return Teacher(teacher, config, kind) if supervised is None else SupervisedTeacher(supervised, config, kind)


def _softened(batch: Batch, sure: Tensor, share: float) -> Batch:
    """The batch with masks of which a share is the teacher's probability, float32 (B, 1, S, S)."""
    return replace(batch, mask=(1 - share) * batch.mask + share * sure)


def _clean(batch: Batch, predicted: Tensor) -> Tensor:
    """The clean images that noise predicted under each label (B, L, 3, S, S) implies, (L, B, 3, S, S)."""
    return clean_image(batch.x_t, batch.t, predicted.movedim(1, 0))
