"""Templates of a chart, evaluated within bounds; what cannot be said is a mark in the text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gate.core.errors import ConfigError, LimitError
from gate.kubernetes.helm.functions import (
    FUNCTIONS,
    INTO_TEXT,
    KEEP_UNKNOWN,
    MARK,
    UNKNOWN,
    Unknown,
    check_size,
    is_true,
    text_of,
)
from gate.kubernetes.helm.other_files import OtherFiles
from gate.kubernetes.helm.template_syntax import GoTemplate, Operand, TemplateNode, TemplatePipeline, parse_template

_UNSTABLE = re.compile(r"^v\d+(?:alpha|beta)")
"""Versions of Kubernetes' own groups that a new cluster does not serve."""
MAX_STEPS = 300_000
"""Parts of templates that are evaluated for one chart at most."""
MAX_OUTPUT = 16 << 20
"""Characters that the templates of one chart make at most."""
MAX_CALLS = 40
"""Templates that include one another at most."""


class WrittenPart(msgspec.Struct, frozen=True):
    """A part of what a template makes."""

    text: str
    line: int
    """Of the template: where the text begins, or of the action that made all of it."""
    is_literal: bool


class _LeftLoop(Exception):  # noqa: N818  (it ends a loop, and is no error)
    """The `break` or `continue` of a loop."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Evaluation:
    """Evaluates the templates of one chart and of the charts in it, which share their definitions."""

    def __init__(self, templates: Mapping[str, GoTemplate]) -> None:
        self._definitions: dict[str, tuple[TemplateNode, ...]] = {}
        for name, template in templates.items():
            self._definitions[name] = template.nodes
            self._definitions.update(template.definitions)
        self._steps = 0
        self._output = 0
        self._depth = 0
        self.unknown: dict[str, None] = {}
        """The functions, templates and objects whose results are unknown, in order."""

    def written(self, template: GoTemplate, root: Mapping[str, Any]) -> list[WrittenPart]:
        """Return what a template makes. Raises LimitError, and ConfigError where the chart refuses its values."""
        try:
            return list(self._run(template.nodes, _Scope(dict(root), dict(root))))
        except _LeftLoop as left:
            raise ConfigError(f"cannot be parsed: {left.how} stands outside of a loop") from None
        except RecursionError as error:
            raise LimitError("templates are nested too deeply") from error

    def _run(self, nodes: Sequence[TemplateNode], scope: "_Scope") -> Iterator[WrittenPart]:
        for node in nodes:
            self._steps += 1
            if self._steps > MAX_STEPS:
                raise LimitError(f"templates of a chart take more than {MAX_STEPS:,} steps")
            for written in self._one(node, scope):
                self._output += len(written.text)
                if self._output > MAX_OUTPUT:
                    raise LimitError(f"templates of a chart make more than {MAX_OUTPUT:,} characters")
                yield written

    def _one(self, node: TemplateNode, scope: "_Scope") -> Iterator[WrittenPart]:
        if node.kind == "text":
            yield WrittenPart(node.text, node.line, is_literal=True)
        elif node.kind == "action":
            assert node.pipeline is not None
            value = self._value(node.pipeline, scope)
            if not node.pipeline.variables:
                yield WrittenPart(text_of(value), node.line, is_literal=False)
        elif node.kind == "template":
            given = self._value(node.pipeline, scope) if node.pipeline else None
            yield WrittenPart(text_of(self._included(node.text, given)), node.line, is_literal=False)
        elif node.kind == "range":
            yield from self._loop(node, scope)
        elif node.kind in ("break", "continue"):
            raise _LeftLoop(node.kind)
        else:
            yield from self._choice(node, scope)

    def _choice(self, node: TemplateNode, scope: "_Scope") -> Iterator[WrittenPart]:
        """Evaluate `if` and `with`; by an unknown condition the whole block is unknown."""
        assert node.pipeline is not None
        inner = scope.below(scope.dot)
        value = self._value(node.pipeline, inner)
        if value is UNKNOWN or (isinstance(value, str) and MARK in value and value.strip() == MARK):
            yield _unknown_block(node)
        elif is_true(value):
            yield from self._run(node.body, inner.below(value) if node.kind == "with" else inner)
        else:
            yield from self._run(node.otherwise, inner)

    def _loop(self, node: TemplateNode, scope: "_Scope") -> Iterator[WrittenPart]:
        assert node.pipeline is not None
        bare = TemplatePipeline(node.pipeline.commands)
        value = self._plain(self._value(bare, scope))
        if value is UNKNOWN:
            yield _unknown_block(node)
            return
        pairs = _pairs(value)
        if not pairs:
            yield from self._run(node.otherwise, scope)
        names = node.pipeline.variables
        for key, one in pairs:
            inner = scope.below(one)
            inner.names |= dict(zip(names, (key, one) if len(names) > 1 else (one,), strict=False))
            try:
                yield from self._run(node.body, inner)
            except _LeftLoop as left:
                if left.how == "break":
                    return

    def _value(self, pipeline: TemplatePipeline, scope: "_Scope") -> Any:
        value: Any = None
        for number, command in enumerate(pipeline.commands):
            self._steps += 1
            value = self._command(command, scope, (value,) if number else ())
        for name in pipeline.variables:
            scope.set(name, value, pipeline.declares)
        return value

    def _command(self, command: Sequence[Operand], scope: "_Scope", piped: tuple[Any, ...]) -> Any:
        first = command[0]
        if first.kind != "function":
            if not ((len(command) > 1 or piped) and first.fields):
                return self._operand(first, scope)
            receiver = self._operand(msgspec.structs.replace(first, fields=first.fields[:-1]), scope)
            given = [*(self._operand(one, scope) for one in command[1:]), *piped]
            return self._method(receiver, first.fields[-1], given)
        name = str(first.value)
        arguments = [*(self._operand(one, scope) for one in command[1:]), *piped]
        return self._called(name, arguments, scope)

    def _method(self, receiver: Any, name: str, arguments: Sequence[Any]) -> Any:
        """Return what an object of Helm answers, such as `.Capabilities.APIVersions.Has` or `.Files.Get`."""
        if isinstance(receiver, OtherFiles) and len(arguments) == 1:
            return self._of_files(name, receiver.method(name, arguments[0]))
        if name == "Has" and arguments:
            group, _, version = text_of(arguments[0]).partition("/")
            return ("." not in group or group.endswith(".k8s.io")) and not _UNSTABLE.search(version)
        return self._not_known(f".{name}")

    def _of_files(self, name: str, found: Any) -> Any:
        return self._not_known(f".Files.{name}") if found is UNKNOWN else found

    def _plain(self, value: Any) -> Any:
        """Return a value as `range` and functions see it."""
        return self._of_files("Glob", value.texts()) if isinstance(value, OtherFiles) else value

    def _called(self, name: str, arguments: list[Any], scope: "_Scope") -> Any:
        if name == "include":
            given = arguments[1] if len(arguments) > 1 else None
            return self._included(text_of(arguments[0]) if arguments else "", given)
        if name == "tpl":
            return self._evaluated_text(arguments)
        if name in ("required", "fail"):
            value = arguments[-1] if name == "required" and len(arguments) > 1 else None
            return value if value not in (None, "") else self._not_known(name)
        if name == "lookup":  # as `helm template` answers it
            return {}
        function = FUNCTIONS.get(name)
        if function is None:
            return self._not_known(name)
        arguments = [self._plain(one) for one in arguments]
        if any(one is UNKNOWN for one in arguments) and name not in (KEEP_UNKNOWN | INTO_TEXT):
            return UNKNOWN
        try:
            check_size(arguments)
            value = function(*arguments)
            check_size(value)
        except (TypeError, ValueError, IndexError, KeyError, OverflowError, AttributeError):
            return self._not_known(name)
        return value

    def _included(self, name: str, given: Any) -> Any:
        """Return the text of a definition; unknown if the chart has none of the name, as those of other charts."""
        body = self._definitions.get(name)
        if body is None:
            return self._not_known(f"include {name}")
        self._depth += 1
        if self._depth > MAX_CALLS:
            raise LimitError(f"templates include one another more than {MAX_CALLS} deep")
        made = "".join(one.text for one in self._run(body, _Scope(given, given)))
        self._depth -= 1
        return made

    def _evaluated_text(self, arguments: Sequence[Any]) -> Any:
        """Return what a value that is a template makes (`tpl`)."""
        if len(arguments) != 2 or arguments[0] is UNKNOWN:
            return self._not_known("tpl")
        text, given = text_of(arguments[0]), arguments[1]
        if "{{" not in text:
            return text
        try:
            nodes = parse_template(text, "tpl").nodes
        except ConfigError:
            return self._not_known("tpl")
        self._depth += 1
        if self._depth > MAX_CALLS:
            raise LimitError(f"templates include one another more than {MAX_CALLS} deep")
        made = "".join(one.text for one in self._run(nodes, _Scope(given, given)))
        self._depth -= 1
        return made

    def _operand(self, operand: Operand, scope: "_Scope") -> Any:
        if operand.kind == "literal":
            return operand.value
        if operand.kind == "function":
            return self._called(str(operand.value), [], scope)
        if operand.kind == "pipeline":
            assert isinstance(operand.value, TemplatePipeline)
            found = self._value(operand.value, scope)
        elif operand.kind == "variable":
            found = scope.get(str(operand.value))
        else:
            found = scope.dot
        for field in operand.fields:
            found = self._field(found, field)
        return found

    def _field(self, found: Any, field: str) -> Any:
        if found is UNKNOWN:
            return UNKNOWN
        if isinstance(found, str) and MARK in found:
            return UNKNOWN
        if isinstance(found, OtherFiles):
            return self._of_files(field, found.field(field))
        return found.get(field) if isinstance(found, dict) else None

    def _not_known(self, what: str) -> Unknown:
        self.unknown[what] = None
        return UNKNOWN


class _Scope:
    """The value of `.`, and the variables that are known here and around."""

    def __init__(self, dot: Any, root: Any, around: "_Scope | None" = None) -> None:
        self.dot = dot
        self.names: dict[str, Any] = {} if around else {"$": root}
        self._around = around

    def below(self, dot: Any) -> "_Scope":
        """Return the scope of a block."""
        return _Scope(dot, None, self)

    def get(self, name: str) -> Any:
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope._around
        return None

    def set(self, name: str, value: Any, declares: bool) -> None:
        scope: _Scope | None = self
        while scope is not None and not declares:
            if name in scope.names:
                scope.names[name] = value
                return
            scope = scope._around
        self.names[name] = value


def _unknown_block(node: TemplateNode) -> WrittenPart:
    """Return the mark for a block, on a line of its own if the block has lines."""
    has_lines = any("\n" in one.text for one in node.body)
    return WrittenPart(f"\n{MARK}\n" if has_lines else MARK, node.line, is_literal=False)


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    """Return keys and values of what a `range` goes over."""
    if isinstance(value, dict):
        return sorted(value.items(), key=lambda pair: str(pair[0]))
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return [(number, number) for number in range(min(value, 1_000))]
    return []
