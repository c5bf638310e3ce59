"""The planted cases: a few dozen rows each, the same at every size and seed."""

from __future__ import annotations

from datetime import timedelta

from trunkline.demo import company
from trunkline.demo.book import Book
from trunkline.demo.calendar import DAY, HOUR, Calendar, iso

HUB_LEADS = 25


def write_cases(cal: Calendar) -> Book:
    """Writes all cases into a new book."""
    book = Book(cal)
    for part in (_links, _guards, _addresses, _leads, _deals, _orders, _refunds, _activity):
        part(book)
    _touches(book)
    return book


def _links(book: Book) -> None:
    day = book.at
    book.user("UX01", day(120, "03:00:00"), email="late.x@mail.example", is_email_verified="false")
    book.visit("dX01", "UX01", day(120, "03:00:00"), "app_open", "sign_up", source="baidu",
               medium="organic")  # fmt: skip
    book.lead("LX01", day(110, "06:00:00"), source="google", medium="organic")
    book.visit("dX02", "", day(110, "05:55:00"), "view_landing", "form_submit", source="google",
               medium="organic")  # fmt: skip
    book.link(("lead", "LX01"), ("device", "dX02"), day(110, "06:00:00"), "form_cookie")
    for back in (80, 45, 20):
        book.visit("dX01", "UX01", day(back, "04:00:00"), "app_open", "feature_use")
        book.visit("dX02", "", day(back, "08:00:00"), "view_landing", "view_detail")
    late = day(30, "02:00:00")
    book.link(("lead", "LX01"), ("user", "UX01"), late, "crm_sync", loaded=late + 16 * HOUR)
    book.case(
        "late_merge",
        "two persons, both active for months, are one; actives of shared days fall by one",
        user="UX01", lead="LX01", devices=["dX01", "dX02"], linked_days_back=30,
        shared_days_back=[80, 45, 20],
    )  # fmt: skip

    linked, revoked = day(100, "02:00:00"), day(40, "02:00:00")
    book.user("UX02", day(101, "02:00:00"))
    book.lead("LX02", day(100, "01:00:00"), source="partner", medium="referral")
    ends = (("lead", "LX02"), ("user", "UX02"))
    book.link(*ends, linked, "crm_sync")
    book.link(*ends, linked, "crm_sync", loaded=revoked + HOUR, revoked_at=iso(revoked))
    book.case("revoked_link", "the link was taken back: two persons, the lead has no user",
              lead="LX02", user="UX02", revoked_at=iso(revoked))  # fmt: skip

    for lead, clock in (("LX03", "01:00:00"), ("LX04", "02:00:00"), ("LX05", "03:00:00")):
        moment = day(90, clock)
        book.lead(lead, moment, source="bing", medium="cpc", campaign="b2b_search")
    merged = day(85, "02:00:00")
    for lead, target in (("LX03", "LX04"), ("LX04", "LX05")):
        moment = day(90, "01:00:00" if lead == "LX03" else "02:00:00")
        book.lead(lead, moment, loaded=merged, merged_into_lead_id=target, source="bing",
                  medium="cpc", campaign="b2b_search")  # fmt: skip
    book.lead("LX05", day(90, "03:00:00"), loaded=merged + DAY, is_deleted="true", source="bing",
              medium="cpc", campaign="b2b_search")  # fmt: skip
    book.case("merge_chain_into_deleted",
              "LX03 into LX04 into LX05, which is deleted: one valid lead, LX04, created at "
              "LX03's instant", leads=["LX03", "LX04", "LX05"], survivor="LX04")  # fmt: skip

    book.lead("LX06", day(75, "02:00:00"), source="google", medium="cpc", campaign="brand_search")
    for number, user in enumerate(("UX06", "UX07")):
        book.user(user, day(74 - number, "02:00:00"))
        book.link(("lead", "LX06"), ("user", user), day(70 - 2 * number, "02:00:00"), "crm_sync")
    book.case("lead_with_two_users", "both bindings stay; primary is UX06, linked first",
              lead="LX06", users=["UX06", "UX07"], primary_user="UX06")  # fmt: skip

    book.user("UX08", day(72, "02:00:00"))
    for number, lead in enumerate(("LX07", "LX08")):
        book.lead(lead, day(71 - number, "03:00:00"), source="facebook", medium="paid_social")
        book.link(("lead", lead), ("user", "UX08"), day(71 - number, "03:00:00"), "form_login")
    book.case("user_with_two_leads", "both bindings stay; primary is LX07, linked first",
              user="UX08", leads=["LX07", "LX08"], primary_lead="LX07")  # fmt: skip

    book.user("UX10", day(60, "02:00:00"))
    book.lead("LX10", day(59, "02:00:00"), source="newsletter", medium="email")
    book.visit("dX10", "", day(59, "01:50:00"), "view_landing", "form_submit")
    book.visit("dX11", "UX10", day(58, "02:00:00"), "app_open", "login")
    book.link(("lead", "LX10"), ("device", "dX10"), day(59, "02:00:00"), "form_cookie")
    book.link(("lead", "LX10"), ("user", "UX10"), day(59, "02:00:00"), "form_login")
    book.link(("device", "dX10"), ("user", "UX10"), day(57, "02:00:00"), "login_sync")
    book.case("chain_and_cycle", "device, lead, user and second device are one person",
              devices=["dX10", "dX11"], lead="LX10", user="UX10")  # fmt: skip


