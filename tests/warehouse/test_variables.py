"""Variables that would make numbers wrong without a word are refused with a sentence."""

from pathlib import Path

import pytest

from tests.support import run_dbt


@pytest.mark.parametrize("value", ["RMBY", "￥", "''"])
def test_a_reporting_currency_that_is_no_code_is_refused(tmp_path: Path, value: str) -> None:
    finished = run_dbt(
        "compile", "--select", "int_spend_converted", "--no-populate-cache",
        folder=tmp_path, variables=f"{{reporting_currency: {value}}}",
    )  # fmt: skip
    assert finished.returncode != 0
    assert "set it to a code of three letters" in finished.stdout


def test_a_reporting_currency_in_lower_case_is_the_same_currency(tmp_path: Path) -> None:
    finished = run_dbt(
        "compile", "--select", "int_spend_converted", "--no-populate-cache",
        folder=tmp_path, variables="{reporting_currency: cny}",
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout
    compiled = next((tmp_path / "target" / "compiled").rglob("int_spend_converted.sql"))
    assert "= 'CNY'" in compiled.read_text(encoding="utf-8")


def test_an_as_of_date_after_the_last_load_is_refused(tmp_path: Path) -> None:
    finished = run_dbt(
        "build", "--select", "+int_reporting_window", "--exclude-resource-type", "unit_test",
        folder=tmp_path, variables="{as_of_date: '2030-01-01'}",
    )  # fmt: skip
    assert finished.returncode != 0
    assert "The variable as_of_date is 2030-01-01, and the last load is of 2026-03-31" in (
        finished.stdout
    )
