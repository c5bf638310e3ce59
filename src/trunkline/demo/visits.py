"""What happens in a visit: the events of one day, and the orders that come out of them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from trunkline.demo import company
from trunkline.demo.calendar import DAY, Calendar, next_hourly_load, next_nightly_load
from trunkline.demo.dice import I64, Bools, Dice
from trunkline.demo.people import (
    People,
    Visits,
    campaign_of,
    visit_keys,
    visit_paces,
    visit_starts,
)

EVENTS = (
    "push_received",
    "app_open",
    "view_landing",
    "login",
    "view_detail",
    "sign_up",
    "view_detail",
    "feature_use",
    "add_to_cart",
    "checkout_start",
    "purchase",
    "form_submit",
    "heartbeat",
    "banner_debug",
)
(
    PUSH, OPEN, LANDING, LOGIN, DETAIL, SIGN_UP, DETAIL_MORE, FEATURE, CART, CHECKOUT, PURCHASE,
    FORM, HEARTBEAT, UNPLANNED,
) = range(len(EVENTS))  # fmt: skip
_SLOTS = np.asarray(
    [PUSH, OPEN, LANDING, LOGIN, DETAIL, SIGN_UP, DETAIL_MORE, FEATURE, CART, CHECKOUT, PURCHASE,
     FORM, HEARTBEAT, UNPLANNED],
)  # fmt: skip
SIGN_UP_RANK = 2  # opening, one detail page, sign-up
# how long a visit browses on beyond its story, relative to the mean, and what it looks at
_PATIENCE = ((0, 0.1), (0.5, 0.7), (0.9, 2.0), (1, 3.2))  # mean 1
_EAGERNESS_WHEN_BROWSING = 0.3  # they fill a cart less often than short visits do
_BROWSED = np.asarray([DETAIL_MORE, FEATURE, HEARTBEAT])
_BROWSED_WEIGHTS = (0.7, 0.12, 0.18)
FORM_DELAY = len(_SLOTS) + 1  # paces from the start of a visit to the lead in the CRM

# faults of event rows, by number; 0 is none
FAULTS = (
    "",
    "missing_value",
    "bad_type",
    "unknown_enum",
    "future_timestamp",
    "missing_identifier",
)
_FAULT_SHARE = 1 / 900
PAID, UNPAID_CANCELLED, SUBMITTED, PAID_CANCELLED = range(4)
ONLINE, MARKETPLACE, OFFLINE = range(3)


@dataclass(frozen=True)
class EventBlock:
    """Events as numbers, one entry an event in every array; -1 reads null."""

    number: I64
    name: I64
    occurred: I64
    device: I64
    user: I64
    platform: I64
    country: I64
    page: I64
    feature: I64
    product: I64
    channel: I64
    campaign: I64
    spelling: I64
    traffic: I64
    loaded: I64
    fault: I64

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.number)

    def take(self, rows: I64 | Bools) -> EventBlock:
        """The given rows."""
        return EventBlock(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})

    def with_(self, **columns: I64) -> EventBlock:
        """The same rows with other columns."""
        return EventBlock(
            **{item.name: columns.get(item.name, getattr(self, item.name)) for item in fields(self)}
        )

    @staticmethod
    def concat(blocks: list[EventBlock]) -> EventBlock:
        """Blocks one after the other."""
        return EventBlock(
            **{
                item.name: np.concatenate([getattr(block, item.name) for block in blocks])
                for item in fields(EventBlock)
            }
        )


@dataclass(frozen=True)
class OrderSeeds:
    """What a visit says about an order; the rest is drawn in ``commerce``."""

    ordered: I64
    person: I64
    is_guest: Bools
    outcome: I64
    where: I64
    platform: I64
    product: I64

    @staticmethod
    def concat(parts: list[OrderSeeds]) -> OrderSeeds:
        """Parts one after the other."""
        return OrderSeeds(
            **{
                item.name: np.concatenate([getattr(part, item.name) for part in parts])
                for item in fields(OrderSeeds)
            }
        )


@dataclass
class EventTally:
    """Counts for the answer key."""

    events: int = 0
    late: int = 0
    redelivered: int = 0
    bot: int = 0
    internal: int = 0
    unplanned: int = 0
    missing_property: int = 0
    vanished_purchases: int = 0


class VisitScript:
    """Turns the visits of a day into events and order seeds."""

    def __init__(
        self, dice: Dice, cal: Calendar, people: People, visits: Visits, events: int | None = None
    ) -> None:
        """Keeps what every day needs.

        Args:
            dice: Where chance comes from.
            cal: The span.
            people: Who visits.
            visits: When they do.
            events: Events wanted in all; visits browse on until there are about that many.
        """
        self.dice, self.cal, self.people, self.visits = dice, cal, people, visits
        self._events_wanted = events
        self._eagerness = 1.0 if events is None else _EAGERNESS_WHEN_BROWSING
        self.midnights = cal.midnights()
        self.tally = EventTally()
        self._next_number = 1
        self._incident = range(
            cal.index_of(company.INCIDENT_FIRST_DAY), cal.index_of(company.INCIDENT_LAST_DAY) + 1
        )
        self._quality = np.asarray([item.quality for item in company.CHANNELS])

    def play(self, day: int) -> tuple[EventBlock, OrderSeeds]:
        """All events and orders of the visits that start on one local day.

        Args:
            day: Day number.

        Returns:
            Events with their load times, duplicates and faulty rows; and the orders.
        """
        dice, people = self.dice, self.people
        person, ordinal = self.visits.of_day(day)
        days = np.full(len(person), day, dtype=np.int64)
        keys = visit_keys(person, days, ordinal)
        start = visit_starts(dice, self.midnights, people, person, days, ordinal)
        pace = visit_paces(dice, keys)
        signs_up = (people.registration[person] == day) & (ordinal == 0)
        known = (people.registration[person] >= 0) & (people.registration[person] <= day)
        known &= ~signs_up
        arrives = (people.arrival[person] == day) & (ordinal == 0)
        logged_in = known & dice.chance("logged_in", keys, 0.92)
        away = known & (people.second_device[person] >= 0)
        away &= dice.chance("away", keys, 0.3)
        platform = np.where(away, people.second_platform[person], people.platform[person])
        mask, vanished = self._slots(
            keys, person, platform, arrives, signs_up, known, away & logged_in, day
        )
        channel = self._channels(keys, person, arrives)
        campaign = np.where(
            arrives,
            people.campaign[person],
            campaign_of(dice, "visit_campaign", keys, channel, days, self.cal),
        )
        product = self._products(keys)
        orders = self._orders(keys, person, platform, start, pace, mask, vanished, product, known)

        row, slot, rank = self._script(keys, mask, day)
        name = _SLOTS[slot]
        number = np.arange(self._next_number, self._next_number + len(row), dtype=np.int64)
        self._next_number += len(row)
        occurred = start[row] + rank * pace[row]
        has_user = np.where(signs_up[row], slot >= SIGN_UP, logged_in[row] & (slot > OPEN))
        has_user |= logged_in[row] & (platform[row] != company.WEB)
        shows_product = np.isin(slot, (DETAIL, DETAIL_MORE, CART))
        other = 1 + (product[row] * 7 + slot) % company.PRODUCTS
        block = EventBlock(
            number=number,
            name=name,
            occurred=occurred,
            device=np.where(away, people.second_device[person], people.device[person])[row],
            user=np.where(has_user, people.user[person][row], -1),
            platform=platform[row],
            country=people.country[person][row],
            page=np.where(
                slot == LANDING,
                (product[row] + people.is_business[person][row]) % len(company.PAGES),
                np.where(slot == FORM, 3 + product[row] % 2, -1),
            ),
            feature=np.where(
                slot == FEATURE,
                np.where(people.is_business[person][row], 3, product[row] % len(company.FEATURES)),
                -1,
            ),
            product=np.where(shows_product, np.where(slot == DETAIL_MORE, other, product[row]), -1),
            channel=np.where((rank == 0) & (slot != PUSH), channel[row], company.DIRECT),
            campaign=np.where((rank == 0) & (slot != PUSH), campaign[row], -1),
            spelling=np.where(dice.chance("spelling", number, 0.04), 1, 0),
            traffic=people.traffic[person][row],
            loaded=next_hourly_load(occurred),
            fault=np.zeros(len(row), dtype=np.int64),
        )
        return self._delivered(block, slot), orders

    def _script(self, keys: I64, mask: Bools, day: int) -> tuple[I64, I64, I64]:
        """Visit, slot and place in the visit of every event; the longer visits browse on."""
        row, slot = np.nonzero(mask)
        rank = (np.cumsum(mask, axis=1) - 1)[row, slot]
        if self._events_wanted is None:
            return row, slot, rank
        # what is still wanted is spread over the visits still to come
        left = self.visits.first_of_day[-1] - self.visits.first_of_day[day]
        today = (self._events_wanted - self._next_number + 1) * len(keys) / max(int(left), 1)
        mean = max(today - len(row), 0) / max(len(keys), 1)
        patience = self.dice.curve("patience", keys, _PATIENCE) * mean
        more = (patience + self.dice.uniform("one_more", keys)).astype(np.int64)
        more[~mask[:, OPEN:].any(axis=1)] = 0  # a push that nobody followed
        visit = np.repeat(np.arange(len(keys)), more)
        place = np.arange(len(visit)) - np.repeat(np.cumsum(more) - more, more)
        seen = _BROWSED[self.dice.pick("browsed", (keys[visit] << 12) + place, _BROWSED_WEIGHTS)]
        return (
            np.concatenate([row, visit]),
            np.concatenate([slot, seen]),
            np.concatenate([rank, mask.sum(axis=1)[visit] + place]),
        )

    def _slots(
        self,
        keys: I64,
        person: I64,
        platform: I64,
        arrives: Bools,
        signs_up: Bools,
        known: Bools,
        away: Bools,
        day: int,
    ) -> tuple[Bools, Bools]:
        """Which events each visit has, and the purchases that the incident swallows."""
        dice, people = self.dice, self.people
        business, bot = people.is_business[person], people.traffic[person] == 1
        quality = self._quality[people.channel[person]]
        mask = np.zeros((len(keys), len(_SLOTS)), dtype=np.bool_)
        push = known & (platform != company.WEB) & dice.chance("push", keys, 0.06)
        only_push = push & dice.chance("only_push", keys, 0.5)
        app = np.isin(platform, (company.IOS, company.ANDROID, company.MINI_PROGRAM))
        mask[:, PUSH] = push
        mask[:, OPEN] = app
        mask[:, LANDING] = ~app
        mask[:, LOGIN] = away | (known & dice.chance("login", keys, 0.03))
        mask[:, DETAIL] = signs_up | dice.chance("detail", keys, np.where(business, 0.45, 0.66))
        mask[:, SIGN_UP] = signs_up
        mask[:, DETAIL_MORE] = mask[:, DETAIL] & dice.chance("detail_more", keys, 0.2)
        mask[:, FEATURE] = dice.chance("feature", keys, np.where(business, 0.34, 0.14))
        wish = np.where(business, 0.05, 0.34) * quality
        wish = wish * np.where(known | signs_up, 1.0, 0.4) * self._eagerness
        mask[:, CART] = mask[:, DETAIL] & dice.chance("cart", keys, wish)
        mask[:, CHECKOUT] = mask[:, CART] & dice.chance("checkout", keys, 0.62)
        buys = mask[:, CHECKOUT] & dice.chance("purchase", keys, 0.7)
        vanished = buys & (platform == company.INCIDENT_PLATFORM) & (day in self._incident)
        mask[:, PURCHASE] = buys & ~vanished
        mask[:, FORM] = arrives & business
        mask[:, HEARTBEAT] = known & app & dice.chance("heartbeat", keys, 0.05)
        mask[:, UNPLANNED] = dice.chance("unplanned", keys, 0.006)
        mask[only_push, OPEN:] = False
        mask[bot, OPEN] = False
        mask[bot] &= np.isin(_SLOTS, (LANDING, DETAIL, DETAIL_MORE))
        mask[bot, LANDING] = mask[bot, DETAIL] = mask[bot, DETAIL_MORE] = True
        self.tally.vanished_purchases += int((vanished & ~only_push & ~bot).sum())
        return mask, vanished

    def _channels(self, keys: I64, person: I64, arrives: Bools) -> I64:
        """The channel of a visit: the first one's is kept, later ones mix with direct."""
        own = self.people.channel[person]
        draw = self.dice.uniform("visit_channel", keys)
        mail = np.where(draw < 0.80, company.NEWSLETTER, company.DISPLAY)
        search = np.where(self.people.country[person] == 0, company.BAIDU, company.GOOGLE_ORGANIC)
        later = np.where(
            draw < 0.46, company.DIRECT, np.where(draw < 0.70, own, np.where(draw < 0.86, mail, 0))
        )
        later = np.where((draw >= 0.86) & (draw < 0.94), search, later)
        return np.where(arrives, own, np.where(draw >= 0.94, company.DISPLAY, later))

    def _products(self, keys: I64) -> I64:
        """Popular products first."""
        draw = self.dice.uniform("product", keys)
        return 1 + (draw * draw * company.PRODUCTS).astype(np.int64)

    def _orders(
        self,
        keys: I64,
        person: I64,
        platform: I64,
        start: I64,
        pace: I64,
        mask: Bools,
        vanished: Bools,
        product: I64,
        known: Bools,
    ) -> OrderSeeds:
        """Orders of the visits, and some bought elsewhere on the same day."""
        dice, people = self.dice, self.people
        human = people.traffic[person] == 0
        last = mask[:, : PURCHASE + 1].sum(axis=1) - 1
        instant = start + np.maximum(last, 0) * pace
        bought = mask[:, PURCHASE] & human
        left = mask[:, CHECKOUT] & ~mask[:, PURCHASE] & ~vanished & human
        left &= dice.chance("left_behind", keys, 0.35)
        elsewhere = human & known & dice.chance("elsewhere", keys, 0.026 * self._eagerness)
        marketplace = dice.chance("marketplace", keys, 0.55)
        outcome = np.where(
            dice.chance("regret", keys, 0.03), PAID_CANCELLED, np.full(len(keys), PAID)
        )
        given_up = np.where(dice.chance("given_up", keys, 0.6), UNPAID_CANCELLED, SUBMITTED)
        registered = known | mask[:, SIGN_UP]
        parts = []
        for rows, where, result, when in (
            (bought, np.zeros_like(keys), outcome, instant),
            (left, np.zeros_like(keys), given_up, instant),
            (
                elsewhere,
                np.where(marketplace, MARKETPLACE, OFFLINE),
                np.full(len(keys), PAID),
                start + 5_400,
            ),
        ):
            guest = ~registered | ((where == MARKETPLACE) & dice.chance("nameless", keys, 0.7))
            parts.append(
                OrderSeeds(
                    ordered=when[rows],
                    person=person[rows],
                    is_guest=guest[rows],
                    outcome=result[rows],
                    where=where[rows],
                    platform=np.where(where == OFFLINE, company.POS, platform)[rows],
                    product=product[rows],
                )
            )
        return OrderSeeds.concat(parts)

    def _delivered(self, block: EventBlock, slot: I64) -> EventBlock:
        """Adds what goes wrong on the way: late, repeated and broken rows, lost properties."""
        dice, tally = self.dice, self.tally
        night = dice.chance("nightly", block.number, 0.06)
        late = dice.chance("late", block.number, 0.014)
        loaded = np.where(night, next_nightly_load(block.occurred), block.loaded)
        delay = dice.between("late_days", block.number, 1, 7) * DAY
        loaded = np.where(late, next_nightly_load(block.occurred + delay), loaded)
        in_time = loaded <= self.cal.cutoff
        lost = np.isin(slot, (DETAIL, DETAIL_MORE, FEATURE))
        lost &= dice.chance("lost", block.number, 0.005)
        block = block.with_(
            loaded=loaded,
            product=np.where(lost, -1, block.product),
            feature=np.where(lost, -1, block.feature),
        )
        tally.missing_property += int((lost & in_time).sum())
        tally.unplanned += int(((slot == UNPLANNED) & in_time).sum())
        tally.late += int((late & in_time).sum())
        tally.bot += int(((block.traffic == 1) & in_time).sum())
        tally.internal += int(((block.traffic == 2) & in_time).sum())
        tally.events += int(in_time.sum())
        again = block.take(dice.chance("redelivered", block.number, 0.008))
        again = again.with_(
            loaded=next_nightly_load(
                again.loaded + dice.between("redelivered_days", again.number, 0, 3) * DAY
            )
        )
        tally.redelivered += int((again.loaded <= self.cal.cutoff).sum())
        broken = block.take(dice.chance("fault", block.number, _FAULT_SHARE))
        broken = broken.with_(
            fault=1 + broken.number % (len(FAULTS) - 1),
            number=broken.number + 5_000_000_000,
        )
        whole = EventBlock.concat([block, again, broken])
        return whole.take(whole.loaded <= self.cal.cutoff)
