"""What a Jenkinsfile says: its steps that run a shell, its stages, libraries, images and credentials."""

from collections.abc import Iterator, Mapping

import msgspec

from gate.ci.definitions import CiPipeline
from gate.ci.jenkins.groovy import GroovyToken, closings
from gate.ci.model import JobScript, PipelineParty
from gate.ci.references import image_of, is_commit
from gate.core.values import Value

SHELLS = frozenset({"sh", "bat", "powershell", "pwsh"})
_VARIABLES = frozenset({"variable", "passwordVariable", "passphraseVariable", "secretKeyVariable"})
_STARTS = "([{"
_MOST_ARGUMENTS = 200
"""Tokens of a step's arguments that are looked at."""
_DEEPEST = 20
"""Stages in one another of which the names in the block are kept."""


class ShellStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step that runs a shell, and what Groovy puts into its script before."""

    script: JobScript
    expressions: tuple[tuple[str, int], ...] = ()
    """Each with its line."""


class JenkinsStage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage and the names that stand in its block."""

    name: str
    line: int
    words: frozenset[str] = frozenset()


class JenkinsSetting(msgspec.Struct, frozen=True, kw_only=True):
    """A step or option with literals, and the line of each literal."""

    name: str
    values: Mapping[str, tuple[str, int]]
    """By the argument's name; the first unnamed one is ``."""
    line: int


class JenkinsPipeline(CiPipeline, frozen=True, kw_only=True):
    """A Jenkinsfile as the rules see it."""

    path: str
    steps: tuple[ShellStep, ...] = ()
    stages: tuple[JenkinsStage, ...] = ()
    settings: tuple[JenkinsSetting, ...] = ()
    credentials: frozenset[str] = frozenset()
    """Variables that hold a credential."""
    assignments: tuple[tuple[str, str], ...] = ()
    """Variables with what they are set to: names, what strings interpolate, and the scripts whose output is taken."""


def pipeline_of(tokens: list[GroovyToken], path: str) -> JenkinsPipeline:
    """Return what the tokens of a Jenkinsfile say."""
    ends = closings(tokens)
    settings = tuple(_settings(tokens, ends))
    steps = tuple(_steps(tokens, ends, path))
    return JenkinsPipeline(
        root=Value(None, path, 1),
        path=path,
        scripts=tuple(step.script for step in steps),
        parties=(*_libraries(tokens, ends, path), *_images(tokens, path)),
        not_resolved=tuple(_not_resolved(settings, path)),
        steps=steps,
        stages=tuple(_stages(tokens, ends)),
        settings=settings,
        credentials=frozenset(_credentials(tokens)),
        assignments=tuple(_assignments(tokens)),
    )


def _assignments(tokens: list[GroovyToken]) -> Iterator[tuple[str, str]]:
    """Yield what stands behind `NAME =` on its line."""
    for place, token in enumerate(tokens[:-2]):
        is_set = token.kind == "name" and tokens[place + 1].text == "=" and tokens[place + 2].text != "="
        if is_set:
            yield token.text, _value_from(tokens, place + 2)


def _value_from(tokens: list[GroovyToken], start: int) -> str:
    parts: list[str] = []
    is_script = False
    for token in tokens[start : start + _MOST_ARGUMENTS]:
        if token.kind == "line":
            break
        is_script = is_script or token.text in SHELLS
        if token.kind != "string":
            parts.append(token.text)
        elif is_script:
            parts.append(token.literal)
        else:
            parts += (expression for expression, _ in token.expressions())
    return "".join(parts)


def _steps(tokens: list[GroovyToken], ends: Mapping[int, int], path: str) -> Iterator[ShellStep]:
    names = _stage_names(tokens, ends)
    looked_at = 0
    for place, token in enumerate(tokens):
        is_shell = token.kind == "name" and token.text in SHELLS and not _is_part(tokens, place)
        if is_shell and place >= looked_at:
            looked_at = _end_of_arguments(tokens, ends, place + 1)
            literals = _script(tokens, place + 1, looked_at)
            if literals:
                yield _step(literals, names[place], path)


