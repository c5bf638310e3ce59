"""Leads, scores, accounts and deals: what the CRM of the demo company holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trunkline.demo import columns as col
from trunkline.demo import company
from trunkline.demo.calendar import DAY, HOUR, Calendar, next_hourly_load, next_nightly_load
from trunkline.demo.dice import F64, I64, Bools, Dice
from trunkline.demo.people import People, visit_keys, visit_paces, visit_starts
from trunkline.demo.schema import TABLES
from trunkline.demo.visits import FORM_DELAY

NEVER = np.int64(1) << 40
QUALIFICATION, PROPOSAL, NEGOTIATION, WON, LOST = range(5)
STAGES = ("qualification", "proposal", "negotiation", "won", "lost")
_STATUSES = ("new", "working", "qualified", "converted", "disqualified")
_AMOUNT = ((0, 3_000), (0.4, 7_000), (0.75, 14_000), (0.93, 32_000), (1, 70_000))
_SIZE = (0.6, 1.0, 2.2)


@dataclass(frozen=True)
class Leads:
    """One entry a lead in every array; -1 and ``NEVER`` read none."""

    person: I64
    created: I64
    account: I64
    merged_into: I64
    fit: F64
    intent_first: F64
    intent_later: F64
    scored_first: I64
    scored_later: I64
    qualified: I64
    is_scored: Bools
    by_form: Bools
    owner: I64


@dataclass(frozen=True)
class Deals:
    """One entry an opportunity in every array."""

    lead: I64
    account: I64
    names_lead: Bools
    created: I64
    owner: I64
    cents_first: I64
    cents: I64
    currency: I64
    proposal: I64
    won: I64
    stage_deal: I64
    stage: I64
    stage_entered: I64


def make_leads(dice: Dice, cal: Calendar, people: People) -> Leads:
    """Draws the leads of the persons who come for a firm; a few of them ask twice."""
    first = np.flatnonzero(people.is_business).astype(np.int64)
    again = first[dice.chance("asks_again", first, 0.07)]
    person = np.concatenate([first, again])
    repeat = np.arange(len(person)) >= len(first)
    keys = person * 2 + repeat
    day = people.arrival[person]
    zero = np.zeros(len(person), np.int64)
    visit = visit_keys(person, day, zero)
    start = visit_starts(dice, cal.midnights(), people, person, day, zero)
    created = start + FORM_DELAY * visit_paces(dice, visit)
    created = created + repeat * dice.between("second_request", keys, 3 * DAY, 60 * DAY)
    merges = repeat & dice.chance("merges", keys, 0.5)
    rank = np.full(len(people), -1, np.int64)
    rank[first] = np.arange(len(first))
    account = np.where(dice.chance("has_account", person, 0.86), rank[person] * 3 // 4, -1)

    quality = np.asarray([item.quality for item in company.CHANNELS])[people.channel[person]]
    cheap = people.campaign[person] == company.CHEAP_LEADS
    fit = np.minimum(32 + 54 * dice.uniform("fit", keys) * (0.55 + 0.45 * quality), 98)
    fit = np.where(cheap, 8 + 46 * dice.uniform("fit", keys), fit)
    intent = 26 + 48 * dice.uniform("intent", keys) * (0.5 + 0.5 * quality)
    intent = np.where(cheap, 0.5 * intent, intent)
    rise = dice.curve("rise", keys, ((0, -6), (0.3, 4), (0.8, 20), (1, 34)))
    fit, intent = np.floor(fit * 2) / 2, np.floor(intent * 2) / 2
    later = np.clip(np.floor((intent + np.where(cheap, rise / 3, rise)) * 2) / 2, 0, 100)
    scored_first = created + dice.between("scored_first", keys, 600, 5 * HOUR)
    scored_later = created + dice.between("scored_later", keys, 2 * DAY, 18 * DAY)
    scored_later = np.where(dice.chance("scored_twice", keys, 0.72), scored_later, NEVER)
    is_scored = ~dice.chance("unscored", keys, 0.1)
    qualified = _qualified(fit, intent, later, scored_first, scored_later, cal)
    by_crm = created + dice.between("by_crm", keys, HOUR, 12 * DAY)
    by_crm = np.where(dice.chance("crm_says_yes", keys, np.where(cheap, 0.05, 0.45)), by_crm, NEVER)
    return Leads(
        person=person,
        created=created,
        account=account,
        merged_into=np.where(merges, rank[person], -1),
        fit=fit,
        intent_first=intent,
        intent_later=later,
        scored_first=scored_first,
        scored_later=scored_later,
        qualified=np.where(merges, NEVER, np.where(is_scored, qualified, by_crm)),
        is_scored=is_scored,
        by_form=~people.is_offline[person],
        owner=dice.between("owner", keys, 0, len(company.REPS)),
    )


def _qualified(
    fit: F64, intent: F64, later: F64, scored_first: I64, scored_later: I64, cal: Calendar
) -> I64:
    """When a lead first meets the rule in force on that reporting day."""
    change = cal.index_of(company.MQL_RULE_CHANGE)
    reporting_midnight = int(cal.midnights()[0, 0]) + change * DAY
    old, new = company.MQL_MIN_INTENT
    fits = fit >= company.MQL_MIN_FIT
    at_first = fits & (intent >= np.where(scored_first < reporting_midnight, old, new))
    at_later = fits & (scored_later < NEVER)
    at_later &= later >= np.where(scored_later < reporting_midnight, old, new)
    return np.where(at_first, scored_first, np.where(at_later, scored_later, NEVER))


def make_deals(dice: Dice, people: People, leads: Leads) -> Deals:
    """Draws the opportunities of the leads, and the way each of them takes."""
    keys = np.arange(len(leads.person), dtype=np.int64)
    qualified = leads.qualified < NEVER
    wants = dice.chance("wants", keys, np.where(qualified, 0.62, 0.03)) & (leads.merged_into < 0)
    lead = keys[wants]
    origin = np.where(qualified, leads.qualified, leads.created + 10 * DAY)[lead]
    created = origin + dice.between("deal_wait", lead, DAY, 30 * DAY)
    currency = (people.country[leads.person[lead]] != 0).astype(np.int64)
    size = dice.between("size", leads.account[lead] + 1, 0, 3)
    units = dice.curve("amount", lead, _AMOUNT) * np.asarray(_SIZE)[size]
    units = np.where(currency == 1, units / company.USD_PRICE_DIVISOR, units)
    cents_first = (units / 50).astype(np.int64) * 5_000 + 5_000
    change = dice.between("amount_change", lead, 80, 116)
    cents = np.where(dice.chance("changes", lead, 0.35), cents_first * change // 100, cents_first)

    proposal = created + dice.between("to_proposal", lead, DAY, 22 * DAY)
    negotiation = proposal + dice.between("to_negotiation", lead, DAY, 24 * DAY)
    close = negotiation + dice.between("to_close", lead, DAY, 34 * DAY)
    quality = np.asarray([item.quality for item in company.CHANNELS])
    luck = quality[people.channel[leads.person[lead]]]
    reaches_proposal = dice.chance("reaches_proposal", lead, np.minimum(0.8 * luck, 0.93))
    reaches_negotiation = reaches_proposal & dice.chance("reaches_negotiation", lead, 0.72)
    wins = reaches_negotiation & dice.chance("wins", lead, 0.48)
    stalls = ~wins & dice.chance("stalls", lead, 0.12)
    skips = reaches_negotiation & dice.chance("skips", lead, 0.09)
    returns = reaches_negotiation & dice.chance("returns", lead, 0.04)
    reopens = ~wins & ~stalls & reaches_negotiation & dice.chance("reopens", lead, 0.12)
    loses = ~wins & ~stalls
    lost_at = np.where(
        reaches_negotiation,
        close,
        np.where(reaches_proposal, proposal + (close - negotiation), created + (close - proposal)),
    )
    number = np.arange(len(lead), dtype=np.int64)
    steps: tuple[tuple[Bools, int, I64], ...] = (
        (np.ones(len(lead), np.bool_), QUALIFICATION, created),
        (reaches_proposal & ~skips, PROPOSAL, proposal),
        (reaches_negotiation, NEGOTIATION, negotiation),
        (returns, PROPOSAL, negotiation + (close - negotiation) // 3),
        (returns, NEGOTIATION, negotiation + (close - negotiation) // 2),
        (wins, WON, close),
        (loses, LOST, lost_at),
        (reopens, NEGOTIATION, lost_at + 9 * DAY),
        (reopens & (lead % 2 == 0), LOST, lost_at + 20 * DAY),
    )
    return Deals(
        lead=lead,
        account=leads.account[lead],
        names_lead=(leads.account[lead] < 0) | dice.chance("names_lead", lead, 0.85),
        created=created,
        owner=dice.between("deal_owner", lead, 0, len(company.REPS)),
        cents_first=cents_first,
        cents=cents,
        currency=currency,
        proposal=np.where(reaches_proposal, proposal, NEVER),
        won=np.where(wins, close, NEVER),
        stage_deal=np.concatenate([number[rows] for rows, _, _ in steps]),
        stage=np.concatenate([np.full(int(rows.sum()), stage) for rows, stage, _ in steps]),
        stage_entered=np.concatenate([when[rows] for rows, _, when in steps]),
    )


def crm_tables(
    dice: Dice, people: People, leads: Leads, deals: Deals
) -> Mapping[str, Callable[[], Iterator[pa.Table]]]:
    """How to draw the CRM's raw tables: all versions, loaded by the cutoff or not."""
    return {
        "crm__leads": partial(_lead_table, dice, people, leads),
        "crm__lead_statuses": partial(_status_table, leads, deals),
        "crm__lead_scores": partial(_score_table, leads),
        "crm__accounts": partial(_account_table, dice, people, leads),
        "crm__opportunities": partial(_opportunity_table, deals),
        "crm__opportunity_stages": partial(_stage_table, deals),
    }


