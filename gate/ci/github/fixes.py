"""Mechanical fixes in GitHub's workflows, where what a step does stays the same.

A checkout forgets the token, and an expression in a shell script is handed over by `env`. Each is made only
where the text of the file is what the parser says, so that what is around it keeps its form.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.ci.github.expressions import inner_texts
from gate.ci.github.model import NOTHING, GithubJob, GithubRepository, GithubStep, Workflow
from gate.ci.github.pins import PINNED
from gate.ci.github.steps_of_files import all_steps, place_of
from gate.ci.github.token_needs import PERMISSIONS
from gate.ci.model import StepFix
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Position, Value
from gate.rules import Change, Hit, StageRule

ON_REQUEST = frozenset({"artipacked", *PINNED, *PERMISSIONS})
"""Rules whose fix is made only for `gate fix --rule ID`: a program may use the token, and a tag may have moved."""
_OF_CHECKOUT = frozenset({"artipacked"})
_IN_QUOTES = frozenset({"template-injection", "GC102", "GC105"})
_BARE = frozenset({"GC102", "GC105"})
"""What is fixed where an expression stands in no quotes: options of the project's own may be several words, or none."""
_CHECKOUT = "actions/checkout"
_DECIDED = ("persist-credentials", "token", "ssh-key")
"""Inputs by which someone has decided what the checkout keeps, or which later steps push with."""
_GIT = lazy_regex(
    r"\bgit\b[^\n]*\b(?:push|fetch|pull|clone|submodule|lfs|ls-remote|remote|archive)\b|\bgh\s+(?:pr|repo)\b"
)
_GIT_ACTION = lazy_regex(
    r"commit|push|pull-request|release|version|semver|tag|branch|\bgit(?!hub)|pages|backport|merge|changelog|changeset"
    r"|changed-files|paths-filter|sync|mirror|deploy|reviewdog|linter"
)
"""Names of actions that fetch from the repository or push to it."""
_LINUX = lazy_regex(r"(?:ubuntu|macos)-[\w.-]+|linux")
_REFERENCE = lazy_regex(r"[A-Za-z_][\w-]*(?:\.[\w-]+)+")
_SECOND_READER = lazy_regex(r"<<|=~|\b(?:eval|ssh|xargs|awk|sed|perl|ruby|php|psql|mysql)\b|\s-(?:c|e|ec|exec)\s")
"""What reads a script, or a part of it, in another way than the shell: a variable would not be the same there."""
_NO_WORD = lazy_regex(r"(?:^|[;|&({!`\\$]|\b(?:if|then|do|else|elif|while|until))\s*\Z")
"""What stands before a command, or before something that is no whole word."""
_RESERVED = lazy_regex(r"(?:GITHUB|RUNNER|ACTIONS|INPUT)_.*|PATH|HOME|CI|USER|SHELL|IFS|ENV|PWD|\d.*")
_NO_LETTER = lazy_regex(r"\W")


class _Place(msgspec.Struct, frozen=True):
    """A step, with the lines of its file."""

    step: GithubStep
    lines: Sequence[str]

    def holds_key(self, key: str, value: Value) -> bool:
        """True if the step has the key itself, on a line of its block, and not by an alias or a merge."""
        (first, column), (last, _) = self.step.value.start, self.step.value.end
        if not first <= value.line <= last or value.line > len(self.lines):
            return False
        line = self.lines[value.line - 1]
        return line[column - 1 :].startswith(f"{key}:") and not line[: column - 1].strip(" -")

    def block_start(self, key: str, value: Value) -> Position | None:
        """Return where the first key of a block below a key of the step stands; None if there is no such block."""
        (line, column), (last, _) = value.start, self.step.value.end
        if not (self.holds_key(key, value) and isinstance(value.data, dict) and value.line < line <= last):
            return None
        text = self.lines[line - 1]
        return None if text[: column - 1].strip() or text[column - 1] in "{*&!" else value.start


def with_fixes(hits: Iterable[tuple[StageRule, Hit]], fixes: Iterable[StepFix]) -> list[tuple[StageRule, Hit]]:
    """Return the hits, with the changes of the step in which they are."""
    by_path: dict[tuple[str, str], list[StepFix]] = {}
    for fix in fixes:
        for id in fix.rules:
            by_path.setdefault((id, fix.path), []).append(fix)
    return [(rule, _with_fix(rule, hit, by_path.get((rule.id, hit.path or ""), ()))) for rule, hit in hits]


