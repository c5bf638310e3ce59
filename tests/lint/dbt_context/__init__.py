"""What a model's Jinja may name besides macros: sqlfluff renders with these in dbt's place.

Variables have the values of dbt_project.yml, so that macros which check or branch on them render.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import yaml

_PROJECT = Path(__file__).resolve().parents[3] / "dbt_project.yml"
_VARIABLES: dict[str, Any] = yaml.load(
    _PROJECT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)["vars"]


def var(name: str, default: Any = None) -> Any:
    return _VARIABLES.get(name, default)


def env_var(name: str, default: str = "") -> str:
    return default


def _raise_compiler_error(message: str) -> NoReturn:
    raise ValueError(message)


execute = False
run_started_at = datetime.now(UTC)
exceptions = SimpleNamespace(raise_compiler_error=_raise_compiler_error)
