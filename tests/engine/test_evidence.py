"""Stage 1, against denoisers whose answer is known."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from engine.errors import DeviceError, MemoryShortageError, ModelError
from engine.host import device
from engine.method import evidence
from engine.method.evidence import draw_noise, gather, turned, turned_back
from engine.networks.unet import LESION
from engine.photograph.image import SkinImage
from engine.progress import Progress, drain
from engine.recipe import NoiseSettings
from engine.results import DeviceUse, Evidence
from tests.engine.fakes import Knowing, Ramp, from_clean
from tests.recipes import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from engine.method.evidence import Denoiser
    from engine.networks.weights import Model

SIZE = 32
GPU = DeviceUse("cpu:0", "a pretended GPU", "float32")  # torch computes on the CPU; the engine thinks otherwise


def photograph(path: Path, seed: int = 0) -> SkinImage:
    """Random pixels of the network's own size, so that nothing is resampled."""
    pixels = np.random.default_rng(seed).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    return SkinImage(path, "", pixels)


def to_tensor(pixels: np.ndarray) -> torch.Tensor:
    """uint8 (H, W, 3) to (3, H, W) in [-1, 1]."""
    return torch.from_numpy(pixels.transpose(2, 0, 1) / np.float32(127.5) - 1)


def found(image: SkinImage, settings: NoiseSettings, denoiser: Denoiser, on: str = "cpu") -> Evidence:
    """The evidence that a denoiser gives."""
    return drain(gather(image, settings, lambda kind: denoiser, SIZE, on))


def test_a_denoiser_that_knows_the_truth_gives_back_the_lesion(tmp_path: Path) -> None:
    image, skin = photograph(tmp_path), photograph(tmp_path, seed=1)
    x, h = to_tensor(image.pixels), to_tensor(skin.pixels)
    settings = NoiseSettings(timesteps=(1, 20, 60, 100, 150, 500), draws=2, seed=5, turn=False)
    steps: list[Progress] = []
    result = drain(gather(image, settings, lambda kind: Knowing(x, h), SIZE, "cpu"), steps.append)
    lesion = (x - h).abs().mean(dim=0).numpy()
    assert result.timesteps == settings.timesteps
    for difference in result.difference:
        np.testing.assert_allclose(difference, lesion, atol=1e-4)
    for known in (*(step.evidence for step in steps), result):
        assert np.abs(known.counterfactual.astype(int) - skin.pixels).max() <= 1


class Spotting:
    """A denoiser that sees only what it is shown: wherever x_t is bright, the labels differ by one."""

    def __init__(self) -> None:
        self.shown: list[torch.Tensor] = []

    def __call__(self, x_t: torch.Tensor, t: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        self.shown += list(x_t)
        bright = (x_t > 0).float()
        difference = from_clean(torch.zeros_like(x_t), t, bright)
        return torch.stack([difference * (one == LESION) for one in label[0]], dim=1)


def test_every_orientation_is_seen_and_its_maps_are_turned_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "draw_noise", lambda seed, t, draw, size: torch.zeros(3, size, size))
    pixels = np.zeros((SIZE, SIZE, 3), np.uint8)
    pixels[2:9, 5:20] = 255  # a bar that no rotation or reflection maps to itself
    image, denoiser = SkinImage(tmp_path, "", pixels), Spotting()
    result = found(image, RECIPE.noise, denoiser)
    assert len({(x > 0).numpy().tobytes() for x in denoiser.shown}) == 8
    for difference in result.difference:
        np.testing.assert_allclose(difference, pixels[..., 0] > 0, atol=1e-5)
    upright = Spotting()
    found(image, replace(RECIPE.noise, turn=False), upright)
    assert len({(x > 0).numpy().tobytes() for x in upright.shown}) == 1


@pytest.mark.parametrize("orientation", range(8))
def test_turning_back_undoes_turning(orientation: int) -> None:
    x = torch.arange(48.0).view(3, 4, 4)
    assert torch.equal(turned_back(turned(x, orientation), orientation), x)
    assert orientation == 0 or not torch.equal(turned(x, orientation), x)


def test_maps_lie_on_the_photographs_own_grid(photo: SkinImage, model: Model) -> None:
    result = drain(gather(photo, NoiseSettings(timesteps=(60, 100)), model.on, SIZE, "cpu"))
    assert result.difference.shape == (2, photo.height, photo.width)
    assert result.difference.dtype == np.float32
    assert result.counterfactual.shape == photo.pixels.shape
    assert not result.difference.flags.writeable
    assert not result.counterfactual.flags.writeable


