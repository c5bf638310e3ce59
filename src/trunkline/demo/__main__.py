"""Regenerates the committed seeds: ``python -m trunkline.demo seeds/raw``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from trunkline.demo import write_seeds

if __name__ == "__main__":
    parser = ArgumentParser(
        prog="python -m trunkline.demo",
        description="Writes the committed seeds again. For a company of your own, trunkline demo.",
    )
    parser.add_argument("folder", type=Path, help="folder of the raw seeds: seeds/raw")
    folder: Path = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f"there is no folder {folder}")
    write_seeds(folder)
