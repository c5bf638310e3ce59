"""Persons of the demo company, and the days on which each of them comes by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from trunkline.demo import company
from trunkline.demo.calendar import Calendar
from trunkline.demo.dice import F64, I64, Bools, Dice

_BLOCK = 200_000
_HOURS_CONSUMER = (
    (0, 0.2), (0.04, 6.5), (0.14, 9.5), (0.34, 12.8), (0.48, 16.5), (0.62, 19.3), (0.93, 22.6),
    (1, 23.6),
)  # fmt: skip
_HOURS_BUSINESS = ((0, 6.5), (0.06, 8.6), (0.45, 11.8), (0.55, 13.6), (0.92, 17.6), (1, 21.5))
_RETURN_BY_AGE = (
    (0, 0.0), (1, 0.37), (2, 0.31), (3, 0.27), (7, 0.2), (14, 0.15), (30, 0.118), (60, 0.062),
    (120, 0.034), (250, 0.018), (430, 0.011), (2_000, 0.004),
)  # fmt: skip
_TEMPER = ((0, 0.25), (0.3, 0.7), (0.7, 1.15), (0.95, 1.8), (1, 2.6))


@dataclass(frozen=True)
class People:
    """One entry a person in every array; -1 reads "none".

    Attributes:
        country: Index into ``company.COUNTRIES``.
        is_business: Comes for a firm.
        is_offline: Known to the CRM only: no device, no user.
        traffic: Index into ``company.TRAFFIC``.
        channel: Index into ``company.CHANNELS`` of the first visit.
        campaign: Index into ``company.CAMPAIGNS`` of the first visit.
        arrival: Day number of the first visit.
        registration: Day number of the registration.
        user: Number of the user id.
        platform: Index into ``company.PLATFORMS`` of the own device.
        device: Number of the own device.
        second_device: Number of the other device that is used now and then.
        second_platform: Platform of the other device.
        temper: Factor on coming back and buying.
    """

    country: I64
    is_business: Bools
    is_offline: Bools
    traffic: I64
    channel: I64
    campaign: I64
    arrival: I64
    registration: I64
    user: I64
    platform: I64
    device: I64
    second_device: I64
    second_platform: I64
    temper: F64

    def __len__(self) -> int:
        """Number of persons."""
        return len(self.country)


@dataclass(frozen=True)
class Visits:
    """Visits in day order; visit ``first_of_day[d] <= i < first_of_day[d + 1]`` is of day d."""

    person: I64
    ordinal: I64
    first_of_day: I64

    def of_day(self, day: int) -> tuple[I64, I64]:
        """Persons and ordinals (0, or 1 for a second visit) of one day."""
        part = slice(int(self.first_of_day[day]), int(self.first_of_day[day + 1]))
        return self.person[part].astype(np.int64), self.ordinal[part].astype(np.int64)


def campaign_of(dice: Dice, stream: str, keys: I64, channel: I64, day: I64, cal: Calendar) -> I64:
    """The campaign that a visit of a channel carries on a day, -1 for none."""
    chosen = np.full(len(keys), -1, dtype=np.int64)
    draw = dice.uniform(stream, keys)
    for number in range(len(company.CHANNELS)):
        runs = [index for index, item in enumerate(company.CAMPAIGNS) if item.channel == number]
        rows = np.flatnonzero(channel == number)
        if not runs or not len(rows):
            continue
        weights = np.zeros((len(runs), cal.days))
        for row, index in enumerate(runs):
            first, last = cal.campaign_days(company.CAMPAIGNS[index])
            weights[row, first : last + 1] = company.CAMPAIGNS[index].weight
        shares = np.cumsum(weights, axis=0)
        with np.errstate(invalid="ignore"):
            shares = shares / shares[-1]
        above = (draw[rows][None, :] >= shares[:, day[rows]]).sum(axis=0)
        chosen[rows] = np.asarray(runs)[np.minimum(above, len(runs) - 1)]
    return chosen


def make_people(dice: Dice, cal: Calendar, persons: int) -> People:
    """Draws all persons."""
    keys = np.arange(persons, dtype=np.int64)
    is_business = dice.chance("business", keys, 0.48)
    traffic = np.where(
        dice.chance("bot", keys, 0.012), 1, np.where(dice.chance("internal", keys, 0.005), 2, 0)
    ).astype(np.int64)
    is_business &= traffic == 0
    country = dice.pick("country", keys, company.COUNTRY_WEIGHTS)
    arrival = np.where(
        is_business,
        dice.pick("arrival_business", keys, cal.growth() * cal.rhythm(business=True)),
        dice.pick("arrival", keys, cal.growth() * cal.rhythm()),
    )
    channel = _channels(dice, keys, cal, country, arrival, is_business)
    quality = np.asarray([item.quality for item in company.CHANNELS])[channel]
    is_offline = is_business & dice.chance("offline", keys, 0.16)
    registers = dice.chance("registers", keys, np.minimum(0.72 * quality, 0.95))
    registers &= ~is_offline & (traffic != 1)
    registers |= traffic == 2
    waits = dice.chance("waits", keys, 0.22)
    registration = arrival + np.where(waits, dice.between("wait", keys, 1, 9), 0)
    registers &= registration < cal.days
    business_platform = dice.pick("platform_business", keys, company.PLATFORM_WEIGHTS_BUSINESS)
    platform = np.where(
        country == 0,
        dice.pick("platform_cn", keys, company.PLATFORM_WEIGHTS_CN),
        dice.pick("platform_abroad", keys, company.PLATFORM_WEIGHTS_ABROAD),
    )
    platform = np.where(is_business, business_platform, platform)
    platform = np.where((platform == company.MINI_PROGRAM) & (country != 0), company.IOS, platform)
    device = np.where(is_offline, -1, 2 * keys + 1)
    second_device, second_platform = _second_devices(dice, keys, device, platform, country)
    return People(
        country=country,
        is_business=is_business,
        is_offline=is_offline,
        traffic=traffic,
        channel=channel,
        campaign=campaign_of(dice, "campaign", keys, channel, arrival, cal),
        arrival=arrival,
        registration=np.where(registers, registration, -1),
        user=np.where(registers, np.cumsum(registers), -1),
        platform=platform,
        device=device,
        second_device=second_device,
        second_platform=second_platform,
        temper=dice.curve("temper", keys, _TEMPER),
    )


def _channels(
    dice: Dice, keys: I64, cal: Calendar, country: I64, arrival: I64, is_business: Bools
) -> I64:
    """Channels by country; the campaign of cheap leads pulls firms towards its own."""
    abroad = [item.weight_abroad for item in company.CHANNELS]
    boosted = list(abroad)
    boosted[company.FACEBOOK] *= company.CHEAP_LEADS_BOOST
    first, last = cal.campaign_days(company.CAMPAIGNS[company.CHEAP_LEADS])
    pulled = is_business & (arrival >= first) & (arrival <= last)
    return np.where(
        country == 0,
        dice.pick("channel", keys, [item.weight_cn for item in company.CHANNELS]),
        np.where(pulled, dice.pick("channel", keys, boosted), dice.pick("channel", keys, abroad)),
    )


def _second_devices(
    dice: Dice, keys: I64, device: I64, platform: I64, country: I64
) -> tuple[I64, I64]:
    """A second own device for some; for a few the neighbour's, which is then a shared device."""
    has_second = (device > 0) & dice.chance("second_device", keys, 0.24)
    other = np.where(platform == company.WEB, company.ANDROID, company.WEB)
    neighbour = np.maximum(keys - 1, 0)
    shares = (
        (device > 0)
        & (keys % 2 == 1)
        & (device[neighbour] > 0)
        & (country == country[neighbour])
        & dice.chance("shares", keys, 0.06)
    )
    second = np.where(has_second, device + 1, -1)
    second = np.where(shares, device[neighbour], second)
    return second, np.where(shares, platform[neighbour], other)


