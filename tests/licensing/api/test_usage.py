"""From a usage report to the member's yen: submitted, accepted, invoiced, received, distributed, confirmed."""

from datetime import date

from world import TERM

LINE = {"metric": "robot", "region": "JP", "units": "620"}


def report(world, code: str, *lines: dict, start: date = TERM[0]) -> dict:
    return {"agreement": world.agreement(code).number, "period_from": start.isoformat(), "lines": list(lines)}


def test_usage_becomes_an_invoice_and_a_receipt(licensed, call, post):
    sent = post("robo", "usage", **report(licensed, "robo", LINE), note="June")
    assert sent.status_code == 201, sent.content
    number = sent.json()["number"]
    assert (sent.json()["state"], sent.json()["fee"], sent.json()["invoice"]) == ("submitted", None, None)
    early = post("finance", "invoices", usage=number)
    assert (early.status_code, early.json()["code"]) == (422, "usage-not-accepted")
    accepted = post("finance", f"usage/{number}/accept").json()
    assert accepted["fee"]["yen"] == str(500 * 12_000 + 120 * 9_000)
    invoice = post("finance", "invoices", usage=number)
    assert invoice.status_code == 201, invoice.content
    assert int(invoice.json()["gross"]) == int(invoice.json()["net"]) + int(invoice.json()["tax"])
    url = f"invoices/{invoice.json()['number']}"
    most = post("finance", f"{url}/receipts", amount=str(int(invoice.json()["gross"]) + 1), received_on="2026-11-01")
    assert (most.status_code, most.json()["code"]) == (422, "receipt-too-much")
    paid = post("finance", f"{url}/receipts", amount=invoice.json()["gross"], received_on="2026-11-01")
    assert (paid.status_code, paid.json()["state"]) == (201, "paid")
    assert call("robo").get(f"/api/v1/{url}/").json()["received"] == invoice.json()["gross"]
    balance = call("finance").get("/api/v1/books/trial-balance/").json()["results"]
    assert sum(int(row["debit"]) for row in balance) == sum(int(row["credit"]) for row in balance)


def test_every_faulty_line_is_told_and_nothing_is_written(licensed, call, post):
    bad = [{"metric": "cell", "region": "XX", "units": "many"}, LINE, LINE | {"region": "TH", "units": "-1"}]
    answer = post("robo", "usage", language="ja", **report(licensed, "robo", *bad))
    assert (answer.status_code, answer.json()["code"]) == (422, "faulty-report")
    found = [(one["line"], one["field"]) for one in answer.json()["findings"]]
    assert found == [(1, "metric"), (1, "region"), (1, "units"), (3, "units")]
    assert all("行目" in one["reason"] or one["reason"] for one in answer.json()["findings"])
    assert call("robo").get("/api/v1/usage/").json()["count"] == 0


def test_a_line_that_cannot_be_read_is_named_by_its_place(licensed, post):
    answer = post("robo", "usage", **report(licensed, "robo", LINE, {"metric": "robot", "unit": "3"}))
    assert answer.status_code == 400
    assert [(one["field"], one["code"]) for one in answer.json()["findings"]] == [("lines.2.unit", "unknown-field")]


def test_nobody_reports_under_the_agreement_of_another(licensed, post):
    others = post("robo", "usage", **report(licensed, "arm", LINE))
    nobodys = post("robo", "usage", **(report(licensed, "arm", LINE) | {"agreement": "L-2026-999"}))
    assert others.status_code == 400 and others.json() == nobodys.json()
    assert post("finance", "usage", **report(licensed, "robo", LINE)).status_code == 403
    assert post("tetsu", "usage", **report(licensed, "robo", LINE)).status_code == 403


def test_an_amount_is_sent_as_digits_and_never_as_a_number(settled, call, post):
    number = call("finance").get("/api/v1/invoices/").json()["results"][0]["number"]
    for amount, code in ((1000, "not-a-string"), ("1e3", "invalid"), ("-5", "invalid"), ("9" * 19, "too-large")):
        answer = post("finance", f"invoices/{number}/receipts", amount=amount, received_on="2026-11-01")
        assert answer.status_code == 400
        assert [(one["field"], one["code"]) for one in answer.json()["findings"]] == [("amount", code)]


def test_a_member_confirms_its_own_payout_and_finance_pays_it(settled, call, post):
    payout = call("tetsu").get("/api/v1/payouts/").json()["results"][0]
    url = f"payouts/{payout['number']}"
    unpaid = post("finance", f"{url}/pay")
    assert (unpaid.status_code, unpaid.json()["code"]) == (422, "payout-not-confirmed")
    assert post("hagane", f"{url}/confirm").status_code == 404
    assert post("tetsu", f"{url}/dispute").status_code == 400
    confirmed = post("tetsu", f"{url}/confirm").json()
    assert confirmed["state"] == "confirmed" and confirmed["steps"][-1]["amount"]
    assert post("tetsu", f"{url}/dispute", reason="late").json()["code"] == "payout-not-notified"
    assert post("tetsu", f"{url}/pay").status_code == 403
    assert post("finance", f"{url}/pay", paid_on="2026-11-30").json()["state"] == "paid"


def test_a_distribution_is_approved_by_somebody_else_and_members_see_no_whole(settled, call, post):
    rows = call("finance").get("/api/v1/distributions/").json()["results"]
    again = post("legal", f"distributions/{rows[0]['number']}/approve")
    assert (again.status_code, again.json()["code"]) == (422, "distribution-not-proposed")
    detail = call("finance").get(f"/api/v1/distributions/{rows[0]['number']}/").json()
    assert sum(int(payout["net"]) for payout in detail["payouts"]) == int(detail["pool"]) - int(detail["steps"]["held"])
    assert call("tetsu").get("/api/v1/distributions/").json()["count"] == 0


def test_the_inbox_says_what_waits(settled, call):
    waiting = call("tetsu").get("/api/v1/inbox/").json()["results"]
    assert [(row["noun"], row["state"]) for row in waiting] == [("payout", "notified")]
    assert waiting[0]["amount"].isdigit() and waiting[0]["todo"]["ja"]
