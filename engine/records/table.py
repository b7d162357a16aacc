"""Results as a table: a row a photograph, made of its sidecar, as CSV and as XLSX."""

from __future__ import annotations

import csv
import io
import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.reading.reading import CHOICES
from engine.records.text import base_name, cell, is_formula, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

LENGTHS = ("perimeter", "largest_diameter", "smallest_diameter")
MEASURES = {
    **{f"{name}_{unit}": (name, unit) for unit in ("px", "mm") for name in LENGTHS},
    **{f"area_{unit}2": ("area", f"{unit}²") for unit in ("px", "mm")},
    **{name: (name, "") for name in ("asymmetry", "compactness")},
}
FOLDER = "where the results lie"
WIDE = 18  # characters of a column
COLUMNS = {
    "file": "the photograph's name",
    "sha256": "its file's digest",
    "frame": "which photograph of a file that holds several, from 0",
    "width": "pixels",
    "height": "pixels",
    "mm_per_px": "the size of a pixel, by the ruler or else by the DICOM file; empty without either",
    "lesion_area_px": "pixels of the final mask",
    **{
        f"{name}{end}": f"{measure.replace('_', ' ')}{what}{unit and f', {unit}'}"
        for name, (measure, unit) in MEASURES.items()
        for end, what in (("", ""), ("_low", ", least of the timesteps"), ("_high", ", greatest of the timesteps"))
    },
    "ged": "how far the timesteps' masks differ (equation 5), 0 to 0.707",
    "ged_iou": "the same by 1 - IoU, which does not shrink with the lesion, 0 to 1",
    **{
        f"readers_{name}": f"Dice with which two readers would agree, {what}; not whether the model is right"
        for name, what in (
            ("value", "about"),
            ("low", "at least in nine of ten cases"),
            ("high", "at most in nine of ten"),
        )
    },
    "familiarity": "distance from the photographs that the model was trained on, about 1 for one of them",
    "familiarity_limit": "the distance beyond which the model is out of its depth",
    "out_of_depth": "whether the photograph lies beyond it, and the result means little",
    "regions": "places where the timesteps disagree",
    "reviewed": "how many of these a person decided",
    **{choice: f"how many of these were decided so: {choice}" for choice in CHOICES},
    "verdict": "on the whole photograph's border",
    "note": "the person's own words",
    "scribbles": "strokes of a person that the refined border follows",
    "corrected": "whether a person changed the mask itself, by hand or by a decision",
    "added_px": "pixels that the correction added",
    "removed_px": "pixels that the correction removed",
    "edits": "strokes and other operations",
    "blind_dice": "Dice of the result, as it was revealed, with the outline that was drawn blind",
    "delta": "threshold on the difference",
    "timesteps": "noise levels",
    "seed": "of the noise",
    "refined": "whether the DenseCRF refined the mask",
    "dropped": "pieces and holes that were left out as too small",
    "model": "its name",
    "model_sha256": "its weights' digest",
    "model_licence": "under which others may use it",
    "device": "what computed it",
    "precision": "of the network's numbers",
    "version": "of DiffSeg",
    "notice": "for what it may be used",
}


def row(said: Row) -> dict[str, Any]:
    """A photograph's row, by COLUMNS, from its sidecar (:func:`engine.records.sidecar.result_json`); None: empty.

    Raises one of :data:`engine.records.reading_back.DAMAGE` for a sidecar that is damaged.
    """
    image, recipe, reading = said["image"], said["recipe"], said.get("reading") or {}
    choices = [region["decision"] for region in said["regions"] if "decision" in region]
    blind, scale = reading.get("blind") or {}, _mm_per_px(said)
    made = {
        **{name: image.get(name) for name in ("sha256", "frame", "width", "height")},
        **{name: said[name] for name in ("lesion_area_px", "ged", "delta", "device", "version", "notice")},
        **{name: reading.get(name) for name in ("added_px", "removed_px", "edits", "verdict", "note")},
        "ged_iou": said.get("ged_iou"),
        **{f"readers_{name}": (said.get("expected_agreement") or {}).get(name) for name in ("value", "low", "high")},
        **_familiarity(said.get("familiarity")),
        **{choice: choices.count(choice) for choice in CHOICES},
        **_measures(said["measures"], scale),
        "mm_per_px": scale,
        "file": base_name(image["file"]),
        "regions": len(said["regions"]),
        "reviewed": len(choices),
        "corrected": _yes(reading.get("added_px") or reading.get("removed_px")),
        "scribbles": len(said.get("scribbles", ())),
        "blind_dice": blind.get("agreement", {}).get("dice"),
        "timesteps": " ".join(map(str, recipe["noise"]["timesteps"])),
        "seed": recipe["noise"]["seed"],
        "refined": _yes(said["refined"]),
        "dropped": len(said.get("dropped", ())),
        "model": said["model"]["name"],
        "model_sha256": said["model"]["sha256"],
        "model_licence": said["model"].get("licence"),
        "precision": said["device_detail"]["precision"],
    }
    return {name: _sound(made[name]) for name in COLUMNS}


