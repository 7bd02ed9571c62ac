"""The demo: a consortium's first half year, told through the same verbs that people use.

Every step is real: files in users' formats are read, reviews are decided by the review body, votes are cast, documents
are rendered and signed. What the press did not publish is invented and marked so; nothing adverse is attached to a real
company. The story ends on 31 October 2026 and leaves each role one thing to do.
"""

from __future__ import annotations

from datetime import date

from licensing.models import Agreement
from licensing.services import policies
from licensing.services.story import (
    closing,
    contracts,
    contributing,
    datasets,
    evaluation,
    life,
    money,
    negotiation,
    opening,
    outside,
    places,
    prospects,
    rights,
    withdrawals,
)
from licensing.services.story.cast import act, act_of, fresh, identity, moment, read


def vote() -> None:
    """The allocation policy is proposed, put to the steering committee, voted on with recorded votes, and adopted."""
    policy = policies.propose(read("policies.json")["adopted"], **act("homu", "2026-06-13 11:00", "policy"))
    rights.vote(policy, act, act_of, moment("2026-06-20 17:00"))
    policies.adopt(policy, adopted_on=date(2026, 6, 20), **act("homu", "2026-06-20 18:00", "adopt"))


def negotiate() -> None:
    """Rules of negotiation are adopted, and a licensee negotiates its second agreement."""
    negotiation.adopt(read("negotiation_rules.json"), act)
    row = contracts.draft(
        "shinonome", "S-ROBOT", "robot", ["JP", "TH"], (date(2026, 12, 1), date(2028, 12, 1)), "2026-10-29 16:20"
    )
    negotiation.negotiate(fresh(row), act)


def is_told() -> bool:
    """Whether the whole story stands in this database."""
    return Agreement.objects.filter(reports__isnull=False).exists()


CHAPTERS = (
    ("台帳の開設、組織、担当者", opening.found),
    ("会員、出資比率、受入契約、換算表、計算施設", opening.admit),
    ("決定機関、届出義務の表", lambda: rights.constitute(act)),
    ("データセットの登録", datasets.register_datasets),
    ("データ審査", datasets.review),
    ("審査への回答、除外指定", datasets.answer),
    ("学習実行とモデルリリース", datasets.release),
    ("配分規程の議決", vote),
    ("条項、料金表、利用者審査、利用許諾契約", contracts.license),
    ("評価契約", evaluation.begin),
    ("ファイルの納品と検収、契約上の義務", lambda: life.hand_over(act, act_of)),
    ("派生するリリース、発明", lambda: (rights.descend(act), rights.invent(act))),
    ("計算資源、資金、従事、知財", contributing.meter),
    ("配分計算", money.allocate),
    ("拠出のその後：確認、異議、回収、従事日誌", contributing.follow),
    ("所在国の証拠、クリーンチームの許可", lambda: places.tell(act, identity)),
    ("利用実績、請求、入金", money.bill),
    ("変更契約、義務の履行と免除、派生モデル、契約の終了", lambda: life.live_on(act, act_of)),
    ("契約交渉、標準外条項、稟議", negotiate),
    ("収益分配", money.distribute),
    ("提携の値の表", lambda: rights.value(act)),
    ("データの取下げとその影響", withdrawals.tell),
    ("料金表の追加、外部からの申出、利用者審査の途中", lambda: prospects.tell(act)),
    ("外部で締結した契約の受入れ", lambda: outside.take_in(act)),
    ("各担当者の次の仕事", closing.leave_work),
    ("条項の案", contracts.propose_wording),
    ("立会人と立会署名", closing.witness),
    ("来歴・権利検証報告書", closing.report),
)
