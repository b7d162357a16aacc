"""A report of the lesion's measures as DICOM has it, with the segmentation that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records.writer import Writer
from engine.records.writers import dicom_seg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record


class DicomSr(Writer):
    """Measures with their ranges (TID 1500), and all files of the segmentation, to which they refer."""

    name, title = "dicom-sr", "Report of measures (DICOM SR)"
    about = "The measures with their ranges, coded, for a picture archive (PACS)."
    needs_photograph = True
    leftovers = ("dicom/report.dcm",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        from engine.records.dicom import header, report

        yield from dicom_seg.WRITER.files(record)
        yield "dicom/report.dcm", header.saved(report.report(record))


WRITER = DicomSr()
