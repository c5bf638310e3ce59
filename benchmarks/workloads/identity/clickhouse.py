"""Components in SQL alone, which is all that a database server has: contraction in rounds."""

from itertools import count

import pyarrow as pa

from benchmarks.workloads.components import LABEL_MODULUS
from benchmarks.workloads.engines import ClickHouse

# Each node moves to the neighbour, or itself, with the smallest hash. The hash changes with the
# round, so that no order of keys makes the rounds many: a quarter of the nodes go at least.
_MOVE = """
    create table moves_{round} engine = Memory as
    select node, argMin(target, cityHash64(target, {round})) as target
    from (
        select left_key as node, right_key as target from edges_{round}
        union all
        select right_key as node, left_key as target from edges_{round}
        union all
        select left_key as node, left_key as target from edges_{round}
        union all
        select right_key as node, right_key as target from edges_{round}
    )
    group by node
"""
_CONTRACT = """
    create table edges_{following} engine = Memory as
    select distinct least(left_moves.target, right_moves.target) as left_key,
        greatest(left_moves.target, right_moves.target) as right_key
    from edges_{round} as edges
    inner join moves_{round} as left_moves on edges.left_key = left_moves.node
    inner join moves_{round} as right_moves on edges.right_key = right_moves.node
    where left_key != right_key
"""
# A node that lost all its edges has no move of a later round: its target stands.
_FOLLOW = """
    create table labels_{round} engine = Memory as
    select moves.node as node, coalesce(labels.target, moves.target) as target
    from moves_{round} as moves
    left join labels_{following} as labels on moves.target = labels.node
    settings join_use_nulls = 1
"""
_SIZES = """
    select size, count() as components, sum(head % {modulus}) as heads
    from (select count() as size, min(node) as head from labels_0 group by target)
    group by size
"""


def answer(engine: ClickHouse) -> pa.Table:
    """Sizes of components, how many there are, and a checksum of their smallest nodes."""
    engine.run("create table edges_0 engine = Memory as select left_key, right_key from edges")
    for rounds in count():
        engine.run(_MOVE.format(round=rounds))
        engine.run(_CONTRACT.format(round=rounds, following=rounds + 1))
        if not engine.table(f"select 1 from edges_{rounds + 1} limit 1").num_rows:
            break
    engine.run(f"create table labels_{rounds} engine = Memory as select * from moves_{rounds}")
    for round_ in reversed(range(rounds)):
        engine.run(_FOLLOW.format(round=round_, following=round_ + 1))
    return engine.table(_SIZES.format(modulus=LABEL_MODULUS))
