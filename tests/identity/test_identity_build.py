"""The identity models over small worlds with disjoint ids, all in one build, and its repetition."""

import shutil
from datetime import datetime, timedelta

import networkx as nx
import pytest

from tests.identity.identity_cases import MAX_DEGREE, plant_cases
from tests.identity.identity_persons import Persons, read_persons
from tests.identity.identity_worlds import (
    AS_OF_DATE,
    DAY_ZERO,
    RANDOM_WORLDS,
    Raw,
    accepted_links,
    plant_random_worlds,
    random_links,
)
from tests.support import run_dbt

SELECTED = (
    "+dim_segments",
    "+dim_leads_to_users",
    "+dim_users_to_leads",
    "+fct_person_merges",
    "+fct_identity_quarantine",
    "channels",
)


@pytest.fixture(scope="session")
def worlds() -> Raw:
    raw = Raw()
    plant_cases(raw)
    plant_random_worlds(raw)
    return raw


@pytest.fixture(scope="session")
def two_builds(worlds: Raw, tmp_path_factory: pytest.TempPathFactory) -> tuple[Persons, Persons]:
    """The same rows twice, the second time in another order."""
    folder = tmp_path_factory.mktemp("identity")
    raw = folder / "raw"
    variables = f"{{raw_source: files, raw_path: '{raw}', as_of_date: '{AS_OF_DATE}'}}"
    found = []
    for shuffle in (None, 42):
        shutil.rmtree(raw, ignore_errors=True)
        worlds.write(raw, shuffle)
        # the data tests of these models are part of the proof, once
        verb = "run" if shuffle else "build"
        finished = run_dbt(
            verb, "--select", *SELECTED, "--exclude", "test_type:unit",
            *(() if shuffle else ("--indirect-selection", "cautious")),
            folder=folder, variables=variables,
        )  # fmt: skip
        if finished.returncode != 0:
            pytest.fail(f"dbt {verb} failed:\n{finished.stdout[-6000:]}{finished.stderr[-2000:]}")
        found.append(read_persons(folder / "trunkline.duckdb"))
    return found[0], found[1]


@pytest.fixture(scope="session")
def persons(two_builds: tuple[Persons, Persons]) -> Persons:
    return two_builds[0]


def day(number):
    return DAY_ZERO + timedelta(days=number)


# --- graphs


def test_a_chain_is_one_person(persons):
    assert persons.together("device:chain-a") == {
        "device:chain-a", "lead:chain-b", "user:chain-c", "lead:chain-d",
    }  # fmt: skip


def test_a_cycle_is_one_person(persons):
    assert persons.together("user:cycle-c") == {"device:cycle-a", "lead:cycle-b", "user:cycle-c"}


def test_a_late_link_merges_two_persons_and_the_older_id_stays(persons):
    assert persons.together("lead:late-l") == {"device:late-d", "lead:late-l", "user:late-u"}
    assert persons.person_of("lead:late-l") == persons.key_of("user:late-u")
    assert persons.merge("lead:late-l") == (
        persons.key_of("user:late-u"), "sales_call", day(20),
    )  # fmt: skip


def test_who_was_linked_the_instant_it_appeared_never_was_a_person(persons):
    assert persons.merge("device:late-d") is None


def test_an_older_member_that_turns_up_takes_the_persons_id_over(persons):
    old = persons.key_of("device:old-d")
    assert persons.person_of("user:young-u") == old
    assert persons.merge("user:young-u") == (old, "form_login", day(6))
    assert persons.merge("device:old-d") is None


def test_random_graphs_have_the_components_of_networkx(persons):
    graph = nx.Graph()
    for world in range(RANDOM_WORLDS):
        links = random_links(world)
        graph.add_nodes_from(name for link in links for name in link[:2])
        graph.add_edges_from(link[:2] for link in accepted_links(links))
    expected = sorted(sorted(component) for component in nx.connected_components(graph))
    found = sorted(
        sorted(members)
        for members in persons.members().values()
        if next(iter(members)).split(":")[1].startswith("r")
        and next(iter(members)).split(":")[1][1].isdigit()
    )
    assert found == expected


def test_the_merge_log_is_a_replay_of_the_links_day_by_day(persons):
    found = {
        row["absorbed_person_id"]: (row["person_id"], row["merged_at"], row["method"])
        for row in persons.tables["merges"]
    }
    for world in range(RANDOM_WORLDS):
        links = random_links(world)
        seen = {
            name: min(link[2] for link in links if name in link[:2])
            for link in links
            for name in link[:2]
        }
        graph = nx.Graph()
        graph.add_nodes_from(seen)
        expected = {}
        accepted = accepted_links(links)
        for today in sorted({link[2] for link in accepted}):
            known = [link for link in accepted if link[2] == today]
            heads = _heads(graph, seen)
            graph.add_edges_from(link[:2] for link in known)
            for name in heads - _heads(graph, seen):
                if seen[name] < today:
                    expected[name] = (today, {link[3] for link in known})
        final = {
            name: _oldest(component, seen)
            for component in nx.connected_components(graph)
            for name in component
        }
        for name in seen:
            merge = found.pop(persons.key_of(name), None)
            assert (merge is not None) == (name in expected), name
            if merge:
                assert merge[0] == persons.key_of(final[name])
                assert merge[1] == day(expected[name][0])
                assert merge[2] in expected[name][1]


