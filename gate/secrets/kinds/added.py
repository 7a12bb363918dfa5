"""Kinds of secrets that other packages add: tables as our own, `TOKENS` of a module that the settings name."""

import re
from collections.abc import Container, Iterable
from functools import lru_cache
from types import ModuleType

from gate.core.cache import code_key
from gate.core.errors import UsageError
from gate.plugins import KINDS as GROUP
from gate.plugins import code_of, named_plugin
from gate.secrets.kinds.catalogue import KINDS, SecretKind, add_kinds
from gate.secrets.kinds.token import Token


@lru_cache
def added_tokens(plugins: tuple[str, ...]) -> tuple[Token, ...]:
    """Return the rows of the plugins' tables.

    Raises UsageError for a plugin that is not installed, cannot be imported, or has no row, one whose rule or type is
    taken, or one whose pattern cannot be understood.
    """
    if not plugins:
        return ()
    taken = {*KINDS, *(kind.rule for kind in KINDS.values())}
    added: list[Token] = []
    for name in dict.fromkeys(plugins):
        for token in _of_plugin(name):
            _check(token, taken, name)
            taken |= {token.rule, token.type}
            added.append(token)
    return tuple(added)


def added_kinds(plugins: tuple[str, ...]) -> tuple[SecretKind, ...]:
    """Return the kinds that other packages add; from then on they are known. Raises as `added_tokens` does."""
    return add_kinds(added_tokens(plugins))


def code_of_tokens(plugins: Iterable[str]) -> bytes:
    """Name the code that `added_tokens` come from, for what is kept of earlier runs."""
    return code_key((file for name in plugins for file in code_of(_module(name))), *plugins)


def _of_plugin(name: str) -> tuple[Token, ...]:
    module = _module(name)
    tokens = tuple(getattr(module, "TOKENS", ()))
    if not tokens or not all(isinstance(token, Token) for token in tokens):
        raise UsageError(f"the plugin {name} has no kind of secret", hint=module.__name__)
    return tokens


def _module(name: str) -> ModuleType:
    return named_plugin(GROUP, name, "kinds of secrets", "stages.secrets.plugins")


def _check(token: Token, taken: Container[str], plugin: str) -> None:
    for name in (token.rule, token.type):
        if name in taken:
            raise UsageError(f"two kinds of secrets are called {name}", hint=f"the plugin {plugin}")
    try:
        re.compile(token.expression, re.ASCII)
        for expression in token.sieve:
            re.compile(expression)
    except re.error as error:
        why = f"the pattern of {token.rule} cannot be understood ({error.msg})"
        raise UsageError(why, hint=f"the plugin {plugin}") from error
