"""What a network's encoder makes of a photograph as a whole: the mean and the spread of each of its channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from engine.photograph.resize import resize_rgb

if TYPE_CHECKING:
    from engine.arrays import Floats
    from engine.networks.weights import Model
    from engine.photograph.image import SkinImage


@torch.inference_mode()
def features(model: Model, image: SkinImage) -> Floats:
    """Mean and standard deviation over the photograph, without noise, of each channel: float32 (2 C,).

    It is one pass through the encoder, a twentieth of an analysis of ten timesteps, and depends on no setting. It is
    always made on the CPU in float32, whatever the device, so that the figure is one and the same.
    """
    square = torch.from_numpy(resize_rgb(image.pixels, model.size, model.size).astype(np.float32) / 127.5 - 1)
    x = square.permute(2, 0, 1)[None].contiguous(memory_format=torch.channels_last)
    channels = model.on("cpu").features(x)[0].flatten(1).double()
    return torch.cat([channels.mean(1), channels.std(1, correction=0)]).float().numpy()
