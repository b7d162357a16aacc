"""Segmentations as DICOM has them, with the photograph that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.records.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.records.record import Record


class DicomSeg(Writer):
    """The final mask (BINARY), the calibrated probability (FRACTIONAL), and the photograph as a DICOM object.

    That object is left out where the results are filed beside the clinic's own (:class:`engine.records.filing.Filing`).
    """

    name, title = "dicom-seg", "Segmentation (DICOM SEG)"
    about = "Mask and probability for a picture archive (PACS) and its viewers."
    needs_photograph = filed = True
    leftovers = ("dicom/segmentation.dcm", "dicom/probability.dcm", "dicom/photograph.dcm")

    def files(self, record: Record) -> Iterator[tuple[str, bytes]]:
        """See :class:`Writer`."""
        from engine.records.dicom import header, segmentation, source

        if not header.stays_in_its_study(record):
            yield "dicom/photograph.dcm", header.saved(source.photograph(record))
        yield "dicom/segmentation.dcm", header.saved(segmentation.mask(record))
        if (probability := segmentation.probability(record)) is not None:
            yield "dicom/probability.dcm", header.saved(probability)


WRITER = DicomSeg()
