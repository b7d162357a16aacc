"""Stage 1, the expensive one: the noise that the model predicts under two labels, and how far the two lie apart.

For each timestep t and noise draw eps the photograph x, squashed to the network's square, becomes
x_t = sqrt(alpha_bar_t) x + sqrt(1 - alpha_bar_t) eps, and

    difference_t = sigma_t | f(x_t, healthy) - f(x_t, lesion) |        (equation 2 before the threshold)

averaged over colour channels and draws. Where the settings say so, each evaluation sees the photograph in another of
its eight orientations (four rotations, mirrored or not), and its maps are turned back: a lesion has no upright, so
what changes with the orientation is the network's doubt. sigma_t brings noise to clean-image units, so that one delta
serves every t: for a model that knows the truth the difference is |x - h|, h being the healthy skin.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import torch
from torch import Tensor

from engine.errors import MemoryShortageError, ModelError
from engine.host import device as devices
from engine.host.cores import cores
from engine.method.schedule import add_noise, clean_image, sigma
from engine.networks.unet import HEALTHY, LESION
from engine.photograph.resize import resize, resize_rgb
from engine.progress import Progress, Run
from engine.recipe import MOST_TIMESTEPS
from engine.results import DeviceUse, Evidence, working_size

if TYPE_CHECKING:
    from engine.arrays import Floats
    from engine.photograph.image import SkinImage
    from engine.recipe import NoiseSettings

Denoiser: TypeAlias = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(x_t (B, 3, S, S), t (B,), label (B, L)) -> predicted noise (B, L, 3, S, S)."""

GPU_BATCH = 32

OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "out of memory")


def noise_difference(predicted: Tensor, t: Tensor) -> Tensor:
    """Difference map float32 (B, S, S) from noise predicted under both labels (B, 2, 3, S, S) at timesteps t (B,)."""
    healthy, lesion = predicted.unbind(1)
    return sigma(t)[:, 0] * (healthy - lesion).abs().mean(dim=1)


def draw_noise(seed: int, t: int, draw: int, size: int) -> Tensor:
    """Standard normal noise (3, size, size), a pure function of its arguments, made on the CPU for every device."""
    state = np.random.SeedSequence((seed, t, draw)).generate_state(1, np.uint64)[0]
    generator = torch.Generator().manual_seed(int(state >> np.uint64(1)))
    return torch.randn(3, size, size, generator=generator)


