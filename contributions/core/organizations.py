"""Identifiers of legal entities: what a check digit proves, and what it does not."""

from __future__ import annotations

import unicodedata

from stdnum.jp import cn

from contributions.core.errors import Refused


class BadCorporateNumber(Refused):
    code = "bad-corporate-number"
    ja = "法人番号「{number}」の検査数字が合いません。国税庁の公表サイトで確かめ、13桁で入力してください。"
    en = "The corporate number “{number}” fails its check digit. Look it up in the public register; enter 13 digits."


class BadInvoiceNumber(Refused):
    code = "bad-invoice-number"
    ja = "登録番号「{number}」は「T」と法人番号（{corporate}）を並べたものにしてください。"
    en = "The invoice registration number “{number}” must be “T” followed by the corporate number ({corporate})."


def corporate_number(text: str) -> str:
    """A 法人番号 of 13 digits whose first is the check digit; blank stays blank.

    check = 9 − (Σ Pn·Qn mod 9): Pn the n-th of the other twelve digits from the right, Qn 1 for odd n, 2 for even
    (財務省令; python-stdnum `jp.cn`).
    The check misses a 0 typed for a 9 and the reverse, so a name must still be compared with the register.

    >>> corporate_number("8700110005901")
    '8700110005901'
    """
    number = unicodedata.normalize("NFKC", text).replace("-", "").strip()
    if not number:
        return ""
    if not cn.is_valid(number):
        raise BadCorporateNumber(number=text)
    return number


def invoice_number(text: str, corporate: str) -> str:
    """A corporation's 登録番号: T followed by its 法人番号; blank stays blank.

    >>> invoice_number("ｔ８７００１１０００５９０１", "8700110005901")
    'T8700110005901'
    """
    number = unicodedata.normalize("NFKC", text).upper().replace("-", "").strip()
    if not number:
        return ""
    if number != f"T{corporate}" or not corporate:
        raise BadInvoiceNumber(number=text, corporate=corporate or "–")
    return number
