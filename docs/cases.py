"""Ten synthetic photographs with true mask and the model's border: the bundled samples, four more, three failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from docs.failures import CASES, border, dashes, nevus
from engine.host.resources import default_model, samples
from engine.networks.weights import load_model
from engine.photograph.image import SkinImage
from engine.photograph.read import read_image, read_mask
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.agreement import agreement
from engine.records.render import overlay_picture
from resources.samples import make_samples as brushes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docs.failures import Case

WIDTH, HEIGHT = 244, 183  # pixels of each photograph
COLUMNS = 5
LOBES = [(800.0, 600.0, 300.0, 220.0, 20.0)]


def hairy() -> Case:
    """A nevus under dense hair."""
    return nevus(21, LOBES, 1.1, 14, over=lambda rng, light: brushes.add_hairs(rng, light, 70, 35, 3.0))


def bubbles() -> Case:
    """A nevus with air in the gel, partly over its border."""
    return nevus(22, LOBES, 1.1, 14, over=lambda rng, light: brushes.add_bubbles(rng, light, (1060, 520), 14))


def dark() -> Case:
    """A nevus on dark skin."""
    return nevus(23, LOBES, 1.3, 14, skin=(150, 106, 82))


def filling() -> Case:
    """A lesion that leaves the frame on all four sides."""
    return nevus(6, [(800, 600, 1500, 1300, 20)], 1.2, 14)


def cases() -> Iterator[tuple[str, Case]]:
    """The ten, each with its name."""
    for path in samples():
        image = read_image(path)
        yield (
            path.stem,
            (Image.fromarray(image.pixels), read_mask(path.with_name(f"{path.stem}_segmentation.png"), image)),
        )
    more = {"under hair": hairy, "bubbles": bubbles, "dark skin": dark, "filling": filling}
    for name, make in (more | CASES).items():
        yield name, make()


def sheet() -> Image.Image:
    """All ten: the model's border in cyan, the true one dashed, Dice and GED below."""
    model = load_model(default_model())
    pipeline = Pipeline(model, "cpu")
    drawn = Image.new("RGB", (COLUMNS * (WIDTH + 8) - 8, 2 * (HEIGHT + 28)), "white")
    font = ImageFont.load_default(14)
    for number, (name, (photograph, truth)) in enumerate(cases()):
        found = drain(pipeline.run(SkinImage(default_model(), "0" * 64, np.asarray(photograph)), model.recipe))
        overlaid = overlay_picture(found.image.pixels, border(found.mask))
        for curve in border(truth):
            dashes(ImageDraw.Draw(overlaid), curve)
        x, y = number % COLUMNS * (WIDTH + 8), number // COLUMNS * (HEIGHT + 28)
        drawn.paste(overlaid.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), (x, y))
        said = f"{name}: Dice {agreement(found.mask, truth).dice:.2f}, GED {found.consensus.ged:.2f}"
        ImageDraw.Draw(drawn).text((x + 2, y + HEIGHT + 5), said, fill=(50, 60, 68), font=font)
    return drawn
