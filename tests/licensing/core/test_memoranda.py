"""What a 覚書 changes, as the table that its template asks for."""

from dataclasses import replace

from contributions.core.words import Text
from licensing.core import memoranda
from licensing.core.amendments import Change
from licensing.core.assembly import Article, Clause, Line


def article(number: int, *, text: str = "30日以内", version: int = 1) -> Article:
    first = Line(Text("1", "1."), Text(f"{text}に支払う。", f"Pay: {text}."))
    item = Line(Text("(1)", "(1)"), Text("元本", "principal"))
    label = Text(f"第{number}条", f"Article {number}")
    return Article(number, "payment", version, label, Text("支払", "Payment"), (Clause(first, (item,)),))


def test_terms_come_first_then_each_article_whole_in_both_languages():
    change = Change("report_days", Text("報告の期限（日）", "Days to report"), Text("60", "60"), Text("45", "45"))
    rows = memoranda.table([change], [(article(5), article(6, text="45日以内", version=2))])
    assert rows[0] == {
        "place": {"ja": "報告の期限（日）", "en": "Days to report"},
        "before": {"ja": "60", "en": "60"},
        "after": {"ja": "45", "en": "45"},
    }
    assert rows[1]["place"] == {"ja": "第5条→第6条（支払）", "en": "Article 5 → Article 6 (Payment)"}
    assert rows[1]["after"]["ja"] == "1　45日以内に支払う。\n(1)　元本"
    assert rows[1]["before"]["en"] == "1. Pay: 30日以内.\n(1) principal"


def test_an_article_that_comes_or_goes_says_so_and_one_that_only_moved_is_no_change():
    come, gone = memoranda.table([], [(None, article(7)), (article(8), None)])
    assert come["place"]["ja"] == "第7条（支払）（新設）" and come["before"] == {"ja": "", "en": ""}
    assert gone["place"]["en"] == "Article 8 (Payment), deleted" and gone["after"] == {"ja": "", "en": ""}
    same = article(9)
    assert memoranda.table([], [(same, replace(same, version=2))]) == []
