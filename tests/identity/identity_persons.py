"""What the identity models made of small worlds, in the words of the tests."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True)
class Persons:
    """What the identity models made of the worlds."""

    tables: dict[str, list[dict[str, Any]]]

    def members(self) -> dict[int, set[str]]:
        """The members of each person, written as type:id."""
        found: defaultdict[int, set[str]] = defaultdict(set)
        for row in self.tables["identities"]:
            if row["person_id"] is not None:
                found[row["person_id"]].add(f"{row['identifier_type']}:{row['identifier_id']}")
        return found

    def key_of(self, identifier: str) -> int:
        """The key of an identifier."""
        return self._identity(identifier)["identifier_key"]

    def person_of(self, identifier: str) -> int | None:
        """The person to which an identifier belongs."""
        return self._identity(identifier)["person_id"]

    def together(self, identifier: str) -> set[str]:
        """All identifiers of an identifier's person."""
        person = self.person_of(identifier)
        assert person is not None, f"{identifier} belongs to nobody"
        return self.members()[person]

    def attributes(self, identifier: str) -> dict[str, Any]:
        """The row of dim_persons for an identifier's person."""
        person = self.person_of(identifier)
        return next(row for row in self.tables["persons"] if row["person_id"] == person)

    def reasons(self, identifier: str) -> set[str]:
        """Why links of an identifier were taken out."""
        ends = identifier.split(":")
        return {
            row["reason"]
            for row in self.tables["quarantine"]
            if ends in ([row["left_type"], row["left_id"]], [row["right_type"], row["right_id"]])
        }

    def merge(self, identifier: str) -> tuple[int, str, datetime] | None:
        """Where an identifier's person went when it was merged, how and when."""
        key = self.key_of(identifier)
        for row in self.tables["merges"]:
            if row["absorbed_person_id"] == key:
                return row["person_id"], row["method"], row["merged_at"]
        return None

    def _identity(self, identifier: str) -> dict[str, Any]:
        kind, name = identifier.split(":")
        return next(
            row
            for row in self.tables["identities"]
            if (row["identifier_type"], row["identifier_id"]) == (kind, name)
        )


def read_persons(database: Path) -> Persons:
    """Read what a build left in its database."""
    queries = {
        "identities": "select * from intermediate.int_identities",
        "persons": "select * from marts.dim_persons",
        "segments": "select * from marts.dim_segments",
        "merges": "select * from marts.fct_person_merges",
        "quarantine": "select * from marts.fct_identity_quarantine",
        "bindings": "select * from marts.dim_lead_users",
        "leads_to_users": "select * from marts.dim_leads_to_users",
        "users_to_leads": "select * from marts.dim_users_to_leads",
        "event_days": "select * from intermediate.int_identifier_days",
    }
    with duckdb.connect(str(database), read_only=True) as connection:
        return Persons(
            {
                name: connection.sql(query).order("all").to_arrow_table().to_pylist()
                for name, query in queries.items()
            }
        )