def orientation(t: int, draw: int) -> int:
    """Which of the eight orientations a timestep's draw sees; the default timesteps see all of them."""
    return (t // 10 + draw) % 8


def turned(x: Tensor, orientation: int) -> Tensor:
    """x (.., S, S) mirrored where the orientation's third bit is set, then rotated by its quarter turns."""
    return torch.rot90(x.flip(-1) if orientation & 4 else x, orientation & 3, (-2, -1))


def turned_back(x: Tensor, orientation: int) -> Tensor:
    """The inverse of :func:`turned`."""
    upright = torch.rot90(x, -(orientation & 3), (-2, -1))
    return upright.flip(-1) if orientation & 4 else upright


def gather(
    image: SkinImage,
    settings: NoiseSettings,
    denoiser: Callable[[str], Denoiser],
    size: int,
    device: str = "auto",
    kept: Kept | None = None,
) -> Run[Evidence]:
    """Run the network over all timesteps, yielding with the evidence so far.

    denoiser: gives the network on a kind of device ("cpu", "cuda", "mps"). size: side of the network's square. device:
    see :func:`engine.host.device.choose`. A GPU that runs out of memory is given half as much at once, and at last the
    CPU takes over, which the result says. kept: timesteps that earlier runs on this photograph have left; only the
    others are asked of the network, and are kept too once all are there. On the CPU the bits of a map depend neither on
    how many are made nor on the number of cores.
    """
    kept = Kept() if kept is None else kept
    use = kept.use if kept.use is not None and kept.has(settings) else devices.choose(device)
    collected = _Collected(image, settings, size, kept.given(settings) if use == kept.use else {})
    if use.kind != "cpu":
        use = yield from _in_batches(collected, settings, denoiser, use)
    if collected.missing:
        yield from _each_in_a_thread(collected, settings, denoiser("cpu"), use)
    kept.keep(settings, use, collected.maps)
    return collected.evidence(use)


def _in_batches(
    collected: _Collected, settings: NoiseSettings, denoiser: Callable[[str], Denoiser], use: DeviceUse
) -> Run[DeviceUse]:
    """On a GPU, many evaluations at once; returns the device that is left to use where something is missing yet."""
    batch = GPU_BATCH
    while todo := collected.missing[:batch]:
        try:
            found = _predict(denoiser(use.kind), collected.x_0, todo, settings, use)
        except RuntimeError as error:
            if not _out_of_memory(error):
                raise
            if len(todo) == 1:
                return devices.fall_back(f"the {use.kind.upper()} device ran out of memory")
            batch = len(todo) // 2
            torch.cuda.empty_cache()
            continue
        collected.add(todo, *found)
        yield collected.progress(use)
    return use


def _each_in_a_thread(collected: _Collected, settings: NoiseSettings, network: Denoiser, use: DeviceUse) -> Run[None]:
    """On the CPU, as many evaluations at once as there are cores, each computed by one thread alone.

    One evaluation shared out to all cores would wait, at every operation, for the core that another program has taken.
    Yields once for those that run at the same time: what is made of each progress takes time from the next ones.
    """
    together, todo = cores(), list(collected.missing)
    waiting = [_threads(together).submit(_predict, network, collected.x_0, [one], settings, use) for one in todo]
    try:
        for start in range(0, len(todo), together):
            for one, found in zip(todo[start:], waiting[start : start + together], strict=False):
                collected.add([one], *found.result())
            yield collected.progress(use)
    except RuntimeError as error:
        if not _out_of_memory(error):
            raise
        raise MemoryShortageError("There is not enough memory; close other programs and try again.") from None
    finally:
        wait([one for one in waiting if not one.cancel()])  # those that run already end by themselves


@lru_cache(maxsize=1)
def _threads(number: int) -> ThreadPoolExecutor:
    """Threads that compute alone, kept from one photograph to the next: torch prepares much in each new one."""
    return ThreadPoolExecutor(number, "network", torch.set_num_threads, (1,))


def _out_of_memory(error: RuntimeError) -> bool:
    """CUDA's allocator says so by type; the CPU's (Linux, Windows), Apple's and CUDA's start-up by text."""
    said = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError) or any(words in said for words in OUT_OF_MEMORY)


@torch.inference_mode()
def _predict(
    network: Denoiser, x_0: Tensor, todo: list[tuple[int, int]], settings: NoiseSettings, use: DeviceUse
) -> tuple[Floats, Floats]:
    """Difference maps (B, S, S) and counterfactual clean images (B, 3, S, S) of some (timestep, draw) pairs."""
    eps = torch.stack([draw_noise(settings.seed, t, draw, x_0.shape[-1]) for t, draw in todo]).to(use.kind)
    turns = [orientation(t, draw) if settings.turn else 0 for t, draw in todo]
    seen = torch.stack([turned(x_0, turn) for turn in turns]).to(use.kind)
    t = torch.tensor([t for t, _ in todo], device=use.kind)
    x_t = add_noise(seen, t, eps).contiguous(memory_format=torch.channels_last)
    label = torch.tensor([[HEALTHY, LESION]], device=use.kind).expand(len(todo), 2)
    half = use.precision != "float32"
    with torch.autocast(use.kind, dtype=getattr(torch, use.precision), enabled=half):
        predicted = network(x_t, t, label)
    predicted = predicted.float()
    healthy = clean_image(x_t, t, predicted[:, HEALTHY])
    difference = noise_difference(predicted, t).cpu()
    maps = [
        torch.stack([turned_back(x, k) for x, k in zip(batch, turns, strict=True)]).numpy()
        for batch in (difference, healthy.cpu())
    ]
    return maps[0], maps[1]


