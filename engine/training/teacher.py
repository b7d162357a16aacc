"""A teacher: an earlier model whose answers a smaller network learns beside the annotations (distillation).

The teacher sees the same noised images. Its clean images under both labels are learned as they are; its difference
softens the annotated mask, so that the network need not be sure where the teacher is not:

    L = L_diffseg(mask') + 3 E || clean(x_t, eps) - clean(x_t, eps_teacher) ||^2
    mask' = mask / 2 + sigmoid((difference_teacher - delta) / tau) / 2
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
from engine.networks.weights import load_model
from engine.training.losses import diffseg_loss, diffseg_objective, predict

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

    from engine.training.config import TrainConfig
    from engine.training.loop import Objective
    from engine.training.losses import Batch

LIKENESS = 3.0  # weight of the clean images' distance
SHARE = 0.5  # of the mask that is the teacher's


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
        self.config = config.loss

    def __call__(self, network: nn.Module, batch: Batch) -> dict[str, Tensor]:
        """The terms of the loss, ``teacher`` among them."""
        with torch.no_grad():
            theirs = predict(self.network, replace(batch, style=torch.zeros_like(batch.style)))
            sure = ((noise_difference(theirs, batch.t)[:, None] - self.config.delta) / self.config.tau).sigmoid()
        predicted = predict(network, batch)
        softened = replace(batch, mask=(1 - SHARE) * batch.mask + SHARE * sure)
        terms = diffseg_loss(predicted, softened, self.config)
        teacher = F.mse_loss(_clean(batch, predicted), _clean(batch, theirs))
        return {**terms, "teacher": teacher, "total": terms["total"] + LIKENESS * teacher}


def objective_of(config: TrainConfig, kind: str, teacher: Path | None) -> Objective:
    """What a network is trained for: the annotations, and a teacher's answers where there is one."""
    if teacher is not None:
        return Teacher(teacher, config, kind)
    return partial(diffseg_objective, config=config.loss)


def _clean(batch: Batch, predicted: Tensor) -> Tensor:
    """The clean images that noise predicted under each label (B, L, 3, S, S) implies, (L, B, 3, S, S)."""
    return clean_image(batch.x_t, batch.t, predicted.movedim(1, 0))
