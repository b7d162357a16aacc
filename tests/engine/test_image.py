"""Reading photographs: what is accepted comes out right, and all else is one sentence."""

from __future__ import annotations

import hashlib
import io
import struct
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import ImageError, MemoryShortageError
from engine.photograph.read import read_image, read_mask

if TYPE_CHECKING:
    from pathlib import Path

ORIENTATION = 0x0112
PIXELS = np.random.default_rng(0).integers(0, 256, (40, 56, 3), dtype=np.uint8)
RGB = Image.fromarray(PIXELS)
GREY = np.arange(40 * 56, dtype=np.uint16).reshape(40, 56) * 29  # 0 .. 64931


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as a file's content."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def written(path: Path, data: bytes) -> Path:
    """A file with this content."""
    path.write_bytes(data)
    return path


def refusal(path: Path) -> str:
    """The sentence with which a file is refused, as a photograph and as a mask alike."""
    with pytest.raises(ImageError) as photograph:
        read_image(path)
    with pytest.raises(ImageError) as mask:
        read_mask(path)
    assert str(photograph.value) == str(mask.value)
    assert str(path) in str(photograph.value)
    assert "\n" not in str(photograph.value)
    return str(photograph.value)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_files_keep_every_pixel(tmp_path: Path, kind: str) -> None:
    data = encoded(RGB, kind, **({"lossless": True} if kind == "WEBP" else {}))
    image = read_image(written(tmp_path / "photo", data))
    assert np.array_equal(image.pixels, PIXELS)
    assert (image.width, image.height) == (56, 40)
    assert image.sha256 == hashlib.sha256(data).hexdigest()
    assert image.path == tmp_path / "photo"


def test_pixels_cannot_be_written_to(photo_path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        read_image(photo_path).pixels[0, 0, 0] = 1


TURNS = {  # what was done to the upright picture before it was stored, by EXIF's own numbers
    1: lambda x: x,
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: np.rot90(x),
    7: lambda x: x[::-1, ::-1].swapaxes(0, 1),
    8: lambda x: np.rot90(x, -1),
}


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_every_exif_orientation_comes_out_upright(tmp_path: Path, orientation: int, kind: str) -> None:
    upright = np.full((40, 56, 3), 200, np.uint8)
    upright[:16, :24] = (255, 0, 0)
    upright[-16:, :24] = (0, 0, 255)  # no turn and no mirroring leaves these two where they are
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = Image.fromarray(np.ascontiguousarray(TURNS[orientation](upright)))
    path = written(tmp_path / "photo", encoded(stored, kind, exif=exif, **({"quality": 98} if kind == "JPEG" else {})))
    assert np.abs(read_image(path).pixels[4:-4:8, 4:-4:8].astype(int) - upright[4:-4:8, 4:-4:8]).max() < 40
    assert read_mask(path).shape == (40, 56)


@pytest.mark.parametrize(("kind", "order"), [("PNG", "<u2"), ("TIFF", "<u2"), ("TIFF", ">u2"), ("TIFF", "<i4")])
def test_16_bit_grey_keeps_its_full_range(tmp_path: Path, kind: str, order: str) -> None:
    data = encoded(Image.fromarray(GREY.astype(order)), kind)
    pixels = read_image(written(tmp_path / "photo", data)).pixels
    assert np.array_equal(pixels, np.round(GREY[..., None].repeat(3, 2) / 257).astype(np.uint8))


def test_grey_palette_and_one_bit_images_become_rgb(tmp_path: Path) -> None:
    grey = RGB.convert("L")
    path = written(tmp_path / "grey", encoded(grey, "PNG"))
    assert np.array_equal(read_image(path).pixels, np.asarray(grey)[..., None].repeat(3, 2))
    palette = RGB.quantize(16)
    path = written(tmp_path / "palette", encoded(palette, "PNG"))
    assert np.array_equal(read_image(path).pixels, np.asarray(palette.convert("RGB")))
    path = written(tmp_path / "bits", encoded(RGB.convert("1"), "PNG"))
    assert set(np.unique(read_image(path).pixels)) == {0, 255}


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_laid_over_white(tmp_path: Path, mode: str) -> None:
    alpha = np.full((40, 56), 255, np.uint8)
    alpha[:20], alpha[20:30] = 0, 128
    picture = Image.new("RGBA", (56, 40), (100, 100, 100))
    picture.putalpha(Image.fromarray(alpha))
    options = {}
    if mode == "P":
        picture, options = Image.new("P", (56, 40), 0), {"transparency": bytes([0, 128, 255])}
        picture.putpalette([100] * 9)
        picture.putdata(list(np.searchsorted([0, 128, 255], alpha.ravel())))
    else:
        picture = picture.convert(mode)
    pixels = read_image(written(tmp_path / "photo", encoded(picture, "PNG", **options))).pixels
    assert (pixels[:20] == 255).all()
    assert np.abs(pixels[20:30].astype(int) - 177).max() <= 1
    assert (pixels[30:] == 100).all()


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    flat = Image.new("RGB", (56, 40), (180, 90, 60))
    pixels = read_image(written(tmp_path / "photo", encoded(flat.convert("CMYK"), "JPEG", quality=95))).pixels
    assert np.abs(pixels.astype(int) - (180, 90, 60)).max() <= 6


def test_a_cameras_jpeg_with_a_preview_is_its_first_picture(tmp_path: Path) -> None:
    preview = Image.new("RGB", (56, 40), "green")
    data = encoded(Image.new("RGB", (56, 40), "red"), "MPO", save_all=True, append_images=[preview])
    pixels = read_image(written(tmp_path / "photo.jpg", data)).pixels
    assert np.abs(pixels.astype(int) - (255, 0, 0)).max() < 5


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_animations_and_stacks_of_pages_are_refused(tmp_path: Path, kind: str) -> None:
    other = Image.fromarray(255 - PIXELS)
    path = written(tmp_path / "film", encoded(RGB, kind, save_all=True, append_images=[other, RGB]))
    sentence = refusal(path)
    assert "3 pages or frames" in sentence or (kind == "GIF" and "JPEG, PNG, TIFF, BMP, WebP" in sentence)


@pytest.mark.parametrize("kind", ["GIF", "PPM", "EPS", "PDF", "ICO"])
def test_other_formats_are_refused_whatever_their_name(tmp_path: Path, kind: str) -> None:
    sentence = refusal(written(tmp_path / "photo.jpg", encoded(RGB.resize((64, 64)), kind)))
    assert "use JPEG, PNG, TIFF, BMP, WebP" in sentence


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_truncated_files_are_refused(tmp_path: Path, kind: str, share: float) -> None:
    data = encoded(RGB, kind)
    refusal(written(tmp_path / "photo", data[: int(len(data) * share)]))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    content = bytearray(encoded(RGB, kind, **({} if kind == "BMP" else {"exif": exif})))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 300) | st.integers(-300, -1))
        content[place] = data.draw(st.integers(0, 255))
    path = written(tmp_path_factory.getbasetemp() / "damaged", content)
    try:
        pixels = read_image(path).pixels
    except ImageError:
        return
    assert pixels.dtype == np.uint8
    assert pixels.shape[2] == 3


