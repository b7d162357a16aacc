"""A denoiser whose encoder has seen photographs before: EfficientNet-Lite0 below, a label-conditional decoder above.

As in :mod:`engine.networks.unet` the label enters from the bottleneck on, so that one pass through the encoder serves
both labels. The encoder finds the lesion. The decoder comes in two heights:

- Up to half the side of the photograph it predicts noise, which a thin path there carries past the encoder.
- Up to a quarter it predicts the clean image x_0, smooth enough for that, and the noise follows from it and x_t
  (:func:`engine.method.schedule.noise_of`). So the noise that is in x_t is the same under both labels, without
  having passed through the decoder, and a pass is spared its largest maps.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.method.schedule import noise_of
from engine.networks.backbone import CHANNELS, EfficientNetLite
from engine.networks.unet import GROUPS, Attention, ResidualBlock, timestep_embedding

BACKBONE = "efficientnet-lite0"
CONDITION = 128
HEIGHTS = (4, 5)  # levels that a decoder may have
LOOKED_AT = (
    3  # of the encoder's five scales: what lies deeper knows ISIC's photographs from HAM10000's, not skin from a cat
)


@dataclass(frozen=True)
class PretrainedConfig:
    """The network's shape. size: side of the square it sees, pixels. widths: decoder channels at 1/2 .. 1/32 of it, or,
    four of them, at 1/4 .. 1/32.

    kind: the network's name in a model's description. backbone: the encoder's published name.
    """

    kind: ClassVar[str] = "pretrained-unet"

    size: int = 192
    widths: tuple[int, ...] = (32, 48, 80, 128, 192)
    backbone: str = BACKBONE

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", tuple(self.widths))
        if self.backbone != BACKBONE:
            raise ValueError(f"the backbone {self.backbone!r} is not known")
        if len(self.widths) not in HEIGHTS or not all(
            type(w) is int and w > 0 and w % GROUPS == 0 for w in self.widths
        ):
            raise ValueError(f"a decoder has {' or '.join(map(str, HEIGHTS))} widths, multiples of {GROUPS}")
        if type(self.size) is not int or self.size < 32 or self.size % 32:
            raise ValueError(f"size {self.size} is not a multiple of 32")

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON-ready values."""
        return {**asdict(self), "widths": list(self.widths)}


class PretrainedUNet(nn.Module):
    """(x_t, t, label) -> predicted noise, for any number of labels per image at the cost of one encoder pass."""

    def __init__(self, config: PretrainedConfig) -> None:
        super().__init__()
        self.config = config
        widths = config.widths
        self.unheeded = len(CHANNELS) - len(widths)  # of the encoder's scales, the finest
        self.cell = 2 ** (1 + self.unheeded)  # the side, in pixels, of what one place of the finest map stands for
        pixels = 3 * self.cell**2
        self.time = nn.Sequential(nn.Linear(CONDITION, CONDITION), nn.SiLU(), nn.Linear(CONDITION, CONDITION))
        self.label = nn.Embedding(2, CONDITION)
        self.encoder = EfficientNetLite()
        if self.predicts_noise:
            self.noise_path = nn.Conv2d(pixels, widths[0], 3, padding=1)
        else:
            self.blur = nn.Conv2d(pixels, pixels, 3, padding=1)
            self._begin_blur()
        # A list's places are the encoder's scales in either height, so that one can begin with the other's weights.
        none = [nn.Identity()] * self.unheeded
        scales = zip(CHANNELS[self.unheeded :], widths, strict=True)
        self.lateral = nn.ModuleList([*none, *(nn.Conv2d(c, w, 1) for c, w in scales)])
        self.middle = ResidualBlock(widths[-1], widths[-1], CONDITION)
        self.attention = Attention(widths[-1])
        self.shrink = nn.ModuleList([*none, *(nn.Conv2d(wide, narrow, 1) for narrow, wide in pairwise(widths))])
        self.up = nn.ModuleList([*none, *(ResidualBlock(width, width, CONDITION) for width in widths)])
        self.norm = nn.GroupNorm(GROUPS, widths[0])
        self.head = nn.Conv2d(widths[0], pixels, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    @property
    def predicts_noise(self) -> bool:
        """Whether the decoder's output is noise; else the clean image, from which noise follows."""
        return self.unheeded == 0

    def _begin_blur(self) -> None:
        """Let the filter begin as the mean of the nearest pixels of the same colour."""
        nn.init.zeros_(self.blur.weight)
        nn.init.zeros_(self.blur.bias)  # type: ignore[arg-type]
        pixels = self.cell**2
        for first in range(0, self.blur.in_channels, pixels):
            same = slice(first, first + pixels)
            nn.init.constant_(self.blur.weight[same, same], 1 / (9 * pixels))

    @property
    def channels(self) -> int:
        """How many channels :meth:`features` has."""
        return CHANNELS[LOOKED_AT]

    def features(self, x: Tensor) -> Tensor:
        """What the encoder makes of photographs x (B, 3, S, S) without noise: (B, C, S / 16, S / 16)."""
        made: list[Tensor] = self.encoder(x, LOOKED_AT + 1)
        return made[LOOKED_AT]

    def forward(self, x_t: Tensor, t: Tensor, label: Tensor) -> Tensor:
        """Predict the noise in x_t under each label.

        x_t: (B, 3, S, S) noised images. t: (B,) integer timesteps. label: (B, L) with values HEALTHY or LESION.
        Returns (B, L, 3, S, S) in x_t's dtype.
        """
        labels = label.shape[1]
        time = F.silu(self.time(timestep_embedding(t, CONDITION)))
        skips = [lateral(f) for lateral, f in zip(self.lateral, self.encoder(x_t), strict=True)]
        cells = F.pixel_unshuffle(x_t, self.cell)
        if self.predicts_noise:
            skips[0] = skips[0] + self.noise_path(cells)
        h = self.attention(self.middle(skips[-1], time)).repeat_interleave(labels, 0)
        h = h.contiguous(memory_format=torch.channels_last)  # which repeating has undone
        condition = (time[:, None] + F.silu(self.label(label))).flatten(0, 1)
        h = self.up[-1](h, condition)
        for level in reversed(range(self.unheeded, len(skips) - 1)):
            grown = F.interpolate(self.shrink[level](h), scale_factor=2.0, mode="nearest")
            torch.unflatten(grown, 0, (-1, labels)).add_(skips[level][:, None])  # each label's map, the skip not copied
            h = self.up[level](grown, condition)
        made = self.head(F.silu(self.norm(h), inplace=True))
        if self.predicts_noise:
            return self._per_label(made, x_t, labels)
        blurred = self._per_label(self.blur(cells), x_t, 1)
        clean = blurred + self._per_label(made, x_t, labels)
        return noise_of(x_t, t, clean.movedim(1, 0)).movedim(0, 1)

    def _per_label(self, cells: Tensor, x_t: Tensor, labels: int) -> Tensor:
        """A decoder's map as images in x_t's precision: (B * L, 3 * cell^2, h, w) -> (B, L, 3, S, S)."""
        images = F.pixel_shuffle(cells, self.cell).to(x_t.dtype)
        return images.reshape(len(x_t), labels, *x_t.shape[1:])
