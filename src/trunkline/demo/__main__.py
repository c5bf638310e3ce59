"""Regenerates the committed seeds: ``python -m trunkline.demo seeds/raw``."""

from __future__ import annotations

import sys
from pathlib import Path

from trunkline.demo import write_seeds

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m trunkline.demo FOLDER_OF_RAW_SEEDS")
    write_seeds(Path(sys.argv[1]))
