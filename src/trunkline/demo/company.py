"""Who the demo company is: its countries, channels, campaigns and products. Constants only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# --- where customers are
COUNTRIES = ("CN", "US", "DE")
COUNTRY_ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin")
COUNTRY_WEIGHTS = (0.60, 0.22, 0.18)
REPORTING_ZONE = "Asia/Shanghai"
CURRENCIES = ("CNY", "USD")
USD_PRICE_DIVISOR = 7

# --- where they act
PLATFORMS = ("web", "ios", "android", "mini_program", "pos")
WEB, IOS, ANDROID, MINI_PROGRAM, POS = range(5)
PLATFORM_WEIGHTS_CN = (0.14, 0.22, 0.26, 0.38)
PLATFORM_WEIGHTS_ABROAD = (0.50, 0.28, 0.22, 0.0)
PLATFORM_WEIGHTS_BUSINESS = (0.78, 0.10, 0.07, 0.05)

TRAFFIC = ("human", "bot", "internal")


@dataclass(frozen=True)
class Channel:
    """One way to the company.

    Attributes:
        source: utm_source, blank for direct.
        medium: utm_medium.
        weight_cn: Share of arrivals in China, relative.
        weight_abroad: Share of arrivals elsewhere, relative.
        quality: Factor on registration, return, purchase and lead scores.
    """

    source: str
    medium: str
    weight_cn: float
    weight_abroad: float
    quality: float


CHANNELS = (
    Channel("", "", 12, 10, 1.05),
    Channel("google", "cpc", 0, 22, 1.10),
    Channel("bing", "cpc", 13, 6, 1.00),
    Channel("google", "organic", 1, 20, 1.20),
    Channel("baidu", "organic", 22, 0, 1.15),
    Channel("facebook", "paid_social", 0, 16, 0.80),
    Channel("wechat", "social", 24, 1, 1.10),
    Channel("newsletter", "email", 4, 6, 1.25),
    Channel("partner", "referral", 6, 8, 1.35),
    Channel("display_net", "display", 16, 8, 0.60),
    Channel("quora", "answers", 2, 3, 0.90),
)
DIRECT, GOOGLE_CPC, BING_CPC, GOOGLE_ORGANIC, BAIDU, FACEBOOK = range(6)
WECHAT, NEWSLETTER, PARTNER, DISPLAY, QUORA = range(6, 11)


@dataclass(frozen=True)
class Campaign:
    """One ad or mail campaign.

    Attributes:
        campaign_id: Id of the ad platform.
        name: Name in reports.
        utm: utm_campaign that its clicks carry.
        channel: Index into ``CHANNELS``.
        weight: Share of its channel's arrivals while it runs, relative.
        currency: Index into ``CURRENCIES``.
        daily_clicks: Clicks a day per 1,000 persons, before rhythm.
        click_through_rate: Clicks per impression.
        cents_per_click: Price of a click, in cents of its currency; 0 for unpaid campaigns.
        first_day: First day, none for always.
        last_day: Last day, none for always.
    """

    campaign_id: str
    name: str
    utm: str
    channel: int
    weight: float
    currency: int
    daily_clicks: float
    click_through_rate: float
    cents_per_click: int
    first_day: date | None = None
    last_day: date | None = None


CAMPAIGNS = (
    Campaign("C01", "Brand search", "brand_search", GOOGLE_CPC, 3, 1, 9, 0.038, 62),
    Campaign("C02", "Generic search", "generic_search", GOOGLE_CPC, 2, 1, 8, 0.024, 118),
    Campaign("C03", "Search for firms", "b2b_search", BING_CPC, 1, 0, 15, 0.026, 520),
    Campaign("C04", "Lookalike", "lookalike", FACEBOOK, 1, 1, 12, 0.014, 71),
    Campaign(
        "C05",
        "Free e-book",
        "free_ebook",
        FACEBOOK,
        6,
        1,
        24,
        0.021,
        19,
        date(2025, 11, 10),
        date(2026, 1, 20),
    ),
    Campaign("C06", "Retargeting", "retargeting", DISPLAY, 2, 0, 17, 0.012, 240),
    Campaign(
        "C07",
        "Spring brand",
        "spring_brand",
        DISPLAY,
        2,
        0,
        20,
        0.013,
        210,
        date(2026, 2, 25),
        None,
    ),
    Campaign(
        "C08",
        "Brand film",
        "brand_film",
        DISPLAY,
        0,
        0,
        14,
        0.011,
        260,
        date(2025, 9, 1),
        date(2025, 9, 30),
    ),
    Campaign("N01", "Monthly letter", "monthly_letter", NEWSLETTER, 1, 0, 0, 0.03, 0),
    Campaign("P01", "Partner page", "partner_page", PARTNER, 1, 0, 0, 0.03, 0),
)
CHEAP_LEADS, NO_LEADS = 4, 7
CHEAP_LEADS_BOOST = 6.0
CREDIT_NOTE_DATE = date(2026, 2, 5)
CREDIT_NOTE_CENTS = -15_000

# --- what happens to it
LAST_DATE = date(2026, 3, 31)
INCIDENT_PLATFORM = WEB
INCIDENT_FIRST_DAY, INCIDENT_LAST_DAY = date(2026, 3, 5), date(2026, 3, 14)
MISSING_RATE_DATE = date(2026, 1, 7)
MQL_RULE_CHANGE = date(2025, 10, 1)
MQL_MIN_FIT = 50.0
MQL_MIN_INTENT = (40.0, 50.0)  # before and from the change on

# --- what it sells
PRODUCT_WORDS = (
    "Trail shoe",
    "Day pack",
    "Rain shell",
    "Camp stove",
    "Head lamp",
    "Wool sock",
    "Trek pole",
    "Sleeping mat",
)
CATEGORIES = ("shoes", "bags", "clothing", "camping")
BRANDS = ("Northway", "Kestrel", "Lumen")
PRODUCTS = 40
FEATURES = ("wishlist", "compare", "reviews", "quotes", "reorder")
PAGES = ("/", "/sale", "/new", "/pricing", "/demo")
INDUSTRIES = ("retail", "travel", "education", "manufacturing", "software")
SEGMENTS = ("small", "middle", "large")
REPS = tuple(f"rep_{number:02d}" for number in range(1, 9))