def _oldest(component, seen):
    return min(component, key=lambda name: (seen[name], name.split(":")))


def _heads(graph, seen):
    return {_oldest(component, seen) for component in nx.connected_components(graph)}


def test_neither_the_order_of_rows_nor_a_rebuild_changes_anything(two_builds):
    first, second = two_builds
    for name, rows in first.tables.items():
        assert rows == second.tables[name], name


# --- guards


def test_two_users_never_merge_through_a_device(persons):
    for prefix in ("share", "mixed", "linked", "tie"):
        assert persons.together(f"user:{prefix}-u1") == {f"user:{prefix}-u1"}
        assert persons.together(f"user:{prefix}-u2") == {f"user:{prefix}-u2"}
        assert persons.together(f"device:{prefix}-d") == {f"device:{prefix}-d"}
        assert persons.reasons(f"device:{prefix}-d") == {"shared_device"}


def test_two_users_never_merge_through_devices_and_leads(persons):
    for user in ("a", "b"):
        assert persons.together(f"user:bridge-{user}") == {
            f"user:bridge-{user}",
            f"device:bridge-{user}",
        }
    assert persons.reasons("lead:bridge") == {"bridging_device"}
    assert persons.together("user:sdk-a") == {"user:sdk-a", "device:sdk-a"}
    assert persons.reasons("device:sdk-a") == {"bridging_device"}


def test_devices_of_users_who_are_one_person_anyway_stay(persons):
    assert persons.together("user:same-a") == {
        "user:same-a",
        "user:same-b",
        "lead:same",
        "device:same-a",
        "device:same-b",
    }


def test_a_shared_device_gives_its_leads_up_too(persons):
    assert persons.together("lead:share-l") == {"lead:share-l"}


def _events_of(persons, identifier):
    key = persons.key_of(identifier)
    return sum(
        row["events"] for row in persons.tables["event_days"] if row["identifier_key"] == key
    )


def test_anonymous_events_of_a_shared_device_go_to_the_login_that_follows_or_the_last(persons):
    assert _events_of(persons, "user:share-u1") == 3
    assert _events_of(persons, "user:share-u2") == 3
    assert _events_of(persons, "device:share-d") == 0


def test_an_event_at_the_instant_of_two_logins_goes_to_the_first_of_them(persons):
    assert _events_of(persons, "user:tie-u1") == 2
    assert _events_of(persons, "user:tie-u2") == 2


def test_on_a_shared_device_without_a_login_events_stay_with_the_device(persons):
    assert _events_of(persons, "device:linked-d") == 1


def test_a_copy_of_an_event_does_not_share_a_device(persons):
    assert persons.together("device:copy-d") == {"device:copy-d", "user:copy-u1"}


def test_a_hub_loses_all_its_links_and_the_largest_degree_allowed_none(persons):
    assert persons.together("lead:hub") == {"lead:hub"}
    assert persons.together("user:hub-3") == {"user:hub-3"}
    assert persons.reasons("lead:hub") == {"hub"}
    assert len(persons.together("lead:full")) == MAX_DEGREE + 1
    assert persons.reasons("lead:full") == set()


def test_a_blocked_identifier_belongs_to_nobody_and_joins_nobody(persons):
    assert persons.person_of("device:UNKNOWN") is None
    assert persons.person_of("user:NULL") is None
    assert persons.together("lead:blocked-l1") == {"lead:blocked-l1"}
    assert persons.reasons("lead:blocked-l1") == {"blocked_identifier"}


def test_a_blocked_user_does_not_make_a_device_shared(persons):
    assert persons.together("device:blocked-d") == {"device:blocked-d", "user:blocked-u"}


def test_a_blocked_address_joins_nobody_however_it_is_written(persons):
    assert persons.together("lead:blocked-l3") == {"lead:blocked-l3"}
    assert persons.reasons("lead:blocked-l3") == {"blocked_identifier"}


def test_a_revoked_link_splits_the_person_again(persons):
    assert persons.together("lead:split-l") == {"lead:split-l", "user:split-u"}
    assert persons.together("device:split-d") == {"device:split-d"}
    assert persons.reasons("device:split-d") == {"revoked"}


