"""Why a contribution counts nothing, or counts in part: each reason's code and its sentence in both languages."""

from __future__ import annotations

from contributions.core.words import Text

REASONS = {
    "before-grant": Text(
        "交付決定または契約の日より前の費用であるため、対象になりません。",
        "The cost comes before the grant decision or contract that is to bear it.",
    ),
    "disputed": Text(
        "異議の申出があり、回答が済むまで数えません。", "It is disputed and counts nothing until answered."
    ),
    "equity": Text(
        "出資による資金であるため、出資比率にのみ反映します。", "Paid as equity: it counts in the stakes only."
    ),
    "factor-missing": Text("評価係数が定められていません。", "No valuation factor has been adopted for it."),
    "no-terms": Text(
        "有効な提供契約に、この拠出の利用を許す定めがありません。",
        "No inbound agreement in force grants rights in this contribution.",
    ),
    "not-incurred": Text(
        "拠出予定の段階で、まだ発生していません。", "It is only pledged: the cost has not been incurred yet."
    ),
    "recovered": Text("他から回収した部分を除いています。", "The part recovered from elsewhere is left out."),
    "refused": Text("受入れを拒否されています。", "It was refused."),
    "not-accepted": Text("確認が済んでいません。", "It has not been accepted yet."),
    "not-resident": Text(
        "配分規程の定める国の中にあることが示されていません。",
        "It is not shown to be in a country that the policy names.",
    ),
    "outside-membership": Text("会員である期間の外です。", "It lies outside the membership’s period."),
    "outside-window": Text("対象期間の外です。", "It lies outside the period of this allocation."),
    "residency-breach": Text(
        "認められた国の外にあった日数の分を除いています。",
        "The days on which it lay or ran outside the countries allowed are left out.",
    ),
    "review-condition": Text(
        "データ審査の条件が期限までに履行されていません。", "A condition of a data review was not met when it was due."
    ),
    "review-expired": Text("データ審査の有効期間が過ぎています。", "A data review has expired."),
    "review-missing": Text("データ審査が済んでいません。", "A data review is still missing."),
    "review-refused": Text("データ審査で不合格でした。", "A data review was refused."),
    "state-paid": Text("国が負担した部分を除いています。", "The part that the state paid for is left out."),
    "superseded": Text("後の版を数えるため、この版は数えません。", "A later version counts in its place."),
    "unit-not-counted": Text("配分規程はこの単位を数えません。", "The policy does not count this unit."),
    "withdrawn": Text("取り下げられています。", "It has been withdrawn."),
}
