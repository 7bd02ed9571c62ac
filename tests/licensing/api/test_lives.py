"""The life of contracts over the API: the same services, the same refusals, and nothing of others."""

from contributions.core.roles import Viewer
from licensing import services


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
