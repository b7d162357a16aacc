"""The table of results as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.records.table import csv_table, row
from engine.records.writer import Collection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.records.record import Record


class TableCsv(Collection):
    """A row a photograph: measures with their ranges, review, provenance (:mod:`engine.records.table`)."""

    name, title = "csv", "Table (CSV)"
    about = "Measures with ranges, review and settings in one row, for any spreadsheet."
    file = "table.csv"
    leftovers = (file,)

    def part(self, record: Record) -> dict[str, Any]:
        """See :class:`Collection`."""
        return row(record.said)

    def whole(self, parts: Sequence[dict[str, Any]]) -> bytes:
        """See :class:`Collection`."""
        return csv_table(parts)


WRITER = TableCsv()
