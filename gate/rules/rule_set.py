"""The rules of one stage: its modules and those of plugins fill the set by a decorator while they are imported."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from gate.core.errors import UsageError
from gate.model import RuleDescription, Severity
from gate.plugins import named_plugin
from gate.rules.rule import Check, RuleScope, StageRule, Subject, without_check


class RuleSet:
    """The rules of one stage."""

    def __init__(
        self,
        stage: str,
        about: str,
        *,
        own: str = "",
        elsewhere: Sequence[str] = (),
        plugins: str = "",
        page: Callable[[RuleDescription], str | None] = lambda _: None,
    ) -> None:
        self.stage = stage
        self.about = about
        """What its rules are on, for messages: `for Dockerfiles`."""
        self._own = own
        """The package of the gate's own rules; its MODULES names their modules."""
        self._elsewhere = elsewhere
        """Modules with rules that other parts of the stage ask or find by themselves."""
        self._plugins = plugins
        """The group of entry points for further rules; empty: there can be none."""
        self._page = page
        self._rules: dict[str, StageRule] = {}

    def rule(
        self,
        id: str,
        severity: Severity,
        title: str,
        *,
        looks_at: RuleScope[Subject],
        why: str,
        mend: str,
        bad: str = "",
        good: str = "",
        references: tuple[str, ...] = (),
        stays_in_image: bool = False,
        on_request: bool = False,
        fix_on_request: bool = False,
    ) -> Callable[[Check[Subject]], StageRule]:
        """Make a check a rule of the set. Raises UsageError if the id is taken."""
        text = self._text(id, severity, title, why, mend, bad, good, references)

        def register(check: Check[Subject]) -> StageRule:
            return self._add(
                StageRule(
                    description=text,
                    looks_at=looks_at,
                    check=check,
                    module=check.__module__,
                    help_uri=self._page(text),
                    stays_in_image=stays_in_image,
                    on_request=on_request,
                    fix_on_request=fix_on_request,
                )
            )

        return register

    def without_check(
        self,
        id: str,
        severity: Severity,
        title: str,
        *,
        module: str,
        why: str,
        mend: str,
        bad: str = "",
        good: str = "",
        references: tuple[str, ...] = (),
    ) -> StageRule:
        """Add a rule whose hits arise elsewhere: while files are read, in another program, from a database."""
        text = self._text(id, severity, title, why, mend, bad, good, references)
        return self._add(without_check(text, module))

    def fixed_on_request(self) -> frozenset[str]:
        """Return the ids of the rules, of those that are imported, whose fixes something may depend on."""
        return frozenset(id for id, rule in self._rules.items() if rule.fix_on_request)

    def own(self) -> tuple[StageRule, ...]:
        """Return the rules of the gate's own that the stage asks, in the order of the ids."""
        if not self._own:
            return ()
        package = import_module(self._own)
        return self._of_modules(f"{self._own}.{name}" for name in package.MODULES)

    def with_plugins(self, plugins: Iterable[str]) -> tuple[StageRule, ...]:
        """Return the rules that the stage asks, those of plugins included, in the order of the ids.

        Raises UsageError for a plugin that is not installed, cannot be imported, or has no rule or one whose id is
        taken.
        """
        rules = {rule.id: rule for rule in self.own()}
        for name in plugins:
            rules |= {rule.id: rule for rule in self._of_plugin(name)}
        return tuple(rules[id] for id in sorted(rules))

    def descriptions(self, plugins: Iterable[str] = ()) -> list[RuleDescription]:
        """Return the text of every rule of the stage, in the order of the ids. Raises UsageError as `with_plugins`."""
        rules = (*self.with_plugins(plugins), *self._of_modules(self._elsewhere))
        return sorted((rule.description for rule in rules), key=lambda text: text.id)

    def _text(
        self,
        id: str,
        severity: Severity,
        title: str,
        why: str,
        mend: str,
        bad: str,
        good: str,
        references: tuple[str, ...],
    ) -> RuleDescription:
        return RuleDescription(
            id=id,
            stage=self.stage,
            severity=severity,
            title=title,
            why=why,
            mend=mend,
            bad=bad,
            good=good,
            references=references,
        )

    def _add(self, rule: StageRule) -> StageRule:
        taken = self._rules.setdefault(rule.id, rule)
        if taken is not rule:
            raise UsageError(f"two rules {self.about} have the id {rule.id}", hint=f"{taken.module}, {rule.module}")
        return rule

    def _of_modules(self, names: Iterable[str]) -> tuple[StageRule, ...]:
        """Return the rules that stand in some modules, which it imports, in the order of the ids."""
        modules = {import_module(name).__name__ for name in names}
        return tuple(self._rules[id] for id in sorted(self._rules) if self._rules[id].module in modules)

    def _of_plugin(self, name: str) -> Iterator[StageRule]:
        """Yield the rules of a plugin: those that its module lists as RULES, else all that stand in or below it."""
        module = named_plugin(self._plugins, name, "rules", f"stages.{self.stage}.plugins")
        below = f"{module.__name__}."
        found = [rule for rule in self._rules.values() if f"{rule.module}.".startswith(below)]
        rules: tuple[Any, ...] = tuple(getattr(module, "RULES", found))
        if not rules or not all(isinstance(rule, StageRule) and self._rules.get(rule.id) is rule for rule in rules):
            raise UsageError(f"the plugin {name} has no rule {self.about}", hint=module.__name__)
        yield from rules