def emails(person: I64, spelling: I64) -> pa.Array:
    """Addresses; the spelling (0 to 4) changes the text but not whose it is."""
    plain = col.ids("p", person)
    variants = (
        ("", "@mail.example"),
        (" ", "@Mail.Example "),
        ("", "+news@mail.example"),
        ("ｐ", "＠mail.example"),
        ("", "@MAIL.EXAMPLE"),
    )
    texts = []
    for head, tail in variants:
        body = pc.utf8_slice_codeunits(plain, 1) if head == "ｐ" else plain
        texts.append(pc.binary_join_element_wise(pa.scalar(head), body, pa.scalar(tail), ""))
    return pc.choose(pa.array(spelling, pa.int64()), *texts)


def phones(person: I64, spelling: I64) -> pa.Array:
    """Chinese mobile numbers, bare, with country code, or with the international prefix."""
    texts = [col.ids(prefix, 13_900_000_000 + person) for prefix in ("", "+86 ", "0086")]
    return pc.choose(pa.array(spelling, pa.int64()), *texts)


def _lead_table(dice: Dice, people: People, leads: Leads) -> Iterator[pa.Table]:
    number = np.arange(len(leads.person), dtype=np.int64)
    owned = leads.created + dice.between("owned", number, HOUR, 2 * DAY)
    merged = np.where(leads.merged_into >= 0, leads.created + 4 * DAY, NEVER)
    first = (number, next_hourly_load(leads.created), np.zeros(len(number), np.int64))
    has_owner = dice.chance("gets_owner", number, 0.3)
    second = (number[has_owner], next_hourly_load(owned)[has_owner], number[has_owner] * 0 + 1)
    is_merged = merged < NEVER
    third = (number[is_merged], next_nightly_load(merged)[is_merged], number[is_merged] * 0 + 2)
    row, loaded, version = (np.concatenate(part) for part in zip(first, second, third, strict=True))

    def build(row: I64, loaded: I64, version: I64) -> pa.Table:
        person = leads.person[row]
        offline = people.is_offline[person]
        blank = offline & dice.chance("no_source", person, 0.5)
        channel = np.where(blank, company.DIRECT, people.channel[person])
        has_mail = dice.chance("lead_mail", person, 0.93)
        has_phone = (people.country[person] == 0) & dice.chance("lead_phone", person, 0.5)
        return col.table(
            TABLES["crm__leads"],
            {
                "lead_id": col.ids("L", row + 1),
                "created_at": col.times(leads.created[row]),
                "source": sources(channel, dice.between("case", row, 0, 24) // 22),
                "medium": mediums(channel),
                "campaign": campaigns(
                    np.where(blank, -1, people.campaign[person]),
                    dice.between("dirt", row, 0, 14) // 12,
                ),
                "landing_page": col.labels(company.PAGES, np.where(offline, -1, 3 + person % 2)),
                "email": emails(
                    np.where(has_mail, person, -1),
                    dice.pick("lead_spelling", row, (70, 8, 10, 4, 8)),
                ),
                "is_email_verified": col.flags(dice.chance("lead_verified", row, 0.78), ~has_mail),
                "phone": phones(
                    np.where(has_phone, person, -13_900_000_001),
                    dice.pick("lead_phone_spelling", row, (6, 3, 1)),
                ),
                "is_phone_verified": col.flags(
                    dice.chance("lead_phone_verified", row, 0.4), ~has_phone
                ),
                "country": col.labels(company.COUNTRIES, people.country[person]),
                "account_id": col.ids(
                    "A", np.where(leads.account[row] < 0, -1, leads.account[row] + 1)
                ),
                "owner_id": col.labels(
                    company.REPS,
                    np.where((version > 0) | ~has_owner[row], leads.owner[row], -1),
                ),
                "merged_into_lead_id": col.ids(
                    "L", np.where(version == 2, leads.merged_into[row] + 1, -1)
                ),
                "is_deleted": col.flags(np.zeros(len(row), np.bool_)),
                "is_test": col.flags(people.traffic[person] == 2),
                "loaded_at": col.times(loaded),
            },
        )

    return col.in_parts(build, row, loaded, version)


def sources(channel: I64, spelling: I64) -> pa.Array:
    """utm_source of channels; spelling 1 is in capitals with a space behind."""
    names = [item.source for item in company.CHANNELS]
    dirty = [f"{name.upper()} " if name else "" for name in names]
    return col.labels([*names, *dirty], channel + len(names) * spelling)


def mediums(channel: I64) -> pa.Array:
    """utm_medium of channels."""
    return col.labels([item.medium for item in company.CHANNELS], channel)


def campaigns(campaign: I64, spelling: I64) -> pa.Array:
    """utm_campaign; spelling 1 is with capitals and a space before."""
    names = [item.utm for item in company.CAMPAIGNS]
    dirty = [f" {name.title()}" for name in names]
    return col.labels(
        [*names, *dirty], np.where(campaign < 0, -1, campaign + len(names) * spelling)
    )


def _status_table(leads: Leads, deals: Deals) -> Iterator[pa.Table]:
    number = np.arange(len(leads.person), dtype=np.int64)
    worked = leads.created + 3 * HOUR
    qualified = leads.qualified < NEVER
    refused = ~qualified & (leads.merged_into < 0) & (number % 3 == 0)
    steps = (
        (number, 0, leads.created),
        (number[leads.merged_into < 0], 1, worked[leads.merged_into < 0]),
        (number[qualified], 2, leads.qualified[qualified] + 60),
        (deals.lead, 3, deals.created),
        (number[refused], 4, leads.created[refused] + 20 * DAY),
    )
    lead = np.concatenate([rows for rows, _, _ in steps])
    changed = np.concatenate([when for _, _, when in steps])
    status = np.concatenate([np.full(len(rows), code) for rows, code, _ in steps])

    def build(lead: I64, changed: I64, status: I64) -> pa.Table:
        return col.table(
            TABLES["crm__lead_statuses"],
            {
                "lead_id": col.ids("L", lead + 1),
                "status": col.labels(_STATUSES, status),
                "changed_at": col.times(changed),
                "loaded_at": col.times(next_hourly_load(changed)),
            },
        )

    return col.in_parts(build, lead, changed, status)


def _score_table(leads: Leads) -> Iterator[pa.Table]:
    number = np.arange(len(leads.person), dtype=np.int64)
    first = number[leads.is_scored]
    later = number[leads.is_scored & (leads.scored_later < NEVER)]
    row = np.concatenate([first, later])
    is_later = (np.arange(len(row)) >= len(first)).astype(np.int64)
    scored = np.concatenate([leads.scored_first[first], leads.scored_later[later]])

    def build(row: I64, is_later: I64, scored: I64) -> pa.Table:
        return col.table(
            TABLES["crm__lead_scores"],
            {
                "lead_id": col.ids("L", row + 1),
                "scored_at": col.times(scored),
                "fit_score": col.scores(leads.fit[row]),
                "intent_score": col.scores(
                    np.where(is_later == 1, leads.intent_later[row], leads.intent_first[row])
                ),
                "loaded_at": col.times(next_hourly_load(scored)),
            },
        )

    return col.in_parts(build, row, is_later, scored)


def _account_table(dice: Dice, people: People, leads: Leads) -> Iterator[pa.Table]:
    rows = np.flatnonzero(leads.account >= 0)
    order = rows[np.lexsort((leads.created[rows], leads.account[rows]))]
    account, first = np.unique(leads.account[order], return_index=True)
    lead = order[first]
    created = leads.created[lead]
    # a second version: the size class is corrected a month later
    corrected = np.flatnonzero(dice.chance("corrected", account, 0.06))
    row = np.concatenate([np.arange(len(account)), corrected])
    version = np.concatenate([np.zeros(len(account), np.int64), np.ones(len(corrected), np.int64)])
    size = dice.between("size", account + 1, 0, 3)
    yield col.table(
        TABLES["crm__accounts"],
        {
            "account_id": col.ids("A", account[row] + 1),
            "created_at": col.times(created[row]),
            "industry": col.labels(
                company.INDUSTRIES, dice.between("industry", account, 0, 5)[row]
            ),
            "segment": col.labels(
                company.SEGMENTS, np.where((version == 0) & np.isin(row, corrected), 0, size[row])
            ),
            "country": col.labels(company.COUNTRIES, people.country[leads.person[lead]][row]),
            "loaded_at": col.times(next_hourly_load(created[row] + version * 30 * DAY)),
        },
    )


def _opportunity_table(deals: Deals) -> Iterator[pa.Table]:
    number = np.arange(len(deals.lead), dtype=np.int64)
    changed = number[(deals.cents != deals.cents_first) & (deals.proposal < NEVER)]
    row = np.concatenate([number, changed])
    is_changed = np.arange(len(row)) >= len(number)
    loaded = np.where(is_changed, next_nightly_load(deals.proposal[row]), deals.created[row])
    yield col.table(
        TABLES["crm__opportunities"],
        {
            "opportunity_id": col.ids("O", row + 1),
            "created_at": col.times(deals.created[row]),
            "lead_id": col.ids("L", np.where(deals.names_lead[row], deals.lead[row] + 1, -1)),
            "account_id": col.ids(
                "A", np.where(deals.account[row] < 0, -1, deals.account[row] + 1)
            ),
            "owner_id": col.labels(company.REPS, deals.owner[row]),
            "amount": col.money(np.where(is_changed, deals.cents[row], deals.cents_first[row])),
            "currency": col.labels(company.CURRENCIES, deals.currency[row]),
            "is_test": col.flags(np.zeros(len(row), np.bool_)),
            "loaded_at": col.times(np.where(is_changed, loaded, next_hourly_load(loaded))),
        },
    )


def _stage_table(deals: Deals) -> Iterator[pa.Table]:
    yield col.table(
        TABLES["crm__opportunity_stages"],
        {
            "opportunity_id": col.ids("O", deals.stage_deal + 1),
            "stage": col.labels(STAGES, deals.stage),
            "entered_at": col.times(deals.stage_entered),
            "loaded_at": col.times(next_hourly_load(deals.stage_entered)),
        },
    )
