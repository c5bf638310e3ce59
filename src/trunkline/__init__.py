"""Trunkline: a metric-system warehouse on dbt and DuckDB."""

from trunkline.errors import NotBuiltError, RequestError, TrunklineError
from trunkline.semantic.answers import Answer, Warehouse, query

__all__ = ["Answer", "NotBuiltError", "RequestError", "TrunklineError", "Warehouse", "query"]