def _guards(book: Book) -> None:
    day = book.at
    for number, user in enumerate(("UX20", "UX21")):
        book.user(user, day(56, f"0{1 + number}:00:00"))
        book.visit("dX20", user, day(50, f"0{2 + 3 * number}:00:00"), "app_open", "login")
    between = book.visit("dX20", "", day(50, "03:30:00"), "view_landing", "view_detail")
    after = book.visit("dX20", "", day(50, "09:00:00"), "view_landing")
    book.case("shared_device", "two persons; events without a user go to the login that follows, "
              "else to the last one before", device="dX20", users=["UX20", "UX21"],
              to_UX21=[*between, *after])  # fmt: skip

    for number in range(3):
        book.visit(f"dX3{number}", "null", day(48, f"0{number + 1}:10:00"), "app_open")
    for number, user in enumerate(("UX22", "UX23")):
        book.user(user, day(48, f"0{number + 1}:00:00"))
        book.visit("unknown", user, day(48, f"0{number + 3}:00:00"), "app_open")
    book.case("blocked_identifiers", "user null and device unknown join nobody",
              devices_of_null=["dX30", "dX31", "dX32"],
              users_of_unknown=["UX22", "UX23"])  # fmt: skip

    for number, user in enumerate(("UX24", "UX25")):
        book.user(user, day(47, f"0{number + 1}:00:00"), email="test@example.com",
                  is_email_verified="true")  # fmt: skip
    book.lead("LX24", day(47, "05:00:00"), email="Test@Example.com", is_email_verified="true")
    book.case("blocked_email", "test@example.com joins nobody: three persons",
              users=["UX24", "UX25"], lead="LX24")  # fmt: skip

    leads = [f"LX3{number:02d}" for number in range(HUB_LEADS)]
    for number, lead in enumerate(leads):
        moment = day(46, f"{number % 10:02d}:{number:02d}:00")
        book.lead(lead, moment, source="tradeshow", medium="booth", country="DE")
        book.link(("lead", lead), ("device", "dX33"), moment, "form_cookie")
    book.case("hub_device", "the tablet of a trade fair took 25 leads: a hub, it joins nobody",
              device="dX33", leads=leads)  # fmt: skip


