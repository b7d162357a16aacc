"""The table of results as an Excel workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.records.table import row, xlsx_table
from engine.records.writer import Collection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.records.record import Record


class TableXlsx(Collection):
    """A row a photograph: measures with their ranges, review, provenance (:mod:`engine.records.table`)."""

    name, title = "xlsx", "Table (Excel)"
    about = "The same row as a workbook, with a sheet that explains its columns."
    file = "table.xlsx"
    leftovers = (file,)

    def part(self, record: Record) -> dict[str, Any]:
        """See :class:`Collection`."""
        return row(record.said)

    def whole(self, parts: Sequence[dict[str, Any]]) -> bytes:
        """See :class:`Collection`."""
        return xlsx_table(parts)


WRITER = TableXlsx()
