"""What a network begins its training with: nothing, published weights for its encoder, or an earlier model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.errors import TrainingError
from engine.networks.backbone import load_published
from engine.networks.pretrained import PretrainedUNet
from engine.networks.weights import description, load_model

if TYPE_CHECKING:
    from pathlib import Path

    from engine.networks.weights import Network


@dataclass(frozen=True)
class Start:
    """What a network begins with; by default, nothing.

    backbone: a file of published weights, for a pretrained encoder. model: an earlier model of the same shape, whatever
    the side of its square.
    """

    backbone: Path | None = None
    model: Path | None = None

    def fill(self, network: Network) -> None:
        """Put the weights into a network of the shape that they belong to. Raises :class:`TrainingError` if not so."""
        if self.backbone is not None:
            if not isinstance(network, PretrainedUNet):
                raise TrainingError("This network has no encoder to fill from a backbone; leave out --backbone.")
            load_published(network.encoder, self.backbone)
        if self.model is not None:
            earlier = load_model(self.model).network
            if replace(earlier.config, size=network.config.size) != network.config:
                raise TrainingError(f"The network of {self.model} has another shape; start from one of the same.")
            network.load_state_dict(earlier.state_dict())

    def about(self) -> dict[str, Any]:
        """The backbone's name, and the earlier model's with how it was trained, for the description of what comes."""
        known: dict[str, Any] = {} if self.backbone is None else {"backbone": self.backbone.name}
        if self.model is not None:
            known["model"] = {k: v for k, v in description(self.model).items() if k in ("name", "sha256", "training")}
        return known


NOTHING = Start()
