"""Links of devices that would make one person of two users; SQL joins cannot follow such paths."""

import numpy as np
import pyarrow as pa

from trunkline.identity import bridging_links


def model(dbt, session):
    dbt.config(materialized="table")
    edges = (
        dbt.ref("int_identity_edges_screened")
        .filter("reason is null")
        .select(
            "left_key, left_type = 'user' as left_user, left_type = 'device' as left_device, "
            "right_key, right_type = 'user' as right_user, right_type = 'device' as right_device"
        )
        .fetchnumpy()
    )
    left_keys, right_keys = edges["left_key"], edges["right_key"]
    ends = np.concatenate([left_keys, right_keys])
    _, first, nodes = np.unique(ends, return_index=True, return_inverse=True)
    is_user = np.concatenate([edges["left_user"], edges["right_user"]])[first]
    is_device = np.concatenate([edges["left_device"], edges["right_device"]])[first]
    left, right = np.split(nodes, 2)
    bridges = bridging_links(left, right, is_user, is_device)
    # what a link is depends on its ends alone, however many sources name it
    pairs = pa.table({"left_key": left_keys[bridges], "right_key": right_keys[bridges]})
    return pairs.group_by(["left_key", "right_key"]).aggregate([])
