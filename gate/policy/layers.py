"""From files to the layers of a policy: the organisation's, then the project's with the built-in rules."""

import hashlib
from collections.abc import Iterator, Sequence, Set
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from gate.core.errors import ConfigError
from gate.core.suggestions import did_you_mean
from gate.policy.allowed import not_allowed
from gate.policy.cel import compiled
from gate.policy.strictness import is_looser
from gate.settings.policy import Evidencing, Organisation, PolicySettings, Rule, Waiving
from gate.settings.sources import convert, read_yaml

BUILT_IN = "built-in policy"

Shape = TypeVar("Shape", bound=PolicySettings)


class PolicyLayer(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one owner: the first that matches decides for this layer."""

    source: str
    """Where it comes from, as messages name it."""
    rules: tuple[Rule, ...] = ()
    waivers: Waiving = Waiving()
    enforce: bool = True
    sources: dict[str, str] = {}
    """Rule id to the file that it stands in, where that is not `source`."""
    sha256: str = ""
    """Names the content of the policy that it was made of, whatever its spelling."""

    def source_of(self, rule: Rule) -> str:
        return self.sources.get(rule.id, self.source)


@cache
def built_in() -> PolicySettings:
    """Return the policy that holds when gate.yaml has none, and after the rules that it has.

    It is JSON because importing a YAML parser takes longer than many a run takes to decide.
    """
    return msgspec.json.decode(Path(__file__).with_name("default.json").read_bytes(), type=PolicySettings)


def read_policy(path: str, shape: type[Shape], *, may_use_cel: bool = True) -> Shape:
    """Read a file that holds a policy by itself. Raises ConfigError with the line."""
    document, text = read_yaml(path, empty={})
    check_begins_as_policy(document, path, text)
    return checked(convert(document, shape, path, text), path, may_use_cel=may_use_cel)


def check_begins_as_policy(document: object, path: str, text: str) -> None:
    """Raise ConfigError if a policy by itself begins with `policy:`, as the section of gate.yaml does."""
    if isinstance(document, dict) and "policy" in document:
        from gate.core import yaml

        raise ConfigError(
            "`policy:` belongs only in gate.yaml; a policy file begins with the keys below it",
            path=f"{path}:{yaml.line_of(text, ['policy']) or 1}",
            hint="Remove that line, and the indentation of the lines below it",
        )


def checked(policy: Shape, path: str, *, may_use_cel: bool = True) -> Shape:
    """Return `policy` if its rules have ids of their own, and only expressions that are allowed. Raises ConfigError."""
    seen: set[str] = set()
    for rule in policy.rules:
        if rule.id in seen:
            raise ConfigError(f"two rules have the id {rule.id}", path=path)
        seen.add(rule.id)
        if rule.when.cel is not None and not may_use_cel:
            raise not_allowed("cel", f"cel of the rule {rule.id}", path)
        if rule.when.cel is not None:
            _check_expression(rule.when.cel, f"{path}: rule {rule.id}")
    return policy


def _check_expression(text: str, place: str) -> None:
    try:
        compiled(text)
    except ConfigError as error:
        raise ConfigError(error.message, path=place, hint=error.hint) from error


class PolicySource(msgspec.Struct, frozen=True):
    """A policy and the file (or address) that it was read from."""

    name: str
    policy: PolicySettings
    is_of_repository: bool = False
    """True if the settings of a repository alone name it: then it is no organisation's word."""


def is_file(address: str) -> bool:
    """True for the address of a policy that is a file of this machine."""
    return "://" not in address and not address.startswith("git+")


def layers_of(
    project: PolicySource,
    above: Sequence[PolicySource] = (),
    further: Sequence[PolicySource] = (),
    *,
    is_checked: bool = True,
) -> tuple[PolicyLayer, ...]:
    """Return the layers of a decision, the highest first.

    The built-in rules belong to the highest owner: to the organisation if there is one, else to the project. That
    owner's rules come before them, and one with a built-in rule's id takes its place. Raises ConfigError if a rule
    has the id of one in a layer above and is looser than it (the layer above would hold all the same), or if what may
    never be waived is no rule.

    The layers of `further` come from a change: they may be looser, which has no effect, as the strictest layer holds.
    So is the project's without `is_checked`.
    """
    sources = (*above, project)
    highest, *others = sources
    _check_never((*sources, *further))
    protected = frozenset(name for source in (*sources, *further) for name in source.policy.waivers.never)
    layers = [_with_built_in(highest, protected)]
    for source in others:
        for layer in layers if is_checked else ():
            _check_tightens(source, layer)
        layers.append(_layer(source, source.policy.rules))
    return (*layers, *(_layer(source, source.policy.rules) for source in further if source.policy.enforce))


def _check_never(sources: Sequence[PolicySource]) -> None:
    """Raise ConfigError for what may never be waived and is no rule: mistyped, it would protect nothing."""
    policies = [built_in(), *(source.policy for source in sources)]
    rules = {rule.id for policy in policies for rule in policy.rules}
    for source in sources:
        for name in source.policy.waivers.never:
            if name not in rules:
                hint = did_you_mean(name, rules, "It takes the ids of rules of a policy")
                raise ConfigError(f"waivers.never: there is no rule {name}", path=source.name, hint=hint)


def _layer(source: PolicySource, rules: tuple[Rule, ...], sources: dict[str, str] | None = None) -> PolicyLayer:
    policy = source.policy
    return PolicyLayer(
        source=source.name,
        rules=rules,
        waivers=policy.waivers,
        enforce=policy.enforce,
        sources=sources or {},
        sha256=digest_of(policy),
    )


def digest_of(policy: PolicySettings) -> str:
    """Return the SHA-256 of a policy's content in canonical JSON: the same for every spelling of the same policy."""
    content = msgspec.to_builtins(policy, str_keys=True)
    if not policy.waivers.keys:  # earlier versions had no such key; digests in old reports stay valid
        del content["waivers"]["keys"]
    if isinstance(policy, Organisation) and policy.evidence == Evidencing():  # nor this one
        del content["evidence"]
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _with_built_in(source: PolicySource, protected: Set[str]) -> PolicyLayer:
    """Put the owner's rules between the built-in rules that can never be waived and the other built-in ones.

    Of the others the `protected` ones come first, so that a VEX document does not clear what may not be waived.
    """
    own = {rule.id for rule in source.policy.rules}
    rest = [rule for rule in built_in().rules if rule.id not in own]
    always = built_in().waivers.never
    first = [rule for rule in rest if rule.id in always]
    last = sorted((rule for rule in rest if rule.id not in always), key=lambda rule: rule.id not in protected)
    layer = _layer(source, (*first, *source.policy.rules, *last), {rule.id: BUILT_IN for rule in rest})
    never = (*always, *layer.waivers.never)
    return msgspec.structs.replace(layer, waivers=msgspec.structs.replace(layer.waivers, never=never))


def _check_tightens(source: PolicySource, layer: PolicyLayer) -> None:
    for rule, above in _pairs(source.policy.rules, layer.rules):
        if is_looser(rule, above):
            raise ConfigError(
                f"the rule {rule.id} is looser than the rule {rule.id} of {layer.source_of(above)}",
                path=source.name,
                hint="A layer may add rules and lower thresholds; give it an id of its own, or ask the owner above",
            )


def _pairs(rules: tuple[Rule, ...], above: tuple[Rule, ...]) -> Iterator[tuple[Rule, Rule]]:
    by_id = {rule.id: rule for rule in above}
    return ((rule, by_id[rule.id]) for rule in rules if rule.id in by_id)