def _addresses(book: Book) -> None:
    day = book.at
    book.user("UX40", day(44, "02:00:00"), email="ada.x@example.org", is_email_verified="true")
    for number, address in enumerate(
        ("Ada.X+News@Example.ORG", "ａｄａ.ｘ＠example.org", " ada.x@example.org ")
    ):
        book.lead(f"LX4{number}", day(43 - number, "02:00:00"), email=address,
                  is_email_verified="true", source="google", medium="organic")  # fmt: skip
    book.case("email_variants", "case, plus-tag, full width and white space: one person",
              user="UX40", leads=["LX40", "LX41", "LX42"])  # fmt: skip
    book.user("UX43", day(40, "02:00:00"), phone="13812345678", is_phone_verified="true")
    for number, phone in enumerate(
        ("+86 138-1234-5678", "0086 138 1234 5678", "１３８１２３４５６７８")
    ):
        book.lead(f"LX4{number + 3}", day(39 - number, "02:00:00"), phone=phone,
                  is_phone_verified="true", source="wechat", medium="social")  # fmt: skip
    book.case("phone_variants", "country code, international prefix and full width: one person",
              user="UX43", leads=["LX43", "LX44", "LX45"])  # fmt: skip
    book.user("UX46", day(36, "02:00:00"), email="bo.x@example.org", is_email_verified="true")
    book.lead("LX46", day(35, "02:00:00"), email="bo.x@example.org", is_email_verified="false")
    book.case("unverified_email", "an address that was not confirmed joins nobody",
              user="UX46", lead="LX46")  # fmt: skip


def _leads(book: Book) -> None:
    day = book.at
    book.lead("LX50", day(66, "02:00:00"), source="partner", medium="referral")
    book.status("LX50", day(66, "02:00:00"), "new")
    book.status("LX50", day(64, "02:00:00"), "qualified")
    book.case("qualified_without_scores", "accepted as MQL on the day of the status",
              lead="LX50", qualified_at=iso(day(64, "02:00:00")))  # fmt: skip
    book.lead("LX51", day(66, "03:00:00"), source="partner", medium="referral")
    book.score("LX51", day(66, "04:00:00"), "30", "90")
    book.status("LX51", day(65, "02:00:00"), "qualified")
    book.case("scores_beat_status", "it has scores, none reach the rule: no MQL", lead="LX51")
    eve = company.MQL_RULE_CHANGE - timedelta(days=1)
    for lead, clock in (("LX52", "15:59:59"), ("LX53", "16:00:00")):
        book.lead(lead, book.on(eve, "02:00:00"), source="google", medium="organic")
        book.score(lead, book.on(eve, clock), "60", "45")
    book.case("rule_change", "fit 60, intent 45: an MQL a second before the rule changes at "
              "midnight in Shanghai, none a second later", mql="LX52", no_mql="LX53")  # fmt: skip
    book.lead("LX54", day(70, "02:00:00"), source="google", medium="cpc", campaign="brand_search")
    for back, fit, intent in (
        (70, "70", "20"),
        (62, "70", "65"),
        (50, "70", "30"),
        (45, "80", "80"),
    ):
        book.score("LX54", day(back, "05:00:00"), fit, intent)
    book.case("qualifies_once", "up, down and up again: one MQL, on the first crossing",
              lead="LX54", qualified_at=iso(day(62, "05:00:00")))  # fmt: skip
    book.lead("LX55", day(60, "02:00:00"), source="google", medium="cpc", is_test="true")
    book.lead("LX56", day(60, "02:10:00"), source="google", medium="cpc")
    book.lead("LX56", day(60, "02:10:00"), loaded=day(58, "02:00:00"), source="google",
              medium="cpc", is_deleted="true")  # fmt: skip
    book.case("test_and_deleted_leads", "neither counts", test="LX55", deleted="LX56")
    book.lead("LX57", day(60, "03:00:00"))
    book.case("lead_without_source", "its channel is unknown", lead="LX57")