def _with_fix(rule: StageRule, hit: Hit, fixes: Iterable[StepFix]) -> Hit:
    line = hit.span[0][0] if hit.span else hit.line or 0
    fix = next((one for one in fixes if one.first <= line <= one.last), None)
    if fix is None or hit.changes:
        return hit
    if fix.why_not:
        mend = rule.description.mend if hit.mend is None else hit.mend
        return msgspec.structs.replace(hit, mend=f"{mend} `gate fix` cannot: {fix.why_not}.")
    return msgspec.structs.replace(hit, changes=fix.changes)


def fixes_of(repository: GithubRepository, texts: Mapping[str, str]) -> Iterator[StepFix]:
    """Yield the fixes of all steps; `texts` are the files by path. A step that aliases repeat has none."""
    found = list(_fixes(repository, texts))
    times = Counter((fix.path, fix.first) for fix in found)
    steps = Counter(map(place_of, all_steps(repository)))
    yield from (fix for fix in found if times[fix.path, fix.first] == 1 and steps[fix.path, fix.first] == 1)


def _fixes(repository: GithubRepository, texts: Mapping[str, str]) -> Iterator[StepFix]:
    for workflow in repository.workflows:
        lines = texts[workflow.path].split("\n")
        for job in workflow.jobs.values():
            names = frozenset((*workflow.env, *job.env))
            for number, step in enumerate(job.steps):
                if _keeps_token_for_nothing(job, number):
                    yield from _fix(step, _OF_CHECKOUT, _without_token(_Place(step, lines)))
                elif _is_posix(step.shell or _default_shell(workflow, job)):
                    yield from _fix(step, *_by_variable(_Place(step, lines), names))
    for action in repository.actions.values():
        lines = texts[action.path].split("\n") if action.steps else []
        for step in action.steps:
            if _is_posix(step.shell):
                yield from _fix(step, *_by_variable(_Place(step, lines), frozenset()))


def _fix(step: GithubStep, rules: frozenset[str], changes: tuple[Change, ...]) -> Iterator[StepFix]:
    if changes:
        (first, column), (last, end) = step.value.start, step.value.end
        # a block ends where the next thing begins
        yield StepFix(rules, step.value.path, first, last - 1 if end <= column else last, changes)


def _keeps_token_for_nothing(job: GithubJob, number: int) -> bool:
    """True for a checkout whose token cannot push, and that no later step is known to fetch with."""
    step = job.steps[number]
    permissions = job.permissions
    writes = {"everything", "contents"}.intersection(permissions.writes())
    if step.action != _CHECKOUT or writes or not permissions.is_stated or any(one in step.inputs for one in _DECIDED):
        return False
    return not any(_uses_git(later) for later in job.steps[number + 1 :])


def _uses_git(step: GithubStep) -> bool:
    if step.uses.startswith("."):
        return True
    script = step.script
    return bool(_GIT_ACTION.search(step.action)) or (script is not None and bool(_GIT.search(script.text())))


def _without_token(place: _Place) -> tuple[Change, ...]:
    step = place.step
    uses, given = step.value.get("uses"), step.value.get("with")
    if given is not None:
        start = place.block_start("with", given)
        text = f"persist-credentials: false\n{' ' * (start[1] - 1)}" if start else ""
        return (Change((start, start), text),) if start else ()
    if uses is None or not place.holds_key("uses", uses) or uses.start[0] != uses.end[0]:
        return ()
    end = (uses.line, len(place.lines[uses.line - 1].rstrip("\r")) + 1)
    indent = " " * (step.value.start[1] - 1)
    return (Change((end, end), f"\n{indent}with:\n{indent}  persist-credentials: false"),)


def _default_shell(workflow: Workflow, job: GithubJob) -> str:
    """Return the shell of a job's steps that name none; empty: it is not known, as on Windows."""
    for value in (job.value, workflow.value):
        stated = value.text("defaults", "run", "shell")
        if stated:
            return stated
    return "sh" if job.runs_on and all(_LINUX.fullmatch(one) for one in job.runs_on) else ""


