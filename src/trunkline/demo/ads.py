"""Ad spend by campaign and day, with restated days and a credit note."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from trunkline.demo import columns as col
from trunkline.demo import company
from trunkline.demo.calendar import DAY, Calendar
from trunkline.demo.dice import I64, Dice
from trunkline.demo.sales import campaigns, mediums, sources
from trunkline.demo.schema import TABLES


def spend_table(dice: Dice, cal: Calendar, persons: int) -> Iterator[pa.Table]:
    """Yields all versions of all campaign days."""
    campaign, day = _campaign_days(cal)
    keys = campaign * 4_096 + day
    rhythm = cal.rhythm() * cal.growth() / 1.65
    clicks_a_day = np.asarray([item.daily_clicks for item in company.CAMPAIGNS])[campaign]
    noise = 0.8 + 0.4 * dice.uniform("clicks", keys)
    clicks = (clicks_a_day * persons / 1_000 * rhythm[day] * noise).astype(np.int64)
    rate = np.asarray([item.click_through_rate for item in company.CAMPAIGNS])[campaign]
    impressions = ((clicks + 0.5) / rate * (0.85 + 0.3 * dice.uniform("impressions", keys))).astype(
        np.int64
    )
    price = np.asarray([item.cents_per_click for item in company.CAMPAIGNS])[campaign]
    cents = clicks * price * dice.between("price", keys, 88, 113) // 100

    restated = np.flatnonzero(dice.chance("restated", keys, 0.07))
    repeated = np.flatnonzero(dice.chance("imported_twice", keys, 0.015))
    row = np.concatenate([np.arange(len(keys)), restated, repeated])
    version = np.repeat([0, 1, 2], [len(keys), len(restated), len(repeated)]).astype(np.int64)
    share = np.where(version == 1, dice.between("restatement", keys[row], 93, 106), 100)
    note = (campaign[row] == company.CHEAP_LEADS) & (
        day[row] == cal.index_of(company.CREDIT_NOTE_DATE)
    )
    amount = np.where(note, company.CREDIT_NOTE_CENTS * persons // 1_000, cents[row] * share // 100)
    midnight = cal.midnights()[0, 0] + (day[row] + 1) * DAY
    loaded = midnight + 2 * 3_600 + 900 + np.asarray([0, 2, 5])[version] * DAY
    items = company.CAMPAIGNS
    channel = np.asarray([item.channel for item in items])[campaign[row]]
    yield col.table(
        TABLES["ads__daily_spend"],
        {
            "spend_date": col.dates(cal.epoch_days()[day[row]]),
            "campaign_id": col.labels([item.campaign_id for item in items], campaign[row]),
            "campaign_name": col.labels([item.name for item in items], campaign[row]),
            "source": sources(channel, dice.between("ad_case", keys[row], 0, 20) // 19),
            "medium": mediums(channel),
            "campaign": campaigns(campaign[row], dice.between("ad_dirt", keys[row], 0, 15) // 14),
            "impressions": col.counts(np.where(note, 0, impressions[row])),
            "clicks": col.counts(np.where(note, 0, clicks[row])),
            "spend": col.money(amount),
            "currency": col.labels(
                company.CURRENCIES, np.asarray([item.currency for item in items])[campaign[row]]
            ),
            "loaded_at": col.times(loaded),
        },
    )


def _campaign_days(cal: Calendar) -> tuple[I64, I64]:
    """The days on which each paid campaign runs, and the day of the credit note."""
    pairs = []
    for index, campaign in enumerate(company.CAMPAIGNS):
        if not campaign.cents_per_click:
            continue
        first, last = cal.campaign_days(campaign)
        days = np.arange(first, last + 1, dtype=np.int64)
        if index == company.CHEAP_LEADS:
            days = np.append(days, cal.index_of(company.CREDIT_NOTE_DATE))
        pairs.append((np.full(len(days), index, np.int64), days))
    return np.concatenate([one for one, _ in pairs]), np.concatenate([two for _, two in pairs])
