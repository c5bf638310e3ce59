"""Registered users, and the links between leads, users and devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trunkline.demo import columns as col
from trunkline.demo import company
from trunkline.demo.calendar import DAY, Calendar, next_hourly_load, next_nightly_load
from trunkline.demo.dice import I64, Dice
from trunkline.demo.people import People, visit_keys, visit_paces, visit_starts
from trunkline.demo.sales import Leads, emails, phones
from trunkline.demo.schema import TABLES
from trunkline.demo.visits import SIGN_UP_RANK

_KINDS = ("lead", "user", "device")
_METHODS = ("form_cookie", "form_login", "crm_sync")


def registrations(dice: Dice, cal: Calendar, people: People) -> I64:
    """The instant at which each person registers, 0 for those who never do."""
    person = np.flatnonzero(people.registration >= 0).astype(np.int64)
    day = people.registration[person]
    zero = np.zeros(len(person), np.int64)
    start = visit_starts(dice, cal.midnights(), people, person, day, zero)
    moments = np.zeros(len(people), np.int64)
    moments[person] = start + SIGN_UP_RANK * visit_paces(dice, visit_keys(person, day, zero))
    return moments


def identity_tables(
    dice: Dice, cal: Calendar, people: People, leads: Leads
) -> Mapping[str, Callable[[], Iterator[pa.Table]]]:
    """How to draw users and identity links, all versions."""
    moments = registrations(dice, cal, people)
    return {
        "cdp__users": partial(_user_table, dice, people, moments),
        "cdp__identity_links": partial(_link_table, dice, people, leads, moments),
    }


def _user_table(dice: Dice, people: People, moments: I64) -> Iterator[pa.Table]:
    person = np.flatnonzero(people.registration >= 0).astype(np.int64)
    confirms_late = dice.chance("confirms_late", person, 0.06)
    row = np.concatenate([person, person[confirms_late]])
    version = (np.arange(len(row)) >= len(person)).astype(np.int64)
    late = np.zeros(len(people), np.bool_)
    late[person] = confirms_late

    def build(row: I64, version: I64) -> pa.Table:
        has_mail = dice.chance("user_mail", row, 0.85)
        has_phone = (people.country[row] == 0) & dice.chance("user_phone", row, 0.7)
        verified = dice.chance("user_verified", row, 0.75) & ~(late[row] & (version == 0))
        wait = dice.between("confirm_wait", row, DAY, 20 * DAY) * version
        return col.table(
            TABLES["cdp__users"],
            {
                "user_id": col.ids("U", people.user[row]),
                "registered_at": col.times(moments[row]),
                "email": emails(
                    np.where(has_mail, row, -1), dice.pick("user_spelling", row, (84, 3, 7, 1, 5))
                ),
                "is_email_verified": col.flags(verified | (version == 1), ~has_mail),
                "phone": phones(
                    np.where(has_phone, row, -13_900_000_001), np.zeros(len(row), np.int64)
                ),
                "is_phone_verified": col.flags(
                    dice.chance("user_phone_verified", row, 0.8), ~has_phone
                ),
                "country": col.labels(company.COUNTRIES, people.country[row]),
                "platform": col.labels(company.PLATFORMS, people.platform[row]),
                "is_test": col.flags(people.traffic[row] == 2),
                "loaded_at": col.times(next_hourly_load(moments[row] + wait)),
            },
        )

    return col.in_parts(build, row, version)


def _link_table(dice: Dice, people: People, leads: Leads, moments: I64) -> Iterator[pa.Table]:
    lead = np.arange(len(leads.person), dtype=np.int64)
    person = leads.person
    registered = people.user[person] > 0
    cookie = leads.by_form & dice.chance("cookie", lead, 0.72)
    known = registered & leads.by_form & (moments[person] <= leads.created)
    login = known & dice.chance("form_login", lead, 0.7)
    sync = registered & ~login & dice.chance("crm_sync", lead, 0.35)
    synced = np.maximum(moments[person], leads.created)
    synced = synced + dice.between("sync_wait", lead, DAY, 70 * DAY)
    steps = (
        (cookie, 2, people.device[person], 0, leads.created),
        (login, 1, people.user[person], 1, leads.created),
        (sync, 1, people.user[person], 2, synced),
    )
    rows = np.concatenate([lead[mask] for mask, *_ in steps])
    kind = np.concatenate([np.full(int(mask.sum()), code) for mask, code, *_ in steps])
    right = np.concatenate([number[mask] for mask, _, number, _, _ in steps])
    method = np.concatenate([np.full(int(mask.sum()), code) for mask, _, _, code, _ in steps])
    linked = np.concatenate([when[mask] for mask, *_, when in steps])

    def build(rows: I64, kind: I64, right: I64, method: I64, linked: I64) -> pa.Table:
        devices = col.ids("d", np.where(kind == 2, right, -1))
        users = col.ids("U", np.where(kind == 1, right, -1))
        return col.table(
            TABLES["cdp__identity_links"],
            {
                "left_type": col.constant("lead", len(rows)),
                "left_id": col.ids("L", rows + 1),
                "right_type": col.labels(_KINDS, kind),
                "right_id": pc.coalesce(devices, users),
                "method": col.labels(_METHODS, method),
                "linked_at": col.times(linked),
                "revoked_at": col.blank(len(rows), "timestamp"),
                "loaded_at": col.times(
                    np.where(method == 2, next_nightly_load(linked), next_hourly_load(linked))
                ),
            },
        )

    return col.in_parts(build, rows, kind, right, method, linked)
