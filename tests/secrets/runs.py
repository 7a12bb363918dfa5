"""Runs of the secrets stage with one cache, which say which files they looked at."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.declarations.secrets import SecretsSettings
from gate.model import CommitRange, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.secrets.results.detected import Examined
from gate.settings import Stages
from gate.stages import secrets


class Runs:
    """Runs the stage again and again; `looked_at` are the files of the last run."""

    def __init__(self, context: Callable[..., LocalContext], monkeypatch: pytest.MonkeyPatch) -> None:
        self._context = context
        self.looked_at: list[str] = []
        monkeypatch.setattr("gate.secrets.engine.scan.examine_wanted", self._noting())

    def _noting(self) -> Callable[..., Examined]:
        from gate.secrets.engine.scan import examine_wanted

        def noting(content: bytes, path: str, scanner: Any) -> Examined:
            self.looked_at.append(path)
            return examine_wanted(content, path, scanner)

        return noting

    def __call__(self, target: Tree | CommitRange, *, cache: bool = True, **settings: Any) -> StageResult:
        self.looked_at.clear()
        return secrets.run(target, self._context(stages=Stages(secrets=SecretsSettings(**settings)), cache=cache))
