"""GitLab CI: `.gitlab-ci.yml` and what it includes within the repository."""

import re
from collections.abc import Collection, Iterator, Sequence

from gate.ci.model import JobScript, SystemJudged
from gate.core.errors import GateError, as_stage_error
from gate.core.source_text import decode
from gate.core.values import Value, read_values
from gate.trees import FileTree

MAX_SIZE = 4 << 20
"""Bytes of a definition; a larger one is an error."""
_NAME = re.compile(r"(?:.*/)?\.gitlab-ci\.ya?ml")
_SCRIPTS = ("before_script", "script", "after_script")


def is_definition(path: str) -> bool:
    """True for the file that GitLab reads by itself."""
    return bool(_NAME.fullmatch(path))


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the definitions and ask the rules; a file that cannot be read is an error."""
    jobs: list[JobScript] = []
    errors = []
    for path in paths:
        try:
            documents = read_values(decode(tree.read(path, MAX_SIZE)).text, path)
        except GateError as error:
            errors.append(as_stage_error(error, path))
            continue
        jobs += [job for document in documents for job in _jobs(document)]
    return SystemJudged(jobs=tuple(jobs), files=len(paths), errors=tuple(errors))


def _jobs(document: Value) -> Iterator[JobScript]:
    for name, value in document.items():
        for key in _SCRIPTS:
            script = value.get(key)
            for line in script.elements() if script else ():
                yield JobScript(name=name, script=line.text(), path=line.path, line=line.line)