def _deals(book: Book) -> None:
    day = book.at

    def path(lead: str, deal: str, created: int, *steps: tuple[str, int], **columns: str) -> None:
        book.lead(lead, created - 5 * DAY, source="partner", medium="referral")
        book.deal(deal, list(steps), created, lead_id=lead, **columns)

    path("LX60", "OX01", day(100, "02:00:00"), ("qualification", day(100, "02:00:00")),
         ("negotiation", day(90, "02:00:00")), ("won", day(80, "02:00:00")))  # fmt: skip
    book.case("skipped_stage", "negotiation implies proposal at its own instant",
              opportunity="OX01", proposal_at=iso(day(90, "02:00:00")))  # fmt: skip
    path("LX61", "OX02", day(99, "02:00:00"), ("qualification", day(99, "02:00:00")),
         ("proposal", day(95, "02:00:00")), ("lost", day(85, "02:00:00")),
         ("negotiation", day(75, "02:00:00")), ("won", day(65, "02:00:00")))  # fmt: skip
    book.case("reopened_and_won", "the last close counts: won, not lost", opportunity="OX02",
              closed_at=iso(day(65, "02:00:00")))  # fmt: skip
    path("LX62", "OX03", day(98, "02:00:00"), ("qualification", day(98, "02:00:00")),
         ("proposal", day(94, "02:00:00")), ("negotiation", day(90, "02:00:00")),
         ("proposal", day(84, "02:00:00")), ("negotiation", day(78, "02:00:00")),
         ("lost", day(70, "02:00:00")))  # fmt: skip
    book.case("stage_moved_back", "first entries count", opportunity="OX03",
              negotiation_at=iso(day(90, "02:00:00")))  # fmt: skip
    path("LX63", "OX04", day(97, "02:00:00"), ("qualification", day(97, "02:00:00")),
         ("proposal", day(88, "02:00:00")), ("negotiation", day(88, "02:00:00")),
         ("lost", day(77, "02:00:00")), ("won", day(77, "02:00:00")))  # fmt: skip
    book.case("two_stages_one_second", "the stage order decides: won after lost",
              opportunity="OX04", outcome="won")  # fmt: skip
    path("LX64", "OX05", day(50, "02:00:00"), ("qualification", day(50, "02:00:00")),
         ("proposal", day(44, "02:00:00")))  # fmt: skip
    path("LX65", "OX06", day(49, "02:00:00"))
    path("LX66", "OX07", day(96, "02:00:00"), ("qualification", day(96, "02:00:00")),
         ("lost", day(80, "02:00:00")), ("qualification", day(60, "02:00:00")))  # fmt: skip
    book.case("open_at_the_end", "in proposal; without any stage; reopened and not closed again",
              opportunities=["OX05", "OX06", "OX07"])  # fmt: skip
    created = day(70, "02:00:00")
    book.lead("LX67", created + 10 * DAY, source="partner", medium="referral")
    book.deal("OX08", [("won", created + DAY)], created, lead_id="LX67")
    book.case("deal_before_lead", "won nine days before its lead was created: lag 0, flagged",
              opportunity="OX08", lead="LX67")  # fmt: skip
    path("LX68", "OX09", day(68, "02:00:00"), ("won", day(60, "02:00:00")), is_test="true")
    book.case("test_deal", "does not count", opportunity="OX09")
    book.add("crm__accounts", day(92, "01:00:00"), None, account_id="AX01", industry="retail",
             segment="small", country="DE", created_at=iso(day(92, "01:00:00")))  # fmt: skip
    for lead, back in (("LX69", 92), ("LX70", 82), ("LX71", 62)):
        book.lead(lead, day(back, "02:00:00"), account_id="AX01", source="google",
                  medium="organic", country="DE")  # fmt: skip
    won = [("qualification", day(72, "02:00:00")), ("won", day(55, "02:00:00"))]
    book.deal("OX10", won, day(72, "02:00:00"), account_id="AX01", amount="1500.00",
              currency="USD")  # fmt: skip
    book.case("primary_lead_by_account", "the account's latest lead before the deal",
              opportunity="OX10", primary_lead="LX70")  # fmt: skip
    missing = book.on(company.MISSING_RATE_DATE, "04:00:00")
    path("LX72", "OX11", missing, ("qualification", missing), ("won", missing + 20 * DAY),
         currency="USD", amount="2000.00")  # fmt: skip