def test_the_same_settings_give_the_same_bits_and_another_seed_does_not(photo: SkinImage, model: Model) -> None:
    def difference(seed: int) -> np.ndarray:
        settings = NoiseSettings(timesteps=(60, 100), seed=seed)
        return drain(gather(photo, settings, model.on, SIZE, "cpu")).difference

    assert np.array_equal(difference(3), difference(3))
    assert np.abs(difference(3) - difference(4)).max() > 0.01


def test_a_timestep_is_the_same_whatever_else_is_asked_for(photo: SkinImage, model: Model) -> None:
    few, many = (
        drain(gather(photo, NoiseSettings(timesteps=timesteps), model.on, SIZE, "cpu"))
        for timesteps in ((100,), (60, 80, 100, 140))
    )
    assert np.array_equal(few.difference[0], many.difference[2])


@pytest.mark.parametrize("number", [1, 2, 5])
def test_the_number_of_cores_changes_not_a_bit(
    photo: SkinImage, model: Model, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    settings = NoiseSettings(timesteps=(60, 100, 150), draws=3)
    here = drain(gather(photo, settings, model.on, SIZE, "cpu"))
    monkeypatch.setattr(evidence, "cores", lambda: number)
    there = drain(gather(photo, settings, model.on, SIZE, "cpu"))
    assert np.array_equal(here.difference, there.difference)
    assert np.array_equal(here.counterfactual, there.counterfactual)


def test_those_that_run_together_are_told_together(
    photo: SkinImage, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "cores", lambda: 2)
    steps: list[Progress] = []
    drain(gather(photo, NoiseSettings(timesteps=(60, 80, 100, 120, 150)), model.on, SIZE, "cpu"), steps.append)
    assert [(step.done, step.total) for step in steps] == [(2, 5), (4, 5), (5, 5)]


def test_as_many_evaluations_as_cores_run_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together, threads = threading.Barrier(3, timeout=60), set()

    def meeting(x_t: torch.Tensor, t: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        together.wait()  # each waits for two others
        threads.add((threading.get_ident(), torch.get_num_threads()))
        return torch.zeros(len(x_t), label.shape[1], *x_t.shape[1:])

    monkeypatch.setattr(evidence, "cores", lambda: 3)
    found(photograph(tmp_path), NoiseSettings(timesteps=(60, 80, 100, 110, 130, 150)), meeting)
    assert len(threads) == 3
    assert {number for _, number in threads} == {1}


def test_draws_are_averaged_per_timestep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "cores", lambda: 1)  # so that they are asked for in their order
    result = found(photograph(tmp_path), NoiseSettings(timesteps=(60, 100), draws=3), Ramp())
    np.testing.assert_allclose(result.difference[0], 2, rtol=1e-5)  # the mean of 1, 2, 3
    np.testing.assert_allclose(result.difference[1], 5, rtol=1e-5)  # of 4, 5, 6


def test_each_seed_timestep_and_draw_has_noise_of_its_own() -> None:
    noises = torch.stack([draw_noise(*key, SIZE).ravel() for key in product((0, 1), (60, 61), (0, 1))])
    assert torch.equal(noises[3], draw_noise(0, 61, 1, SIZE).ravel())
    correlation = torch.corrcoef(noises) - torch.eye(len(noises))
    assert correlation.abs().max() < 5 / noises.shape[1] ** 0.5  # five standard errors


def test_progress_counts_up_and_shows_what_is_known_so_far(
    photo: SkinImage, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "cores", lambda: 1)
    steps: list[Progress] = []
    settings = NoiseSettings(timesteps=(60, 100, 150), draws=2)
    result = drain(gather(photo, settings, model.on, SIZE, "cpu"), steps.append)
    assert [(step.stage, step.done, step.total) for step in steps] == [("network", n, 6) for n in range(1, 7)]
    partial = [step.evidence for step in steps]
    assert [one.timesteps for one in partial] == [(60,), (60,), (60, 100), (60, 100), (60, 100, 150), (60, 100, 150)]
    assert np.array_equal(partial[1].difference[0], result.difference[0])  # both draws are in: final
    assert not np.array_equal(partial[0].difference[0], result.difference[0])
    assert np.array_equal(partial[-1].difference, result.difference)


def test_to_cancel_is_to_stop_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, ended, cancelled, first = [], [], threading.Event(), RECIPE.noise.timesteps[:2]

    def slow(x_t: torch.Tensor, t: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        asked.append(int(t[0]))
        assert int(t[0]) in first or cancelled.wait(60), "only the first two are done before the run is closed"
        ended.append(int(t[0]))
        return torch.zeros(len(x_t), label.shape[1], *x_t.shape[1:])

    monkeypatch.setattr(evidence, "cores", lambda: 2)
    run = gather(photograph(tmp_path), RECIPE.noise, lambda kind: slow, SIZE, "cpu")
    next(run)
    timer = threading.Timer(0.2, cancelled.set)
    timer.start()
    run.close()
    timer.join()
    assert 2 <= len(asked) <= 4, "those that no thread had begun are not run"
    assert sorted(ended) == sorted(asked), "none is under way any more"


class SmallMemory:
    """A pretended GPU whose network fails on more than ``limit`` images at once; the CPU's never does."""

    def __init__(self, network: Denoiser, limit: int) -> None:
        self.network, self.limit = network, limit
        self.batches: list[tuple[str, int]] = []

    def on(self, kind: str) -> Denoiser:
        """The network as :func:`gather` asks for it."""

        def limited(x_t: torch.Tensor, t: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
            self.batches.append((kind, len(x_t)))
            if kind != "cpu" and len(x_t) > self.limit:
                raise torch.OutOfMemoryError
            return self.network(x_t, t, label)

        return limited


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request be met by the pretended GPU, eight images at a time."""
    monkeypatch.setattr(device, "choose", lambda _: GPU)
    monkeypatch.setattr(evidence, "GPU_BATCH", 8)


@pytest.mark.usefixtures("gpu")
def test_out_of_memory_halves_the_batch(photo: SkinImage, model: Model) -> None:
    memory = SmallMemory(model.on("cpu"), limit=3)
    result = drain(gather(photo, RECIPE.noise, memory.on, SIZE))
    assert memory.batches == [("cpu:0", n) for n in (8, 4, 2, 2, 2, 2, 2)]
    assert result.device == GPU
    plain = drain(gather(photo, RECIPE.noise, lambda kind: model.on("cpu"), SIZE))
    np.testing.assert_allclose(result.difference, plain.difference, atol=1e-5)


@pytest.mark.usefixtures("gpu")
def test_out_of_memory_on_one_image_falls_back_to_the_cpu_and_says_so(photo: SkinImage, model: Model) -> None:
    memory = SmallMemory(model.on("cpu"), limit=0)
    result = drain(gather(photo, NoiseSettings(timesteps=(60, 100, 150)), memory.on, SIZE))
    assert ("cpu:0", 1) in memory.batches
    assert memory.batches[-3:] == [("cpu", 1)] * 3
    assert (result.device.kind, result.device.precision) == ("cpu", device.fall_back("").precision)
    assert "ran out of memory" in result.device.note


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 9437184 bytes."),
        RuntimeError("MPS backend out of memory (MPS allocated: 9.05 GB, max allowed: 9.07 GB)"),
        RuntimeError("CUDA error: out of memory"),
    ],
)
def test_a_computer_without_enough_memory_is_told_not_retried(photo: SkinImage, error: RuntimeError) -> None:
    def starved(*_: torch.Tensor) -> torch.Tensor:
        raise error

    with pytest.raises(MemoryShortageError, match="memory"):
        drain(gather(photo, RECIPE.noise, lambda kind: starved, SIZE, "cpu"))


def test_other_errors_of_the_network_are_not_taken_for_it(photo: SkinImage) -> None:
    def broken(*_: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        drain(gather(photo, RECIPE.noise, lambda kind: broken, SIZE, "cpu"))


def test_auto_says_why_the_cpu_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    use = device.choose("auto")
    assert (use.kind, use.note) == ("cpu", "no GPU found")
    assert device.choose("cpu").note == ""


def test_only_devices_that_are_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for mps, kinds, said in ((True, ("mps", "cpu"), "'auto', 'mps' or 'cpu'"), (False, ("cpu",), "'auto' or 'cpu'")):
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda mps=mps: mps)
        assert device.available() == kinds
        with pytest.raises(DeviceError, match=f"this machine has none; use {said}"):
            device.choose("cuda")


@pytest.mark.parametrize("name", ["cuda", "mps", "abacus"])
def test_a_device_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(DeviceError, match=name):
        found(photograph(tmp_path), RECIPE.noise, Ramp(), name)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_gives_what_the_cpu_gives(photo: SkinImage, model: Model) -> None:
    cpu, cuda = (drain(gather(photo, RECIPE.noise, model.on, SIZE, name)) for name in ("cpu", "cuda"))
    np.testing.assert_allclose(cuda.difference, cpu.difference, atol=0.02)


def test_numbers_that_overflow_are_not_taken_for_skin(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="overflow"):
        found(
            photograph(tmp_path),
            RECIPE.noise,
            lambda x_t, t, label: torch.full((len(t), 2, *x_t.shape[1:]), torch.inf),
        )
