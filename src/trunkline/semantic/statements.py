"""The SQL of saved queries, kept in the target folder from one build to the next."""

from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from trunkline.paths import SEMANTIC_MANIFEST, require_artefact
from trunkline.semantic.engine import load_engine
from trunkline.semantic.request import MetricRequest

FOLDER = "saved_queries"


def saved_query_sql(target: Path, name: str) -> str:
    """Give the SQL of a saved query, compiled only where a definition or the compiler has changed.

    A daily build brings new data and no new definition. Without this it would load MetricFlow and
    compile all saved queries again, which takes a fifth of what it spends on a small warehouse.

    Args:
        target: dbt's target folder.
        name: A saved query.

    Returns:
        One select statement.

    Raises:
        NotBuiltError: If dbt has not written the semantic manifest yet.
        RequestError: If there is no such saved query or one of its metrics refuses it.
    """
    manifest = require_artefact(target / SEMANTIC_MANIFEST)
    stat = manifest.stat()
    seal = f"\n-- compiled from {_origin(manifest, stat.st_mtime_ns, stat.st_size)}\n"
    file = target / FOLDER / f"{name}.sql"
    known = file.read_text(encoding="utf-8") if file.is_file() else ""
    if known.endswith(seal):  # a file that was cut off while it was written has no seal
        return known.removesuffix(seal)
    sql = load_engine(target).compile(MetricRequest(saved_query=name))
    file.parent.mkdir(exist_ok=True)
    file.write_text(sql + seal, encoding="utf-8")
    return sql


@lru_cache(maxsize=1)
def _origin(manifest: Path, changed_at: int, size: int) -> str:
    """Digest all that the SQL depends on: definitions, MetricFlow and this package's own rules."""
    digest = sha256(manifest.read_bytes())
    digest.update(version("metricflow").encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()