def _orders(book: Book) -> None:
    day = book.at
    book.user("UX80", day(115, "02:00:00"))
    book.user("UX81", day(114, "02:00:00"))
    paid = day(57, "06:00:00")
    book.order("SX01", paid, user_id="UX80", status="submitted")
    book.order("SX01", paid, user_id="UX80", loaded=paid + 2 * HOUR, lines=(),
               list_amount="100.00")  # fmt: skip
    book.order("SX01", paid, user_id="UX80", loaded=paid + 3 * DAY, lines=(), status="cancelled",
               list_amount="100.00")  # fmt: skip
    book.case("submitted_paid_cancelled", "the last version counts: not valid", order="SX01")
    book.order("SX02", day(56, "06:00:00"), user_id="UX80", lines=(("P4", 1, "0.00", "0.00"),))
    book.order("SX03", day(55, "06:00:00"), user_id="UX80", lines=(("P4", 1, "80.00", "80.00"),))
    book.case("free_orders", "list 0, and 100 % discount: valid, goods value 0, flagged",
              orders=["SX02", "SX03"])  # fmt: skip
    book.order("SX04", day(54, "06:00:00"))
    book.case("order_without_user", "a buyer and a customer of its own", order="SX04")
    missing = book.on(company.MISSING_RATE_DATE, "05:00:00")
    book.order("SX05", missing, user_id="UX80", currency="USD", country="US")
    book.case("missing_rate", "no rate that day: amounts are null and flagged, never 1.0",
              date=str(company.MISSING_RATE_DATE), currency="USD", order="SX05",
              opportunity="OX11", campaigns=["C01", "C02", "C04", "C05"])  # fmt: skip
    for order in ("SX06", "SX07"):
        book.order(order, day(52, "06:00:00"), user_id="UX80")
    book.case("identical_orders", "same user, instant and amounts: both count, SX07 is flagged",
              orders=["SX06", "SX07"], flagged="SX07")  # fmt: skip
    book.add("erp__products", day(90, "00:00:00"), None, product_id="PX01", category="bags",
             product_name="Sample bag", brand="Lumen", list_price="50.00")  # fmt: skip
    book.order("SX08", day(51, "06:00:00"), user_id="UX80", lines=(("PX01", 1, "50.00", "0.00"),))
    book.order("SX09", day(50, "06:00:00"), user_id="UX80", lines=(), list_amount="60.00")
    book.case("unknown_cost", "a line without any cost, an order without lines: no gross profit",
              orders=["SX08", "SX09"])  # fmt: skip
    book.order("SX10", day(49, "06:00:00"), user_id="UX80", is_test="true")
    book.order("SX11", day(48, "06:00:00"), user_id="UX80", status="submitted")
    book.case("not_committed", "a test order, and one submitted but never paid",
              orders=["SX10", "SX11"])  # fmt: skip
    book.order("SX12", day(47, "06:00:00"), user_id="UX80", sales_channel="", currency="")
    book.case("blanks_have_defaults", "no sales channel reads own_online, no currency CNY",
              order="SX12")  # fmt: skip
    book.order("SX13", day(46, "06:00:00"), status="on_terms", sales_channel="sales_led",
               account_id="AX01", opportunity_id="OX10", platform="", country="DE",
               currency="USD", lines=(("P5", 10, "1500.00", "0.00"),))  # fmt: skip
    book.order("SX14", day(45, "06:00:00"), status="on_terms", user_id="UX80")
    book.case("on_terms", "committed for sales-led orders only", valid="SX13", not_valid="SX14")


def _refunds(book: Book) -> None:
    day = book.at
    two = (("P4", 2, "200.00", "0.00"), ("P6", 1, "100.00", "10.00"))
    for number in range(20, 25):
        lines = two if number in (20, 24) else (("P4", 2, "200.00", "20.00"),)
        book.order(f"SX{number}", day(112, f"0{number - 20}:30:00"), user_id="UX81", lines=lines)
    book.refund("RX01", "SX20", day(110, "02:00:00"), "100.00", order_line_id="SX20-1",
                quantity_returned="1", is_restocked="true")  # fmt: skip
    book.case("partial_refund", "one of two units came back and was restocked",
              order="SX20", refund="RX01", gmv="290.00", revenue="190.00")  # fmt: skip
    book.refund("RX02", "SX21", day(70, "02:00:00"), "180.00", quantity_returned="2",
                is_restocked="true")  # fmt: skip
    book.case("refund_next_month", "dated twice: the order's day and the refund's", order="SX21",
              refund="RX02")  # fmt: skip
    book.refund("RX03", "SX22", day(108, "02:00:00"), "250.00")
    book.case("refund_above_order", "capped at the goods value: revenue 0, flagged",
              order="SX22", refund="RX03", goods_value="180.00", refunded="250.00")  # fmt: skip
    book.refund("RX04", "SX23", day(107, "02:00:00"), "180.00", quantity_returned="2")
    book.case("refund_not_restocked", "the goods are lost: revenue 0, the cost stays",
              order="SX23", refund="RX04")  # fmt: skip
    book.refund("RX05", "SX24", day(106, "02:00:00"), "50.00", quantity_returned="1",
                is_restocked="true")  # fmt: skip
    book.case("refund_without_line", "an order of two lines: the cost stays", order="SX24",
              refund="RX05")  # fmt: skip
    book.user("UX82", day(113, "02:00:00"))
    book.order("SX30", day(111, "06:00:00"), user_id="UX82")
    book.refund("RX06", "SX30", day(105, "02:00:00"), "100.00", quantity_returned="1",
                is_restocked="true")  # fmt: skip
    book.order("SX31", day(60, "06:00:00"), user_id="UX82")
    book.case("first_order_refunded", "still the first order; revenue 0", order="SX30",
              refund="RX06", user="UX82")  # fmt: skip
    book.refund("RX07", "SX01", day(50, "02:00:00"), "100.00")
    book.case("refund_of_cancelled_order", "does not count", order="SX01", refund="RX07")


