"""The rights that a policy covers one by one, and the typed choices it makes for each.

Whose a thing is (帰属), who may use it and how (利用条件), and who may train on with it (追加学習) are three questions:
METI's guidelines and the JPO's model contracts keep them apart, since fights over ownership alone stall projects. A
share is a fourth thing again: by default a contractual claim, and true co-ownership only where the policy says so.
"""

from __future__ import annotations

from contributions.core.words import Text

RIGHTS = {
    "weights": Text("学習済みパラメータ", "weights"),
    "training-dataset": Text("学習用データセット", "training dataset"),
    "training-program": Text("学習用プログラム", "training program"),
    "inventions": Text("発明・特許権等", "inventions and patents"),
    "derivative": Text("派生モデル", "derivative model"),
    "distilled": Text("蒸留モデル", "distilled model"),
    "know-how": Text("ノウハウ", "know-how"),
    "outputs": Text("AI生成物", "outputs"),
    "revenue": Text("利用料収入", "licence revenue"),
    "votes": Text("議決権", "votes"),
    "use": Text("利用枠", "capacity of use"),
}
MONEY, VOTES = "revenue", "votes"
NOT_OWNED = frozenset({"revenue", "votes", "use"})  # shared out, but nothing that anybody could own in common

FORMS = {
    "claim": Text("契約上の請求権（所有権・共有持分ではありません）", "a contractual claim, not ownership"),
    "co-ownership": Text(
        "共有。第三者への許諾には他の共有者の同意が必要です（特許法73条、著作権法65条）",
        "co-ownership: licensing to others then needs every co-owner’s consent (Patent Act 73, Copyright Act 65)",
    ),
}
CLAIM, CO_OWNERSHIP = "claim", "co-ownership"
FORM_NAMES = {
    CLAIM: Text("契約上の請求権", "a contractual claim"),
    CO_OWNERSHIP: Text("共有持分", "a share in co-ownership"),
}

CO_OWNED, LEAD = "co-owned", "lead"
OWNERSHIP = {
    "contributor": Text("提供した会員に留保", "stays with the member that contributed it"),
    "creator": Text("創出した会員に帰属", "belongs to the member that created it"),
    "inventor-employer": Text("発明者の所属する会員に帰属", "belongs to the employer of the inventor"),
    "consortium": Text("コンソーシアムに帰属", "belongs to the consortium"),
    LEAD: Text("主導当事者に帰属", "belongs to the leading party"),
    "core-business": Text("中核事業に関わる会員に帰属", "belongs to the member whose core business it concerns"),
    CO_OWNED: Text("会員の共有", "co-owned by the members"),
    "maker": Text("作成した者に帰属", "belongs to whoever made it"),
    "user": Text("生成した利用者に帰属", "belongs to the user that generated it"),
    "not-owned": Text("帰属を定めない（金銭・議決の割当て）", "no ownership: an entitlement to money or votes"),
}
USE = {
    "any-purpose": Text(
        "全会員が目的を問わず無償で利用・再許諾できる", "any member, any purpose, free, with sub-licences"
    ),
    "internal": Text("会員の社内利用は無償", "free for members’ internal use"),
    "own-field": Text("会員は自らの事業分野で無償", "free for members in their own field of business"),
    "project-only": Text("共同開発の目的に限り無償", "free for the joint project only"),
    "own-working-free": Text(
        "各共有者は自ら実施できるが、第三者への許諾には他の共有者の同意が必要",
        "each co-owner works it freely; licensing to others needs every co-owner’s consent",
    ),
    "fair-terms": Text("公正かつ合理的な条件で許諾を受けられる", "licensed on fair and reasonable terms"),
    "negotiate": Text("許諾の条件を誠実に協議する", "a duty to negotiate a licence in good faith"),
    "by-schedule": Text("料金表による有償の許諾", "licensed for money by the schedule"),
    "holder-only": Text("権利者だけが利用できる", "the holder alone"),
    "by-policy": Text("配分規程の比率による", "by the shares of the policy"),
}
FURTHER_TRAINING = {
    "members": Text("会員は追加学習できる", "members may train further"),
    "consortium-only": Text("コンソーシアムだけが追加学習できる", "the consortium alone may train further"),
    "holder-only": Text("権利者だけが追加学習できる", "the holder alone may train further"),
    "licensed": Text("許諾した範囲で追加学習できる", "within what a licence permits"),
    "consent": Text("提供した会員の同意を要する", "only with the contributor’s consent"),
    "prohibited": Text("追加学習・蒸留を禁止", "further training and distillation are prohibited"),
    "not-applicable": Text("該当なし", "not applicable"),
}