def csv_table(rows: Sequence[Row]) -> bytes:
    """Rows as CSV in UTF-8, with the mark by which spreadsheets know it; columns: those of the first row."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(_columns(rows))
    for one in rows:
        table.writerow([cell(value) if isinstance(value, str) else value for value in one.values()])
    return text.getvalue().encode("utf-8-sig")


def xlsx_table(rows: Sequence[Row]) -> bytes:
    """Rows as an Excel workbook: numbers as numbers, text as text, and a second sheet that explains the columns."""
    from xlsxwriter import Workbook  # here, because few exports need it

    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "DiffSeg results", "created": datetime(1980, 1, 1)})  # the same bytes at any time
    columns = _columns(rows)
    results = _sheet(book, "Results", [columns, *(list(one.values()) for one in rows)])
    results.freeze_panes(1, 1)
    results.autofilter(0, 0, len(rows), len(columns) - 1)
    _sheet(book, "Columns", [["column", "what"], *([name, COLUMNS.get(name, FOLDER)] for name in columns)])
    book.close()
    return buffer.getvalue()


def _sheet(book: Any, name: str, lines: Sequence[Sequence[Any]]) -> Any:
    """A new sheet of these cells under a heading; text stays text, even where it is edited later."""
    heading, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet(name)
    for y, line in enumerate(lines):
        for x, value in enumerate(line):
            if isinstance(value, str):
                said = plain(value)
                sheet.write_string(y, x, said, heading if y == 0 else quoted if is_formula(said) else None)
            elif value is not None:
                sheet.write_number(y, x, value)
    sheet.set_column(0, len(lines[0]) - 1, WIDE)
    return sheet


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(rows[0] if rows else COLUMNS)


def _familiarity(said: Row | None) -> dict[str, Any]:
    """Empty cells where the model could not tell."""
    names = ("familiarity", "familiarity_limit", "out_of_depth")
    values = (None, None, None) if said is None else (said["distance"], said["limit"], _yes(said["out_of_depth"]))
    return dict(zip(names, values, strict=True))


def _mm_per_px(said: Row) -> float | None:
    """The scale that the measures have; a sidecar without ``scale`` holds a ruler's alone."""
    scale = said.get("scale", said.get("reading")) or {}
    return scale.get("mm_per_px")


def _measures(measures: Row, mm_per_px: float | None) -> dict[str, float | None]:
    """Each measure with its range in px and, with a scale, in mm, so that no column mixes units."""
    made: dict[str, float | None] = {}
    for name, (measure, unit) in MEASURES.items():
        said = measures[measure]
        scale = _scale(said["unit"], unit, mm_per_px)
        for end, key in (("", "value"), ("_low", "low"), ("_high", "high")):
            made[f"{name}{end}"] = None if scale is None else round(said[key] * scale, 6)
    return made


def _scale(unit: str, wanted: str, mm_per_px: float | None) -> float | None:
    """What turns a measure of one unit into another's; None where nobody knows."""
    if unit == wanted:
        return 1.0
    if mm_per_px is None or not wanted.startswith("px"):
        return None
    return mm_per_px ** -(2 if wanted == "px²" else 1)


def _sound(value: object) -> object:
    """A cell's value. Raises TypeError, ValueError or OverflowError for what would cost the others their table."""
    if not isinstance(value, str | int | float | None):
        raise TypeError(f"{value!r} is no value of a table")
    if isinstance(value, int | float) and not math.isfinite(value):
        raise ValueError(f"{value} is no finite number")
    return value


def _yes(value: object) -> str:
    return "yes" if value else "no"
