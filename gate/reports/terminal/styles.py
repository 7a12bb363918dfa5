"""The colours of the terminal's report."""

from gate.model import Severity, StageStatus, VerdictStatus

SEVERITY_STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
STATUS_STYLES = {StageStatus.OK: "green", StageStatus.ERROR: "bold red", StageStatus.SKIPPED: "dim"}
VERDICT_STYLES = {
    VerdictStatus.PASS: "bold white on green",
    VerdictStatus.FAIL: "bold white on red",
    VerdictStatus.INCOMPLETE: "bold black on yellow",
}
