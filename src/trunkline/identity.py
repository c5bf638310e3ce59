"""Connected components of identifiers, and when each identifier stopped heading its own.

Nodes are the integers 0..nodes-1 in order of seniority: the smallest node of a component is its
head. Edges are the positions of two arrays in the order in which the links became known.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
NEVER = -1


@dataclass(frozen=True)
class Components:
    """The components of a graph.

    Attributes:
        heads: For every node the smallest node of its component.
        ended_by: For every node the edge that joined the component it headed to one with a
            smaller head, or ``NEVER``.
    """

    heads: Integers
    ended_by: Integers


def components_of(nodes: int, left: Integers, right: Integers) -> Components:
    """Find the components of a graph and replay how they grew.

    Args:
        nodes: Number of nodes.
        left: One end of each edge, in the order in which the edges became known.
        right: The other end of each edge.

    Returns:
        The head of every node's component and the edge that ended every node's own reign.
    """
    if nodes == 0:
        return Components(np.empty(0, np.int64), np.empty(0, np.int64))
    edges = _spanning_forest(nodes, left, right)
    forest = coo_array((np.ones(len(edges)), (left[edges], right[edges])), shape=(nodes, nodes))
    labels = connected_components(forest, directed=False)[1]
    heads = np.unique(labels, return_index=True)[1].astype(np.int64)[labels]
    return Components(heads, _ends_of_reign(nodes, left, right, edges, heads))


def numbered(keys: pa.ChunkedArray, seniors: Integers) -> tuple[Integers, Integers]:
    """Number the keys of nodes, by hashing them: searching sorted keys takes ten times as long.

    Args:
        keys: Keys of nodes, in any order and number.
        seniors: Distinct keys of the nodes that come first, in their order.

    Returns:
        The node of every key, and the key of every node: the seniors, then whatever else occurs.
    """
    places = pc.index_in(keys, value_set=pa.array(seniors))
    is_junior = places.is_null()
    juniors = pa.array(keys.filter(is_junior).to_numpy()).dictionary_encode()
    nodes = places.fill_null(0).to_numpy().astype(np.int64)
    nodes[is_junior.to_numpy()] = len(seniors) + juniors.indices.to_numpy()
    return nodes, np.concatenate([seniors, juniors.dictionary.to_numpy()])


def bridging_links(
    left: Integers, right: Integers, is_user: Booleans, is_device: Booleans
) -> Booleans:
    """Find the links by which devices would make one person of two users.

    Two users who are one person without any device stay so. Where only devices join them, the
    links of that component between two devices, or between a device and anything but a user, go;
    a device keeps its own user.

    Args:
        left: One end of each edge, as positions in the node arrays.
        right: The other end of each edge.
        is_user: For every node whether it is a user.
        is_device: For every node whether it is a device.

    Returns:
        For every edge whether it is to be left out.
    """
    nodes = len(is_user)
    if nodes == 0:
        return np.zeros(0, np.bool_)
    touches_device = is_device[left] | is_device[right]
    reaches_user = is_user[left] | is_user[right]
    together = _labels(nodes, left, right)
    apart = _labels(nodes, left[~touches_device], right[~touches_device])
    # every pair is one user, or users joined without a device, within what devices join
    pairs = np.unique(together[is_user] * np.int64(nodes) + apart[is_user])
    users_joined = np.bincount(pairs // nodes, minlength=nodes)
    return touches_device & ~reaches_user & (users_joined[together[left]] > 1)


def _labels(nodes: int, left: Integers, right: Integers) -> Integers:
    """Label every node with its component."""
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _spanning_forest(nodes: int, left: Integers, right: Integers) -> Integers:
    """Return, in order, the edges that joined two components when they became known."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    # of parallel edges the first one counts; a sparse matrix would add their weights up
    distinct = np.unique(low * np.int64(nodes) + high, return_index=True)[1]
    distinct = distinct[low[distinct] < high[distinct]]
    weights = distinct.astype(np.float64) + 1  # a weight of zero would read as no edge
    graph = coo_array((weights, (low[distinct], high[distinct])), shape=(nodes, nodes))
    forest = minimum_spanning_tree(graph.tocsr(), overwrite=True)
    return np.sort(forest.data.astype(np.int64) - 1)


def _ends_of_reign(
    nodes: int, left: Integers, right: Integers, edges: Integers, heads: Integers
) -> Integers:
    """Replay the forest in time: in each round every component takes its next edge."""
    component = heads[left[edges]]
    by_component = np.argsort(component, kind="stable")
    _, starts, sizes = np.unique(component[by_component], return_index=True, return_counts=True)
    rounds = np.empty(len(edges), np.int64)
    rounds[by_component] = np.arange(len(edges)) - np.repeat(starts, sizes)
    by_round = edges[np.argsort(rounds, kind="stable")]

    parents = np.arange(nodes)
    ended_by = np.full(nodes, NEVER, np.int64)
    for batch in np.split(by_round, np.cumsum(np.bincount(rounds))[:-1]):
        left_heads, right_heads = _heads(parents, left[batch]), _heads(parents, right[batch])
        junior = np.maximum(left_heads, right_heads)
        parents[junior] = np.minimum(left_heads, right_heads)
        ended_by[junior] = batch
    return ended_by


def _heads(parents: Integers, members: Integers) -> Integers:
    """Climb to the present head of each member, halving the path on the way."""
    while not np.array_equal(above := parents[members], members):
        parents[members] = parents[above]
        members = parents[members]
    return members
