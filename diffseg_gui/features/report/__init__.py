"""The report: looked at, printed, saved."""

from diffseg_gui.features.report.report import ReportFeature

__all__ = ["ReportFeature"]
