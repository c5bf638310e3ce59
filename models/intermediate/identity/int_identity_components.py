"""Connected components of the accepted edges; a list of pairs is no work for SQL joins."""

import numpy as np
import pyarrow as pa

from trunkline.identity import NEVER, components_of, numbered


def model(dbt, session):
    dbt.config(materialized="table")
    identifier_keys = (
        dbt.ref("int_identifiers")
        .filter("not is_blocked")
        .order("first_seen_at, identifier_type, identifier_id")
        .select("identifier_key")
        .fetchnumpy()["identifier_key"]
    )
    edges = (
        dbt.ref("int_identity_edges_guarded")
        .filter("reason is null")
        .order("linked_at, edge_source, method, left_key, right_key")
        .select("left_key, right_key, method, linked_at")
        .to_arrow_table()
    )

    # hashes of addresses and numbers come last: they join identifiers but head no person
    ends = pa.chunked_array(edges["left_key"].chunks + edges["right_key"].chunks, pa.int64())
    nodes, keys = numbered(ends, identifier_keys)
    left, right = np.split(nodes, 2)
    components = components_of(len(keys), left, right)

    identifiers = len(identifier_keys)
    ended_by = components.ended_by[:identifiers]
    last_edges = pa.array(ended_by, mask=ended_by == NEVER)
    return pa.table(
        {
            "identifier_key": identifier_keys,
            "person_id": keys[components.heads[:identifiers]],
            "absorbed_method": edges["method"].take(last_edges),
            "absorbed_at": edges["linked_at"].take(last_edges),
        }
    )
