"""A reading: what a person did with one image, as one value. To and from JSON."""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from engine.arrays import Bools, read_only
from engine.errors import ReadingError
from engine.reading import correction
from engine.reading.agreement import Agreement, agreement
from engine.results import box_overlap
from engine.scribbles import Scribble, Scribbles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.reading.correction import Layer
    from engine.reading.snapshots import Snapshots
    from engine.recipe import Recipe
    from engine.results import Segmentation

Point = tuple[float, float]
Box = tuple[float, float, float, float]

CHOICES = ("accept", "extend", "retract", "undecidable")
VERDICTS = ("good", "usable", "not usable")  # on the border of a whole photograph
LARGEST_PIXEL = 1e9  # mm; with pixels beyond this, or below its inverse, areas leave the range of numbers
SAME_REGION = 0.3  # boxes that share less of their union are of different regions: better to ask twice than never


class Place(Protocol):
    """What a reading needs of an ambiguous region: its number in this run's list, centre and box in native pixels."""

    @property
    def number(self) -> int: ...
    @property
    def centre(self) -> Point: ...
    @property
    def box(self) -> Box: ...


@dataclass(frozen=True)
class Decision:
    """What was decided about an ambiguous region (one of CHOICES), and where that was, in native pixels.

    Regions move with delta, so a decision keeps its region's centre (x, y) and box (x0, y0, x1, y1), not its number.
    """

    choice: str
    centre: Point
    box: Box

    def __post_init__(self) -> None:
        if self.choice not in CHOICES:
            raise ReadingError(f"There is no decision {self.choice!r}; choose one of {', '.join(CHOICES)}.")


@dataclass(frozen=True)
class Ruler:
    """A ruler laid on the photograph: its ends (x, y) in native pixels, and the length between them in mm."""

    start: Point
    end: Point
    length_mm: float

    def __post_init__(self) -> None:
        if not 0 < math.dist(self.start, self.end) < math.inf:
            raise ReadingError("The ruler's two ends are the same point; draw it along a known length.")
        if not (0 < self.length_mm < math.inf and 1 / LARGEST_PIXEL <= self.mm_per_px <= LARGEST_PIXEL):
            raise ReadingError(f"A ruler of {self.length_mm:g} mm measures nothing; enter a length above 0 mm.")

    @property
    def mm_per_px(self) -> float:
        """The size of a pixel."""
        return self.length_mm / math.dist(self.start, self.end)


@dataclass(frozen=True)
class Blind:
    """An outline drawn before the result was shown: its area, the SHA-256 of its mask, and what drawing it took.

    agreement: of the result, as it was revealed, with the outline (equations 13a to 13d). seconds: from the first look
    to the reveal. edits: strokes and other operations. seen_seconds: for how long the result had been on screen before,
    since the program started; None where a kept reading does not say it. layer: the outline as a correction, read-only
    int8 (H, W) of lesion and skin; None where none was kept. Records are compared by the digest instead.
    """

    area_px: int
    sha256: str
    agreement: Agreement
    seconds: float
    edits: int
    seen_seconds: float | None = None
    layer: Layer | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Chosen:
    """The settings that a photograph is read with, and the model's own: to another model the former mean nothing."""

    recipe: Recipe
    defaults: Recipe


@dataclass(frozen=True, eq=False)
class Reading:
    """One image's correction (layer, snapshots, scribbles), decisions, ruler, blind outline, edits and settings.

    layer: read-only int8 (H, W), see :mod:`engine.reading.correction`; None where nothing is corrected. A layer that
    can still be written to is copied, so a reading never changes under those who save or export it. verdict: on the
    border of the whole photograph, one of VERDICTS; None where nobody has given one. note: the person's own words.
    """

    layer: Layer | None = None
    decisions: tuple[Decision, ...] = ()
    ruler: Ruler | None = None
    blind: Blind | None = None
    edits: int = 0
    chosen: Chosen | None = None
    verdict: str | None = None
    note: str = ""
    snapshots: Snapshots = ()
    scribbles: Scribbles = ()

    def __post_init__(self) -> None:
        if self.verdict not in (None, *VERDICTS):
            raise ReadingError(f"There is no verdict {self.verdict!r}; choose one of {', '.join(VERDICTS)}.")
        layer = self.layer
        if layer is not None and not layer.any():
            layer = None
        elif layer is not None and layer.flags.writeable:
            layer = layer.copy()
            read_only(layer)
        object.__setattr__(self, "layer", layer)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep; edits that were all undone do not count."""
        made = (self.layer, self.ruler, self.blind, self.chosen, self.verdict)
        lists = (self.decisions, self.snapshots, self.scribbles, self.note)
        return not any(lists) and all(each is None for each in made)

    @property
    def mm_per_px(self) -> float | None:
        """The size of a pixel, or None without a ruler."""
        return self.ruler.mm_per_px if self.ruler else None

    @property
    def sizes(self) -> set[tuple[int, ...]]:
        """Height and width of all that it holds of the photograph's size: correction, snapshots, blind outline."""
        both = (self.layer, self.blind.layer if self.blind else None)
        return {layer.shape for layer in both if layer is not None} | {snapshot.size for snapshot in self.snapshots}

    def to_json(self) -> dict[str, Any]:
        """All but the layers, the snapshots and the settings, as JSON-ready values."""
        return {
            "edits": self.edits,
            "scribbles": [scribble.to_json() for scribble in self.scribbles],
            "decisions": [asdict(decision) for decision in self.decisions],
            "ruler": asdict(self.ruler) if self.ruler else None,
            "blind": _blind_json(self.blind) if self.blind else None,
            "verdict": self.verdict,
            "note": self.note,
        }

    @classmethod
    def from_json(cls, data: object, layer: Layer | None = None, outline: Layer | None = None) -> Reading:
        """Build a reading from :meth:`to_json`'s form, and its layers; names it does not know are passed over.

        Raises :class:`ReadingError` for a missing name, a wrong type or a value out of range.
        """
        try:
            return _from_json(data, layer, outline)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise ReadingError(f"This is not a reading that can be used ({error!r}).") from None


