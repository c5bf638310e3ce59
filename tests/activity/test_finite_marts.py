"""No number of any mart is infinite or not a number: 1/0 is inf in DuckDB, not an error."""

from typing import Any

import duckdb


def test_every_double_of_every_mart_is_finite(built_database: Any) -> None:
    offences = []
    with duckdb.connect(str(built_database.database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name = 'marts' and data_type in ('DOUBLE', 'FLOAT')"
        ).fetchall()
        for table, column in columns:
            row = connection.execute(
                f"select count(*) from marts.{table} where not isfinite({column})"
            ).fetchone()
            if row is None or row[0]:
                offences.append(f"{table}.{column}")
    assert columns, "no mart holds a double any more: this test proves nothing"
    assert offences == []
