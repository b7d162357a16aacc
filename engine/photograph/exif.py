"""What a camera wrote beside a picture (EXIF): which way is up, when and with what it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import ExifTags, Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

TURNS = {  # by EXIF's number: what brings the picture upright, as Pillow and a person call it
    2: (Image.Transpose.FLIP_LEFT_RIGHT, "mirrored"),
    3: (Image.Transpose.ROTATE_180, "turned by 180°"),
    4: (Image.Transpose.FLIP_TOP_BOTTOM, "flipped"),
    5: (Image.Transpose.TRANSPOSE, "turned by 90° and mirrored"),
    6: (Image.Transpose.ROTATE_270, "turned by 90° clockwise"),
    7: (Image.Transpose.TRANSVERSE, "turned by 90° and flipped"),
    8: (Image.Transpose.ROTATE_90, "turned by 90° counterclockwise"),
}
DAMAGED = "its metadata is damaged and was passed over; if it lies on its side, turn it in another program"
LONGEST = 100  # letters of an entry


@dataclass(frozen=True)
class Exif:
    """Orientation 1 .. 8, date as "2026-05-03 14:02:11", maker and model; damaged: it cannot be read."""

    orientation: int = 1
    date: str = ""
    device: str = ""
    damaged: bool = False


def read_exif(picture: Picture) -> Exif:
    """The EXIF data of an opened picture, if there is any, with the orientation that XMP may say instead."""
    try:
        Image.Exif().load(picture.info.get("exif") or b"")  # getexif does not fail a second time
        tags = picture.getexif()
        taken = tags.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or tags.get(ExifTags.Base.DateTime)
        day, _, hour = plain(taken).partition(" ")
        maker, model = plain(tags.get(ExifTags.Base.Make)), plain(tags.get(ExifTags.Base.Model))
        orientation = tags.get(ExifTags.Base.Orientation, 1)
    except Exception:  # the parser raises nearly anything on damaged data
        return Exif(damaged=True)
    device = model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()
    date = f"{day.replace(':', '-')} {hour}".strip()
    return Exif(orientation if orientation in TURNS else 1, date, device)


def upright(picture: Picture, orientation: int) -> Picture:
    """The picture turned as EXIF's number says."""
    return picture.transpose(TURNS[orientation][0]) if orientation in TURNS else picture


def turned(orientation: int) -> str:
    """What was done to bring a picture upright; empty for nothing."""
    return TURNS[orientation][1] if orientation in TURNS else ""


def plain(entry: object) -> str:
    """An entry as one line of printable text; empty where it is no text."""
    text = entry if isinstance(entry, str) else ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]