def from_format_0(data: dict[str, Any]) -> dict[str, Any]:
    """:meth:`Reading.to_json`'s form of what was written before numbers, when the ruler was called a calibration."""
    return {"ruler" if name == "calibration" else name: value for name, value in data.items()}


def corrected(found: Segmentation, reading: Reading | None) -> Bools:
    """The final mask, bool (height, width): the model's with the person's corrections.

    Raises :class:`ReadingError` if the layer was made for a photograph of another size.
    """
    if reading is None or reading.layer is None:
        return found.mask
    if reading.layer.shape != found.mask.shape:
        (h, w), (height, width) = reading.layer.shape, found.mask.shape
        raise ReadingError(
            f"The corrections of {found.image.path} were made at {w} x {h} pixels, but it is {width} x {height};"
            " discard them and correct it again."
        )
    return correction.apply(reading.layer, found.mask)


def attach(decisions: Sequence[Decision], regions: Sequence[Place]) -> tuple[int | None, ...]:
    """For each decision, the number of the region of this run that it is about; None where there is none any more.

    A decision goes to the region with the nearest centre among those whose box is much the same (``SAME_REGION``);
    the nearest pairs first, so that no region is taken twice.
    """
    pairs = sorted(
        (math.dist(decision.centre, region.centre), i, region.number)
        for i, decision in enumerate(decisions)
        for region in regions
        if box_overlap(decision.box, region.box) >= SAME_REGION
    )
    numbers: dict[int, int] = {}
    for _, i, number in pairs:
        if i not in numbers and number not in numbers.values():
            numbers[i] = number
    return tuple(numbers.get(i) for i in range(len(decisions)))


def decide(reading: Reading, regions: Sequence[Place], number: int, choice: str | None) -> Reading:
    """Return the reading with this decision about the region of that number, in place of an earlier one; None: open.

    Raises :class:`ReadingError` for an unknown choice, KeyError if no region has that number.
    """
    region = {region.number: region for region in regions}[number]
    attached = attach(reading.decisions, regions)
    kept = tuple(decision for decision, its in zip(reading.decisions, attached, strict=True) if its != number)
    made = (Decision(choice, region.centre, region.box),) if choice is not None else ()
    return replace(reading, decisions=kept + made)


def blind(outline: Bools, result: Bools, seconds: float, edits: int, seen_seconds: float | None = None) -> Blind:
    """Record a blind outline, bool (H, W), against the result (H, W) that is now revealed; the rest as in Blind."""
    digest = hashlib.sha256(repr(outline.shape).encode() + np.packbits(outline).tobytes()).hexdigest()
    layer = np.where(outline, np.int8(correction.LESION), np.int8(correction.SKIN))
    read_only(layer)
    area, agreed = int(np.count_nonzero(outline)), agreement(result, outline)
    return Blind(area, digest, agreed, seconds, edits, seen_seconds, layer)


def _blind_json(record: Blind) -> dict[str, Any]:
    said = asdict(replace(record, layer=None))  # which would be copied
    del said["layer"]
    return said


def _from_json(data: Any, layer: Layer | None, outline: Layer | None) -> Reading:
    ruler, record = data["ruler"], data["blind"]
    return Reading(
        layer,
        tuple(_decision(decision) for decision in data["decisions"]),
        None if ruler is None else _ruler(ruler),
        None if record is None else replace(_blind(record), layer=outline),
        _count(data["edits"]),
        verdict=data.get("verdict"),  # older readings have neither
        note=_text(data.get("note", "")),
        scribbles=tuple(Scribble.from_json(each) for each in data.get("scribbles", ())),
    )


def _decision(data: Any) -> Decision:
    return Decision(data["choice"], _numbers(data["centre"], 2), _numbers(data["box"], 4))


def _ruler(data: Any) -> Ruler:
    (length,) = _numbers([data["length_mm"]], 1)
    return Ruler(_numbers(data["start"], 2), _numbers(data["end"], 2), length)


def _blind(data: Any) -> Blind:
    said = data["agreement"]
    values = _numbers([said["dice"], said["jaccard"], said["precision"], said["recall"]], 4)
    (seconds,) = _numbers([data["seconds"]], 1)
    seen = data.get("seen_seconds")
    seen_seconds = None if seen is None else _numbers([seen], 1)[0]
    area, edits = _count(data["area_px"]), _count(data["edits"])
    return Blind(area, str(data["sha256"]), Agreement(*values), seconds, edits, seen_seconds)


def _numbers(values: Any, count: int) -> Any:
    """A tuple of that many finite floats."""
    if len(values) != count or not all(type(value) in (int, float) and math.isfinite(value) for value in values):
        raise ValueError(f"{values!r} are not {count} numbers")
    return tuple(float(value) for value in values)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no count")
    return int(value)
