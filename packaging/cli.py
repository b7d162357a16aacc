"""Where the frozen ``diffseg`` starts."""

import multiprocessing
import sys

from engine.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a worker process starts this same program on Windows and macOS
    sys.exit(main())
