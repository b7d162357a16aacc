"""Pictures that are no dermoscopy: drawn ones, and photographs that installed packages bring.

``python -m tests.engine.others DIR`` writes all of them, for ``diffseg familiarity --others DIR``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib
import numpy as np
import pydicom
import skimage
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pydicom.data import get_testdata_file

WIDTH, HEIGHT = 600, 450
SKINS = ((224, 172, 150), (198, 134, 110), (240, 200, 180), (141, 85, 60), (90, 56, 40), (222, 160, 150))
PLAIN = ((255, 255, 255), (0, 0, 0), (128, 128, 128), (30, 120, 220), (40, 160, 60))
BEHIND = ((40, 60, 90), (230, 230, 230), (20, 20, 20), (90, 140, 90))
SENTENCE = "The quick brown fox jumps over the lazy dog. The patient came with a pigmented lesion of the back. "
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
INSTALLED = (
    *("astronaut", "brick", "camera", "cell", "chelsea", "clock_motion", "coffee", "coins", "grass", "gravel"),
    *("horse", "ihc", "microaneurysms", "moon", "motorcycle_left", "page", "phantom", "text"),
)
DICOM = ("CT_small", "MR_small", "JPEG2000", "693_J2KI", "examples_rgb_color", "examples_palette", "examples_ybr_color")
CROPS = 4  # of each installed photograph, beside the whole

Picture = Image.Image
ROWS, COLUMNS = np.mgrid[:HEIGHT, :WIDTH]


def drawn() -> dict[str, Picture]:
    """Drawings by name: patches, texts, landscapes, faces, limbs with moles from afar, chests, screens, patterns."""
    rng = np.random.default_rng(0)
    found = {f"patch_{n}": Image.new("RGB", (WIDTH, HEIGHT), colour) for n, colour in enumerate((*SKINS, *PLAIN))}
    for n in range(5):
        found[f"document_{n}"] = _document(n)
        found[f"landscape_{n}"] = _landscape(rng)
    for n in range(6):
        found[f"face_{n}"] = _face(rng, n)
    for n in range(8):
        found[f"clinical_{n}"] = _limb(rng, n)
    for n in range(4):
        found[f"chest_{n}"] = _chest(rng, n)
        found[f"screen_{n}"] = _screen(rng, n)
        found[f"pattern_{n}"] = _pattern(rng, n)
    return found


def installed() -> dict[str, Picture]:
    """Photographs of scikit-image, matplotlib and pydicom by name, each with some crops."""
    folder = Path(skimage.__file__).parent / "data"
    files = [*(folder / f"{name}.png" for name in INSTALLED), *sorted(folder.glob("*.jpg"))]
    files.append(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg")
    whole = {file.stem: Image.open(file) for file in files if file.is_file()}
    found, rng = {}, np.random.default_rng(1)
    for name, picture in whole.items():
        found[name] = picture.convert("RGB")
        width, height = picture.size
        for n in range(CROPS if min(width, height) > 240 else 0):
            share = rng.uniform(0.35, 0.7)
            x, y = int(rng.uniform(0, 1 - share) * width), int(rng.uniform(0, 1 - share) * height)
            box = (x, y, x + int(share * width), y + int(share * height))
            found[f"{name}_crop_{n}"] = picture.convert("RGB").crop(box)
    return found | {name: _of_dicom(name) for name in DICOM}


def _of_dicom(name: str) -> Picture:
    path = get_testdata_file(f"{name}.dcm", download=False)
    assert path is not None, name
    pixels = pydicom.dcmread(str(path)).pixel_array.astype(float)
    pixels = pixels[0] if pixels.ndim == 4 else pixels  # the first of several frames
    low, high = np.percentile(pixels, (1, 99))
    return _picture((pixels - low) / max(high - low, 1) * 255)


def _picture(pixels: np.ndarray) -> Picture:
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).convert("RGB")


def _clouds(rng: np.random.Generator, scale: int, height: int = HEIGHT) -> np.ndarray:
    """Smooth noise (height, WIDTH) of about unit variance."""
    coarse = rng.normal(size=(max(height // scale, 2), max(WIDTH // scale, 2))).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((WIDTH, height), Image.Resampling.BICUBIC))


def _grainy(rng: np.random.Generator, picture: Picture, grain: float) -> Picture:
    return _picture(np.asarray(picture) + _clouds(rng, 2)[..., None] * grain)


def _document(n: int) -> Picture:
    size = (620, 877) if n % 2 else (WIDTH, HEIGHT)
    picture = Image.new("RGB", size, ("white", "white", "#fdf6e3", "#222222", "white")[n])
    pen, points = ImageDraw.Draw(picture), (11, 16, 24, 48, 11)[n]
    font = ImageFont.truetype(str(FONT), points)
    for y in range(20, size[1] - 20, int(points * 1.5)):
        line = (SENTENCE * 3)[y % 40 :][: int(1064 / points)]
        pen.text((30, y), line, fill="#dddddd" if n == 3 else "#111111", font=font)
    return picture


def _landscape(rng: np.random.Generator) -> Picture:
    down = np.linspace(0, 1, HEIGHT)[:, None] * np.ones((1, WIDTH))
    pixels = np.stack([110 + 100 * down, 160 + 60 * down, 235 - 10 * down], axis=-1)
    horizon = HEIGHT * rng.uniform(0.4, 0.7) + _clouds(rng, 90, 2)[0] * 40
    for edge, colour, grain in ((horizon, (60, 120, 50), 18), (horizon + 60, (90, 100, 60), 25)):
        below = edge + _clouds(rng, 30, 2)[0] * 10 < ROWS
        pixels[below] = np.array(colour) + rng.normal(size=(int(below.sum()), 1)) * grain
    picture = _picture(pixels)
    ImageDraw.Draw(picture).ellipse((400, 40, 460, 100), fill="#fff5c0")
    return picture


def _face(rng: np.random.Generator, n: int) -> Picture:
    behind = ("#88aacc", "#445566", "white", "#999999", "#22ee44", "#cc77bb")[n]
    picture, skin = Image.new("RGB", (WIDTH, HEIGHT), behind), SKINS[n]
    pen = ImageDraw.Draw(picture)
    pen.ellipse((190, 60, 410, 400), fill=skin)
    pen.ellipse((180, 30, 420, 180), fill="#2b1b10")
    pen.ellipse((205, 100, 395, 400), fill=skin)
    for x in (245, 325):
        pen.ellipse((x, 190, x + 40, 212), fill="white")
        pen.ellipse((x + 12, 190, x + 30, 212), fill="#332211")
    pen.polygon([(300, 220), (285, 280), (315, 280)], fill=tuple(int(0.85 * value) for value in skin))
    pen.ellipse((260, 310, 340, 340), fill="#b0504c")
    return _grainy(rng, picture.filter(ImageFilter.GaussianBlur(2)), 6)


def _limb(rng: np.random.Generator, n: int) -> Picture:
    """An arm or a back, as a clinic photographs it from afar, with several moles."""
    skin, middle = np.array(SKINS[n % 6]), HEIGHT / 2 + 40 * np.sin(COLUMNS[0] / WIDTH * 3 + n)
    half = (120, 160, 90, 190)[n % 4] + 30 * np.cos(COLUMNS[0] / WIDTH * 2)
    across = (ROWS - middle) / half
    light = 0.45 + 0.6 * np.sqrt(np.clip(1 - across**2, 0, 1))
    pixels = np.where((abs(across) < 1)[..., None], skin * light[..., None], np.array(BEHIND[n % 4]))
    picture = _picture(pixels)
    pen = ImageDraw.Draw(picture)
    for _ in range(3 + n):
        x, radius = int(rng.integers(20, WIDTH - 20)), int(rng.integers(2, 10))
        y = int(middle[x] + rng.uniform(-0.7, 0.7) * half[x])
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tuple(int(0.4 * value) for value in skin))
    return _grainy(rng, picture.filter(ImageFilter.GaussianBlur(1.2)), 4)


def _chest(rng: np.random.Generator, n: int) -> Picture:
    """Something like an X-ray of a chest."""
    lungs = sum(np.exp(-(((COLUMNS - x) / 70) ** 2) - ((ROWS - 220) / 130) ** 2) for x in (200, 400))
    pixels = 150 - 80 * lungs + 60 * np.exp(-(((COLUMNS - 300) / 25) ** 2))
    for rib in range(7):
        pixels = pixels + 22 * np.exp(-(((ROWS - 90 - 40 * rib - ((COLUMNS - 300) / 25) ** 2 * 0.6) / 6) ** 2))
    return _picture(pixels + _clouds(rng, 3) * 5 + _clouds(rng, 40) * 8 * n)


def _screen(rng: np.random.Generator, n: int) -> Picture:
    """A chart, or a program's window."""
    picture, font = Image.new("RGB", (WIDTH, HEIGHT), "white"), ImageFont.truetype(str(FONT), 16)
    pen = ImageDraw.Draw(picture)
    if n < 2:
        for bar in range(10):
            height = int(rng.integers(40, 320))
            pen.rectangle((60 + 50 * bar, 400 - height, 95 + 50 * bar, 400), fill=("#1f77b4", "#d62728")[n])
        pen.line((50, 30, 50, 400, 580, 400), fill="black", width=2)
        return picture
    pen.rectangle((0, 0, WIDTH, 30), fill="#334455")
    for entry in range(8):
        pen.rectangle((15, 45 + 50 * entry, 180, 85 + 50 * entry), fill="#ddddee")
        pen.text((22, 52 + 50 * entry), f"Menu item {entry}", fill="black", font=font)
    pen.rectangle((200, 45, 580, 430), fill="#f4f4f4", outline="#888888")
    return picture


def _pattern(rng: np.random.Generator, n: int) -> Picture:
    """Stripes, squares, noise or wood."""
    if n == 0:
        return _picture((COLUMNS + ROWS) // 20 % 2 * 255)
    if n == 1:
        return _picture(np.kron(rng.integers(0, 2, (29, 29)), np.ones((15, 15))) * 255)
    if n == 2:
        return _picture(rng.integers(0, 256, (HEIGHT, WIDTH, 3)))
    grain = 1 + 0.15 * np.sin(COLUMNS / 6 + 3 * _clouds(rng, 60))
    return _grainy(rng, _picture(np.array([150, 100, 60]) * grain[..., None]), 6)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for kind, pictures in (("drawn", drawn()), ("installed", installed())):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            picture.save(folder / kind / f"{name}.png")