def _step(literals: list[GroovyToken], stage: str, path: str) -> ShellStep:
    """Make a step of the strings, and of the variables between them, that its script is put together from."""
    first = next((one for one in literals if one.kind == "string"), literals[0])
    text = "".join(one.literal if one.kind == "string" else f"${{{one.text}}}" for one in literals)
    expressions = [found for one in literals for found in one.expressions()]
    expressions += [(one.text, one.line) for one in literals if one.kind == "name"]
    return ShellStep(
        script=JobScript(name=stage or "the pipeline", script=text, path=path, line=first.line),
        expressions=tuple(expressions),
    )


def _is_part(tokens: list[GroovyToken], place: int) -> bool:
    """True if a name is a member (`x.sh`) or the name of an argument (`sh: 1`)."""
    before = tokens[place - 1].text if place else ""
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    return before == "." or after in (":", "=", ".", "{")


def _script(tokens: list[GroovyToken], place: int, end: int) -> list[GroovyToken]:
    """Return the parts of a shell step's script: strings, and names that `+` joins to them."""
    start = place + 1 if place < end and tokens[place].text == "(" else place
    for number in range(start, end - 1):
        if tokens[number].text == "script" and tokens[number + 1].text == ":":
            return _joined(tokens, number + 2, end)
    if start < end and (tokens[start].kind == "string" or _is_joined(tokens, start, end)):
        return _joined(tokens, start, end)
    return []


def _end_of_arguments(tokens: list[GroovyToken], ends: Mapping[int, int], place: int) -> int:
    if place < len(tokens) and tokens[place].text == "(":
        return min(ends[place], place + _MOST_ARGUMENTS)
    end = min(len(tokens), place + _MOST_ARGUMENTS)
    depth = 0
    for number in range(place, end):
        token = tokens[number]
        if token.kind == "sign":
            depth += (token.text in _STARTS) - (token.text in ")]}")
        is_over = token.kind == "line" and (number == place or tokens[number - 1].text not in (",", "+"))
        if depth < 0 or (depth == 0 and (is_over or token.text == ";")):
            return number
    return end


def _is_joined(tokens: list[GroovyToken], start: int, end: int) -> bool:
    return any(one.text == "+" for one in tokens[start:end]) and any(one.kind == "string" for one in tokens[start:end])


def _joined(tokens: list[GroovyToken], start: int, end: int) -> list[GroovyToken]:
    parts: list[GroovyToken] = []
    number = start
    while number < end and tokens[number].text != ",":
        token = tokens[number]
        if token.kind == "string":
            parts.append(token)
        elif token.kind == "name":
            last = number
            while last + 2 < end and tokens[last + 1].text == "." and tokens[last + 2].kind == "name":
                last += 2
            name = "".join(one.text for one in tokens[number : last + 1])
            parts.append(GroovyToken("name", name, token.line))
            number = last
        number += 1
    return parts if any(one.kind == "string" for one in parts) else []


def _stages(tokens: list[GroovyToken], ends: Mapping[int, int]) -> Iterator[JenkinsStage]:
    around: list[int] = []
    for name, line, start, end in _stage_blocks(tokens, ends):
        around = [*[one for one in around if one > start][-_DEEPEST:], end]
        is_shallow = len(around) <= _DEEPEST
        words = {one.text for one in tokens[start:end] if one.kind == "name"} if is_shallow else {"when"}
        yield JenkinsStage(name=name, line=line, words=frozenset(words))


def _stage_blocks(tokens: list[GroovyToken], ends: Mapping[int, int]) -> Iterator[tuple[str, int, int, int]]:
    """Yield name and line of each stage, and the places between which its block stands."""
    for place, token in enumerate(tokens):
        if token.text == "stage" and token.kind == "name" and place + 2 < len(tokens):
            title = tokens[place + 2] if tokens[place + 1].text == "(" else tokens[place + 1]
            opened = place + 4 if tokens[place + 1].text == "(" else place + 2
            if title.kind == "string" and opened < len(tokens) and tokens[opened].text == "{":
                yield title.literal, token.line, opened, ends[opened]


def _stage_names(tokens: list[GroovyToken], ends: Mapping[int, int]) -> list[str]:
    """Return for each token the name of the innermost stage around it; empty for none."""
    starts = {opened: (name, end) for name, _, opened, end in _stage_blocks(tokens, ends)}
    names: list[str] = []
    around: list[tuple[str, int]] = []
    for place in range(len(tokens)):
        while around and around[-1][1] <= place:
            around.pop()
        if place in starts:
            around.append(starts[place])
        names.append(around[-1][0] if around else "")
    return names


