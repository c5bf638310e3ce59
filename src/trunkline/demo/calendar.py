"""Days of the demo company: local midnights, load times, weekday and season."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from trunkline.demo import company
from trunkline.demo.dice import F64, I64

HOUR, DAY = 3_600, 86_400
_EPOCH = date(1970, 1, 1)
_MONTHS = (0.86, 0.82, 0.95, 1.0, 1.05, 1.15, 0.92, 0.9, 1.0, 1.08, 1.35, 1.18)
_WEEKDAYS_CONSUMER = (0.92, 0.9, 0.92, 0.95, 1.05, 1.18, 1.14)
_WEEKDAYS_BUSINESS = (1.2, 1.25, 1.25, 1.2, 1.05, 0.3, 0.25)
_FEASTS = {(11, 11): 2.3, (11, 10): 1.5, (6, 18): 1.9, (11, 28): 1.5, (12, 25): 0.7}
_NEW_YEARS = ((date(2025, 1, 28), date(2025, 2, 4)), (date(2026, 2, 16), date(2026, 2, 23)))


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970, UTC."""
    return int(moment.timestamp())


def next_hourly_load(moments: I64) -> I64:
    """The load that runs five minutes past the next full hour."""
    return (moments // HOUR + 1) * HOUR + 300


def next_nightly_load(moments: I64) -> I64:
    """The load of 02:00 in Shanghai, which is 18:00 UTC."""
    return ((moments - 18 * HOUR) // DAY + 1) * DAY + 18 * HOUR + 600


@dataclass(frozen=True)
class Calendar:
    """The generated span.

    Attributes:
        first_date: First full reporting day.
        days: Number of full reporting days.
    """

    first_date: date
    days: int

    @property
    def last_date(self) -> date:
        """Last full reporting day; what the warehouse must find as its as-of day."""
        return self.first_date + timedelta(days=self.days - 1)

    @property
    def cutoff(self) -> int:
        """Instant of the last load: 06:00 of the day after the last full day, in Shanghai."""
        zone = ZoneInfo(company.REPORTING_ZONE)
        return seconds(datetime.combine(self.last_date + timedelta(days=1), time(6), zone))

    def date_of(self, index: int) -> date:
        """Date of a day number."""
        return self.first_date + timedelta(days=index)

    def index_of(self, day: date) -> int:
        """Day number of a date; may lie outside of the span."""
        return (day - self.first_date).days

    def epoch_days(self) -> I64:
        """Days since 1970 of every day of the span."""
        return np.arange(self.days, dtype=np.int64) + (self.first_date - _EPOCH).days

    def midnights(self) -> I64:
        """UTC seconds of local midnight, one row a country and one column a day."""
        rows = []
        for name in company.COUNTRY_ZONES:
            zone = ZoneInfo(name)
            rows.append(
                [
                    seconds(datetime.combine(self.date_of(day), time(0), zone))
                    for day in range(self.days)
                ]
            )
        return np.asarray(rows, dtype=np.int64)

    def rhythm(self, *, business: bool = False) -> F64:
        """Weekday times season, about 1 on average, one value a day."""
        weekdays = _WEEKDAYS_BUSINESS if business else _WEEKDAYS_CONSUMER
        values = []
        for index in range(self.days):
            day = self.date_of(index)
            value = _MONTHS[day.month - 1] * weekdays[day.weekday()]
            if not business:
                value *= _FEASTS.get((day.month, day.day), 1.0)
            if any(first <= day <= last for first, last in _NEW_YEARS):
                value *= 0.55
            values.append(value)
        return np.asarray(values)

    def growth(self) -> F64:
        """Arrivals more than double over the span."""
        return 1.0 + 1.3 * np.arange(self.days) / self.days

    def campaign_days(self, campaign: company.Campaign) -> tuple[int, int]:
        """First and last day number on which a campaign runs."""
        first = self.index_of(campaign.first_day) if campaign.first_day else 0
        last = self.index_of(campaign.last_day) if campaign.last_day else self.days - 1
        return max(first, 0), min(last, self.days - 1)


def iso(moment: int) -> str:
    """An instant as the raw files spell it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
