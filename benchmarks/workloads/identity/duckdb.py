"""Components the project's way: the engine reads and numbers, scipy walks the graph."""

import duckdb
import pyarrow as pa

from benchmarks.workloads.components import component_sizes


def answer(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Sizes of components, how many there are, and a checksum of their smallest nodes."""
    edges = connection.sql("select left_key, right_key from edges").fetchnumpy()
    return component_sizes(edges["left_key"], edges["right_key"])
