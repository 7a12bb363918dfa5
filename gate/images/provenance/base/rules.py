"""The texts of the rules on where an image comes from."""

from gate.declarations.image import IMAGE
from gate.model import RuleDescription, Severity

TOO_OLD = RuleDescription(
    id="GI060",
    stage=IMAGE.name,
    severity=Severity.MEDIUM,
    title="Image is older than allowed",
    why="What was fixed since then is not in it, and nobody has shown lately that it can still be built.",
    mend="Build it again, without cache and on a newly pulled base (docker build --pull --no-cache).",
    references=("CWE-1104",),
)
NOT_PINNED = RuleDescription(
    id="GI061",
    stage=IMAGE.name,
    severity=Severity.LOW,
    title="Base image is not pinned",
    why="A tag moves: nobody can say any more which build of the base this image stands on, or build it again.",
    mend="Name the base with its digest (FROM name:tag@sha256:…), and let an update bot raise it.",
    references=("CWE-1357",),
)
MOST_AT_ONCE = RuleDescription(
    id="GI062",
    stage=IMAGE.name,
    severity=Severity.INFO,
    title="A newer base image mends several findings at once",
    why="What the base brings is mended by its owners: one rebuild takes in all of their fixes.",
    mend="Raise the base image in FROM to its newest build and rebuild; if that is not enough, take another base.",
)
RULES = (TOO_OLD, NOT_PINNED, MOST_AT_ONCE)
