"""A folder of raw files is read whole, or refused in a sentence that names the thing to mend."""

import gzip
import time
from pathlib import Path

import duckdb
import pytest

from trunkline.errors import TrunklineError
from trunkline.raw_files import (
    TableContract,
    check_delivery,
    delivery_reader,
    find_deliveries,
)

ORDERS = TableContract(("order_id", "status", "amount"), ("order_id", "status"), is_required=True)
REFUNDS = TableContract(("refund_id", "amount"), ("refund_id",), is_required=False)
SPEND = TableContract(("day", "cost"), ("day",), is_required=True)
CONTRACT = {"ads": {"daily_spend": SPEND}, "erp": {"orders": ORDERS, "refunds": REFUNDS}}
GOOD = "order_id,status,amount\nS1,paid,10\n"
REFUND = "refund_id,amount\nR1,2\n"


def folder(root: Path, files: dict[str, str | bytes]) -> str:
    """Write files by their paths below a folder that holds good orders."""
    for name, content in {"erp/orders.csv": GOOD, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(root)


def refusal(root: str) -> str:
    """The sentence with which a folder is refused; empty if it is not."""
    try:
        for delivery in find_deliveries(root, CONTRACT).values():
            check_delivery(delivery, CONTRACT[delivery.system][delivery.entity])
    except TrunklineError as error:
        return str(error)
    return ""


def refunds(root: str) -> list[tuple[str, ...]]:
    """The refunds that a folder's reader gives."""
    assert refusal(root) == ""
    reader = delivery_reader(find_deliveries(root, CONTRACT)["erp", "refunds"], REFUNDS.columns)
    return duckdb.sql(f"select refund_id, amount from {reader} order by all").fetchall()


@pytest.mark.parametrize("spelling", ["{}", "{}/", "{}//", "/{}", "{}/erp/.."])
def test_the_spelling_of_the_folder__does_not_matter(tmp_path: Path, spelling: str) -> None:
    root = spelling.format(folder(tmp_path, {"erp/refunds/2026/a.csv": REFUND}))
    assert refunds(root) == [("R1", "2")]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"ADS/daily_spend.csv": "day\n"}, ["/ADS belongs to no system", "ads, erp; rename it"]),
        ({"ad/daily_spend.csv": "day\n"}, ["/ad belongs to no system"]),
        ({"refunds.csv": REFUND}, ["lies beside the folders", "move it to", "/erp/refunds.csv"]),
        ({"erp/refund.csv": REFUND}, ["erp/refund.csv belongs to no table", "orders, refunds"]),
        ({"erp/refund/a.csv": REFUND}, ["The folder", "erp/refund belongs to no table"]),
        ({"erp/refunds.csv.zip": "x"}, ["refunds.csv.zip has an unknown ending", ".jsonl"]),
        ({"erp/refunds/a.xlsx": "x"}, ["refunds/a.xlsx has an unknown ending"]),
        ({"erp/refunds.csv": REFUND, "erp/refunds/a.csv": REFUND}, ["twice", "keep one of them"]),
        ({"ads/notes.txt": "x"}, ["ads/notes.txt belongs to no table", "ads has daily_spend"]),
        ({"erp/refunds.csv": ""}, ["refunds.csv for erp.refunds cannot be read (its first line"]),
        (
            {"erp/refunds.csv": REFUND + "R2,3,4\n"},
            ["erp.refunds cannot be read (CSV Error on Line: 3: Expected Number of Columns: 2"],
        ),
        ({"erp/refunds.csv": REFUND + "R2\n"}, ["Line: 3", "Found: 1); deliver it again"]),
        ({"erp/refunds.csv": REFUND + '"R2,1\n'}, ["Line: 3: Value with unterminated quote"]),
        ({"erp/refunds.csv": b"refund_id,amount\nR\xff\xe9,1\n"}, ["Line: 2", "not utf-8"]),
        ({"erp/refunds.csv": "refund_id,Amount,amount\n"}, ["has the column amount twice"]),
        ({"erp/refunds.csv.gz": REFUND}, ["refunds.csv.gz for erp.refunds cannot be read (Not a"]),
        ({"erp/refunds.parquet": "x"}, ["refunds.parquet for erp.refunds cannot be read"]),
        ({"erp/refunds.json": '[{"refund_id":'}, ["erp/refunds.json", "cannot be read (Malformed"]),
        ({"erp/refunds.json": '[{"amount": 1}]'}, ["column refund_id is missing in", "which has"]),
        (
            {"erp/refunds/a.csv": REFUND, "erp/refunds/b.csv": "amount\n1\n"},
            ["refund_id is missing in", "erp/refunds/b.csv, which has amount; add or rename it"],
        ),
        (
            {"erp/refunds/a.json": '{"refund_id": 1}', "erp/refunds/b.json": '{"amount": 1}'},
            ["refund_id is missing in", "erp/refunds/b.json, which has amount"],
        ),
    ],
)
def test_a_bad_folder__is_refused_with_place_and_remedy(
    tmp_path: Path, files: dict[str, str | bytes], words: list[str]
) -> None:
    said = refusal(folder(tmp_path, files))
    assert not [word for word in words if word not in said], said
    assert said.endswith((".", ")."))


