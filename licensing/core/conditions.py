"""Conditions of clauses: a small expression language, read by our own walker and never executed.

Grammar: `and`, `or`, `not`, comparisons (`==` `!=` `<` `<=` `>` `>=` `in` `not in`), variable names, and literals
(text, whole numbers, True, False, lists of these). Python's parser builds the tree; every node outside the grammar is
refused, so there is nothing to call, no attribute to reach and no name beyond the agreement's variables.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text

LENGTH_MAX = 400
DEPTH_MAX = 12

_ORDERED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

_TOO_LONG = Text("長すぎます。", "It is too long.")
_NOT_READABLE = Text("式として読めません。", "It does not read as an expression.")
_OUTSIDE = Text(
    "使えるのは and、or、not、比較、in、変数名、文字列、整数だけです。",
    "Only and, or, not, comparisons, in, variable names, text and whole numbers may be used.",
)
TOO_MANY = Text("変数の組合せが多すぎ、判定できません。", "It has too many combinations of variables to decide.")
_NOT_TRUTH = Text("真偽の値になりません。", "It does not give true or false.")
_KINDS = Text("種類の異なる値を比べています。", "It compares values of different kinds.")


class ConditionRefused(Refused):
    code = "condition-refused"
    ja = "条件「{condition}」は使えません。{reason}"
    en = "The condition “{condition}” cannot be used. {reason}"


def parse(condition: str) -> ast.expr:
    """The tree of a condition, refused at once if it holds anything beyond the grammar."""
    if len(condition) > LENGTH_MAX:
        raise ConditionRefused(condition=condition[:40] + "…", reason=_TOO_LONG)
    try:
        tree = ast.parse(condition.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ConditionRefused(condition=condition, reason=_NOT_READABLE) from error
    _check(tree, condition, 0)
    return tree


def names(condition: str) -> frozenset[str]:
    """The variables a condition asks for.

    >>> sorted(names("further_training and regions != ['JP']"))
    ['further_training', 'regions']
    """
    return frozenset(node.id for node in ast.walk(parse(condition)) if isinstance(node, ast.Name))


def holds(condition: str | None, variables: Mapping[str, object]) -> bool:
    """Whether the condition is true of these variables; no condition always holds.

    >>> holds("minimum >= 1000000 and 'TH' in regions", {"minimum": 6_000_000, "regions": ("JP", "TH")})
    True
    """
    if condition is None:
        return True
    result = _value(parse(condition), variables, condition)
    if not isinstance(result, bool):
        raise ConditionRefused(condition=condition, reason=_NOT_TRUTH)
    return result


def _check(node: ast.expr, condition: str, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise ConditionRefused(condition=condition, reason=_TOO_LONG)
    for child in _children(node, condition):
        _check(child, condition, depth + 1)


def _children(node: ast.expr, condition: str) -> list[ast.expr]:
    match node:
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.Compare(left=left, comparators=comparators):
            if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
                raise ConditionRefused(condition=condition, reason=_OUTSIDE)
            return [left, *comparators]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return elements
        case ast.Name():
            return []
        case ast.Constant(value=value) if isinstance(value, str | int):
            return []
    raise ConditionRefused(condition=condition, reason=_OUTSIDE)


def _value(node: ast.expr, variables: Mapping[str, object], condition: str) -> object:
    match node:
        case ast.BoolOp(op=op, values=values):
            parts = [_truth(value, variables, condition) for value in values]
            return all(parts) if isinstance(op, ast.And) else any(parts)
        case ast.UnaryOp(operand=operand):
            return not _truth(operand, variables, condition)
        case ast.Compare():
            return _compare(node, variables, condition)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return tuple(_value(element, variables, condition) for element in elements)
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in variables:
            return variables[name]
        case ast.Name(id=name):
            raise ConditionRefused(condition=condition, reason=_unknown(name))
    raise AssertionError("parse let a node through")


def _truth(node: ast.expr, variables: Mapping[str, object], condition: str) -> bool:
    value = _value(node, variables, condition)
    if not isinstance(value, bool):
        raise ConditionRefused(condition=condition, reason=_NOT_TRUTH)
    return value


def _compare(node: ast.Compare, variables: Mapping[str, object], condition: str) -> bool:
    left = _value(node.left, variables, condition)
    for op, comparator in zip(node.ops, node.comparators, strict=True):
        right = _value(comparator, variables, condition)
        if not _holds(op, left, right, condition):
            return False
        left = right
    return True


def _holds(op: ast.cmpop, left: object, right: object, condition: str) -> bool:
    if isinstance(op, ast.In | ast.NotIn):
        if not isinstance(right, tuple):
            raise ConditionRefused(condition=condition, reason=_KINDS)
        return (left in right) is isinstance(op, ast.In)
    if isinstance(left, str) != isinstance(right, str) or isinstance(left, tuple) != isinstance(right, tuple):
        raise ConditionRefused(condition=condition, reason=_KINDS)
    if isinstance(op, ast.Eq | ast.NotEq):
        return (left == right) is isinstance(op, ast.Eq)
    try:
        return bool(_ORDERED[type(op)](left, right))
    except TypeError as error:  # lists of unlike members
        raise ConditionRefused(condition=condition, reason=_KINDS) from error


def _unknown(name: str) -> Text:
    return Text(f"変数「{name}」はありません。", f"There is no variable “{name}”.")


# How a comparison reads: variable, then value.
_READS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("{left}が{right}である", "{left} is {right}"),
    ast.NotEq: ("{left}が{right}以外である", "{left} is not {right}"),
    ast.Lt: ("{left}が {right} 未満である", "{left} is below {right}"),
    ast.LtE: ("{left}が {right} 以下である", "{left} is at most {right}"),
    ast.Gt: ("{left}が {right} を超える", "{left} exceeds {right}"),
    ast.GtE: ("{left}が {right} 以上である", "{left} is at least {right}"),
    ast.In: ("{right}が{left}を含む", "{right} include {left}"),
    ast.NotIn: ("{right}が{left}を含まない", "{right} do not include {left}"),
}


def sentence(condition: str, labels: Mapping[str, Text], choices: Mapping[str, Mapping[str, Text]]) -> Text:
    """The condition as people read it. `labels` name the variables, `choices` the values that each may take.

    >>> sentence("minimum > 0", {"minimum": Text("最低利用料", "Minimum Fee")}, {}).ja
    '最低利用料が 0 を超える場合'
    """
    said = _said(parse(condition), labels, choices)
    return Text(f"{said.ja}場合", f"where {said.en}")


def _said(node: ast.expr, labels: Mapping[str, Text], choices: Mapping[str, Mapping[str, Text]]) -> Text:
    match node:
        case ast.BoolOp(op=op, values=values):
            parts = [_said(value, labels, choices) for value in values]
            ja, en = ("、かつ", " and ") if isinstance(op, ast.And) else ("、又は", " or ")
            return Text(ja.join(part.ja for part in parts), en.join(part.en for part in parts))
        case ast.UnaryOp(operand=ast.Name(id=name)):
            label = labels.get(name, Text(name, name))
            return Text(f"{label.ja}がない", f"not “{label.en}”")
        case ast.UnaryOp(operand=operand):
            part = _said(operand, labels, choices)
            return Text(f"（{part.ja}）に当たらない", f"not ({part.en})")
        case ast.Name(id=name):
            label = labels.get(name, Text(name, name))
            return Text(f"{label.ja}がある", f"“{label.en}”")
        case ast.Compare():
            return _said_comparison(node, labels, choices)
    raise AssertionError("parse let a node through")


def _said_comparison(node: ast.Compare, labels: Mapping[str, Text], choices: Mapping[str, Mapping[str, Text]]) -> Text:
    ja, en, left = [], [], node.left
    for op, right in zip(node.ops, node.comparators, strict=True):
        names = [each.id for each in (left, right) if isinstance(each, ast.Name)]
        known = choices.get(names[0], {}) if names else {}
        first, second = (_word(each, labels, known) for each in (left, right))
        reads = _READS[type(op)]
        ja.append(reads[0].format(left=first.ja, right=second.ja))
        en.append(reads[1].format(left=first.en, right=second.en))
        left = right
    return Text("、かつ".join(ja), " and ".join(en))


def _word(node: ast.expr, labels: Mapping[str, Text], known: Mapping[str, Text]) -> Text:
    match node:
        case ast.Name(id=name):
            return labels.get(name, Text(name, name))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            words = [_word(element, labels, known) for element in elements]
            return Text("".join(word.ja for word in words), ", ".join(word.en for word in words))
        case ast.Constant(value=str() as code):
            word = known.get(code, Text(code, code))
            return Text(f"「{word.ja}」", f"“{word.en}”")
        case ast.Constant(value=bool() as truth):
            return Text("はい", "yes") if truth else Text("いいえ", "no")
        case ast.Constant(value=int() as number):
            return Text(f"{number:,}", f"{number:,}")
    said = _said(node, labels, {})
    return Text(f"（{said.ja}）", f"({said.en})")
