"""A report of one or two pages: what stands on them, in which words, and where. Who draws them is another's concern."""

from engine.records.report.content import report
from engine.records.report.fonts import font_files
from engine.records.report.page import Picture, Report, Rule, Words

__all__ = ["Picture", "Report", "Rule", "Words", "font_files", "report"]