def test_a_revocation_counts_up_to_the_last_instant_of_the_as_of_date(persons):
    assert persons.together("lead:edge-l") == {"lead:edge-l"}
    assert persons.together("lead:kept-l") == {"lead:kept-l", "user:kept-u"}


def test_nothing_after_the_as_of_date_exists(persons):
    assert persons.together("user:ahead-u1") == {"user:ahead-u1", "device:ahead-d"}
    names = {row["identifier_id"] for row in persons.tables["identities"]}
    assert "ahead-l" not in names


# --- contacts and CRM merges


def test_an_address_is_one_in_every_spelling(persons):
    assert persons.together("user:mail-u") == {
        "user:mail-u", *(f"lead:mail-l{number}" for number in range(4)),
    }  # fmt: skip


def test_an_unverified_or_missing_address_joins_nobody(persons):
    for lead in ("mail-unverified", "mail-other", "mail-none-1", "mail-none-2"):
        assert persons.together(f"lead:{lead}") == {f"lead:{lead}"}


def test_a_number_is_one_with_every_prefix(persons):
    assert persons.together("user:phone-u") == {
        "user:phone-u", *(f"lead:phone-l{number}" for number in range(4)),
    }  # fmt: skip


def test_a_foreign_or_short_number_joins_nobody(persons):
    for lead in ("phone-foreign", "phone-short-1", "phone-short-2"):
        assert persons.together(f"lead:{lead}") == {f"lead:{lead}"}


def test_a_chain_of_crm_merges_is_one_person_though_its_end_is_deleted(persons):
    assert persons.together("lead:merge-a") == {"lead:merge-a", "lead:merge-b", "lead:merge-c"}
    assert persons.person_of("lead:merge-c") == persons.key_of("lead:merge-a")


def test_a_merge_into_a_lead_that_does_not_exist_joins_nobody(persons):
    assert persons.together("lead:merge-x") == {"lead:merge-x"}
    assert persons.together("lead:merge-self") == {"lead:merge-self"}


# --- bindings


def _primary_users(persons):
    return {row["lead_id"]: row["user_id"] for row in persons.tables["leads_to_users"]}


def _primary_leads(persons):
    return {row["user_id"]: row["lead_id"] for row in persons.tables["users_to_leads"]}


def test_of_two_users_the_directly_linked_one_is_primary(persons):
    assert _primary_users(persons)["two-users"] == "two-users-direct"
    bound = [row for row in persons.tables["bindings"] if row["lead_id"] == "two-users"]
    assert {(row["user_id"], row["is_direct"]) for row in bound} == {
        ("two-users-direct", True), ("two-users-early", False),
    }  # fmt: skip


def test_of_two_direct_links_the_earlier_one_is_primary(persons):
    assert _primary_leads(persons)["two-leads"] == "two-leads-soon"
    assert {row["user_id"]: row["leads_bound"] for row in persons.tables["users_to_leads"]}[
        "two-leads"
    ] == 2


def test_without_a_direct_link_the_earlier_registration_then_the_smaller_id_is_primary(persons):
    assert _primary_users(persons)["no-direct"] == "no-direct-b"
    assert _primary_leads(persons)["no-direct-a"] == "no-direct"


def test_only_users_of_the_users_table_bind(persons):
    assert persons.together("lead:stranger-l") == {"lead:stranger-l", "user:stranger-u"}
    assert "stranger-l" not in _primary_users(persons)


# --- attributes


def test_each_attribute_comes_from_the_oldest_member_that_has_it(persons):
    row = persons.attributes("user:attr-u")
    assert row["first_channel"] == "paid_search"  # the bot's event before it does not count
    assert row["country"] == "SG"  # the device has none, the lead is older than the user
    assert row["home_platform"] == "web"
    assert row["first_seen_at"] == day(1)
    assert row["registered_at"] == day(4)
    assert (row["users"], row["devices"], row["leads"]) == (1, 1, 1)


def test_a_valid_lead_or_order_with_an_account_makes_a_business_person(persons):
    assert persons.attributes("lead:firm-l")["customer_type"] == "business"
    assert persons.attributes("user:firm-u")["customer_type"] == "business"
    assert persons.attributes("user:home-u")["customer_type"] == "consumer"


def test_test_users_and_bots_are_no_human_persons(persons):
    assert persons.attributes("device:test-d")["traffic_type"] == "test"
    assert persons.attributes("device:bot-d")["traffic_type"] == "automated"
    assert not persons.attributes("device:bot-d")["is_human"]
    assert persons.attributes("user:quiet-u")["is_human"]
    assert persons.attributes("user:attr-u")["is_human"]


def test_the_reporting_day_of_a_registration_is_the_zones(persons):
    row = persons.attributes("user:late-u")
    assert row["registered_at"] == datetime(2026, 1, 2)
    assert row["registered_date"] == datetime(2026, 1, 2).date()
