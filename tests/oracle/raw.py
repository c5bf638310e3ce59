"""The raw contract in plain Python: types, rules, versions, and the window of the report.

A table is a list of dicts of raw text (or None), exactly as a seed CSV holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Text = str | None
RawRow = Mapping[str, Text]
RawTables = Mapping[str, Sequence[RawRow]]
Row = dict[str, Any]

CENT = Decimal("0.01")
DAY = timedelta(days=1)
FAR_FUTURE = datetime.max

SAID_BY_EVENT = (
    "event_name",
    "device_id",
    "user_id",
    "platform",
    "country",
    "page",
    "feature",
    "product_id",
    "source",
    "medium",
    "campaign",
)

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?"
)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DECIMAL_TYPE = re.compile(r"decimal\((\d+),\s*(\d+)\)")
_TRUE = {"true", "t", "1", "yes", "y"}
_FALSE = {"false", "f", "0", "no", "n"}


class UnconvertibleError(ValueError):
    """A text that is no value of its contract type."""


# --------------------------------------------------------------------------- contract


@dataclass(frozen=True)
class Column:
    """One column of the contract with the rules that its YAML states."""

    name: str
    data_type: str
    required: bool = False
    enum: tuple[str, ...] | None = None
    minimum: Decimal | None = None
    above: Decimal | None = None
    may_lie_ahead: bool = False


@dataclass(frozen=True)
class Table:
    """One raw table: `name` is the seed's, e.g. crm__leads."""

    name: str
    key: tuple[str, ...]
    versioned: bool
    columns: tuple[Column, ...]


