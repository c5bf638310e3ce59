"""The cases of identity that break metric systems, planted with an id prefix each."""

from tests.identity.identity_worlds import Raw, instant

MAX_DEGREE = 20  # identity_max_degree


def plant_cases(raw: Raw) -> None:
    """Add the rows of all cases."""
    for plant in (
        _graphs,
        _devices,
        _bridges,
        _hubs_and_blocked,
        _bindings,
        _crm_merges,
        _contacts,
        _revocations,
        _attributes,
        _time,
    ):
        plant(raw)


def _graphs(raw: Raw) -> None:
    raw.link("device:chain-a", "lead:chain-b", 1)
    raw.link("lead:chain-b", "user:chain-c", 2)
    raw.link("user:chain-c", "lead:chain-d", 3)

    raw.link("device:cycle-a", "lead:cycle-b", 1)
    raw.link("lead:cycle-b", "user:cycle-c", 2)
    raw.link("user:cycle-c", "device:cycle-a", 3)

    raw.user("late-u", 1)
    raw.event("late-1", 2, device_id="late-d", user_id="late-u")
    raw.lead("late-l", 5)
    raw.link("lead:late-l", "user:late-u", 20, method="sales_call")

    raw.user("old-u", 1)
    raw.user("young-u", 3)
    raw.event("old-1", 0, device_id="old-d")
    raw.link("device:old-d", "lead:old-l", 4)
    raw.link("lead:old-l", "user:young-u", 6)


def _devices(raw: Raw) -> None:
    raw.user("share-u1", 1)
    raw.user("share-u2", 1)
    raw.event("share-1", 2, device_id="share-d")
    raw.event("share-2", 3, device_id="share-d", user_id="share-u1")
    raw.event("share-3", 4, device_id="share-d", user_id="share-u1")
    raw.event("share-4", 5, device_id="share-d")
    raw.event("share-5", 6, device_id="share-d", user_id="share-u2")
    raw.event("share-6", 7, device_id="share-d")
    raw.link("device:share-d", "lead:share-l", 4)

    # one login and one link to another user
    raw.event("mixed-1", 2, device_id="mixed-d", user_id="mixed-u1")
    raw.link("user:mixed-u2", "device:mixed-d", 3)

    # both users by links alone: nobody logs in, the events stay the device's
    raw.event("linked-1", 2, device_id="linked-d")
    raw.link("device:linked-d", "user:linked-u1", 3)
    raw.link("device:linked-d", "user:linked-u2", 3)

    # an event at a login's instant, and two logins at one instant
    raw.event("tie-1", 3, device_id="tie-d")
    raw.event("tie-2", 3, device_id="tie-d", user_id="tie-u1")
    raw.event("tie-3", 3, device_id="tie-d", user_id="tie-u2")
    raw.event("tie-4", 4, device_id="tie-d")

    # a copy of an event that names another user does not share the device
    raw.event("copy-1", 2, device_id="copy-d", user_id="copy-u1")
    raw.event("copy-1", 3, device_id="copy-d", user_id="copy-u2")


def _bridges(raw: Raw) -> None:
    # two users, each with a device of its own, and a lead seen on both devices
    raw.link("device:bridge-a", "user:bridge-a", 1)
    raw.link("device:bridge-b", "user:bridge-b", 1)
    raw.link("lead:bridge", "device:bridge-a", 2)
    raw.link("lead:bridge", "device:bridge-b", 3)

    # devices that a cookie sync takes for one
    raw.link("device:sdk-a", "user:sdk-a", 1)
    raw.link("device:sdk-b", "user:sdk-b", 1)
    raw.link("device:sdk-a", "device:sdk-b", 2)

    # the same, but a lead makes one person of both users without any device
    raw.link("device:same-a", "user:same-a", 1)
    raw.link("device:same-b", "user:same-b", 1)
    raw.link("device:same-a", "device:same-b", 2)
    raw.link("lead:same", "user:same-a", 3)
    raw.link("lead:same", "user:same-b", 4)


def _hubs_and_blocked(raw: Raw) -> None:
    for number in range(MAX_DEGREE + 1):
        raw.link("lead:hub", f"user:hub-{number}", 1)
    for number in range(MAX_DEGREE):
        raw.link("lead:full", f"user:full-{number}", 1)

    raw.link("device:UNKNOWN", "lead:blocked-l1", 1)
    raw.link("device:UNKNOWN", "lead:blocked-l2", 1)
    raw.event("blocked-1", 2, device_id="blocked-d", user_id="NULL")
    raw.event("blocked-2", 2, device_id="blocked-d", user_id="blocked-u")
    for lead in ("blocked-l3", "blocked-l4"):
        raw.lead(lead, 1, email="Test+x@Example.com", is_email_verified="true")


