"""Synthetic photographs on which the model fails, each with the true mask, drawn with the samples' own brushes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.special import expit

from engine.host.resources import default_model
from engine.networks.weights import load_model
from engine.photograph.image import SkinImage
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.agreement import agreement
from engine.reading.contours import contours
from engine.records.render import AMBIGUITY_MAP, AMBIGUITY_RANGE, heatmap, overlay_picture
from resources.samples import make_samples as brushes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from engine.results import Segmentation

    Case: TypeAlias = tuple[Image.Image, NDArray[np.bool_]]

WIDTH = 560  # pixels of each half of a picture
TRUTH = (255, 255, 255)


def nevus(
    seed: int,
    lobes: Sequence[brushes.Lobe],
    strength: float,
    soft: float,
    skin: tuple[int, int, int] = (226, 190, 166),
    over: Callable[[np.random.Generator, brushes.Field], brushes.Field] = lambda rng, light: light,
) -> Case:
    """A brown nevus of one or more ellipses.

    strength: of its pigment, usually 1; soft: its border, in pixels; skin: the colour around it; over: draws what lies
    on top.
    """
    rng = np.random.default_rng(seed)
    inward = brushes.outline(rng, lobes, [], 20)
    mesh = brushes.network(rng, 16)
    cover = strength * expit((inward + 12 * (mesh - 0.4)) / soft)
    body = 0.40 + 0.13 * brushes.noise(rng, 80) + 0.09 * brushes.noise(rng, 22) + 0.05 * brushes.noise(rng, 6)
    melanin, blood = cover * (body + 0.46 * mesh), cover * (0.12 + 0.05 * brushes.noise(rng, 50))
    light = brushes.absorb(brushes.skin(rng, skin, 0.07), np.clip(melanin, 0, None), blood)
    return brushes.develop(rng, brushes.light_up(rng, over(rng, light), 0.3)), inward > 0


def faint() -> Case:
    """A lesion with a fourteenth of a nevus's pigment."""
    return nevus(5, [(800, 600, 300, 220, 20)], 0.07, 40)


def second() -> Case:
    """A nevus and a second one of a hundredth of its area."""
    photograph, mask = nevus(7, [(650, 600, 300, 230, 20)], 1.1, 14)
    rng = np.random.default_rng(7)
    inward = 34 - np.hypot(brushes.X - 1250, brushes.Y - 380) + 6 * brushes.noise(rng, 20)
    pigment = expit(inward / 5)
    light = np.asarray(photograph, np.float32) / 255
    return brushes.develop(rng, brushes.absorb(light, 0.9 * pigment, 0.1 * pigment)), mask | (inward > 0)


def pale() -> Case:
    """A lesion that is paler than the skin around it."""
    rng = np.random.default_rng(13)
    inward = brushes.outline(rng, [(800, 600, 260, 200, 20)], [], 20)
    skin = brushes.skin(rng, (214, 170, 148), 0.1)
    light = brushes.blend(skin, (236, 205, 190), 0.7 * expit(inward / 25))
    return brushes.develop(rng, brushes.light_up(rng, light, 0.3)), inward > 0


CASES: dict[str, Callable[[], Case]] = {"faint": faint, "second": second, "pale": pale}


def pictures() -> Iterator[tuple[str, Image.Image]]:
    """Each case by name: the photograph with the true border and the model's, beside it the map of ambiguity."""
    model = load_model(default_model())
    pipeline = Pipeline(model, "cpu")
    for name, make in CASES.items():
        photograph, truth = make()
        image = SkinImage(default_model(), "0" * 64, np.asarray(photograph))
        yield name, picture(drain(pipeline.run(image, model.recipe)), truth)


def picture(found: Segmentation, truth: NDArray[np.bool_]) -> Image.Image:
    """Both halves, above a line with the figures."""
    image = found.image
    left = overlay_picture(image.pixels, border(found.mask))
    draw = ImageDraw.Draw(left)
    for curve in border(truth):
        dashes(draw, curve)
    ambiguity = Image.fromarray(heatmap(found.consensus.ambiguity, AMBIGUITY_MAP, AMBIGUITY_RANGE)[..., :3])
    height = WIDTH * image.height // image.width
    sheet = Image.new("RGB", (2 * WIDTH + 8, height + 34), "white")
    sheet.paste(left.resize((WIDTH, height), Image.Resampling.LANCZOS), (0, 0))
    sheet.paste(ambiguity.resize((WIDTH, height), Image.Resampling.NEAREST), (WIDTH + 8, 0))
    dice = agreement(found.mask, truth).dice
    said = f"Dice with the true mask {dice:.2f}", f"Ambiguity; GED {found.consensus.ged:.2f}"
    for text, x in zip(said, (2, WIDTH + 10), strict=True):
        ImageDraw.Draw(sheet).text((x, height + 6), text, fill=(50, 60, 68), font=ImageFont.load_default(19))
    return sheet


def border(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """A mask's contours."""
    return contours(mask.astype(np.float32), 0.5, mask.shape[1], mask.shape[0])


def dashes(draw: ImageDraw.ImageDraw, curve: NDArray[np.float64], length: float = 26) -> None:
    """A dashed white line along a curve."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    for start in np.arange(0, along[-1], 2 * length):
        ends = np.linspace(start, min(start + length, along[-1]), 6)
        points = [(float(np.interp(at, along, curve[:, 0])), float(np.interp(at, along, curve[:, 1]))) for at in ends]
        draw.line(points, fill=TRUTH, width=5)
