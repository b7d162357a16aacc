"""The first module of ``diffseg-gui``: it tells in words which of the system's libraries Qt cannot do without."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from diffseg_gui.system import why_not_loaded

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window (:func:`diffseg_gui.app.main.main`); 1 where Qt lacks a library, which is named."""
    try:
        from diffseg_gui.app.main import main as open_window
    except ImportError:
        if not (sentence := why_not_loaded()):
            raise
        print(f"diffseg-gui: {sentence}", file=sys.stderr)
        return 1
    return open_window(arguments)


if __name__ == "__main__":
    sys.exit(main())
