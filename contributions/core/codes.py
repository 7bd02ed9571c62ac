"""Codes that people choose and addresses are made of."""

from __future__ import annotations

from contributions.core.errors import Refused

# What stands in the place of a code in the addresses of the pages: /organizations/new/, /funding/assets/….
TAKEN = frozenset({"new", "assets"})


class CodeTaken(Refused):
    code = "code-taken-by-a-page"
    ja = "「{value}」は画面のアドレスに使われているため、コードにできません。別のコードを指定してください。"
    en = "“{value}” is part of the addresses of the pages and cannot be a code. Choose another one."


def check_free(code: str) -> str:
    """The code, unless a page has it in its address: what is named so could never be opened.

    >>> check_free("newman")
    'newman'
    """
    if code.lower() in TAKEN:
        raise CodeTaken(value=code)
    return code
