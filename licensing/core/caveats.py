"""What stands beside figures: how far they have come, what was checked and what not, and what shares give away.

Which of these a viewer reads is decided in `disclosure`; here are the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from contributions.core.words import Text
from licensing.core.categories import CATEGORIES
from licensing.core.suppression import exposed as exposed_by

RUN, ATTESTED, PROPOSED, ADOPTED, SUPERSEDED = "run", "attested", "proposed", "adopted", "superseded"
STANDINGS = {
    RUN: Text(
        "この配分計算はまだ再計算による確認も採択もされていません。配分比率の合計はちょうど 1 です。",
        "This allocation has been neither attested nor adopted yet. Its shares sum to exactly 1.",
    ),
    ATTESTED: Text(
        "この配分計算は配分デスクと監査人が再計算して確認しましたが、まだ採択されていません。"
        "配分比率の合計はちょうど 1 です。",
        "Desk and auditor have recomputed this allocation; it is not adopted yet. Its shares sum to exactly 1.",
    ),
    PROPOSED: Text(
        "この配分計算は再計算のうえ議決に付されていますが、まだ採択されていません。配分比率の合計はちょうど 1 です。",
        "This allocation was recomputed and is put to the vote; it is not adopted yet. Its shares sum to exactly 1.",
    ),
    ADOPTED: Text(
        "採択された配分計算があり、配分比率の合計はちょうど 1 です。",
        "An adopted allocation exists, and its shares sum to exactly 1.",
    ),
    SUPERSEDED: Text(
        "採択された配分計算でしたが、後の配分計算に置き換えられました。配分比率の合計はちょうど 1 です。",
        "This allocation was adopted, and a later one has taken its place. Its shares sum to exactly 1.",
    ),
}
RECOMPUTED_ALL = Text(
    "すべての明細・総量・配分比率をこの画面で再計算できます。", "Every line, total and share can be recomputed here."
)
OWN_POINTS = Text(
    "自社の明細から自社の点数を再計算できます。", "Your own points can be recomputed from your own lines."
)
OWN_SHARE = Text(
    "自社に関わる区分の総量がすべて示されているため、自社の配分比率も再計算できます。",
    "Every total behind your share is shown, so your share can be recomputed too.",
)
NOT_CHECKED = Text(
    "「検算・署名済み」とある区分では、総量そのものは確かめられません。確かめられるのは、総量のコミットメント値が採択時の記録に含まれることと、"
    "配分デスクの署名です。",
    "Where it says “attested”, the total itself cannot be checked here: only that its commitment stands in the adopted"
    " record, and the desk’s signature.",
)
PAYOUTS = Text(
    "ただし、配分比率と支払額は自社に示されるため、回を重ねると区分の総量をある程度まで推し量れることがあります。",
    "Even so, your share and your payments are known to you, and over several rounds they can narrow down a total.",
)
DERIVABLE = Text(
    "次の区分の総量は、示していなくても、自社の各権利の配分比率と点数から端数の範囲で推し量れます。伏せても防げません：{ja}。",
    "The totals of these categories follow, to within rounding, from your own shares of all rights and your points,"
    " though they are not shown. Hiding cannot prevent it: {en}.",
)
VALUES = Text(
    "提携の値と、離脱した方が得になる提携は、配分デスクと監査人だけが見ます。",
    "What coalitions are worth, and which would gain by leaving, is seen by desk and auditor alone.",
)
USAGE = Text(
    "利用者ごとの支払と利用は、会員には示しません。", "What each licensee paid and used is not shown to members."
)
SCALE = Text(
    "下限・上限による調整の倍率も、自社の配分比率から推し量れます。ほかの会員に下限・上限が適用されたことが分かります。",
    "The scale of floor and cap follows from your own shares too: it tells that a bound applied to some member.",
)
SINGLE = Text(
    "自社の点数が一つの区分だけにあるため、配分比率からその区分の総量を端数の範囲で推し量れます。これは避けられません。",
    "Your points stand in one category only, so your share lets its total be estimated to within rounding."
    " This cannot be avoided.",
)
SHARES_ONLY = Text(
    "支払と権利の管理に必要な配分比率だけを示します。点数・総量・明細は配分デスクと監査人が確かめます。",
    "Shares are shown as payment and rights need them; points, totals and lines are checked by desk and auditor.",
)
OTHERS_LINES = Text("他の会員の明細は示しません。", "Lines of other members are not shown.")


def derivable(codes: Sequence[str]) -> Text:
    """The sentence that names the totals which no hiding protects."""
    listed = [CATEGORIES[code] for code in codes]
    return Text(
        DERIVABLE.ja.format(ja="、".join(name.ja for name in listed)),
        DERIVABLE.en.format(en=", ".join(name.en for name in listed)),
    )


def warnings(weights: Sequence[Mapping[str, Fraction]], codes: Iterable[str]) -> tuple[Text, ...]:
    """What a proposal must be told of: its rights, as rows of weights by category, are equations on the same totals.

    A member with points in so few categories as there are independent equations can work out every hidden total of
    them from its own shares; and some totals may follow even for a member with points everywhere.
    """
    codes = list(codes)
    equations, exposed = exposed_by(weights, codes)
    said = []
    if equations > 1:
        said.append(
            Text(
                f"この規程は、同じ総量について重みの異なる {equations} 本の式を会員に与えます。"
                f"点数のある区分が {equations} つ以下の会員は、総量を伏せても、"
                "自社の配分比率から端数の範囲で推し量れます。",
                f"This policy gives each member {equations} different equations on the same totals. A member with"
                f" points in {equations} categories or fewer can work out their totals, to within rounding, from its"
                " own shares, though they are hidden.",
            )
        )
    if exposed and len(codes) > 1:
        listed = [CATEGORIES[code] for code in codes if code in exposed]
        ja, en = "、".join(name.ja for name in listed), ", ".join(name.en for name in listed)
        said.append(
            Text(
                f"次の区分の総量は、権利どうしの重みの違いから、すべての会員が推し量れます：{ja}。",
                f"From how the weights differ between rights, every member can work out the totals of: {en}.",
            )
        )
    return tuple(said)
