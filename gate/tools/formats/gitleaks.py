"""Gitleaks' JSON: secrets; `Secret`, `Match` and `Line` are not read."""

from collections.abc import Iterator

import msgspec

from gate.model import Severity
from gate.tools.report import Reported


class _Leak(msgspec.Struct, rename="pascal"):
    rule_id: str = msgspec.field(name="RuleID")
    file: str
    description: str = ""
    start_line: int | None = None


def read(content: bytes) -> Iterator[Reported]:
    """Yield one problem a leak."""
    for leak in msgspec.json.decode(content, type=list[_Leak]):
        yield Reported(
            rule=leak.rule_id,
            title=leak.description or leak.rule_id,
            severity=Severity.HIGH,
            path=leak.file,
            line=leak.start_line,
            is_secret=True,
        )
