"""The pure functions against networkx and against a naive replay."""

import networkx as nx
import numpy as np
import pytest

from trunkline.identity import NEVER, Components, components_of

WORLDS = 400


def random_graph(seed: int) -> tuple[int, np.ndarray, np.ndarray]:
    """From a few lonely nodes to one dense component; loops and parallel edges included."""
    random = np.random.default_rng(seed)
    nodes = int(random.integers(1, 60))
    edges = int(random.integers(0, 2 * nodes))
    return nodes, random.integers(0, nodes, edges), random.integers(0, nodes, edges)


def naive_replay(nodes: int, left: np.ndarray, right: np.ndarray) -> Components:
    """Add one edge after the other and look at every node's component each time."""
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    ended_by = [NEVER] * nodes
    for edge, ends in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        heads_before = {min(component) for component in nx.connected_components(graph)}
        graph.add_edge(*ends)
        heads_now = {min(component) for component in nx.connected_components(graph)}
        for node in heads_before - heads_now:
            ended_by[node] = edge
    heads = [min(nx.node_connected_component(graph, node)) for node in range(nodes)]
    return Components(np.array(heads), np.array(ended_by))


@pytest.mark.parametrize("seed", range(WORLDS))
def test_heads_and_ends_equal_a_naive_replay(seed):
    nodes, left, right = random_graph(seed)
    found, expected = components_of(nodes, left, right), naive_replay(nodes, left, right)
    assert found.heads.tolist() == expected.heads.tolist()
    assert found.ended_by.tolist() == expected.ended_by.tolist()


@pytest.mark.parametrize("seed", range(0, WORLDS, 10))
def test_heads_do_not_depend_on_the_order_or_direction_of_the_edges(seed):
    nodes, left, right = random_graph(seed)
    order = np.random.default_rng(seed).permutation(len(left))
    shuffled = components_of(nodes, right[order], left[order])
    assert shuffled.heads.tolist() == components_of(nodes, left, right).heads.tolist()


def test_a_person_ends_once_for_every_node_that_is_not_a_head():
    nodes, left, right = random_graph(7)
    found = components_of(nodes, left, right)
    assert ((found.ended_by == NEVER) == (found.heads == np.arange(nodes))).all()


def test_a_long_chain_whose_head_comes_last_is_one_component():
    nodes = 20_000
    left = np.arange(nodes - 1, 0, -1)
    found = components_of(nodes, left, left - 1)
    assert set(found.heads.tolist()) == {0}
    assert found.ended_by[1:].tolist() == list(range(nodes - 2, -1, -1))


def test_no_nodes_are_no_components():
    nothing = np.empty(0, np.int64)
    assert components_of(0, nothing, nothing).heads.tolist() == []


def test_nodes_without_edges_are_their_own_heads():
    nothing = np.empty(0, np.int64)
    found = components_of(3, nothing, nothing)
    assert found.heads.tolist() == [0, 1, 2]
    assert found.ended_by.tolist() == [NEVER] * 3
