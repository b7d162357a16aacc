"""A report of the lesion's measures as DICOM has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records.writer import Writer
from engine.records.writers.dicom_seg import DicomSeg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record


class DicomSr(Writer):
    """Measures with ranges, verdict and note (TID 1500); they refer to the segmentation, which is written too."""

    name, title = "dicom-sr", "Report of measures (DICOM SR)"
    about = "Measures with their ranges, verdict and note, for a picture archive (PACS)."
    needs_photograph = filed = True
    refers_to = (DicomSeg.name,)
    leftovers = ("dicom/report.dcm",)

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        from engine.records.dicom import header, report

        yield "dicom/report.dcm", header.saved(report.report(record))


WRITER = DicomSr()
