"""Makes the bundled sample photographs: synthetic dermoscopy with a known true mask beside each.

    python make_samples.py [OUTPUT_DIR]

Skin and lesions are layers of absorbing pigment (melanin, blood) with random textures; hairs, gel bubbles,
a ruler and the camera's own faults lie on top. No photograph of a person goes in. Each sample has a fixed
seed, so a run repeats the last one. The true mask is where the lesion's border profile (its pigment's opacity
across the border) exceeds one half.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage
from scipy.spatial import cKDTree
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Field = NDArray[np.float32]  # (HEIGHT, WIDTH), or (HEIGHT, WIDTH, 3) for light in 0..1
Lobe = tuple[float, float, float, float, float]  # x, y, radius along, radius across, angle in degrees

WIDTH, HEIGHT = 1600, 1200
PIXELS_PER_MM = 62
# Absorbance of one unit of pigment in R, G, B. The ratios give melanin's brown and blood's pink.
MELANIN = np.array([0.58, 1.00, 1.42], np.float32)
BLOOD = np.array([0.10, 0.60, 0.50], np.float32)

Y, X = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)


def noise(rng: np.random.Generator, sigma: float) -> Field:
    """Smooth Gaussian noise of zero mean and unit deviation; sigma is its grain in pixels."""
    step = max(1, int(sigma / 3))  # coarse noise is made small, then enlarged: the same look, far quicker
    small = rng.standard_normal((HEIGHT // step + 2, WIDTH // step + 2), dtype=np.float32)
    small = ndimage.gaussian_filter(small, sigma / step)
    field = enlarge(small)
    return (field - field.mean()) / field.std()


def enlarge(values: Field) -> Field:
    """Resample a small field to the picture's size."""
    return np.asarray(Image.fromarray(values).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def creases(rng: np.random.Generator, sigma: float, width: float) -> Field:
    """Thin winding lines, 0..1: where a noise field passes through zero."""
    return np.exp(-((noise(rng, sigma) / width) ** 2))


def cells(rng: np.random.Generator, spacing: float, warp: float) -> tuple[Field, Field, Field]:
    """Irregular cells: distance to the cell's centre, distance to its wall, a random number per cell."""
    y, x = np.mgrid[-spacing : HEIGHT + spacing : spacing, -spacing : WIDTH + spacing : spacing]
    centres = np.stack([y, x], axis=-1).reshape(-1, 2)
    centres = centres + rng.uniform(-0.45, 0.45, centres.shape) * spacing
    half = (slice(None, None, 2), slice(None, None, 2))  # every second pixel is fine enough for cells
    moved = [axis + warp * noise(rng, 0.7 * spacing) for axis in (Y, X)]
    where = np.stack([axis[half] for axis in moved], axis=-1)
    distance, index = cKDTree(centres).query(where, k=2)
    number = rng.uniform(size=len(centres))[index[..., 0]]
    wall = distance[..., 1] - distance[..., 0]
    centre, wall, number = (enlarge(v.astype(np.float32)) for v in (distance[..., 0], wall, number))
    return centre, wall, number


def network(rng: np.random.Generator, spacing: float) -> Field:
    """A pigment network, 0..1: lines of uneven width and strength around pale holes, lost in places."""
    _, wall, _ = cells(rng, spacing, 0.32 * spacing)
    width = np.clip(0.42 + 0.14 * noise(rng, 2 * spacing) + 0.12 * noise(rng, 0.5 * spacing), 0.15, 0.9)
    lines = np.exp(-((wall / (spacing * width)) ** 2))
    strength = np.clip(0.72 + 0.22 * noise(rng, 0.9 * spacing) + 0.18 * noise(rng, 3 * spacing), 0, 1.1)
    return ndimage.gaussian_filter(lines * strength, 1.6)


def dots(rng: np.random.Generator, spacing: float, radius: float, share: float) -> Field:
    """Round spots, 0..1, in a share of the cells of a jittered grid, of up to the given radius."""
    centre, _, number = cells(rng, spacing, 0.15 * spacing)
    return expit((radius * np.sqrt(np.clip(1 - number / share, 0, 1)) - centre) / 1.3) * (number < share)


def outline(rng: np.random.Generator, lobes: Sequence[Lobe], notches: Sequence[Lobe], wobble: float) -> Field:
    """Signed pixels to the border, positive inside: merged ellipses, less the notches, made uneven."""
    x = X + wobble * (noise(rng, 70) + 0.45 * noise(rng, 26) + 0.2 * noise(rng, 10))
    y = Y + wobble * (noise(rng, 70) + 0.45 * noise(rng, 26) + 0.2 * noise(rng, 10))

    def level(lobe: Lobe) -> Field:
        cx, cy, along, across, angle = lobe
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        u, v = (x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin
        return 1 - np.hypot(u / along, v / across)

    body = np.logaddexp.reduce([12 * level(lobe) for lobe in lobes]) / 12  # a smooth maximum
    for notch in notches:
        body = np.minimum(body, -level(notch))
    parts, count = ndimage.label(body > 0)
    largest = 1 + np.argmax(ndimage.sum_labels(body > 0, parts, np.arange(1, count + 1)))
    inside = ndimage.binary_fill_holes(parts == largest)
    distance = ndimage.distance_transform_edt(inside) - ndimage.distance_transform_edt(~inside)
    return ndimage.gaussian_filter(distance.astype(np.float32), 2)


def absorb(light: Field, melanin: Field, blood: Field) -> Field:
    """Light after it passed through pigment (Beer-Lambert)."""
    return light * np.exp(-melanin[..., None] * MELANIN - blood[..., None] * BLOOD)


def skin(rng: np.random.Generator, colour: tuple[int, int, int], redness: float) -> Field:
    """Bare skin: blotches, skin lines, follicles and fine vessels over a base colour."""
    _, wall, _ = cells(rng, 26, 11)
    lines = np.exp(-((wall / 5) ** 2)) * expit(1.5 * noise(rng, 120))
    melanin = 0.035 * noise(rng, 260) + 0.012 * noise(rng, 60) + 0.010 * noise(rng, 18)
    melanin += 0.014 * noise(rng, 5) + 0.014 * noise(rng, 2) + 0.020 * lines
    melanin += 0.10 * expit(4 * (noise(rng, 26) - 2.3))  # freckles
    melanin += 0.07 * ndimage.gaussian_filter(dots(rng, 80, 8, 0.5), 3)  # follicles
    vessels = creases(rng, 11, 0.10) * np.clip(noise(rng, 18) + 0.4 * noise(rng, 90) - 0.8, 0, 2)
    blood = 0.045 * noise(rng, 200) + 0.020 * noise(rng, 45) + 0.016 * noise(rng, 7) + redness * vessels
    light = np.broadcast_to(np.array(colour, np.float32) / 255, (HEIGHT, WIDTH, 3))
    return absorb(light, melanin, blood)


def blend(light: Field, colour: tuple[int, int, int], opacity: Field) -> Field:
    """Paint a colour over the picture."""
    return light + opacity[..., None] * (np.array(colour, np.float32) / 255 - light)


def add_hairs(rng: np.random.Generator, light: Field, count: int, angle: float, width: float) -> Field:
    """Draw curved, tapering hairs about one direction (degrees), each with a soft shadow on the skin."""
    canvas = Image.new("L", (2 * WIDTH, 2 * HEIGHT))  # twice the size, for smooth edges
    draw = ImageDraw.Draw(canvas)
    for _ in range(count):
        heading = np.radians(angle + rng.normal(0, 28))
        x, y = rng.uniform(0, 2 * WIDTH), rng.uniform(0, 2 * HEIGHT)
        bend, thick, ink = rng.normal(0, 0.008), 2 * width * rng.uniform(0.5, 1.2), int(rng.uniform(110, 225))
        steps = int(rng.uniform(50, 140))
        for step in range(steps):
            heading += bend + rng.normal(0, 0.025)
            end = x + 14 * np.cos(heading), y + 14 * np.sin(heading)
            taper = 1 - (2 * step / steps - 1) ** 4
            draw.line((x, y, *end), fill=int(ink * taper**0.5), width=max(1, round(thick * taper)))
            x, y = end
    hair = np.asarray(canvas.resize((WIDTH, HEIGHT), Image.Resampling.BOX), np.float32) / 255
    shadow = ndimage.shift(ndimage.gaussian_filter(hair, 5), (4, 3))
    light = light * (1 - 0.35 * shadow[..., None])
    return blend(light, (56, 38, 28), 0.9 * ndimage.gaussian_filter(hair, 0.8))


def add_ruler(light: Field) -> Field:
    """Print a millimetre scale along the bottom, slightly turned, as on a dermatoscope's glass."""
    canvas = Image.new("L", (2 * WIDTH, 2 * HEIGHT))
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(56)
    left, base, pitch = 300, 2 * HEIGHT - 150, 2 * PIXELS_PER_MM
    draw.line((left, base, left + 20 * pitch, base), fill=255, width=7)
    for tick in range(41):  # every half millimetre
        x, length = left + tick * pitch / 2, 64 if tick % 10 == 0 else 42 if tick % 2 == 0 else 24
        draw.line((x, base, x, base - length), fill=255, width=6)
        if tick % 10 == 0:
            draw.text((x, base + 14), f"{tick // 2}", fill=255, font=font, anchor="mt")
    draw.text((left + 21 * pitch, base), "mm", fill=255, font=font, anchor="mm")
    canvas = canvas.rotate(1.6, Image.Resampling.BICUBIC).resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    return blend(light, (38, 34, 36), 0.88 * np.asarray(canvas, np.float32) / 255)


def add_bubbles(rng: np.random.Generator, light: Field, centre: tuple[float, float], count: int) -> Field:
    """Trap a cluster of air bubbles in the gel: a soft dark rim, a lit crescent and the lamp's glint."""
    placed: list[tuple[float, float, float]] = []
    while len(placed) < count:
        (x, y), radius = rng.normal(centre, 80), rng.gamma(2.0, 5) + 4
        if any(np.hypot(x - a, y - b) < radius + c for a, b, c in placed):  # bubbles touch but never overlap
            continue
        placed.append((x, y, radius))
        r, turn = np.hypot(X - x, Y - y), np.arctan2(Y - y, X - x)
        inner = (r - 0.84 * radius) / (0.09 * radius + 0.9)
        crescent = np.exp(-(inner**2)) * (0.25 + 0.75 * np.clip(np.cos(turn - 0.9), 0, 1) ** 2)
        glint = np.exp(-((np.hypot(X - x + 0.4 * radius, Y - y + 0.42 * radius) / (0.13 * radius + 0.6)) ** 4))
        rim = np.exp(-(((r - radius) / (0.06 * radius + 1.5)) ** 2)) * (0.6 + 0.4 * np.cos(turn + 2.2))
        shine = np.clip(0.45 * crescent + 0.9 * glint + 0.06 * (r < radius), 0, 1)
        light = blend(light * (1 - 0.30 * rim)[..., None], (255, 253, 248), shine)
    return light


def add_glints(rng: np.random.Generator, light: Field, amount: float) -> Field:
    """Scatter the small bright reflections that immersion leaves behind."""
    sparse = expit(9 * (noise(rng, 1.3) + 0.55 * noise(rng, 70) - 3.4))
    return blend(light, (255, 253, 250), amount * sparse)


def light_up(rng: np.random.Generator, light: Field, falloff: float, field_radius: float | None = None) -> Field:
    """Uneven lamp light, a vignette and, given a radius in pixels, the dermatoscope's black surround."""
    radius = np.hypot(X - WIDTH / 2, Y - HEIGHT / 2)
    lamp = 1 - falloff * (radius / 1000) ** 2.4 + 0.025 * noise(rng, 320)
    if field_radius is not None:
        edge = radius + 3 * noise(rng, 60) - field_radius
        lamp = lamp * expit(-edge / 9) + 0.012
    return light * lamp[..., None]


def develop(rng: np.random.Generator, light: Field) -> Image.Image:
    """The camera: slight blur, luminance and colour grain, 8 bits."""
    colour_grain = np.stack([noise(rng, 1.6) for _ in range(3)], axis=-1)
    grain = 0.011 * noise(rng, 0.8)[..., None] + 0.004 * colour_grain
    light = ndimage.gaussian_filter(light, (0.9, 0.9, 0)) + grain
    return Image.fromarray(np.round(255 * np.clip(light, 0, 1)).astype(np.uint8))


def nevus(rng: np.random.Generator) -> tuple[Image.Image, Field]:
    """A brown nevus: pigment network, globules, a soft border; some hairs, a gentle vignette."""
    inward = outline(rng, [(760, 590, 300, 215, -22), (905, 530, 190, 160, 15)], [], 20)
    mesh = network(rng, 16)
    fray = mesh - 0.4 + 0.25 * noise(rng, 9)
    cover = expit((inward + 15 * fray) / 14)  # the network frays the border
    centre = expit((inward - 95 + 40 * noise(rng, 50)) / 30)
    body = 0.40 + 0.13 * noise(rng, 80) + 0.09 * noise(rng, 22) + 0.05 * noise(rng, 6) + 0.03 * noise(rng, 2)
    globules = dots(rng, 24, 9, 0.5) * expit(2 * noise(rng, 60))
    melanin = cover * (body + 0.46 * mesh * (1 - 0.45 * centre) + 0.34 * centre + 0.34 * globules)
    blood = cover * (0.12 + 0.05 * noise(rng, 50)) + 0.06 * expit((inward + 45) / 22)
    light = absorb(skin(rng, (226, 190, 166), 0.07), np.clip(melanin, 0, None), blood)
    light = add_hairs(rng, add_glints(rng, light, 0.6), 17, 35, 2.4)
    return develop(rng, light_up(rng, light, 0.34)), expit(inward / 13)


def melanoma(rng: np.random.Generator) -> tuple[Image.Image, Field]:
    """A large, asymmetric, many-coloured lesion, notched, fading out on the right; hairs and a ruler."""
    lobes = [
        (690, 470, 300, 220, 15),
        (600, 640, 230, 160, -30),
        (930, 590, 290, 215, -8),
        (850, 340, 170, 110, 30),
    ]
    inward = outline(rng, lobes, [(745, 850, 55, 120, 22), (395, 500, 105, 32, 18)], 26)
    soft = 8 + 46 * expit((X + 0.35 * (Y - 560) - 1010) / 70)  # the border nobody can place exactly
    mesh = network(rng, 19)
    fray = mesh - 0.4 + 0.3 * noise(rng, 9)
    cover = expit((inward + 13 * fray + 0.25 * soft * noise(rng, 24)) / soft)
    shade = 1.2 * noise(rng, 80) + 0.5 * noise(rng, 25) + 0.2 * noise(rng, 8)
    dark = expit((0.010 * (800 - X) + shade) / 0.5)
    body = 0.36 + 0.12 * noise(rng, 70) + 0.09 * noise(rng, 20) + 0.06 * noise(rng, 6) + 0.03 * noise(rng, 2)
    blotches = dots(rng, 38, 13, 0.4) * expit(2 * noise(rng, 70))
    melanin = cover * (body + dark * (0.95 + 0.18 * noise(rng, 12)) + 0.36 * mesh + 0.40 * blotches)
    blood = cover * (0.06 + 0.07 * noise(rng, 60)) + 0.08 * expit((inward + 50) / 25)
    light = absorb(skin(rng, (222, 188, 172), 0.07), np.clip(melanin, 0, None), np.clip(blood, 0, None))
    reach = 1 - np.hypot((X - 730) / 165, (Y - 490) / 115)
    veil = cover * expit((reach + 0.35 * noise(rng, 45) + 0.15 * noise(rng, 14)) / 0.2)
    haze = 0.55 + 0.10 * noise(rng, 16) + 0.05 * noise(rng, 5)
    light = blend(light, (116, 114, 128), veil * np.clip(haze, 0, 1))
    light = add_ruler(add_hairs(rng, add_glints(rng, light, 0.6), 15, -20, 2.9))
    return develop(rng, light_up(rng, light, 0.30)), expit(inward / soft)


def keratosis(rng: np.random.Generator) -> tuple[Image.Image, Field]:
    """A small, pale keratosis of low contrast; gel bubbles, the round field of a dermatoscope, few hairs."""
    inward = outline(rng, [(800, 610, 205, 150, 25), (720, 540, 120, 110, 0)], [], 17)
    cover = expit((inward + 9 * noise(rng, 14)) / 22)
    cysts, openings = dots(rng, 46, 8, 0.35), dots(rng, 58, 9, 0.25)
    _, wall, _ = cells(rng, 40, 16)
    ridges = np.exp(-((wall / 9) ** 2))
    body = 0.24 + 0.05 * noise(rng, 50) + 0.04 * noise(rng, 14) + 0.03 * noise(rng, 4)
    melanin = cover * (body + 0.10 * ridges - 0.16 * ndimage.gaussian_filter(cysts, 2) + 0.30 * openings)
    blood = cover * (0.10 + 0.04 * noise(rng, 40)) + 0.05 * expit((inward + 40) / 25)
    light = absorb(skin(rng, (228, 192, 172), 0.09), np.clip(melanin, 0, None), blood)
    light = add_bubbles(rng, add_glints(rng, light, 0.7), (1120, 330), 16)
    light = add_bubbles(rng, add_hairs(rng, light, 6, 70, 2.4), (480, 830), 7)
    return develop(rng, light_up(rng, light, 0.22, 850)), expit(inward / 22)


SAMPLES: dict[str, tuple[int, Callable[[np.random.Generator], tuple[Image.Image, Field]]]] = {
    "nevus": (11, nevus),
    "melanoma": (23, melanoma),
    "keratosis": (37, keratosis),
}


def main(folder: Path) -> None:
    """Write every sample and its true mask."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (seed, make) in SAMPLES.items():
        photograph, profile = make(np.random.default_rng(seed))
        photograph.save(folder / f"{name}.jpg", quality=88, optimize=True, comment="DiffSeg: synthetic")
        Image.fromarray(np.where(profile > 0.5, 255, 0).astype(np.uint8)).save(folder / f"{name}_segmentation.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
