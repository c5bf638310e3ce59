"""The demo company: raw data of every system, made from a seed, with known answers."""

from trunkline.demo.generate import Demo, DemoConfig, generate
from trunkline.demo.writer import SEED_CONFIG, DemoSummary, write_demo, write_seeds

__all__ = [
    "SEED_CONFIG",
    "Demo",
    "DemoConfig",
    "DemoSummary",
    "generate",
    "write_demo",
    "write_seeds",
]
