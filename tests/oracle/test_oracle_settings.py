"""Every metric where a company has set every variable to a value of its own.

The defaults hide what is hard-coded and what is mistaken for another variable: two windows of 60
days are one. One side is the oracle under the same settings, the other the project as dbt compiles
it with these variables, replayed in memory.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, fields
from datetime import date

import pytest

from tests.support import BUILD, run_dbt

from .company import Reference
from .raw import Settings, Table
from .replay import Replay
from .semantic_layer import SemanticLayer
from .test_oracle_worlds import check_world

WORLDS = (1, 2, 3, 4, 5, 7)

OWN = Settings(
    reporting_timezone="America/New_York",
    reporting_currency="USD",
    clock_skew_minutes=7,
    earliest_date=date(1991, 2, 3),
    identity_max_degree=5,
    session_timeout_minutes=29,
    churn_days=20,
    late_data_days=2,
    mql_window_days=24,
    lead_to_opportunity_window_days=45,
    opportunity_to_proposal_window_days=33,
    proposal_to_negotiation_window_days=54,
    negotiation_to_won_window_days=69,
    opportunity_to_won_window_days=111,
    lead_to_won_window_days=140,
    attribution_headline_model="time_decay",
    attribution_headline_conversion_type="first_order",
)


@pytest.fixture(scope="module")
def own_replay() -> Replay:
    """The project compiled with these variables, without building anything."""
    folder = BUILD / "settings"
    shutil.rmtree(folder, ignore_errors=True)
    variables = {name: value for name, value in asdict(OWN).items() if value is not None}
    finished = run_dbt(
        "compile", folder=folder, variables=json.dumps(variables, default=date.isoformat)
    )
    assert finished.returncode == 0, finished.stdout[-6000:]
    return Replay(folder / "target")


def test_no_setting_has_its_default_or_the_value_of_another() -> None:
    """But as_of_date, which every world leaves to its last load."""
    values = [getattr(OWN, field.name) for field in fields(Settings)]
    assert len(set(values)) == len(values)
    assert [
        field.name
        for field in fields(Settings)
        if getattr(OWN, field.name) == getattr(Settings(), field.name)
    ] == ["as_of_date"]


@pytest.mark.parametrize("seed", WORLDS)
def test_the_project_agrees_with_the_oracle_under_other_settings(
    seed: int,
    contract: dict[str, Table],
    reference: Reference,
    own_replay: Replay,
    layer: SemanticLayer,
) -> None:
    check_world(seed, contract, reference, own_replay, layer, OWN)
