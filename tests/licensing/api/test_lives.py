"""The life of contracts over the API: the same services, the same refusals, and nothing of others."""

from datetime import date

from contributions.core.roles import Viewer
from licensing import services
from licensing.core.outside import Terms
from licensing.models import Agreement


def test_an_agreement_is_amended_and_read_as_of_days(licensed, call, post):
    number = licensed.agreement("robo").number
    sent = {"agreement": number, "effective_from": "2027-12-01", "changes": {"report_days": 45}, "reason": "短縮"}
    assert post("robo", "amendments", **sent).status_code == 403
    drafted = post("legal", "amendments", **sent)
    assert drafted.status_code == 201, drafted.content
    row = drafted.json()["number"]
    assert call("robo").get(f"/api/v1/amendments/{row}/").status_code == 404
    assert post("arm", "amendments", **sent).status_code in {403, 404}
    for username, step in (("second", "approve"), ("legal", "offer"), ("legal", "sign"), ("robo", "countersign")):
        done = post(username, f"amendments/{row}/{step}")
        assert done.status_code == 200, done.content
    assert done.json()["state"] == "executed"
    days = [
        call("robo")
        .get(f"/api/v1/agreements/{number}/consolidated/{day}/")
        .json()["document"]["variables"]["report_days"]
        for day in ("2027-11-30", "2027-12-01")
    ]
    assert days == [60, 45]
    assert call("robo").get(f"/api/v1/agreements/{number}/consolidated/tomorrow/").status_code == 404
    life = call("robo").get(f"/api/v1/agreements/{number}/life/").json()
    assert life["notice_day"] == "2028-03-23" and [one["version"] for one in life["editions"]] == [1, 2]
    assert call("arm").get(f"/api/v1/agreements/{number}/life/").status_code == 404


def test_duties_are_listed_fulfilled_and_waived(licensed, call, post):
    for code in ("robo", "arm"):
        services.obligations.raise_for(licensed.agreement(code), by=Viewer.system("follower"), at=licensed.clock)
    rows = call("robo").get("/api/v1/obligations/?party=licensee").json()["results"]
    assert rows and {row["licensee"] for row in rows} == {"robo"}
    report = next(row for row in rows if row["clause"] == "reporting")
    bare = post("robo", f"obligations/{report['number']}/fulfil", note="提出済み")
    assert bare.status_code == 422 and "evidence" in bare.json()["code"]
    file = {"name": "report.csv", "content": "YWJj"}
    assert post("robo", f"obligations/{report['number']}/fulfil", **file).json()["state"] == "done"
    money = next(row for row in rows if row["clause"] == "fees")
    assert post("legal", f"obligations/{money['number']}/waive", reason="支援").json()["waiver_asked_at"]
    assert post("legal", f"obligations/{money['number']}/waiver").status_code == 422
    assert post("finance", f"obligations/{money['number']}/waiver").json()["state"] == "waived"


def test_an_agreement_ends_for_both_and_is_listed(licensed, call, post):
    number = licensed.agreement("robo").number
    ended = post("legal", f"agreements/{number}/terminate", ground="antisocial", reason="該当")
    assert ended.status_code == 201, ended.content
    for username in ("legal", "robo"):
        assert call(username).get(f"/api/v1/agreements/{number}/life/").json()["standing"] == "terminated"
        assert call(username).get("/api/v1/terminations/").json()["count"] == 1
    assert call("arm").get("/api/v1/terminations/").json()["count"] == 0
    assert call("robo").get("/api/v1/derivatives/").json()["count"] == 0
    assert call("robo").get("/api/v1/deliveries/").json()["count"] == 0
    again = post("robo", f"agreements/{number}/refuse-renewal")
    assert again.status_code == 422


def test_an_agreement_is_drafted_and_renewals_and_step_ups_are_refused_where_no_clause_has_them(licensed, call, post):
    agreement = licensed.agreement("robo")
    sent = {
        "licensee": "robo", "template": "standard", "schedule": str(agreement.schedule), "release": "R-0.1",
        "term_from": "2027-01-01", "term_until": "2029-01-01", "variables": {"cure_days": 45},
    }  # fmt: skip
    assert post("robo", "agreements", **sent).status_code in {403, 404}
    made = post("legal", "agreements", **sent)
    assert made.status_code == 201, made.content
    assert call("robo").get(f"/api/v1/agreements/{made.json()['number']}/").status_code == 404, "not yet offered"
    terms = call("legal").get(f"/api/v1/agreements/{made.json()['number']}/terms/").json()["document"]["variables"]
    assert (terms["cure_days"], terms["term"]["until"]) == (45, "2029-01-01")
    assert terms["licensee"] == agreement.variables["licensee"]
    refused = post("robo", f"agreements/{agreement.number}/propose-renewal", until="2030-01-01", reason="継続")
    assert (refused.status_code, refused.json()["code"]) == (422, "renewal-automatic")
    refused = post("robo", "step-ups", evaluation=agreement.number, plan="量産")
    assert (refused.status_code, refused.json()["code"]) == (422, "not-an-evaluation")
    for username in ("robo", "legal"):
        assert call(username).get("/api/v1/step-ups/").json()["count"] == 0
        assert call(username).get("/api/v1/renewal-proposals/").json()["count"] == 0
    assert post("arm", "step-ups", evaluation=agreement.number, plan="量産").status_code == 404