def _bindings(raw: Raw) -> None:
    # the linked user first, although the other registered earlier
    raw.lead("two-users", 5)
    raw.user("two-users-early", 1)
    raw.user("two-users-direct", 3)
    raw.link("lead:two-users", "user:two-users-direct", 9)
    raw.link("user:two-users-direct", "user:two-users-early", 9)

    # both direct: the earlier link
    raw.user("two-leads", 1)
    raw.lead("two-leads-late", 2)
    raw.lead("two-leads-soon", 3)
    raw.link("user:two-leads", "lead:two-leads-late", 8)
    raw.link("lead:two-leads-soon", "user:two-leads", 7)

    # neither direct: the earlier registration, then the smaller id
    raw.lead("no-direct", 1)
    raw.link("lead:no-direct", "device:no-direct", 2)
    raw.lead("no-direct-too", 1)
    raw.link("lead:no-direct-too", "lead:no-direct", 2)
    for user, day in (("no-direct-c", 4), ("no-direct-b", 4), ("no-direct-a", 5)):
        raw.user(user, day)
        raw.link(f"user:{user}", "user:no-direct-c", 6)
    raw.link("device:no-direct", "user:no-direct-c", 6)

    # a user that no users row knows does not bind
    raw.lead("stranger-l", 1)
    raw.link("lead:stranger-l", "user:stranger-u", 2)


def _crm_merges(raw: Raw) -> None:
    raw.lead("merge-a", 1, merged_into_lead_id="merge-b")
    raw.lead("merge-b", 2, merged_into_lead_id="merge-c")
    raw.lead("merge-c", 3, is_deleted="true")
    raw.lead("merge-x", 3, merged_into_lead_id="merge-nowhere")
    raw.lead("merge-self", 3, merged_into_lead_id="merge-self")


def _contacts(raw: Raw) -> None:
    raw.user("mail-u", 1, email="Ada.L@Example.com", is_email_verified="true")
    for number, email in enumerate(
        [
            "ada.l@example.com",
            "ADA.L+news@example.com",
            " ada.l @example.com",
            "ａｄａ．ｌ＠example.com",
        ]
    ):
        raw.lead(f"mail-l{number}", 2, email=email, is_email_verified="true")
    raw.lead("mail-unverified", 2, email="ada.l@example.com", is_email_verified="false")
    raw.lead("mail-other", 2, email="ada.m@example.com", is_email_verified="true")
    raw.lead("mail-none-1", 2, email="none", is_email_verified="true")
    raw.lead("mail-none-2", 2, email="none", is_email_verified="true")

    raw.user("phone-u", 1, phone="13912345678", is_phone_verified="true")
    for number, phone in enumerate(
        ["+86 139 1234 5678", "0086-139-1234-5678", "１３９１２３４５６７８", "86 13912345678"]
    ):
        raw.lead(f"phone-l{number}", 2, phone=phone, is_phone_verified="true")
    raw.lead("phone-foreign", 2, phone="+1 415 555 0100", is_phone_verified="true")
    raw.lead("phone-short-1", 2, phone="123456", is_phone_verified="true")
    raw.lead("phone-short-2", 2, phone="123456", is_phone_verified="true")


def _revocations(raw: Raw) -> None:
    raw.link("lead:split-l", "user:split-u", 1)
    raw.link("user:split-u", "device:split-d", 1, revoked_at=instant(30))
    # 31 March, the as-of date, ends at 16:00Z in Asia/Shanghai (day 89)
    raw.link("lead:edge-l", "user:edge-u", 1, revoked_at="2026-03-31T15:59:59Z")
    raw.link("lead:kept-l", "user:kept-u", 1, revoked_at="2026-03-31T16:00:00Z")


def _attributes(raw: Raw) -> None:
    raw.event("attr-1", 1, device_id="attr-d", traffic_type="bot", source="x", platform="android")
    raw.event("attr-2", 2, device_id="attr-d", source="google", medium="cpc", platform="web")
    raw.lead("attr-l", 3, source="newsletter", medium="email", country="SG")
    raw.user("attr-u", 4, country="CN", platform="ios")
    raw.link("device:attr-d", "lead:attr-l", 5)
    raw.link("lead:attr-l", "user:attr-u", 5)

    raw.lead("firm-l", 1, account_id="A1")
    raw.user("firm-u", 1)
    raw.order("firm-o", 2, user_id="firm-u", account_id="A2")
    raw.user("home-u", 1)
    raw.order("home-o", 2, user_id="home-u", account_id="A2", status="cancelled")

    raw.user("test-u", 1, is_test="true")
    raw.event("test-1", 2, device_id="test-d", user_id="test-u")
    raw.event("bot-1", 2, device_id="bot-d", traffic_type="bot")
    raw.user("quiet-u", 1)


def _time(raw: Raw) -> None:
    # 16:30Z of the as-of date is the next reporting day
    raw.user("ahead-u1", 1)
    raw.user("ahead-u2", 1)
    raw.event("ahead-1", device_id="ahead-d", user_id="ahead-u1")
    raw.event(
        "ahead-2", device_id="ahead-d", user_id="ahead-u2", occurred_at="2026-03-31T16:30:00Z"
    )
    raw.lead("ahead-l", 89.7)
