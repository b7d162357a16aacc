"""Where the frozen ``diffseg-gui`` starts."""

import multiprocessing
import sys

from diffseg_gui.start import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a worker process starts this same program on Windows and macOS
    sys.exit(main())
