"""What the workloads share with the project: their tables, and the marts that answer the same."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.workloads.answers import Rows, agree, canonical

_EXPORTS = {
    "identifier_days": """
        select identifier_key, activity_date, human_events as events
        from intermediate.int_identifier_days
        where human_events > 0
    """,
    "identities": """
        select identities.identifier_key, identities.person_id
        from intermediate.int_identities as identities
        inner join marts.dim_persons as persons
            on identities.person_id = persons.person_id
        where persons.is_human
    """,
    "person_days": """
        select person_id, activity_date from marts.fct_person_days
        where is_active
    """,
    "cohorts": """
        select persons.person_id, persons.registered_date as cohort_date
        from marts.dim_persons as persons
        inner join intermediate.int_reporting_window as reporting_window
            on persons.registered_date <= reporting_window.as_of_date
        where persons.is_human
    """,
    "touches": """
        select touch_id, person_id, channel, is_direct, touched_at
        from marts.fct_touchpoints
    """,
    "conversions": """
        select conversion_key, conversion_type, person_id, converted_at
        from marts.fct_conversions
    """,
    "edges": """
        select left_key, right_key from intermediate.int_identity_edges_guarded
        where reason is null
    """,
}


@dataclass(frozen=True)
class Mart:
    """A mart that answers what a workload asks.

    Attributes:
        sql: Query over the built database, in the columns of the workload's answer.
        keys: How many of these columns are its key; what the mart has no key for is not compared.
        shape: What to make of the workload's answer before the two are compared.
    """

    sql: str
    keys: int
    shape: Callable[[Rows], Rows] = list


MARTS = {
    "person_days": Mart(
        """
        select activity_date, count(*), cast(sum(events) as bigint) from marts.fct_person_days
        where events > 0
        group by activity_date
        """,
        keys=1,
    ),
    "actives": Mart(
        """
        select
            activity_date,
            cast(sum(dau) as bigint),
            cast(sum(wau) as bigint),
            cast(sum(mau) as bigint),
            cast(sum(new_users_active) as bigint),
            cast(sum(resurrected_users) as bigint),
            cast(sum(churned_users) as bigint),
            cast(sum(retained_users) as bigint)
        from marts.fct_active_users_daily
        group by activity_date
        """,
        keys=1,
    ),
    "retention": Mart(
        """
        select cohort_date, day_number, cast(sum(retained_on) as bigint)
        from marts.fct_retention_cohorts
        where is_mature
        group by cohort_date, day_number
        """,
        keys=2,
    ),
    "attribution": Mart(
        """
        pivot (
            select conversion_type, channel, attribution_model, credit
            from marts.fct_attribution_credits
        )
        on attribution_model in (
            'first_touch', 'last_touch', 'linear', 'position_based', 'time_decay'
        )
        using coalesce(cast(sum(credit) as double), 0)
        group by conversion_type, channel
        """,
        keys=2,
    ),
    "identity": Mart(
        """
        with linked as (
            select left_key as identifier_key from intermediate.int_identity_edges_guarded
            where reason is null
            union distinct
            select right_key as identifier_key from intermediate.int_identity_edges_guarded
            where reason is null
        )

        select count(distinct identities.person_id)
        from intermediate.int_identities as identities
        inner join linked
            on identities.identifier_key = linked.identifier_key
        """,
        keys=0,
        shape=lambda rows: [[sum(components for _, components, _ in rows)]],
    ),
}


def export(database: Path, folder: Path) -> None:
    """Write the tables of the spine as Parquet, unless they are there and newer.

    Args:
        database: A built database.
        folder: Where to write them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set memory_limit = '2GiB'; set threads = 2")
        for name, sql in _EXPORTS.items():
            path = folder / f"{name}.parquet"
            if not path.exists() or path.stat().st_mtime < database.stat().st_mtime:
                connection.execute(f"copy ({sql}) to '{path}' (format parquet)")


def mart_agrees(database: Path, workload: str, rows: Rows) -> bool | None:
    """Hold a workload's answer against the project's own.

    Args:
        database: The built database.
        workload: Name of the workload.
        rows: Its answer.

    Returns:
        Whether they agree; None if no mart asks the same.
    """
    if (mart := MARTS.get(workload)) is None:
        return None
    with duckdb.connect(str(database), read_only=True) as connection:
        expected = canonical(connection.sql(mart.sql).to_arrow_table())
    found = {tuple(row[: mart.keys]): row for row in mart.shape(rows)}
    # a cell of the mart that counts nobody is no row of the workload
    ours = [
        found.get(key := tuple(row[: mart.keys]), [*key, *[0] * (len(row) - mart.keys)])
        for row in expected
    ]
    return agree(ours, expected)
