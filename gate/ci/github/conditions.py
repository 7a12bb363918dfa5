"""Whether an outsider's event gets past a condition: an `if` is evaluated for what such a person can and cannot choose.

`True`: it does, `False`: it does not; between them stand conditions that depend on something of the project's own, a
label or a check, which is named, or on what cannot be known.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

import msgspec

from gate.ci.github.expressions import (
    Expression,
    ExpressionCall,
    ExpressionLiteral,
    ExpressionReference,
    parse_condition,
)
from gate.core.lazy_regex import lazy_regex

LABEL = "a label that only members set"
CHECK = "a step or job that checks who it is"
_ACCOUNTS = lazy_regex(
    r"github\.(?:actor|triggering_actor)|.*\.(?:user|sender|owner|actor|author)\.(?:login|id|type)"
    r"|.*\.(?:head\.repo|head_repository)\.(?:full_name|name|id|node_id)"
)
"""Who and where it comes from: an outsider's is never that of the project."""
_OWN = lazy_regex(
    r"github\.(?:repository|repository_owner|repository_id)|github\.event\.(?:repository|organization)\..*"
    r"|.*\.base\.repo\..*"
)
_FORK = lazy_regex(r".*\.(?:head\.repo|head_repository)\.fork")
_ASSOCIATION = lazy_regex(r".*\.author_association")
_OF_LABELS = lazy_regex(r".*\.labels?(?:\..*)?")
_MERGED = lazy_regex(r".*\.pull_request\.(?:merged|merged_at|merged_by.*)")
_OUTPUT = lazy_regex(r"(?:needs|steps)\..*\.outputs?\..*")
_CHECKING = lazy_regex(
    r"permission|authori[sz]|member|collaborator|association|allow|trust|team|fork|approv|label|safe|access|admin"
)
_STRANGERS = frozenset({"none", "first_time_contributor", "first_timer", "contributor", "mannequin"})
"""Associations that anyone can have, or get by one accepted change."""


class Passage(msgspec.Struct, frozen=True):
    """Whether a condition lets an outsider through."""

    value: bool | None = None
    """None: it may."""
    guards: frozenset[str] = frozenset()
    """What of the project's own it depends on then."""


YES, NO, MAYBE = Passage(True), Passage(False), Passage()


class _Worth(msgspec.Struct, frozen=True):
    """What is known of a value."""

    kind: str
    """`known`, `one of`, `chosen` (by the outsider), `other` (not the project's), `own`, `unknown`."""
    texts: tuple[str, ...] = ()
    guards: frozenset[str] = frozenset()


_CHOSEN, _OTHER, _THEIR_OWN, _UNKNOWN = _Worth("chosen"), _Worth("other"), _Worth("own"), _Worth("unknown")


class Situation(msgspec.Struct, frozen=True):
    """The event that an outsider causes."""

    event: str
    """Empty: any event of anyone."""
    actions: tuple[str, ...] = ()
    """Types that the trigger is limited to."""
    upstream: str = ""
    """Of `workflow_run`: the event that started the workflow before."""
    has_fixed_branches: bool = False
    """True if the trigger lists the names that the branch can have."""


def _stranger(first: _Worth, second: _Worth) -> Passage:
    """Compare what is an outsider's; the texts of such a value are those that it can have."""
    possible = {text.lower() for one in (first, second) if one.kind == "other" for text in one.texts}
    wanted = {text.lower() for one in (first, second) if one.kind != "other" for text in one.texts}
    return MAYBE if possible & wanted else NO


def _equal(first: _Worth, second: _Worth) -> Passage:
    guards = first.guards | second.guards
    if guards:
        return Passage(None, guards)
    kinds = {first.kind, second.kind}
    if "chosen" in kinds or "unknown" in kinds:
        return MAYBE
    if "other" in kinds:
        return _stranger(first, second)
    if "own" in kinds:
        return YES
    common = {text.lower() for text in first.texts} & {text.lower() for text in second.texts}
    if not common:
        return NO
    return YES if kinds == {"known"} else MAYBE


def _unequal(first: _Worth, second: _Worth) -> Passage:
    answer = _equal(first, second)
    return Passage(None if answer.value is None else not answer.value, answer.guards)


def _contains(whole: _Worth, part: _Worth) -> Passage:
    guards = whole.guards | part.guards
    if guards:
        return Passage(None, guards)
    if part.kind == "other":
        return _stranger(part, whole)
    if whole.kind == "known" and part.kind == "known":
        return YES if part.texts[0].lower() in whole.texts[0].lower() else NO
    return MAYBE