def _activity(book: Book) -> None:
    day = book.at
    book.user("UX90", day(42, "02:00:00"))
    book.case("user_without_events", "registered, never active: in the cohort, not retained",
              user="UX90")  # fmt: skip
    book.visit("dX91", "UX91", day(41, "02:00:00"), "app_open", "feature_use")
    book.case("events_without_registration", "active, in no registration cohort", user="UX91")
    book.user("UX92", day(38, "15:00:00"))
    book.visit("dX92", "UX92", day(38, "15:00:00"), "app_open", "sign_up")
    for back, clock in ((37, "15:59:59"), (36, "16:00:00"), (35, "15:59:00")):
        book.visit("dX92", "UX92", day(back, clock), "app_open")
    book.case("midnight", "15:59:59Z is day 1 after registering, 16:00:00Z a day later day 3",
              user="UX92", active_day_numbers=[0, 1, 3])  # fmt: skip
    for number in range(6):
        book.visit("dX93", "", day(33, f"0{number}:00:00"), *["view_detail"] * 10,
                   traffic_type="bot")  # fmt: skip
    book.case("bot_day", "60 events, no activity and no session", device="dX93")
    book.user("UX94", day(32, "02:00:00"), is_test="true")
    book.visit("dX94", "UX94", day(32, "02:00:00"), "app_open", "sign_up", traffic_type="internal")
    book.case("internal_traffic", "a test user: not human, in no cohort", user="UX94")
    book.user("UX95", day(31, "02:00:00"))
    book.visit("dX95", "UX95", day(30, "02:00:00"), "push_received", "heartbeat")
    book.case("no_activity", "a push and a heartbeat are no act of the person", user="UX95")


def _touches(book: Book) -> None:
    """The worked example of attribution: five touches, a deal of 12,000 on day 38."""
    start = book.at(60, "03:00:00")
    book.lead("LX99", start, source="google", medium="cpc", campaign="brand_search")
    book.link(("lead", "LX99"), ("device", "dX99"), start, "form_cookie")
    for number, (source, medium) in {
        0: ("google", "cpc"), 5: ("newsletter", "email"), 12: ("bing", "cpc"),
        30: ("display_net", "display"), 38: ("wechat", "social"),
    }.items():  # fmt: skip
        book.visit("dX99", "", start + number * DAY, "view_landing", source=source, medium=medium)
    won = start + 38 * DAY
    book.deal("OX99", [("qualification", start + DAY), ("won", won)], start + DAY, lead_id="LX99",
              amount="12000.00")  # fmt: skip
    book.case(
        "five_touches",
        "half-life 7 days, window 60: decayed revenue of the touches on days 0, 5, 12, 30, 38",
        opportunity="OX99", lead="LX99", device="dX99",
        time_decay=["175.2", "287.4", "574.9", "3417.0", "7545.4"],
        position_based=["4800", "800", "800", "800", "4800"],
    )  # fmt: skip
