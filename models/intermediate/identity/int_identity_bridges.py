"""Links of devices that would make one person of two users; SQL joins cannot follow such paths."""

import numpy as np
import pyarrow as pa

from trunkline.identity import bridging_links


def model(dbt, session):
    dbt.config(materialized="table")
    edges = (
        dbt.ref("int_identity_edges_screened")
        .filter("reason is null")
        .order("edge_key")
        .select("edge_key, left_key, right_key, left_type, right_type")
        .to_arrow_table()
    )
    ends = np.concatenate([edges["left_key"].to_numpy(), edges["right_key"].to_numpy()])
    types = pa.chunked_array(edges["left_type"].chunks + edges["right_type"].chunks, pa.string())
    keys, first, nodes = np.unique(ends, return_index=True, return_inverse=True)
    types_of_nodes = types.to_numpy()[first]
    left, right = np.split(nodes, 2)
    bridges = bridging_links(left, right, types_of_nodes == "user", types_of_nodes == "device")
    return pa.table({"edge_key": edges["edge_key"].filter(pa.array(bridges))})
