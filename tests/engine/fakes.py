"""Stand-ins for the network."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import torch

from engine.method.schedule import clean_image
from engine.networks.unet import LESION

if TYPE_CHECKING:
    from torch import Tensor

    from engine.method.evidence import Denoiser
    from engine.networks.weights import Model


def from_clean(x_t: Tensor, t: Tensor, clean: Tensor) -> Tensor:
    """The noise in x_t if ``clean`` is the clean image: ``clean_image`` solved for eps, with no formula of our own."""
    zero = torch.zeros_like(x_t)
    slope = clean_image(zero, t, torch.ones_like(x_t))
    return (clean - clean_image(x_t, t, zero)) / slope


class Knowing:
    """A denoiser that knows the photograph x and its healthy skin h, (3, S, S) each."""

    def __init__(self, x: Tensor, h: Tensor) -> None:
        self.x, self.h = x, h

    def __call__(self, x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
        under = [from_clean(x_t, t, clean.expand_as(x_t)) for clean in (self.h, self.x)]
        return torch.stack([under[int(one)] for one in label[0]], dim=1)


class Ramp:
    """A denoiser whose n-th image ever asked for differs by exactly n between the labels, in clean-image units."""

    def __init__(self) -> None:
        self.asked = 0
        self._lock = Lock()  # several threads ask

    def __call__(self, x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
        with self._lock:
            number = torch.arange(self.asked + 1, self.asked + 1 + len(x_t)).view(-1, 1, 1, 1)
            self.asked += len(x_t)
        step = from_clean(torch.zeros_like(x_t), t, torch.ones_like(x_t) * number)
        return torch.stack([step * (one == LESION) for one in label[0]], dim=1)


class Counting:
    """A model that counts the images its network has been asked about, and can be made to fail."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name, self.sha256, self.size = model.name, model.sha256, model.size
        self.softening = model.softening
        self.readers, self.familiar, self.licence = model.readers, model.familiar, model.licence
        self.images = 0
        self.fails_at: int | None = None
        self._lock = Lock()  # several threads ask

    def on(self, kind: str) -> Denoiser:
        """The counted network."""
        network = self._model.on(kind)

        def counted(x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
            with self._lock:
                if self.fails_at == self.images:
                    raise RuntimeError("the network broke")
                self.images += len(x_t)
            return network(x_t, t, label)

        return counted