_KNOWN = frozenset(
    {"archiveArtifacts", "httpRequest", "issueCommentTrigger", "stash", "load", "evaluate", "args", "yaml"}
)


def _settings(tokens: list[GroovyToken], ends: Mapping[int, int]) -> Iterator[JenkinsSetting]:
    """Yield the steps and options that rules ask about, with their literals."""
    for place, token in enumerate(tokens):
        if token.kind == "name" and token.text in _KNOWN and not _is_part(tokens, place):
            end = _end_of_arguments(tokens, ends, place + 1)
            yield JenkinsSetting(name=token.text, values=_values(tokens[place + 1 : end]), line=token.line)


def _values(arguments: list[GroovyToken]) -> dict[str, tuple[str, int]]:
    """Return the literals among some arguments, by name; the words of an unnamed expression are under `*`."""
    values: dict[str, tuple[str, int]] = {}
    for place, token in enumerate(arguments):
        is_named = place > 1 and arguments[place - 1].text == ":"
        name = arguments[place - 2].text if is_named else ""
        if token.kind == "string":
            values.setdefault(name, (token.literal, token.line))
        elif token.kind == "name" and is_named:
            values.setdefault(name, (token.text, token.line))
    words = " ".join(one.text for one in arguments if one.kind == "name")
    return {**values, "*": (words, arguments[0].line if arguments else 0)}


def _credentials(tokens: list[GroovyToken]) -> Iterator[str]:
    """Yield the variables that `withCredentials` or `credentials(…)` fill with a secret."""
    for place in range(len(tokens) - 2):
        name, sign, value = tokens[place : place + 3]
        if name.text in _VARIABLES and sign.text == ":" and value.kind == "string":
            yield value.literal
        if name.kind == "name" and sign.text == "=" and value.text == "credentials":
            yield from (name.text, f"{name.text}_PSW")


def _libraries(tokens: list[GroovyToken], ends: Mapping[int, int], path: str) -> Iterator[PipelineParty]:
    """Yield the shared libraries: `@Library('x@ref')`, `library 'x@ref'` and those with an address."""
    for place, token in enumerate(tokens):
        is_annotation = token.text == "Library" and place > 0 and tokens[place - 1].text == "@"
        if is_annotation or (token.text == "library" and token.kind == "name" and not _is_part(tokens, place)):
            end = _end_of_arguments(tokens, ends, place + 1)
            for literal in _identifiers(tokens[place + 1 : end], is_annotation):
                name, _, version = literal.literal.partition("@")
                yield PipelineParty(
                    kind="include",
                    name=name,
                    reference=version,
                    is_pinned=is_commit(version),
                    receives=("code", "secrets"),
                    owner=name,
                    path=path,
                    line=literal.line,
                )


def _identifiers(arguments: list[GroovyToken], is_annotation: bool) -> list[GroovyToken]:
    strings = [one for one in arguments if one.kind == "string"]
    return strings if is_annotation else strings[:1]


def _images(tokens: list[GroovyToken], path: str) -> Iterator[PipelineParty]:
    """Yield the images of agents: `docker { image 'x' }`, `docker 'x'`, `docker.image('x').inside`."""
    for place, token in enumerate(tokens[:-1]):
        following = tokens[place + 1]
        if token.text == "image" and following.text == "(" and place + 2 < len(tokens):
            following = tokens[place + 2]
        is_image = token.text in ("image", "docker") and token.kind == "name" and following.kind == "string"
        if is_image and following.literal and not any(sign in following.literal for sign in " \n"):
            image = image_of(following.literal)
            yield PipelineParty(
                kind="image",
                name=image.name,
                reference=image.reference,
                is_pinned=image.is_pinned,
                receives=("code",),
                owner=image.owner,
                path=path,
                line=following.line,
            )


def _not_resolved(settings: tuple[JenkinsSetting, ...], path: str) -> Iterator[str]:
    for setting in settings:
        if setting.name == "load":
            yield f"{path}:{setting.line}: {setting.values.get('', ('a script that is loaded', 0))[0]}"