def _is_posix(shell: str) -> bool:
    return shell.split(" ")[0] in ("bash", "sh")


def _by_variable(place: _Place, taken: frozenset[str]) -> tuple[frozenset[str], tuple[Change, ...]]:
    """Return the changes that hand the only expression of a script over by `env`, and the rules that they are for."""
    script = place.step.run
    text = script.text() if script is not None else ""
    found = list(inner_texts(text))
    if script is None or len(found) != 1 or text.count("${{") != 1 or _SECOND_READER.search(text):
        return _BARE, ()
    offset, inner = found[0]
    name = _name_for(inner, text, taken | set(place.step.env))
    quote = _quote_at(text[:offset])
    is_command = quote == "" and _NO_WORD.search(text[:offset].rpartition("\n")[2])
    if not name or quote not in ("", '"') or is_command:
        return _BARE, ()
    start = _position(place, script, offset)
    declared = _declaration(place, script, f"{name}: ${{{{ {inner} }}}}")
    if start is None or declared is None:
        return _BARE, ()
    end = (start[0], start[1] + text.index("}}", offset) + 2 - offset)
    variable = f"${{{name}}}"
    used = Change((start, end), variable if quote else f'"{variable}"')
    return _IN_QUOTES if quote else _BARE, (declared, used)


def _name_for(inner: str, script: str, taken: Iterable[str]) -> str:
    """Return a variable's name for an expression; empty for one that is no bare reference, or has no free name."""
    if not _REFERENCE.fullmatch(inner):
        return ""
    parts = inner.removeprefix("github.").removeprefix("event.").split(".")
    # one word alone may be a name that programs read: VERSION, SHA
    name = _NO_LETTER.sub("_", "_".join(parts[-2:] if len(parts) > 1 else ["event", *parts])).upper()
    is_free = name not in {one.upper() for one in taken} and name not in script
    return name if is_free and not _RESERVED.fullmatch(name) else ""


def _quote_at(prefix: str) -> str | None:
    """Return the quote that is open at the end of a shell text: `'`, `"` or none; None if that is not certain."""
    opened, start, place = "", 0, 0
    while place < len(prefix):
        sign = prefix[place]
        if sign == "\\" and opened != "'":
            place += 1
        elif opened:
            opened = "" if sign == opened else opened
        elif prefix.startswith("$'", place):
            return None
        elif sign in "'\"":
            opened, start = sign, place
        elif sign == "#" and (place == 0 or prefix[place - 1].isspace()):
            # a comment, in which an apostrophe opens nothing
            end = prefix.find("\n", place)
            if end < 0:
                return None
            place = end
        if opened == '"' and place > start and (sign == "`" or prefix.startswith("$(", place)):
            return None
        place += 1
    return opened


def _position(place: _Place, script: Value, offset: int) -> Position | None:
    """Return where an offset of a script stands in the file; None where the file has another text than the script."""
    text = script.text()
    if not place.holds_key("run", script):
        return None
    before = text[:offset]
    number = before.count("\n")
    if script.style == "|":
        line, wanted = script.start[0] + 1 + number, text.split("\n")[number]
        column = len(_line(place, line)) - len(wanted)
        is_there = column > 0 and not _line(place, line)[:column].strip()
    else:
        line, wanted, column = script.start[0], text, script.start[1] - 1
        is_there = script.style == "" and script.end == (line, column + len(text) + 1)
    if not is_there or _line(place, line)[column : column + len(wanted)] != wanted:
        return None
    return line, column + 1 + offset - (before.rfind("\n") + 1)


def _line(place: _Place, number: int) -> str:
    return place.lines[number - 1].rstrip("\r") if number <= len(place.lines) else ""


def _declaration(place: _Place, script: Value, entry: str) -> Change | None:
    """Return the change that adds an entry to the step's `env`, or a new `env` before its script."""
    env = place.step.value.get("env")
    column = place.step.value.start[1]
    if env is None or place.step.env is NOTHING:
        start = (script.line, column)
        indent = " " * (column - 1)
        return None if env is not None else Change((start, start), f"env:\n{indent}  {entry}\n{indent}")
    found = place.block_start("env", env)
    return Change((found, found), f"{entry}\n{' ' * (found[1] - 1)}") if found else None