def _begins(whole: _Worth, part: _Worth, *, at_end: bool = False) -> Passage:
    if whole.kind == "known" and part.kind == "known":
        text, piece = whole.texts[0].lower(), part.texts[0].lower()
        is_there = text.endswith(piece) if at_end else text.startswith(piece)
        return YES if is_there else NO
    return MAYBE


_FUNCTIONS: Mapping[str, Callable[[_Worth, _Worth], Passage]] = {
    "==": _equal,
    "!=": _unequal,
    "contains": _contains,
    "startswith": _begins,
    "endswith": partial(_begins, at_end=True),
}
_STATES = {"always": YES, "success": YES, "failure": MAYBE, "cancelled": MAYBE}
_REFERENCES = (
    (_FORK, _Worth("known", ("true",))),
    (_ASSOCIATION, _Worth("other", tuple(_STRANGERS))),
    (_ACCOUNTS, _OTHER),
    (_OWN, _THEIR_OWN),
    (_MERGED, _Worth("known", ("false",))),
    (_OF_LABELS, _Worth("unknown", (), frozenset({LABEL}))),
    (lazy_regex(r"(?:secrets|vars|env|inputs|matrix|runner|job)\..*"), _UNKNOWN),
    (lazy_regex(r"github\..*"), _CHOSEN),
)


def passes(condition: str, situation: Situation) -> Passage:
    """Return whether the outsider's event gets past a condition; an empty one lets everything through."""
    return _passes(condition, situation) if condition.strip() else YES


@lru_cache(maxsize=4096)  # a condition is asked again for every event and every job that needs its own
def _passes(condition: str, situation: Situation) -> Passage:
    tree = parse_condition(condition)
    return MAYBE if tree is None else _truth(tree, situation)


def both(first: Passage, second: Passage) -> Passage:
    """Return whether both are passed."""
    if first.value is False or second.value is False:
        return NO
    if first.value and second.value:
        return YES
    return Passage(None, first.guards | second.guards)


def _either(first: Passage, second: Passage) -> Passage:
    if first.value or second.value:
        return YES
    if first.value is False:
        return second
    if second.value is False:
        return first
    return Passage(None, first.guards & second.guards)


def _truth(tree: Expression, situation: Situation) -> Passage:
    if not isinstance(tree, ExpressionCall):
        return _as_truth(_worth(tree, situation))
    if tree.name == "!":
        answer = _truth(tree.operands[0], situation)
        return Passage(None if answer.value is None else not answer.value, answer.guards)
    if tree.name in ("&&", "||"):
        first, second = (_truth(one, situation) for one in tree.operands)
        return both(first, second) if tree.name == "&&" else _either(first, second)
    compare = _FUNCTIONS.get(tree.name)
    if compare is None or len(tree.operands) != 2:
        return _STATES.get(tree.name, MAYBE)
    return compare(*(_worth(one, situation) for one in tree.operands))


def _as_truth(worth: _Worth) -> Passage:
    if worth.kind == "known":
        return NO if worth.texts[0] in ("", "false", "0") else YES
    return Passage(None, worth.guards) if worth.kind in ("unknown", "one of") else YES


def _worth(tree: Expression, situation: Situation) -> _Worth:
    if isinstance(tree, ExpressionLiteral):
        return _Worth("known", (tree.value,))
    if isinstance(tree, ExpressionCall):
        return _of_call(tree, situation)
    known = _known(tree.path, situation)
    if known is not None:
        return known
    return next((worth for pattern, worth in _REFERENCES if pattern.fullmatch(tree.path)), _by_output(tree))


def _of_call(tree: ExpressionCall, situation: Situation) -> _Worth:
    if tree.name == "fromjson" and tree.operands and isinstance(tree.operands[0], ExpressionLiteral):
        words = tree.operands[0].value.strip("[] \n").replace('"', "").split(",")
        return _Worth("one of", tuple(word.strip() for word in words))
    guards = frozenset[str]().union(*(_worth(one, situation).guards for one in tree.operands))
    return _Worth("unknown", (), guards)


def _known(path: str, situation: Situation) -> _Worth | None:
    if path == "github.event_name":
        return _Worth("known", (situation.event,)) if situation.event else _UNKNOWN
    if path == "github.event.action" and situation.actions:
        return _Worth("one of", situation.actions)
    if path == "github.event.workflow_run.event" and situation.upstream:
        return _Worth("known", (situation.upstream,))
    if path == "github.event.workflow_run.conclusion":
        return _Worth("one of", ("success", "failure"))
    return None


def _by_output(tree: ExpressionReference) -> _Worth:
    """Return what an output is: one that is named like a check is a guard."""
    if _OUTPUT.fullmatch(tree.path) and _CHECKING.search(tree.path):
        return _Worth("unknown", (), frozenset({CHECK}))
    return _UNKNOWN
