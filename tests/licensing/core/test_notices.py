"""The letter of a termination, and the form on which copies are certified to be deleted."""

from datetime import UTC, date, datetime

import pytest

from contributions.core.words import Text
from licensing.core.letterhead import Party
from licensing.core.notices import DeletionDocument, Ended, NoticeDocument

PARTY = Party(Text("見本株式会社", "Mihon Inc."), Text("東京都", "Tokyo"))


def letter(ground: str, **more) -> NoticeDocument:
    ended = Ended(
        "L-2026-001", Text("基盤モデル利用許諾契約書", "Foundation Model Licence Agreement"), date(2026, 6, 23), ground,
        Text("事由", "ground"), Text("第24条第1項", "Article 24, paragraph 1"), Text("時", "time"), "理由", **more,
    )  # fmt: skip
    return NoticeDocument("TM-1", ended, PARTY, PARTY, date(2026, 10, 30), datetime(2026, 10, 30, tzinfo=UTC), True)


@pytest.mark.parametrize(
    ("ground", "title", "verb"),
    [
        ("cause", "契約解除通知書", "解除することを通知します"),
        ("antisocial", "契約解除通知書", "解除することを通知します"),
        ("convenience", "契約解約通知書", "解約することを通知します"),
        ("exit", "契約解約通知書", "解約することを通知します"),
        ("agreed", "契約終了確認書", "確認します"),
        ("step-up", "契約終了確認書", "確認します"),
    ],
)
def test_a_letter_is_called_by_what_it_does_and_says_so(ground, title, verb):
    made = letter(ground)
    assert made.title.ja == title and verb in made.body.ja
    assert "2026年6月23日" in made.body.ja and "23 June 2026" in made.body.en
    assert ("Provision" in [fact.label.en for fact in made.facts]) == (ground != "agreed"), "both agreed, on no clause"
    assert ("第24条第1項に基づき" in made.body.ja) == (ground not in {"agreed", "step-up"})


def test_days_are_last_days_and_what_does_not_apply_is_left_out():
    labels = [fact.label.en for fact in letter("grave").facts]
    assert labels == ["Ground", "Provision", "Takes effect", "Reason"]
    facts = {
        fact.label.en: fact.value.ja
        for fact in letter(
            "cause", demanded_on=date(2026, 9, 1), wind_down_until=date(2027, 5, 1), delete_by=date(2026, 11, 29),
            survivors=(Text("第5条", "Article 5"), Text("第7条第1項", "Article 7, paragraph 1")),
        ).facts
    }  # fmt: skip
    assert facts["Demand received on"] == "2026年9月1日"
    assert facts["Last day of the wind-down"] == "2027年4月30日"
    assert facts["Provisions that survive"] == "第5条、第7条第1項"


def test_the_certificate_asks_what_how_when_and_who():
    made = DeletionDocument(
        "O-1", "L-1", Text("契約書", "Agreement"), PARTY, PARTY, date(2026, 11, 30), (),
        datetime(2026, 10, 31, tzinfo=UTC), True,
    )  # fmt: skip
    asked = "".join(one.ja for one in made.blanks)
    assert all(word in asked for word in ("対象", "方法", "日時", "責任者", "署名")) and made.marks == "見本・架空"
