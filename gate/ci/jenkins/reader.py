"""Jenkins: declarative pipelines, and what scripted ones state as literals.

Source: the handbook of Pipeline and the references of its steps. Nothing is evaluated: what a variable or a function of
a shared library holds is not known.
"""

from collections.abc import Collection, Iterator, Sequence

from gate.ci.definitions import MAX_SIZE, CiPipeline, DefinitionsRead, judged
from gate.ci.jenkins.groovy import tokens_of
from gate.ci.jenkins.pipeline import JenkinsPipeline, pipeline_of
from gate.ci.model import SystemJudged
from gate.ci.rules.jenkins import JENKINS
from gate.core.errors import GateError, as_stage_error
from gate.core.path_patterns import is_vendored_path
from gate.core.source_text import decode
from gate.model import StageError
from gate.trees import FileTree

_ENDINGS = (".jenkinsfile", ".jenkins")


def is_definition(path: str) -> bool:
    """True for `Jenkinsfile`, `Jenkinsfile-release`, `release.Jenkinsfile` and the like."""
    name = path.rpartition("/")[2]
    is_named = name.startswith(("Jenkinsfile", "jenkinsfile")) or name.lower().endswith(_ENDINGS)
    return is_named and not is_vendored_path(path)


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the pipelines and ask the rules; a file that cannot be read is an error."""
    errors: list[StageError] = []
    return judged(DefinitionsRead(), _pipelines(tree, paths, errors), JENKINS, len(paths), errors)


def _pipelines(tree: FileTree, paths: Sequence[str], errors: list[StageError]) -> Iterator[CiPipeline]:
    for path in paths:
        try:
            text = decode(tree.read(path, MAX_SIZE)).text
            pipeline: JenkinsPipeline = pipeline_of(tokens_of(text, path), path)
        except GateError as error:
            errors.append(as_stage_error(error, path))
            continue
        yield pipeline