def test_a_proposed_renewal_is_countered_by_the_other_side_and_nobody_else(licensed, call, post):
    row = licensed.agreement("robo")
    pins = [one if one["id"] != "term-renewing" else {"id": "term-fixed", "version": 1} for one in row.clauses]
    Agreement.objects.filter(pk=row.pk).update(variables=row.variables | {"renewal": "none"}, clauses=pins)
    sent = {"until": "2029-06-24", "reason": "継続"}
    first = post("robo", f"agreements/{row.number}/propose-renewal", **sent)
    assert first.status_code == 201, first.content
    address = f"renewal-proposals/{first.json()['number']}/counter"
    more = {"until": "2030-06-24", "reason": "二年", "changes": {"report_days": 45}}
    assert post("robo", address, **more).json()["code"] == "renewal-answer-refused"
    assert post("arm", address, **more).status_code == 404
    closed = post("legal", address, **more | {"changes": {"court": "x"}})
    assert (closed.status_code, closed.json()["code"]) == (422, "renewal-condition-closed")
    made = post("legal", address, **more)
    assert made.status_code == 201, made.content
    assert (made.json()["counters"], made.json()["changes"]) == (first.json()["number"], {"report_days": 45})
    listed = call("robo").get("/api/v1/renewal-proposals/").json()["results"]
    assert [one["state"] for one in listed] == ["proposed", "countered"]
    refused = post("finance", f"agreements/{row.number}/evaluation-fee")
    assert (refused.status_code, refused.json()["code"]) == (422, "no-evaluation-fee")


def test_a_duty_of_an_outside_contract_is_recorded_on_each_of_its_days(licensed, call, post):
    given = Terms("nda", "秘密保持契約", "架空商事株式会社", date(2026, 4, 1), date(2026, 4, 1), date(2028, 4, 1))
    row = services.outside.take(given, name="契約書.pdf", content=b"%PDF-1.4\n%x\n", **licensed.by("legal"))
    duty = {"title": "年次報告", "party": "licensee", "due_on": "2027-01-31", "every_months": 12}
    assert post("finance", f"outside-agreements/{row.number}/obligations", **duty).status_code == 403
    assert post("robo", f"outside-agreements/{row.number}/obligations", **duty).status_code == 404
    assert post("legal", f"outside-agreements/{row.number}/obligations", **duty).status_code == 201
    rows = call("legal").get("/api/v1/obligations/?party=licensee").json()["results"]
    listed = [(one["due_on"], one["licensee"]) for one in rows if one["agreement"] == row.number]
    assert listed == [("2027-01-31", None), ("2028-01-31", None)]
    assert not [
        one for one in call("robo").get("/api/v1/obligations/").json()["results"] if row.number in one["number"]
    ]


def test_agreements_duties_and_licence_files_are_told_as_of_a_day(licensed, call, post):
    number, licence = licensed.agreement("robo").number, licensed.agreement("robo").licences.first()
    services.obligations.raise_for(licensed.agreement("robo"), by=Viewer.system("follower"), at=licensed.clock)
    licensed.wait_until("2026-08-10 09:00")
    services.terminations.terminate(
        licensed.agreement("robo"), ground="antisocial", reason="該当", **licensed.by("legal")
    )

    def told(path: str, day: str, who: str = "legal"):
        answer = call(who).get(f"/api/v1/{path}/?as_of={day}")
        return answer.json() if answer.status_code == 200 else answer.status_code

    lives = [told(f"agreements/{number}/life", day) for day in ("2026-08-09", "2026-08-10")]
    assert [life["standing"] for life in lives] == ["in_force", "terminated"]
    assert lives[0]["ends"] == "2028-06-24" != lives[1]["ends"], "an end that nobody had given yet does not show"
    assert (
        told(f"agreements/{number}/life", "2026-06-19") == told(f"agreements/{number}/life", "2026-08-09", "arm") == 404
    )
    states = [{row["number"]: row["state"] for row in told("agreements", day)["results"]} for day in
              ("2026-06-19", "2026-08-09", "2026-08-10")]  # fmt: skip
    assert (states[0].get(number), states[1][number], states[2][number]) == (None, "in_force", "terminated")
    assert told("obligations", "2026-06-19")["count"] == 0 < told("obligations", "2026-08-09")["count"]
    assert told("obligations", "2026-08-09", "arm")["count"] == 0
    issued = [row["serial"] for row in told("licences", "2026-06-30")["results"] if row["agreement"] == number]
    assert (issued == [licence.serial]) if licence else issued == []
    assert told("licences", "2026-06-19")["count"] == 0
    assert [row["number"] for row in told("schedules", "2026-06-30")["results"]] == ["S-ROBOT"]
    assert told("schedules", "2026-05-31")["count"] == 0 and told("fields", "2026-06-30")["count"] > 0
    for noun in ("agreements", f"agreements/{number}/life", "obligations", "licences", "schedules", "fields", "bodies"):
        refused = call("legal").get(f"/api/v1/{noun}/?as_of=yesterday")
        assert refused.status_code == 400 and "is no date" in refused.json()["findings"][0]["reason"], noun
