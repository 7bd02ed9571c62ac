"""Notices and inventions over the API: a table is adopted whole, and an invention is its holders' to know."""

LINE = {"code": "report", "ja": "届出", "en": "report", "modes": ["commission"], "trigger": "made", "days": 30,
        "source_ja": "約款", "source_en": "terms"}  # fmt: skip


def test_legal_adopts_a_table_and_a_member_registers_an_invention(allocated, call, post):
    stated = {"valid_from": "2026-04-01", "source_ja": "約款", "source_en": "terms"}
    wrong = post("legal", "duties", lines=[LINE | {"trigger": "moon"}], **stated)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad-duties")
    assert post("tetsu", "duties", lines=[LINE], **stated).status_code == 403
    assert post("legal", "duties", lines=[LINE], **stated).json()["version"] == 1
    made = post(
        "tetsu", "inventions", title_ja="炉", title_en="Furnace", made_on="2026-06-01",
        inventors=[{"name": "甲", "employer": "tetsu", "share": "1"}],
    ).json()  # fmt: skip
    assert made["holders"] == {"tetsu": "1"} and made["notices"] == []
    assert call("hagane").get(f"/api/v1/inventions/{made['number']}/").status_code == 404
    assert call("hagane").get("/api/v1/valuations/").json()["count"] == 0