class Kept:
    """What runs on one photograph with one network and device have found: a timestep that is chosen again is free.

    Other draws, another seed or orientation, or another device take the place of all that was kept.
    """

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self.use: DeviceUse | None = None
        self._noise: NoiseSettings | None = None  # the settings of the newest run
        self._maps: dict[int, _Maps] = {}

    def has(self, settings: NoiseSettings) -> bool:
        """Whether all timesteps of these settings are there."""
        return set(settings.timesteps) <= set(self.given(settings))

    def given(self, settings: NoiseSettings) -> dict[int, _Maps]:
        """Those timesteps of these settings that are there."""
        if self._noise is None or replace(self._noise, timesteps=settings.timesteps) != settings:
            return {}
        return {t: self._maps[t] for t in settings.timesteps if t in self._maps}

    def keep(self, settings: NoiseSettings, use: DeviceUse, maps: dict[int, _Maps]) -> None:
        """Add a run's timesteps; beyond MOST_TIMESTEPS those that were kept longest go."""
        same = use == self.use and self._noise is not None and replace(settings, timesteps=self._noise.timesteps)
        earlier = self._maps if same == self._noise else {}
        newest = maps | {t: found for t, found in earlier.items() if t not in maps}
        self._maps = dict(list(newest.items())[:MOST_TIMESTEPS])
        self._noise, self.use = settings, use


class _Maps(NamedTuple):
    """A timestep's difference on the working grid, float32 (h, w), and its clean images' sum over draws, (3, S, S)."""

    difference: Floats
    healthy: Floats


class _Collected:
    """Maps found so far, by timestep, and the evidence that they make.

    It works beside the threads, and so with numpy: torch would share each step out to all cores.
    """

    def __init__(self, image: SkinImage, settings: NoiseSettings, size: int, known: dict[int, _Maps]) -> None:
        square = resize_rgb(image.pixels, size, size)
        self.x_0 = torch.from_numpy(square.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)
        self.grid = working_size(image.width, image.height)
        self.draws = settings.draws
        self.maps = dict(known)
        self.missing = [(t, draw) for t in settings.timesteps if t not in known for draw in range(settings.draws)]
        self.total = len(settings.timesteps) * settings.draws
        self._done: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def add(self, todo: list[tuple[int, int]], difference: Floats, healthy: Floats) -> None:
        if not np.isfinite(difference).all():
            raise ModelError("The model's numbers overflow on this device; analyse on the CPU, or take another model.")
        self.missing = self.missing[len(todo) :]
        self._done.update(zip(todo, zip(difference, healthy, strict=True), strict=True))
        for t in dict.fromkeys(t for t, _ in todo):
            draws = [self._done[t, d] for d in range(self.draws) if (t, d) in self._done]
            mean = _sum([one for one, _ in draws]) / np.float32(len(draws))
            self.maps[t] = _Maps(resize(mean, *self.grid), _sum([one for _, one in draws]))

    def progress(self, use: DeviceUse) -> Progress:
        return Progress("network", self.total - len(self.missing), self.total, self.evidence(use))

    def evidence(self, use: DeviceUse) -> Evidence:
        timesteps = tuple(sorted(self.maps))
        found = [self.maps[t] for t in timesteps]
        healthy = _sum([one.healthy for one in found]) / np.float32(self.total - len(self.missing))
        picture = np.rint((healthy.clip(-1, 1) + 1) * np.float32(127.5)).astype(np.uint8).transpose(1, 2, 0)
        difference = np.stack([one.difference for one in found])
        return Evidence(timesteps, difference, resize_rgb(np.ascontiguousarray(picture), *self.grid).copy(), use)


def _sum(images: list[Floats]) -> Floats:
    """Added one by one: the same bits whatever the batch."""
    total = images[0].copy()
    for image in images[1:]:
        total += image
    return total
