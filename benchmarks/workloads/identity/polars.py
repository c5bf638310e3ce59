"""Components in a Python process: Polars reads, scipy walks the graph."""

import polars as pl
import pyarrow as pa

from benchmarks.workloads.components import component_sizes


def answer(tables: dict[str, pl.LazyFrame]) -> pa.Table:
    """Sizes of components, how many there are, and a checksum of their smallest nodes."""
    edges = tables["edges"].collect(engine="streaming")
    return component_sizes(edges["left_key"].to_numpy(), edges["right_key"].to_numpy())
