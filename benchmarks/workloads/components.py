"""Connected components for engines that live in a Python process."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Keys = npt.NDArray[np.int64]
LABEL_MODULUS = 1_000_003


def component_sizes(left: Keys, right: Keys) -> pa.Table:
    """Describe the components of a graph.

    Args:
        left: One end of each edge.
        right: The other end.

    Returns:
        Per size: how many components have it, and a checksum of their smallest nodes.
    """
    positions, keys = pd.factorize(np.concatenate([left, right]))
    ends = np.split(positions.astype(np.int32), 2)
    graph = coo_array((np.ones(len(left), np.int8), tuple(ends)), shape=(len(keys), len(keys)))
    components, labels = connected_components(graph, directed=False)
    heads = np.full(components, np.iinfo(np.int64).max)
    np.minimum.at(heads, labels, keys)
    sizes = np.bincount(labels, minlength=components)
    size, group = np.unique(sizes, return_inverse=True)
    checksums = np.zeros(len(size), np.int64)
    np.add.at(checksums, group, heads % LABEL_MODULUS)
    return pa.table({"size": size, "components": np.bincount(group), "heads": checksums})
