"""Pixels of one frame of a DICOM file, from any compression and colour model to grey or RGB."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.errors import ImageError
from engine.photograph import mended
from engine.photograph.dicom.frames import HALF_CHROMA
from engine.photograph.reader import check_size

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from pydicom import Dataset

    from engine.photograph.dicom.frames import Frames

JPEG, JPEG_2000 = "1.2.840.10008.1.2.4.", ("1.2.840.10008.1.2.4.9", "1.2.840.10008.1.2.4.20")  # and HTJ2K
JPEG_LS = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
OWN_COLOURS = "its header says {}, and the JPEG in it says {}, as which it is shown"
OWN_SIZE = "its header says {} x {} pixels, and the picture in it has {} x {}"
RGB_COMPONENTS = ([82, 71, 66], [114, 103, 98])  # "RGB" and "rgb"


def pixels_of(path: Path, data: Dataset, frames: Frames, frame: int) -> tuple[NDArray[Any], int, tuple[str, ...]]:
    """One frame as uint8 or uint16, (H, W) of grey or (H, W, 3) of RGB; its bits; and what contradicts the header.

    Raises :class:`ImageError` for what cannot be decoded.
    """
    syntax = data.file_meta.TransferSyntaxUID
    photometric, bits, notes = frames.photometric, int(data.BitsStored), frames.notes
    if syntax.startswith(JPEG_2000):
        values, bits = _jpeg_2000(path, frames.encoded[frame])
        photometric = "RGB" if photometric in ("YBR_RCT", "YBR_ICT") else photometric
    elif syntax.startswith(JPEG) and syntax not in JPEG_LS:
        values, bits, own = _jpeg(path, data, frames.encoded[frame], photometric == "RGB")
        notes += (OWN_COLOURS.format(photometric, own),) if own else ()
        photometric = photometric if values.ndim == 2 else "RGB"
    else:
        values, photometric = _by_pydicom(data, frames, frame)
    height, width = values.shape[:2]
    if (height, width) != (data.Rows, data.Columns):
        notes += (OWN_SIZE.format(data.Columns, data.Rows, width, height),)
    values, bits = _as_grey_or_rgb(path, data, values, photometric, bits)
    return values, bits, notes


def _jpeg(path: Path, data: Dataset, encoded: bytes, is_rgb: bool) -> tuple[NDArray[Any], int, str]:
    """By Pillow, as the JPEG file that the frame is; only where that says nothing of its colours does the header.

    is_rgb: whether the header says so. Also returns the colours that the JPEG says instead, or nothing.
    """
    try:
        image = Image.open(io.BytesIO(encoded), formats=("JPEG",))
    except UnidentifiedImageError:
        raise ImageError(
            f"{path} is compressed as {data.file_meta.TransferSyntaxUID.name} of {data.BitsStored} bits, which cannot"
            " be read; export it as an uncompressed DICOM file, PNG or TIFF."
        ) from None
    check_size(path, *image.size)
    own = _own_colours(image)
    if is_rgb and not own:
        image.draft("YCbCr", image.size)  # Pillow converts nothing then
        return np.asarray(mended.loaded(path, image, encoded)), 8, ""
    values = np.asarray(mended.loaded(path, image, encoded))
    return values, 8, own if own and (own == "RGB") != is_rgb else ""


def _own_colours(image: Image.Image) -> str:
    """What a JPEG says of its three components: RGB, YCbCr, or nothing."""
    layers: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
    if len(layers) != 3:
        return ""
    if "adobe_transform" in image.info:
        return "YCbCr" if image.info["adobe_transform"] else "RGB"
    if [layer[0] for layer in layers] in RGB_COMPONENTS:
        return "RGB"
    is_subsampled = len({layer[1:3] for layer in layers}) > 1
    return "YCbCr" if "jfif" in image.info or is_subsampled else ""


def _jpeg_2000(path: Path, encoded: bytes) -> tuple[NDArray[Any], int]:
    """By OpenJPEG itself: Pillow, which has it, too, refuses some files and cuts colours deeper than 8 bits."""
    import openjpeg

    found = openjpeg.get_parameters(io.BytesIO(encoded))
    check_size(path, found["columns"], found["rows"])
    return openjpeg.decode(io.BytesIO(encoded)), int(found["precision"])


def _by_pydicom(data: Dataset, frames: Frames, frame: int) -> tuple[NDArray[Any], str]:
    """Uncompressed, deflated, big endian, RLE, JPEG-LS."""
    from pydicom.pixels import get_decoder

    values, found = get_decoder(data.file_meta.TransferSyntaxUID).as_array(
        data, index=frame, number_of_frames=frames.count, photometric_interpretation=frames.photometric
    )
    return values, found["photometric_interpretation"]


def _as_grey_or_rgb(
    path: Path, data: Dataset, values: NDArray[Any], photometric: str, bits: int
) -> tuple[NDArray[Any], int]:
    """Look colours up, convert or invert them; also returns their bits."""
    from pydicom.pixels import apply_color_lut, convert_color_space

    if values.dtype.kind != "u" or values.dtype.itemsize > 2:
        raise ImageError(f"{path} has pixels that no photograph has ({values.dtype}); save it with 8 or 16 bits.")
    if photometric == "PALETTE COLOR":
        colours = np.asarray(apply_color_lut(values, data))
        return colours, 8 * colours.itemsize
    if photometric in ("YBR_FULL", HALF_CHROMA):
        return np.asarray(convert_color_space(values, "YBR_FULL", "RGB")), bits
    if photometric == "MONOCHROME1":
        return (2**bits - 1 - values).astype(values.dtype), bits
    if photometric in ("RGB", "MONOCHROME2"):
        return values, bits
    raise ImageError(f"{path} has colours of the kind {photometric!r}, which cannot be read; export it as PNG or TIFF.")
