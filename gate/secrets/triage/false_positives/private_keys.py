"""Why the header of a private key has no key behind it."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.secrets.triage.candidate_in_line import CandidateInLine

_PUTTY_GOES_ON = lazy_regex(r": (?:ssh|ecdsa)-[\w-]{1,24}+(?!(?:\\[rn])*[\"'`])")
"""The kind of key, and not the end of a program's string."""
_CUT_SHORT = lazy_regex(r"-{4,5}[ \\nr]{0,8}MII[A-Za-z0-9+/=]{0,70}[ \\nr.]{0,8}-{4,5}END RSA")
"""A key of RSA on one line, of which the documentation shows the beginning."""
_ELIDED = lazy_regex(r"(?:x{4}|X{4}|\.{3}|…|<|\$\{|\{\{|\*{3}|(?:your|insert|paste)\b|PRIVATE)", re.IGNORECASE)


def is_header_alone(candidate: CandidateInLine) -> str | None:
    if candidate.value.startswith("PuTTY") and not _PUTTY_GOES_ON.match(candidate.after):
        return "names the header of a key, holds none"
    if "PRIVATE" not in candidate.value[:80] or "-----BEGIN" in candidate.value[:80]:
        return None
    if not candidate.before.endswith("--") and "---- " not in candidate.before:
        return "names the header of a key, holds none"
    return None


def has_no_body(candidate: CandidateInLine) -> str | None:
    if _CUT_SHORT.match(candidate.after):
        return "a placeholder"
    body = candidate.after.lstrip("-").replace("\\n", "\n").replace("\\r", "").strip(" \t\"'\\[]rsn\n")
    return "a placeholder" if _ELIDED.match(body) else None
