"""Questions that every engine answers from the same Parquet files, in its own best words."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Table:
    """Parquet files that a workload reads.

    Attributes:
        glob: Where they lie below the folder of the data.
        columns: What is read of them; a column with a ``!`` must not be null.
    """

    glob: str
    columns: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.rstrip("!") for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which a row does not count."""
        return tuple(column[:-1] for column in self.columns if column.endswith("!"))


@dataclass(frozen=True)
class Workload:
    """A question.

    Attributes:
        name: Its folder, with ``<engine>.sql`` or ``<engine>.py`` in it.
        tables: What it reads.
        goal: How many floors its share of the budget is; None where it shares another's.
    """

    name: str
    tables: tuple[str, ...]
    goal: float | None


TABLES = {
    "events": Table("cdp/events/**/*.parquet", ("device_id!", "event_name", "occurred_at!")),
    "identifier_days": Table(
        "identifier_days.parquet", ("identifier_key!", "activity_date!", "events!")
    ),
    "identities": Table("identities.parquet", ("identifier_key!", "person_id!")),
    "person_days": Table("person_days.parquet", ("person_id!", "activity_date!")),
    "cohorts": Table("cohorts.parquet", ("person_id!", "cohort_date!")),
    "touches": Table(
        "touches.parquet", ("touch_id!", "person_id!", "channel!", "is_direct!", "touched_at!")
    ),
    "conversions": Table(
        "conversions.parquet",
        # a conversion of nobody has no touch, but counts
        ("conversion_key!", "conversion_type!", "person_id", "converted_at!"),
    ),
    "edges": Table("edges.parquet", ("left_key!", "right_key!")),
}

WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("floor", ("events",), None),
        Workload("device_days", ("events",), 4),
        Workload("daily_actives", ("events",), None),
        Workload("sessions", ("events",), 12),
        Workload("funnel", ("events",), 6),
        Workload("person_days", ("identifier_days", "identities"), 2.5),
        Workload("actives", ("person_days",), 2.5),
        Workload("retention", ("person_days", "cohorts"), 2.5),
        Workload("attribution", ("touches", "conversions"), 0.6),
        Workload("identity", ("edges",), 1),
    )
}
