"""Small adversarial worlds: raw tables made to sit on every edge that the rules know.

`make_world(seed)` is deterministic. Instants are drawn near reporting midnights and near instants
already used (equal, a microsecond or a second off, exactly N days off), identifiers are shared,
blocked, merged in chains and cycles, and some rows break the contract.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from .company import Reference
from .raw import Table, Text

RawTable = list[dict[str, Text]]
Maker = Callable[["Builder"], None]

SYSTEMS = ("crm", "cdp", "ads", "erp")
COUNTRIES = ("CN", "DE", "US", "cn", None)
PLATFORMS = ("web", "ios", "android", "mini_program", "pos", None)
TRAFFIC = (
    ("google", "cpc"),
    ("Google\t", "\r\n CPC"),
    ("google", None),
    (None, "email"),
    (None, None),
)
MORE_TRAFFIC = (
    ("direct", None),
    ("(direct)", "(none)"),
    ("baidu", "organic"),
    ("wechat", "paid_social"),
    ("nobody", "nothing"),
    ("social", "cpc"),
    ("unknown", None),
    ("DISPLAY", "banner"),
    (" \t ", ""),
)
CAMPAIGNS = ("spring_brand", "\u3000Spring_Brand\u00a0", "summer", "C01", None, "", "(none)")
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SHANGHAI = timedelta(hours=8)


@dataclass(frozen=True)
class World:
    """One generated company: raw tables and the reference seeds that apply to it."""

    seed: int
    tables: dict[str, RawTable]
    reference: Reference

    @property
    def size(self) -> int:
        return sum(map(len, self.tables.values()))


def make_world(seed: int, contract: Mapping[str, Table], reference: Reference) -> World:
    """The world of a seed."""
    return Builder(seed, contract, reference).build()


class Builder:
    """Builds one world; all randomness comes from one generator."""

    def __init__(self, seed: int, contract: Mapping[str, Table], reference: Reference) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.contract = contract
        self.reference = reference
        self.tables: dict[str, RawTable] = {name: [] for name in contract}
        pick = self.random.choice
        self.first = pick(
            [date(2022, 11, 20), date(2023, 8, 20), date(2023, 10, 28), date(2024, 1, 25)]
        ) + timedelta(days=self.random.randrange(40))
        self.length = pick([60, 75, 100, 130, 200, 300, 420])
        self.last = self.first + timedelta(days=self.length)  # reporting day of the last load
        self.turn = self.first + timedelta(days=self.random.randrange(self.length))  # of MQL rules
        self.anchors: list[datetime] = []
        self.own_anchors: dict[str, list[datetime]] = {}  # by user or device
        self.counter = 0
        self.users: list[str] = []
        self.devices: list[str] = []
        self.leads: list[str] = []
        self.accounts: list[str] = []
        self.lead_before: tuple[datetime, Text] | None = None

    # ------------------------------------------------------------------ dice

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def name(self, prefix: str) -> str:
        """A fresh id; text order differs from order of creation, some differ by case only."""
        self.counter += 1
        number = self.random.choice([self.counter, 1000 - self.counter, self.counter * 37 % 991])
        style = self.random.random()
        if style < 0.05:
            return f"{prefix.lower()}{number}-{self.counter}"
        if style < 0.08:
            return f"{prefix}Ü{number}-{self.counter}"
        return f"{prefix}{number}-{self.counter}"

    def instant(self, low: float = 0.0, high: float = 1.0) -> datetime:
        """A UTC instant in a part of the world's time, often on an edge."""
        day = self.first + timedelta(
            days=int((low + (high - low) * self.random.random()) * self.length)
        )
        midnight = datetime(day.year, day.month, day.day) - SHANGHAI
        edge = self.random.random()
        if edge < 0.12:
            found = midnight
        elif edge < 0.18:
            found = midnight - timedelta(microseconds=self.random.choice([1, 1000]))
        elif edge < 0.22:
            found = midnight + timedelta(minutes=30)
        elif edge < 0.26:
            found = datetime(day.year, day.month, day.day)
        elif edge < 0.50 and self.anchors:
            found = self.near(self.random.choice(self.anchors))
        else:
            found = midnight + timedelta(seconds=self.random.randrange(86400))
        self.anchors.append(found)
        return found

    def instant_of(self, identifier: Text) -> datetime:
        """An instant, often in an exact relation to one of the identifier's own."""
        own = self.own_anchors.setdefault(identifier or "", [])
        found = self.near(self.random.choice(own)) if own and self.chance(0.6) else self.instant()
        own.append(found)
        return found

    def near(self, anchor: datetime) -> datetime:
        """An instant in an exact relation to another one, inside the world's time."""
        days = self.random.choice([0, 0, 0, 1, 1, 3, 7, 7, 29, 30, 30, 31, 59, 60, 61, 90, 180])
        slip = self.random.choice(
            [
                timedelta(0),
                timedelta(0),
                timedelta(seconds=1),
                timedelta(seconds=-1),
                timedelta(microseconds=1),
                timedelta(microseconds=-1),
                timedelta(minutes=30),
                timedelta(minutes=30, seconds=1),
                timedelta(hours=-8),
            ]
        )
        found = anchor + timedelta(days=days) * self.random.choice([1, -1]) + slip
        start = datetime(self.first.year, self.first.month, self.first.day)
        if not start <= found <= start + timedelta(days=self.length):
            return anchor
        return found

    def stamp(self, instant: datetime) -> str:
        """One of the spellings of a UTC instant."""
        style = self.random.random()
        fraction = "microseconds" if instant.microsecond else "seconds"
        if style < 0.7:
            return instant.isoformat(timespec=fraction) + "Z"
        if style < 0.85:
            return instant.isoformat(sep=" ", timespec=fraction)
        if style < 0.95:
            return (instant + SHANGHAI).isoformat(timespec=fraction) + "+08:00"
        return "\t" + (instant - timedelta(hours=3)).isoformat(" ", timespec=fraction) + "-03\r"

    def yes_or_no(self, probability: float) -> Text:
        if self.chance(0.1):
            return None
        return self.random.choice(["true", "TRUE", "1"]) if self.chance(probability) else "false"

    def traffic(self) -> tuple[Text, Text]:
        return self.random.choice(TRAFFIC + MORE_TRAFFIC)

    def amount(self) -> str:
        return self.random.choice(
            [
                f"{self.random.randrange(1, 50000) / 100:.2f}",
                f"{self.random.randrange(1, 500)}",
                f"{self.random.randrange(1, 9999999) / 10000:.4f}",
                "0.005",
                "0",
            ]
        )

    def currency(self) -> Text:
        return self.random.choice([None, None, "CNY", "CNY", "USD", "EUR"])

    # ------------------------------------------------------------------ rows

    def add(self, table: str, happened: datetime | None = None, **values: Text) -> dict[str, Text]:
        """Adds a row, loaded soon or late after it happened."""
        last_load = datetime(self.last.year, self.last.month, self.last.day, 1)
        loaded = last_load
        if happened is not None and self.chance(0.6):
            lag = self.random.choice([0, 5, 60, 1440, 4000, 20000])
            loaded = min(max(happened, happened + timedelta(minutes=lag)), last_load)
        row: dict[str, Text] = {column.name: None for column in self.contract[table].columns}
        row |= values
        row.setdefault("loaded_at", None)
        if row["loaded_at"] is None:
            row["loaded_at"] = self.stamp(max(loaded, happened or loaded))
        self.tables[table].append(row)
        return row

    def new_version(self, table: str, row: dict[str, Text], **changes: Text) -> None:
        """A later version of a row."""
        later = datetime(self.last.year, self.last.month, self.last.day, 2)
        self.tables[table].append(row | changes | {"loaded_at": self.stamp(later)})

    def build(self) -> World:
        systems = set(SYSTEMS)
        if self.seed % 13 == 0:
            systems = {SYSTEMS[self.seed // 13 % 4]}
        elif self.seed % 13 == 6:
            systems = set(self.random.sample(SYSTEMS, 2))
        if "cdp" in systems:
            self.make_users_and_events()
        if "crm" in systems:
            self.make_crm()
        if "cdp" in systems:
            self.make_links()
        if "ads" in systems:
            self.make_spend()
        if "erp" in systems:
            self.make_erp()
        if self.chance(0.7):
            self.break_rows()
        optional = [
            "crm__lead_scores",
            "crm__lead_statuses",
            "crm__accounts",
            "crm__opportunity_stages",
            "cdp__users",
            "cdp__identity_links",
            "erp__order_lines",
            "erp__refunds",
            "erp__products",
            "erp__currency_rates",
        ]
        if self.chance(0.2):
            self.tables[self.random.choice(optional)] = []
        for rows in self.tables.values():
            self.random.shuffle(rows)
        return World(self.seed, self.tables, self.make_reference())

    # ------------------------------------------------------------------ people

    def email(self, number: int) -> str:
        plain = f"ada{number}@example.com"
        return self.random.choice(
            [
                plain,
                plain,
                plain.upper(),
                f" ada{number}+news@example.com",
                f"ada {number}@example.com ",
                plain.translate(FULL_WIDTH),
                f"Ada{number}+a+b@Example.com",
                f"ada{number}.example.com",
                "test@example.com",
                "Test+1@example.com",
            ]
        )

    def phone(self, number: int) -> str:
        plain = f"1380000{number:04d}"
        return self.random.choice(
            [
                plain,
                f"+86 {plain[:3]} {plain[3:]}",
                f"0086{plain}",
                f"86-{plain}",
                plain.translate(FULL_WIDTH),
                f"({plain[:3]}){plain[3:]}",
                plain[:6],
                "138-0000-0000",
                f"86{plain[2:]}",
            ]
        )

    def device_or_new(self) -> str:
        if self.devices and self.chance(0.35):
            return self.random.choice(self.devices)
        self.devices.append(self.name("d"))
        return self.devices[-1]

    def make_users_and_events(self) -> None:
        for number in range(self.random.randint(5, 25)):
            users = [self.make_user(number) for _ in range(self.random.choice([0, 1, 1, 1, 2]))]
            devices = [self.device_or_new() for _ in range(self.random.choice([0, 1, 1, 2]))]
            if not users and not devices:
                devices = [self.device_or_new()]
            robot = self.chance(0.1)
            for _ in range(self.random.choice([0, 1, 2, 3, 5, 8])):
                self.make_session(users, devices, robot)
        self.deliver_twice()

    def make_user(self, number: int) -> str:
        user = self.name("U")
        self.users.append(user)
        if self.chance(0.12):
            return user  # known from its events alone
        registered = self.instant_of(user)
        row = self.add(
            "cdp__users",
            registered,
            user_id=user,
            registered_at=self.stamp(registered),
            email=self.email(number // self.random.choice([1, 1, 2])),
            is_email_verified=self.yes_or_no(0.7),
            phone=self.phone(number),
            is_phone_verified=self.yes_or_no(0.5),
            country=self.random.choice(COUNTRIES),
            platform=self.random.choice(PLATFORMS),
            is_test=self.yes_or_no(0.06),
        )
        if self.chance(0.2):
            self.new_version("cdp__users", row, country="FR", is_email_verified=self.yes_or_no(0.5))
        return user

    def make_session(self, users: Sequence[str], devices: Sequence[str], robot: bool) -> None:
        device: Text = self.random.choice(devices) if devices and self.chance(0.9) else None
        user: Text = self.random.choice(users) if users and self.chance(0.6) else None
        if device is None and user is None:
            user = self.random.choice(users) if users else None
            device = None if users else self.random.choice(devices)
        if self.chance(0.03):
            device = self.random.choice(["null", "NULL ", "unknown", "0"])
        if self.chance(0.03):
            user = self.random.choice(["Unknown", "undefined"])
        at = self.instant_of(user or device)
        source, medium = self.traffic()
        traffic_type = "bot" if robot else self.random.choice([None, "human", "human", "human"])
        for _ in range(self.random.choice([1, 1, 2, 3, 4])):
            carried = None if device is not None and self.chance(0.3) else user
            self.add(
                "cdp__events",
                at,
                event_id=self.name("e"),
                event_name=self.random.choice(
                    [
                        "app_open",
                        "app_open",
                        "view_detail",
                        "view_landing",
                        "purchase",
                        "feature_use",
                        "heartbeat",
                        "push_received",
                        "login",
                        "made_up",
                    ]
                ),
                occurred_at=self.stamp(at),
                device_id=device,
                user_id=carried,
                platform=self.random.choice(PLATFORMS),
                country=self.random.choice(COUNTRIES),
                page=self.random.choice(["/", None]),
                feature=self.random.choice(["wishlist", None]),
                product_id=self.random.choice(["P1", None]),
                source=source,
                medium=medium,
                campaign=self.random.choice(CAMPAIGNS),
                traffic_type=self.random.choice(["bot", "internal"])
                if self.chance(0.03)
                else traffic_type,
            )
            at += self.random.choice(
                [
                    timedelta(0),
                    timedelta(seconds=1),
                    timedelta(minutes=4),
                    timedelta(minutes=29, seconds=59),
                    timedelta(minutes=30),
                    timedelta(minutes=30, microseconds=1),
                    timedelta(minutes=30, seconds=1),
                    timedelta(minutes=55),
                ]
            )
            if self.chance(0.3):
                source, medium = self.traffic()

    def deliver_twice(self) -> None:
        """Events that arrive again: unchanged, or with a later time of their own."""
        last = datetime(self.last.year, self.last.month, self.last.day, 1, 30)
        for row in list(self.tables["cdp__events"]):
            if self.chance(0.05):
                copy = row | {"loaded_at": self.stamp(last)}
                if self.chance(0.3):
                    copy["occurred_at"] = self.stamp(self.instant(0.9, 0.99))
                self.tables["cdp__events"].append(copy)
            elif self.chance(0.02):
                self.tables["cdp__events"].append(dict(row))

    # ------------------------------------------------------------------ crm

    def make_crm(self) -> None:
        for number in range(self.random.randint(0, 5)):
            account = self.name("A")
            self.accounts.append(account)
            if self.chance(0.8):
                self.add(
                    "crm__accounts",
                    account_id=account,
                    created_at=self.stamp(self.instant()) if self.chance(0.5) else None,
                    industry=self.random.choice(["retail", "tech", None]),
                    segment=self.random.choice(["smb", "mid_market", None]),
                    country=self.random.choice(["CN", "DE", None]) if number else None,
                )
        for number in range(self.random.randint(3, 25)):
            self.make_lead(number)
        if self.chance(0.15):  # an address on either side of the limit of neighbours
            for _ in range(self.random.choice([19, 20, 21, 22])):
                self.make_lead(9999)
        self.merge_leads()
        for lead in [*self.leads, "L-nobody"]:
            self.make_scores(lead)
            self.make_statuses(lead)
        for _ in range(self.random.randint(0, 20)):
            self.make_opportunity()

    def make_lead(self, number: int) -> None:
        lead = self.name("L")
        self.leads.append(lead)
        created = self.instant()
        account = self.random.choice([*self.accounts, None])
        if self.lead_before is not None and self.chance(0.15):  # two leads of one form
            created, account = self.lead_before
        self.lead_before = (created, account)
        source, medium = self.traffic()
        row = self.add(
            "crm__leads",
            created,
            lead_id=lead if self.chance(0.95) else f"\t{lead} \r\n",
            created_at=self.stamp(created),
            source=source,
            medium=medium,
            campaign=self.random.choice(CAMPAIGNS),
            landing_page=self.random.choice(["/", "/pricing", None]),
            email="hub@example.com" if number == 9999 else self.email(number),
            is_email_verified="true" if number == 9999 else self.yes_or_no(0.7),
            phone=self.phone(number),
            is_phone_verified=self.yes_or_no(0.3),
            country=self.random.choice(COUNTRIES),
            account_id=account,
            owner_id=self.random.choice(["rep_1", "rep_2", None]),
            is_deleted=self.yes_or_no(0.1),
            is_test=self.yes_or_no(0.07),
        )
        if self.chance(0.2):
            self.new_version(
                "crm__leads",
                row,
                country=self.random.choice(COUNTRIES),
                is_deleted=self.yes_or_no(0.2),
            )

    def merge_leads(self) -> None:
        """Chains, cycles, merges into nothing and into itself."""
        rows = self.tables["crm__leads"]
        for row in rows:
            if self.chance(0.25):
                row["merged_into_lead_id"] = self.random.choice([*self.leads, "L-gone"])
            if row["is_deleted"] is None and self.chance(0.1):
                row["is_deleted"] = "true"
        if len(rows) >= 3 and self.chance(0.3):
            ring = self.random.sample(rows, self.random.choice([2, 3]))
            for row, following in zip(ring, ring[1:] + ring[:1], strict=True):
                row["merged_into_lead_id"] = following["lead_id"]

    def make_scores(self, lead: str) -> None:
        if self.chance(0.4):
            return
        turn = datetime(self.turn.year, self.turn.month, self.turn.day) - SHANGHAI
        for _ in range(self.random.choice([1, 1, 2, 4])):
            scored = self.instant()
            if self.chance(0.3):
                scored = turn + timedelta(seconds=self.random.choice([-1, 0, 1, 7200, 28800]))
            row = self.add(
                "crm__lead_scores",
                scored,
                lead_id=lead,
                scored_at=self.stamp(scored),
                fit_score=self.random.choice(["49.999", "50", "50", "62", "80", None]),
                intent_score=self.random.choice(["39.9", "40", "49", "50", "70", None]),
            )
            if self.chance(0.1):
                self.new_version("crm__lead_scores", row, fit_score="10")

    def make_statuses(self, lead: str) -> None:
        for status in ("new", "working", "qualified", "converted", "disqualified"):
            for _ in range(self.random.choice([0, 0, 1, 2])):
                changed = self.instant()
                self.add(
                    "crm__lead_statuses",
                    changed,
                    lead_id=lead,
                    status=status,
                    changed_at=self.stamp(changed),
                )

    def make_opportunity(self) -> None:
        opportunity = self.name("O")
        created = self.instant()
        row = self.add(
            "crm__opportunities",
            created,
            opportunity_id=opportunity,
            created_at=self.stamp(created),
            lead_id=self.random.choice([*self.leads, None, None, "L-gone"]),
            account_id=self.random.choice([*self.accounts, None]),
            owner_id=self.random.choice(["rep_8", "rep_9", None]),
            amount=self.random.choice([self.amount(), "12000.00", None]),
            currency=self.currency(),
            is_test=self.yes_or_no(0.06),
        )
        if self.chance(0.15):
            self.new_version("crm__opportunities", row, amount="777.77")
        path = self.random.choice(
            [
                "",
                "q",
                "qp",
                "qpn",
                "qpnw",
                "qpnw",
                "qpnl",
                "w",
                "l",
                "qw",
                "qnw",
                "qpnlq",
                "qpnwqpnl",
                "qpnlpnw",
                "qpqpn",
                "nqpw",
                "wl",
                "lw",
                "wlw",
            ]
        )
        stages = {
            "q": "qualification",
            "p": "proposal",
            "n": "negotiation",
            "w": "won",
            "l": "lost",
        }
        at = created if self.chance(0.9) else self.instant()
        for letter in path:
            self.add(
                "crm__opportunity_stages",
                at,
                opportunity_id=opportunity,
                stage=stages[letter],
                entered_at=self.stamp(at),
            )
            self.anchors.append(at)
            at += self.random.choice(
                [
                    timedelta(0),
                    timedelta(0),
                    timedelta(hours=5),
                    timedelta(days=1),
                    timedelta(days=9, hours=3),
                    timedelta(days=60),
                    timedelta(days=61),
                    timedelta(days=90),
                ]
            )
            if at >= datetime(self.last.year, self.last.month, self.last.day):
                break

    # ------------------------------------------------------------------ links

    def make_links(self) -> None:
        pools = {"user": self.users, "device": self.devices, "lead": self.leads}
        for _ in range(self.random.randint(0, 25)):
            left, right = self.random.choice(
                [
                    ("lead", "user"),
                    ("lead", "user"),
                    ("user", "lead"),
                    ("device", "user"),
                    ("lead", "device"),
                    ("device", "device"),
                    ("user", "user"),
                ]
            )
            ends = [
                self.random.choice([*pools[kind], f"{kind}-linked-only"])
                if self.chance(0.97)
                else "Unknown"
                for kind in (left, right)
            ]
            linked = self.instant()
            row = self.add(
                "cdp__identity_links",
                linked,
                left_type=left,
                left_id=ends[0],
                right_type=right,
                right_id=ends[1],
                method=self.random.choice(["form_login", "sales"]),
                linked_at=self.stamp(linked),
            )
            if self.chance(0.2):
                end_of_report = datetime(self.last.year, self.last.month, self.last.day) - SHANGHAI
                revoked = self.random.choice(
                    [
                        self.instant(),
                        end_of_report,
                        end_of_report - timedelta(microseconds=1),
                        linked,
                    ]
                )
                self.new_version("cdp__identity_links", row, revoked_at=self.stamp(revoked))
        if self.leads and self.devices and self.chance(0.1):
            hub = self.random.choice(self.devices)
            for number in range(self.random.choice([20, 21])):
                linked = self.instant()
                self.add(
                    "cdp__identity_links",
                    linked,
                    left_type="device",
                    left_id=hub,
                    right_type="lead",
                    right_id=f"L-hub{number}",
                    method="kiosk",
                    linked_at=self.stamp(linked),
                )

    # ------------------------------------------------------------------ ads, erp

    def make_spend(self) -> None:
        for number in range(self.random.randint(1, 5)):
            source, medium = self.random.choice([*TRAFFIC[:2], *MORE_TRAFFIC[:6]])
            campaign = self.random.choice(CAMPAIGNS)
            for _ in range(self.random.choice([1, 5, 20])):
                day = self.first + timedelta(days=self.random.randrange(self.length + 1))
                row = self.add(
                    "ads__daily_spend",
                    datetime(day.year, day.month, day.day),
                    spend_date=day.isoformat(),
                    campaign_id=f"C{number:02d}",
                    campaign_name=self.random.choice(["Spring", "SPRING 2", None]),
                    source=source,
                    medium=medium,
                    campaign=campaign,
                    impressions=self.random.choice(["0", "100", "12345", None]),
                    clicks=self.random.choice(["0", "7", "31", None]),
                    spend=self.random.choice(
                        [self.amount(), "-" + self.amount(), "100", "0", None]
                    ),
                    currency=self.currency(),
                )
                if self.chance(0.1):
                    self.new_version("ads__daily_spend", row, spend="55.555")

    def make_rates(self) -> None:
        for offset in range(-1, self.length + 2):
            day = self.first + timedelta(days=offset)
            for currency, base in (("USD", "7.12"), ("EUR", "7.8")):
                if self.chance(0.85):
                    rate = Decimal(base) + Decimal(self.random.randrange(1000)) / 10000
                    self.add(
                        "erp__currency_rates",
                        datetime(day.year, day.month, day.day),
                        rate_date=day.isoformat(),
                        currency=currency,
                        rate=str(rate),
                    )

    def make_erp(self) -> None:
        self.make_rates()
        for number in range(1, 6):
            self.add(
                "erp__products",
                product_id=f"P{number}",
                product_name=f"Thing {number}",
                category=self.random.choice(["shoes", "tents"]),
                brand="Northway",
                list_price="60",
                unit_cost=self.random.choice(["31.00", "12.3456", "12.3456", None]),
            )
        for _ in range(self.random.randint(3, 45)):
            self.make_order()

    def make_order(self) -> None:
        order = self.name("S")
        user: Text = None
        if self.chance(0.9):
            user = self.random.choice([*self.users, *self.users, None, "unknown", "U-order-only"])
        ordered = self.instant_of(user)
        own = self.own_anchors[user or ""]
        if self.chance(0.3):  # on the edge of a window of attribution
            edge = self.random.choice(own) + timedelta(days=self.random.choice([1, 7, 30, 60, 90]))
            if edge < datetime(self.last.year, self.last.month, self.last.day) - SHANGHAI:
                ordered = edge
        row = self.add(
            "erp__orders",
            ordered,
            order_id=order,
            ordered_at=self.stamp(ordered),
            status=self.random.choice(
                ["paid", "paid", "paid", "paid", "on_terms", "submitted", "cancelled"]
            ),
            sales_channel=self.random.choice(
                [None, "own_online", "own_online", "marketplace", "offline", "sales_led"]
            ),
            platform=self.random.choice(PLATFORMS),
            user_id=user,
            account_id=self.random.choice(self.accounts)
            if self.accounts and self.chance(0.25)
            else None,
            country=self.random.choice(COUNTRIES),
            list_amount=self.amount(),
            discount_amount=self.random.choice([None, "0", "5", "0.005"]),
            freight_amount="8.00",
            tax_amount=None,
            currency=self.currency(),
            is_test=self.yes_or_no(0.05),
        )
        if self.chance(0.15):
            row["discount_amount"] = row["list_amount"]
        if self.chance(0.1):
            twin = self.name("S")
            self.tables["erp__orders"].append(row | {"order_id": twin})
        if self.chance(0.1):
            self.new_version("erp__orders", row, status=self.random.choice(["cancelled", "paid"]))
        lines = []
        for number in range(self.random.choice([0, 1, 1, 2])):
            lines.append(f"{order}-{number}")
            self.add(
                "erp__order_lines",
                ordered,
                order_line_id=lines[-1],
                order_id=order,
                product_id=self.random.choice(["P1", "P2", "P3", "P4", "P5", "P5", "P-gone", None]),
                quantity=self.random.choice(["0", "1", "2", "3"]),
                list_amount="10",
                unit_cost=self.random.choice([None, None, "3.3333", "31"]),
            )
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            refunded = ordered + self.random.choice(
                [timedelta(0), timedelta(days=3), timedelta(days=31), timedelta(days=150)]
            )
            if refunded > datetime(self.last.year, self.last.month, self.last.day):
                refunded = ordered
            self.add(
                "erp__refunds",
                refunded,
                refund_id=self.name("R"),
                order_id=order,
                order_line_id=self.random.choice([*lines, None]),
                refunded_at=self.stamp(refunded),
                amount=self.random.choice(["1.11", self.amount(), row["list_amount"]]),
                quantity_returned=self.random.choice([None, "0", "1", "4"]),
                is_restocked=self.yes_or_no(0.6),
            )

    # ------------------------------------------------------------------ broken rows

    def break_rows(self) -> None:
        """Copies of good rows under another key, each broken in one way or two."""
        for name, rows in self.tables.items():
            table = self.contract[name]
            for row in list(rows):
                if not self.chance(0.03):
                    continue
                copy = dict(row)
                for _ in range(self.random.choice([1, 1, 2])):
                    self.break_one(table, copy)
                rows.append(copy)

    def break_one(self, table: Table, row: dict[str, Text]) -> None:
        pick = self.random.choice
        column = pick(table.columns)
        way = pick(["missing", "type", "enum", "range", "future", "twin", "identifier"])
        if way == "missing":
            row[pick([one.name for one in table.columns if one.required])] = pick([None, "\t "])
        elif way == "type" and column.data_type != "varchar":
            wrong = {
                "timestamp": ["yesterday", "2025-02-30T00:00:00Z", "2025-13-01 00:00:00"],
                "date": ["soon", "2025-02-29"],
                "boolean": ["maybe", "2"],
                "bigint": ["1.5", "many"],
                "double": ["high"],
            }
            row[column.name] = pick(wrong.get(column.data_type, ["twelve", "1,5"]))
        elif way == "enum":
            enums = [one for one in table.columns if one.enum]
            if enums:
                chosen = pick(enums)
                row[chosen.name] = pick(["fridge", (chosen.enum or ("",))[0].upper()])
        elif way == "range":
            bounded = [
                one for one in table.columns if one.minimum is not None or one.above is not None
            ]
            if bounded:
                chosen = pick(bounded)
                row[chosen.name] = "0" if chosen.above is not None else "-1"
        elif way == "future":
            dated = [
                one.name
                for one in table.columns
                if one.data_type in ("timestamp", "date") and one.name != "loaded_at"
            ]
            if dated:
                self.date_near_load(table, row, pick(dated))
        elif way == "twin":
            free = [
                one.name
                for one in table.columns
                if one.name not in table.key and one.data_type == "varchar"
            ]
            if free and table.versioned:
                row[pick(free)] = pick([None, "twin", "Zwilling", "CN"])
        elif way == "identifier" and table.name == "cdp__events":
            row["device_id"] = row["user_id"] = None

    def date_near_load(self, table: Table, row: dict[str, Text], name: str) -> None:
        """A date exactly at, or just beyond, what the clock skew allows."""
        loaded = datetime(self.last.year, self.last.month, self.last.day, 1)
        row["loaded_at"] = loaded.isoformat() + "Z"
        slip = self.random.choice(
            [timedelta(minutes=5), timedelta(minutes=5, seconds=1), timedelta(days=400)]
        )
        data_type = next(one.data_type for one in table.columns if one.name == name)
        if data_type == "timestamp":
            row[name] = (loaded + slip).isoformat() + "Z"
        else:
            row[name] = self.random.choice(
                [self.last.isoformat(), (self.last + timedelta(days=1)).isoformat()]
            )

    # ------------------------------------------------------------------ reference seeds

    def make_reference(self) -> Reference:
        pick = self.random.choice
        models = []
        for row in self.reference.attribution_models:
            changed = dict(row)
            if self.chance(0.5):
                changed["window_days"] = pick(["1", "7", "30", "60", "90"])
                changed["direct_policy"] = pick(["include", "exclude_unless_only"])
                if row["kind"] == "time_decay":
                    changed["half_life_days"] = pick(["0.5", "3.5", "7", "30"])
                if row["attribution_model"] == "position_based":
                    first, middle, last = pick(
                        [("0.4", "0.2", "0.4"), ("0.3", "0.3", "0.4"), ("0", "1", "0")]
                    )
                    changed |= {"first_weight": first, "middle_weight": middle}
                    changed |= {"last_weight": last}
            models.append(changed)
        blocklist: list[Mapping[str, Text]] = list(self.reference.identifier_blocklist)
        for kind, pool in (("user", self.users), ("device", self.devices), ("lead", self.leads)):
            if pool and self.chance(0.15):
                blocklist.append({"identifier_type": kind, "identifier": pick(pool).lower()})
        rules: Sequence[Mapping[str, Text]] = self.reference.mql_rules
        if self.chance(0.5):
            before = self.turn - timedelta(days=1)
            rules = [
                {
                    "rule_version": version,
                    "valid_from": start.isoformat(),
                    "valid_to": end.isoformat() if end else None,
                    "min_fit_score": fit,
                    "min_intent_score": intent,
                }
                for version, start, end, fit, intent in (
                    ("a", self.first, before, "50", "40"),
                    ("b", self.turn, None, pick(["50", "60"]), "50"),
                )
            ]
        return replace(
            self.reference,
            attribution_models=models,
            identifier_blocklist=blocklist,
            mql_rules=rules,
        )
