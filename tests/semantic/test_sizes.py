"""What a metric costs is bounded by the size of the tables that its compiled SQL reads."""

import json
import re

from tests.oracle.semantic_layer import SemanticLayer
from tests.support import DbtBuild

# by how a table grows: with days and segments, with persons and what they have, with their days
SIZES = ("thin", "entities", "person_days")


def test_no_metric_reads_a_table_above_its_size_class(built_database: DbtBuild) -> None:
    layer = SemanticLayer(built_database.target)
    manifest = json.loads((built_database.target / "manifest.json").read_text(encoding="utf-8"))
    models = {
        node["relation_name"].replace('"', ""): node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    offences = []
    assert len(layer.meta) > 100
    for metric, meta in layer.meta.items():
        sql = layer.compile(metric, (f"metric_time__{meta['grains'][0]}",)).replace('"', "")
        read = {models[name]["name"]: models[name] for name in re.findall(r"\w+\.\w+\.\w+", sql)
                if name in models}  # fmt: skip
        assert read, metric
        for name, node in read.items():
            size = node["config"]["meta"].get("size")
            # persons of a free period have no thin table: distinct counts may read their days
            allowed = SIZES if meta["additivity"] == "distinct" else SIZES[:2]
            if size not in allowed:
                offences.append((metric, name, size))
    assert offences == []