def test_a_tiff_whose_second_page_says_nothing_is_refused(tmp_path: Path) -> None:
    data = bytearray(encoded(RGB, "TIFF"))
    (directory,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, directory)
    struct.pack_into("<I", data, directory + 2 + 12 * entries, len(data))
    refusal(written(tmp_path / "photo.tif", data + bytes(6)))  # a directory with no entries


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = b"IDAT" + zlib.compress(b"\0")
    parts = [struct.pack(">I", len(x) - 4) + x + struct.pack(">I", zlib.crc32(x)) for x in (header, pixels, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bmp_claiming(width: int, height: int) -> bytes:
    """A BMP of a few bytes whose header claims a size."""
    return b"BM" + struct.pack("<IHHI", 64, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)


@pytest.mark.parametrize("claim", [png_claiming, bmp_claiming])
@pytest.mark.parametrize("size", [(20_000, 20_000), (7_750, 7_750), (9_500, 9_500), (2_000_000, 41)])
def test_a_file_that_claims_to_be_huge_is_refused_without_making_room(
    tmp_path: Path, claim: Any, size: tuple[int, int]
) -> None:
    path = written(tmp_path / "bomb", claim(*size))
    tracemalloc.start()
    sentence = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "megapixels" in sentence
    assert peak < 1_000_000


@pytest.mark.parametrize("size", [(1, 1), (31, 400), (400, 31)])
def test_images_too_small_to_show_a_lesion_are_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    assert "smallest" in refusal(written(tmp_path / "dot", encoded(Image.new("RGB", size), "PNG")))


def test_what_is_no_image_is_refused_with_its_reason(tmp_path: Path) -> None:
    assert "0 bytes" in refusal(written(tmp_path / "empty.png", b""))
    assert "not an image" in refusal(written(tmp_path / "letter.jpg", b"Dear colleague, ..."))
    assert "is a folder" in refusal(tmp_path)
    assert "does not exist" in refusal(tmp_path / "absent.png")


def test_a_folder_is_named_as_such_where_the_system_says_permission_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "read_bytes", denied)  # as on Windows
    assert "is a folder" in refusal(tmp_path)
    assert "Permission denied" in refusal(tmp_path / "photo.png")


@pytest.mark.parametrize("name", ["a" * 300, "a\0b"], ids=["long", "zero"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    assert "check its name" in refusal(tmp_path / name)


def test_a_photograph_beyond_this_computers_memory_is_not_called_damaged(
    photo_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(picture: Image.Image) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", full)
    with pytest.raises(MemoryShortageError, match="not enough memory"):
        read_image(photo_path)


def test_floating_point_images_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "float.tif", encoded(Image.fromarray(np.float32(GREY)), "TIFF"))
    with pytest.raises(ImageError, match="floating-point"):
        read_image(path)


def test_values_beyond_16_bits_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "deep.tif", encoded(Image.fromarray(GREY.astype(np.int32) * 1000), "TIFF"))
    with pytest.raises(ImageError, match="16 bits"):
        read_image(path)