def read_contract(models_raw: Path) -> dict[str, Table]:
    """Reads the contract from the YAML files of models/raw."""
    tables: dict[str, Table] = {}
    for path in sorted(models_raw.glob("*/_raw_*__models.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            meta = model["config"]["meta"]
            columns = []
            for column in model["columns"]:
                rules = column["config"]["meta"]
                columns.append(
                    Column(
                        name=column["name"],
                        data_type=column["data_type"],
                        required=bool(rules.get("required", False)),
                        enum=tuple(rules["enum"]) if "enum" in rules else None,
                        minimum=Decimal(str(rules["min"])) if "min" in rules else None,
                        above=Decimal(str(rules["above"])) if "above" in rules else None,
                        may_lie_ahead=bool(rules.get("may_lie_ahead", False)),
                    )
                )
            name = model["name"].removeprefix("raw_")
            tables[name] = Table(name, tuple(meta["key"]), meta["versioned"], tuple(columns))
    return tables


# --------------------------------------------------------------------------- types


def trimmed(text: Text) -> Text:
    """Text without outer white space; an empty text is null."""
    if text is None:
        return None
    return text.strip() or None


def parse_timestamp(text: str) -> datetime:
    """A naive UTC datetime; a text without an offset is UTC already."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise UnconvertibleError(text)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micros = int((fraction or "").ljust(6, "0")[:6]) if fraction else 0
    try:
        value = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            micros,
        )
    except ValueError as error:
        raise UnconvertibleError(text) from error
    if zone and zone not in ("Z", "UTC"):
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        value = value - offset if zone[0] == "+" else value + offset
    return value


def as_read(table: Table, raw: RawRow) -> RawRow:
    """A row as the raw layer reads it: trimmed, timestamps with an offset in UTC."""
    row: dict[str, Text] = {}
    for column in table.columns:
        text = trimmed(raw.get(column.name))
        if text is not None and column.data_type == "timestamp":
            match = _TIMESTAMP.fullmatch(text)
            if match is not None and (match.group(8) or "Z") not in ("Z", "UTC"):
                with suppress(UnconvertibleError):
                    text = _spelled(parse_timestamp(text))
        row[column.name] = text
    return row


def _spelled(instant: datetime) -> str:
    fraction = f".{instant.microsecond:06d}".rstrip("0") if instant.microsecond else ""
    return instant.isoformat(" ", "seconds").partition(".")[0] + fraction


def parse_date(text: str) -> date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise UnconvertibleError(text)
    try:
        return date(*map(int, match.groups()))
    except ValueError as error:
        raise UnconvertibleError(text) from error


def parse_boolean(text: str) -> bool:
    lowered = text.lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise UnconvertibleError(text)


def parse_whole(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise UnconvertibleError(text)
    value = Decimal(text)
    if value != value.to_integral_value() or not -(2**63) <= value < 2**63:
        raise UnconvertibleError(text)
    return int(value)


def parse_double(text: str) -> float:
    if _NUMBER.fullmatch(text) is None:
        raise UnconvertibleError(text)
    return float(text)


def decimal_parser(precision: int, scale: int) -> Callable[[str], Decimal]:
    def parse(text: str) -> Decimal:
        if _NUMBER.fullmatch(text) is None:
            raise UnconvertibleError(text)
        with localcontext() as context:
            context.prec = 80
            value = Decimal(text).quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
        if abs(value) >= Decimal(10) ** (precision - scale):
            raise UnconvertibleError(text)
        return value

    return parse


def parser_of(data_type: str) -> Callable[[str], Any]:
    simple: dict[str, Callable[[str], Any]] = {
        "varchar": str,
        "timestamp": parse_timestamp,
        "date": parse_date,
        "boolean": parse_boolean,
        "bigint": parse_whole,
        "double": parse_double,
    }
    if data_type in simple:
        return simple[data_type]
    match = _DECIMAL_TYPE.fullmatch(data_type)
    if match is None:
        raise KeyError(f"the contract names a type this oracle does not know: {data_type}")
    return decimal_parser(int(match.group(1)), int(match.group(2)))


# --------------------------------------------------------------------------- settings


@dataclass(frozen=True)
class Settings:
    """The variables of dbt_project.yml that decide numbers."""

    as_of_date: date | None = None
    late_data_days: int = 3
    reporting_timezone: str = "Asia/Shanghai"
    reporting_currency: str = "CNY"
    clock_skew_minutes: int = 5
    earliest_date: date = date(1990, 1, 1)
    identity_max_degree: int = 20
    session_timeout_minutes: int = 30
    churn_days: int = 30
    mql_window_days: int = 30
    lead_to_opportunity_window_days: int = 90
    opportunity_to_proposal_window_days: int = 60
    proposal_to_negotiation_window_days: int = 60
    negotiation_to_won_window_days: int = 90
    opportunity_to_won_window_days: int = 180
    lead_to_won_window_days: int = 180
    attribution_headline_model: str = "position_based"
    attribution_headline_conversion_type: str = "order"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.reporting_timezone)

    def day_of(self, instant: datetime) -> date:
        """The reporting day of a UTC instant."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone).date()

    def midnight_of(self, day: date) -> datetime:
        """The UTC instant at which a reporting day begins."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return local.astimezone(UTC).replace(tzinfo=None)


# --------------------------------------------------------------------------- rows


@dataclass(frozen=True)
class Quarantined:
    """A broken row with the rules that it breaks."""

    table: str
    rules: tuple[str, ...]
    raw: RawRow
    values: Row
    unusable: frozenset[str]  # columns that are null, do not convert, or lie in the future


@dataclass
class RawData:
    """What passes the contract, per table, and what does not."""

    settings: Settings
    accepted: dict[str, list[Row]] = field(default_factory=dict)  # every version
    current: dict[str, list[Row]] = field(default_factory=dict)  # latest versions; events: all
    quarantined: list[Quarantined] = field(default_factory=list)
    as_of: date | None = None
    first_day: date | None = None
    first_event_day: date | None = None

    def exists(self, instant: datetime) -> bool:
        """Nothing dated after as_of_date exists."""
        return self.as_of is not None and self.settings.day_of(instant) <= self.as_of


def check_row(table: Table, raw: RawRow, settings: Settings) -> tuple[Row, list[str], set[str]]:
    """Typed values, broken rules (without duplicate_key), unusable columns."""
    values: Row = {}
    broken: set[str] = set()
    unusable: set[str] = set()
    for column in table.columns:
        text = trimmed(raw.get(column.name))
        values[column.name] = None
        if text is None:
            unusable.add(column.name)
            if column.required:
                broken.add("missing_value")
            continue
        try:
            value = parser_of(column.data_type)(text)
        except UnconvertibleError:
            broken.add("bad_type")
            unusable.add(column.name)
            continue
        values[column.name] = value
        if column.enum is not None and value not in column.enum:
            broken.add("unknown_enum")
        if column.minimum is not None and value < column.minimum:
            broken.add("out_of_range")
        if column.above is not None and not value > column.above:
            broken.add("out_of_range")
    for column in table.columns:
        value = values[column.name]
        if column.data_type in ("timestamp", "date") and value is not None:
            day = value.date() if isinstance(value, datetime) else value
            if day < settings.earliest_date:
                broken.add("out_of_range")
                unusable.add(column.name)
    loaded_at = values.get("loaded_at")
    if loaded_at is not None:
        skew = timedelta(minutes=settings.clock_skew_minutes)
        latest = loaded_at + skew
        for column in table.columns:
            value = values[column.name]
            if value is None or column.may_lie_ahead:
                continue
            if column.data_type == "timestamp":
                instant = value
            elif column.data_type == "date":
                instant = settings.midnight_of(value)
            else:
                continue
            if instant > latest:
                broken.add("future_timestamp")
                unusable.add(column.name)
    if table.name == "cdp__events" and not values["device_id"] and not values["user_id"]:
        broken.add("missing_identifier")
    return values, sorted(broken), unusable


def raw_order(table: Table, raw: RawRow) -> tuple[tuple[bool, str], ...]:
    """Text order of the raw values in contract order, nulls last."""
    texts = (trimmed(raw.get(column.name)) for column in table.columns)
    return tuple((text is None, text or "") for text in texts)


def _load_table(table: Table, rows: Iterable[RawRow], data: RawData) -> None:
    good: list[tuple[RawRow, Row]] = []
    for delivered in rows:
        raw = as_read(table, delivered)
        values, broken, unusable = check_row(table, raw, data.settings)
        if broken:
            data.quarantined.append(
                Quarantined(table.name, tuple(broken), raw, values, frozenset(unusable))
            )
        else:
            good.append((raw, values))
    if not table.versioned:
        data.accepted[table.name] = [values for _, values in good]
        data.current[table.name] = list(data.accepted[table.name])
        return
    versions: dict[tuple[Any, ...], list[tuple[RawRow, Row]]] = {}
    for raw, values in good:
        identity = (*(values[name] for name in table.key), values["loaded_at"])
        versions.setdefault(identity, []).append((raw, values))
    latest: dict[tuple[Any, ...], Row] = {}
    accepted: list[Row] = []
    for copies in versions.values():
        copies.sort(key=lambda copy: raw_order(table, copy[0]))
        accepted.append(copies[0][1])
        for raw, values in copies[1:]:
            data.quarantined.append(
                Quarantined(table.name, ("duplicate_key",), raw, values, frozenset())
            )
    for values in accepted:
        key = tuple(values[name] for name in table.key)
        if key not in latest or latest[key]["loaded_at"] < values["loaded_at"]:
            latest[key] = values
    data.accepted[table.name] = accepted
    data.current[table.name] = list(latest.values())


def load(contract: Mapping[str, Table], tables: RawTables, settings: Settings) -> RawData:
    """Applies the contract to the raw tables and finds the window of the report."""
    data = RawData(settings)
    for name, table in contract.items():
        _load_table(table, tables.get(name, ()), data)

    if settings.as_of_date is not None:
        data.as_of = settings.as_of_date
    else:
        loads = [
            row["loaded_at"]
            for name in (
                "crm__leads",
                "crm__opportunities",
                "cdp__events",
                "ads__daily_spend",
                "erp__orders",
            )
            for row in data.accepted[name]
        ]
        data.as_of = settings.day_of(max(loads)) - DAY if loads else None

    data.current["cdp__events"] = _one_copy_per_event(data.accepted["cdp__events"], settings)
    dated = {
        "crm__leads": "created_at",
        "crm__lead_statuses": "changed_at",
        "crm__lead_scores": "scored_at",
        "crm__opportunities": "created_at",
        "crm__opportunity_stages": "entered_at",
        "cdp__events": "occurred_at",
        "cdp__users": "registered_at",
        "cdp__identity_links": "linked_at",
        "erp__orders": "ordered_at",
        "erp__refunds": "refunded_at",
        "erp__payments": "paid_at",
    }
    for name, column in dated.items():
        data.current[name] = [row for row in data.current[name] if data.exists(row[column])]
    data.current["ads__daily_spend"] = [
        row
        for row in data.current["ads__daily_spend"]
        if data.as_of is not None and row["spend_date"] <= data.as_of
    ]

    days = [row["spend_date"] for row in data.current["ads__daily_spend"]]
    event_days = [settings.day_of(row["occurred_at"]) for row in data.current["cdp__events"]]
    days += event_days
    for name in ("crm__leads", "crm__opportunities", "cdp__users", "erp__orders"):
        days += [settings.day_of(row[dated[name]]) for row in data.current[name]]
    data.first_day = min(days, default=None)
    data.first_event_day = min(event_days, default=None)
    return data


def _one_copy_per_event(events: Iterable[Row], settings: Settings) -> list[Row]:
    """The copies that count; an id that comes back days later is another event."""
    copies: dict[str, list[Row]] = {}
    for row in events:
        copies.setdefault(row["event_id"], []).append(row)
    counted = []
    for event_id, rows in copies.items():
        before: date | None = None
        for row in sorted(rows, key=_copy_order):
            day = settings.day_of(row["occurred_at"])
            if before is None or (day - before).days > settings.late_data_days:
                counted.append({**row, "event_key": f"{event_id} of {day}"})
            before = day
    return counted


def _copy_order(event: Row) -> tuple[Any, ...]:
    """Time, loading, then what the copy says, nulls last."""
    said = [event[name] for name in SAID_BY_EVENT] + [event["traffic_type"] or "human"]
    texts = tuple((value is None, value or "") for value in said)
    return (event["occurred_at"], event["loaded_at"], texts)


# --------------------------------------------------------------------------- money, channels


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, half away from zero."""
    with localcontext() as context:
        context.prec = 80
        return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def times(left: Decimal, right: Decimal) -> Decimal:
    """An exact product."""
    with localcontext() as context:
        context.prec = 80
        return left * right


@dataclass(frozen=True)
class Rates:
    """Rates by exact day and currency; the reporting currency is 1."""

    reporting_currency: str
    by_day: Mapping[tuple[date, str], Decimal]

    def rate(self, day: date, currency: Text) -> Decimal | None:
        if currency is None or currency == self.reporting_currency:
            return Decimal(1)
        return self.by_day.get((day, currency))

    def convert(self, amount: Decimal | None, day: date, currency: Text) -> Decimal | None:
        rate = self.rate(day, currency)
        if amount is None or rate is None:
            return None
        return cents(times(amount, rate))


def rates_of(data: RawData) -> Rates:
    by_day = {
        (row["rate_date"], row["currency"]): row["rate"]
        for row in data.current["erp__currency_rates"]
    }
    return Rates(data.settings.reporting_currency, by_day)


def cleaned(text: Text) -> Text:
    """Lower case, trimmed, empty is null."""
    return trimmed(text.lower()) if text is not None else None


@dataclass(frozen=True)
class ChannelMap:
    """channel_map.csv: exact, then (source, *), then (*, medium), else other."""

    rows: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, rows: Iterable[RawRow]) -> ChannelMap:
        return cls(
            {(row["source"] or "", row["medium"] or ""): row["channel"] or "" for row in rows}
        )

    def channel(self, source: Text, medium: Text, default: str) -> str:
        source, medium = cleaned(source), cleaned(medium)
        if source is None and medium is None:
            return default
        candidates = []
        if source is not None and medium is not None:
            candidates.append((source, medium))
        if source is not None:
            candidates.append((source, "*"))
        if medium is not None:
            candidates.append(("*", medium))
        for candidate in candidates:
            if candidate in self.rows:
                return self.rows[candidate]
        return "other"


def campaign_of(text: Text) -> str:
    return cleaned(text) or "(none)"
