"""What a person says of the whole photograph: a verdict, and a note in their own words."""

from diffseg_gui.features.verdict.verdict import Verdict

__all__ = ["Verdict"]