def make_visits(dice: Dice, cal: Calendar, people: People) -> Visits:
    """Draws all visits, block by block, and orders them by day."""
    parts = list(_visit_blocks(dice, cal, people))
    person = np.concatenate([part[0] for part in parts])
    day = np.concatenate([part[1] for part in parts])
    del parts
    again = dice.chance("again", visit_keys(person, day, np.zeros(1, np.int64)), 0.06)
    ordinal = np.concatenate([np.zeros(len(person), np.int8), np.ones(again.sum(), np.int8)])
    person = np.concatenate([person, person[again]])
    day = np.concatenate([day, day[again]])
    order = np.argsort(day, kind="stable")
    first_of_day = np.searchsorted(day[order], np.arange(cal.days + 1)).astype(np.int64)
    return Visits(person[order], ordinal[order], first_of_day)


def _visit_blocks(
    dice: Dice, cal: Calendar, people: People
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yields (person, day), small integer types, of one block of persons after another."""
    ages, values = np.asarray(_RETURN_BY_AGE).T
    by_age = np.interp(np.arange(cal.days + 1), ages, values)
    rhythm = np.where(np.asarray([[False], [True]]), cal.rhythm(business=True), cal.rhythm())
    quality = np.asarray([item.quality for item in company.CHANNELS])
    for low in range(0, len(people), _BLOCK):
        block = np.arange(low, min(low + _BLOCK, len(people)), dtype=np.int64)
        block = block[~people.is_offline[block]]
        registered = people.registration[block] >= 0
        origin = np.where(registered, people.registration[block], people.arrival[block])
        pull = quality[people.channel[block]] * people.temper[block]
        pull = pull * np.where(registered, 1.0, 0.22)
        pull = np.where(people.traffic[block] == 0, pull, 0.8)
        kind = people.is_business[block].astype(np.int64)
        early = people.arrival[block] < origin
        persons = [block, block[early]]
        days = [origin, people.arrival[block][early]]
        order = np.argsort(-origin, kind="stable")  # who is still inside the span at an age
        block, origin, pull, kind = block[order], origin[order], pull[order], kind[order]
        for age in range(1, cal.days):
            inside = slice(int(np.searchsorted(-origin, age - cal.days, side="right")), None)
            today = origin[inside] + age
            if not len(today):
                break
            chance = by_age[age] * pull[inside] * rhythm[kind[inside], today]
            comes = dice.chance("visit", block[inside] * 2_048 + today, chance)
            persons.append(block[inside][comes])
            days.append(today[comes])
        yield (
            np.concatenate(persons).astype(np.uint32),
            np.concatenate(days).astype(np.uint16),
        )


def visit_keys(person: I64, day: I64, ordinal: I64) -> I64:
    """One number for each visit, the key of everything drawn about it."""
    return (person.astype(np.int64) << 12) + (day.astype(np.int64) << 1) + ordinal


def visit_starts(
    dice: Dice, midnights: I64, people: People, person: I64, day: I64, ordinal: I64
) -> I64:
    """The instant at which a visit starts: local hours of the person's country."""
    keys = visit_keys(person, day, np.zeros(1, np.int64))
    hours = np.where(
        people.is_business[person],
        dice.curve("hour_business", keys, _HOURS_BUSINESS),
        dice.curve("hour", keys, _HOURS_CONSUMER),
    )
    later = ordinal * dice.between("later", keys, 2 * 3_600, 4 * 3_600)
    return midnights[people.country[person], day] + (hours * 3_600).astype(np.int64) + later


def visit_paces(dice: Dice, keys: I64) -> I64:
    """Seconds between two events of a visit."""
    return dice.between("pace", keys, 8, 80)


SPAN_LIMIT_DAYS = 2_047