def test_a_folder_that_is_not_there__or_delivers_nothing_is_named(tmp_path: Path) -> None:
    assert "there is no such folder" in refusal(f"{tmp_path}/nope")
    assert "delivers no table" in refusal(str(tmp_path))
    (tmp_path / "erp" / "refunds").mkdir(parents=True)
    assert "delivers no table" in refusal(str(tmp_path))
    assert "raw_path is empty" in refusal("")


def test_a_link_to_nowhere__is_named(tmp_path: Path) -> None:
    root = folder(tmp_path, {})
    (tmp_path / "erp" / "refunds.csv").symlink_to("/nowhere.csv")
    assert "erp/refunds.csv is a link to /nowhere.csv, which does not exist" in refusal(root)


def test_a_missing_required_table__is_named(tmp_path: Path) -> None:
    root = folder(tmp_path, {"erp/refunds.csv": REFUND})
    (tmp_path / "erp" / "orders.csv").unlink()
    assert "required table erp.orders is missing" in refusal(root)
    assert "has refunds; deliver orders" in refusal(root)


@pytest.mark.parametrize(
    ("files", "rows"),
    [
        ({"erp/refunds.csv": "refund_id,amount\n"}, []),
        ({"erp/refunds.json": "[]"}, []),
        ({"erp/refunds.ndjson": ""}, []),
        ({"erp/refunds.csv.gz": gzip.compress(REFUND.encode())}, [("R1", "2")]),
        ({"erp/refunds.json.gz": gzip.compress(b'[{"refund_id": 1}]')}, [("1", None)]),
        ({"erp/refunds.csv": "\ufeff" + REFUND.replace("\n", "\r\n")}, [("R1", "2")]),
        ({"erp/refunds.csv": 'amount , refund_id\n2,"R ""1"""\n'}, [('R "1"', "2")]),
        (
            {"erp/refunds/a.csv": REFUND, "erp/refunds/b.csv": "note,amount,refund_id\nx,3,R2\n"},
            [("R1", "2"), ("R2", "3")],
        ),
        (
            {"erp/refunds/a.csv": REFUND, "erp/refunds/.b.csv": "x", "erp/_done": "", ".git/x": ""},
            [("R1", "2")],
        ),
        ({"ANSWER_KEY.json": "{}", "README.md": "", "erp/refunds.CSV": REFUND}, [("R1", "2")]),
    ],
)
def test_a_good_folder__is_read_by_the_names_of_its_columns(
    tmp_path: Path, files: dict[str, str | bytes], rows: list[tuple[str, ...]]
) -> None:
    assert refunds(folder(tmp_path, files)) == rows


def test_a_linked_folder__is_read(tmp_path: Path) -> None:
    folder(tmp_path / "elsewhere", {"erp/refunds/a.csv": REFUND})
    root = folder(tmp_path / "root", {"erp/refunds/b.csv": REFUND.replace("R1", "R2")})
    (tmp_path / "root" / "erp" / "refunds" / "old").symlink_to(tmp_path / "elsewhere/erp/refunds")
    assert refunds(root) == [("R1", "2"), ("R2", "2")]


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_220_files__are_compared_in_a_moment_and_the_odd_one_is_found(
    tmp_path: Path, file_format: str
) -> None:
    """A delivery by day of loading has that many files in less than a year."""
    root = folder(tmp_path, {})
    (tmp_path / "erp" / "refunds").mkdir()
    for number in range(220):
        named = "amount, {'refund_id': 1} as nested" if number == 137 else "refund_id, amount"
        duckdb.sql(
            f"copy (select {named} from (select 'R' as refund_id, 1 as amount))"
            f" to '{root}/erp/refunds/{number}.{file_format}'"
        )
    began = time.process_time()
    said = refusal(root)
    assert time.process_time() - began < 2
    assert f"missing in {root}/erp/refunds/137.{file_format}, which has amount, nested;" in said
