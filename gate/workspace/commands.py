"""What a command line does that no one sees: fetch a program and run it, hide what it runs, send secrets away."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists

_FETCH = r"(?:curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|aria2c)\b"
_INTERPRETER = (
    r"(?:(?:ba|z|da|k|fi)?sh|python[\d.]*|node|perl|ruby|php|deno|bun|iex|Invoke-Expression|pwsh|powershell)\b"
)
_SHELL = rf"(?:sudo\s+(?:-\w+\s+)*)?(?:/(?:usr/)?bin/)?(?:env\s+)?{_INTERPRETER}"
_BETWEEN = r"(?:\|\s*(?:tee\s+\S+|tar\b[^|]*|gunzip|base64\s+-\w+|xargs\b[^|]*)\s*){0,2}"
_PIPED = rf"{_FETCH}[^|;&\n]{{0,400}}{_BETWEEN}\|\s*{_SHELL}"
_SUBSTITUTED = (
    rf"(?:{_SHELL}|eval|source|\.)\s*(?:-\w+\s+)*[\"']?(?:<\(|\$\(|`)\s*{_FETCH}"
    rf"|\b(?:iex|Invoke-Expression)\b[^;\n]{{0,40}}\(?\s*(?:{_FETCH}|\(?New-Object\s+Net\.WebClient)"
)
_SAVED = (
    rf"{_FETCH}[^;&|\n]{{0,300}}\s(?:-o|-O|--output|-OutFile)\s*(?P<file>[^\s;&|]{{1,200}})[^\n]{{0,200}}?"
    rf"(?:&&|;|\n)\s*(?:chmod\s+\S+\s+[\"']?(?P=file)|{_SHELL}\s+[\"']?(?P=file)|\.?/?(?P=file))"
)
_IN_CODE = (
    r"(?:exec|eval|Function)\s*\([^\n]{0,200}(?:urlopen|requests\.get|fetch\(|https?\.get)"
    r"|(?:urlopen|requests\.get|fetch\(|https?\.get)[^\n]{0,300}(?:exec|eval|new Function|child_process)\b"
)
_FETCH_AND_RUN = lazy_regex(rf"{_PIPED}|{_SUBSTITUTED}|{_SAVED}|{_IN_CODE}", flags=re.IGNORECASE)
_LOCAL_FETCH = lazy_regex(rf"{_FETCH}[^|\n]{{0,200}}(?:localhost|127\.0\.0\.1|\[::1\])", flags=re.IGNORECASE)

_BLANKS = lazy_regex(r"\S[ \t]{40,}(?=\S)")
"""Editors show no more of a long line than fits: what stands far to the right is not seen."""
_NO_PROGRAM = r"(?:woff2?|ttf|otf|eot|png|jpe?g|gif|ico|webp|bmp|svg|css|map|pdf|mp[34]|wav|dat|bin|md|txt|csv|lock)"
_DISGUISED = lazy_regex(
    rf"(?:^|[\s;&|(\"'])(?:node|bun|deno\s+run|python[\d.]*|(?:ba|z)?sh|perl|ruby|php)\s+(?:-\w+\s+)*[\"']?"
    rf"(?P<file>[\w./@${{}}-]+\.{_NO_PROGRAM})(?=$|[\s;&|\"')])",
    flags=re.IGNORECASE,
)
_DECODED = lazy_regex(
    rf"base64\s+(?:-d|-D|--decode)\b[^\n]{{0,120}}\|\s*{_SHELL}|(?:eval|{_SHELL}\s+-c)[^\n]{{0,60}}base64\s+(?:-d|-D|--decode)"
    r"|\b(?:powershell|pwsh)(?:\.exe)?\b[^\n]{0,200}\s-e(?:nc|ncodedcommand)?\s+[A-Za-z0-9+/=]{20,}"
    r"|(?:eval|exec|Function)\s*\([^\n]{0,80}(?:atob\(|b64decode|fromCharCode|['\"]base64['\"]|bytes\.fromhex|unhexlify)"
    r"|xxd\s+-r\s+-p[^\n]{0,80}\|\s*(?:ba|z)?sh\b",
    flags=re.IGNORECASE,
)
_SENDS = (
    r"(?:curl|wget|nc|ncat|Invoke-WebRequest|iwr|irm|Invoke-RestMethod|scp|rsync|sendmail|nslookup|dig)\b"
    r"|fetch\(|https?\.request|urlopen|requests\.(?:post|put|get)"
)
_SECRETS = (
    r"~/\.(?:ssh|aws|kube|gnupg|docker|netrc|npmrc|pypirc|config/gcloud)|\$HOME/\.(?:ssh|aws|kube|gnupg|docker|netrc|npmrc)"
    r"|\bid_(?:rsa|ed25519)\b|\.aws/credentials|@\.env\b|cat\s+[\w./-]*\.env\b|\$\((?:env|printenv)\)|`(?:env|printenv)`"
    r"|\b(?:env|printenv)\s*\||JSON\.stringify\(process\.env\)|dict\(os\.environ\)|Login Data"
    r"|security\s+find-generic-password|gh auth token"
)
_SENDS_SECRETS = lazy_regex(
    rf"(?:{_SENDS})[^\n]{{0,500}}(?:{_SECRETS})|(?:{_SECRETS})[^\n]{{0,500}}(?:{_SENDS})", flags=re.IGNORECASE
)
_RUNNER = (
    r"(?:npx\s+(?:--?[\w-]+\s+)*?(?:-y|--yes)\s+(?:--?[\w-]+(?:=\S+)?\s+)*|(?:pnpm\s+dlx|yarn\s+dlx|bunx|bun\s+x|uvx|uv\s+tool\s+run|pipx\s+run"
    r"|npm\s+exec)\s+(?:(?:--from|-p|--package|--with|--python)[\s=]\S+\s+|--?[\w-]+(?:=\S+)?\s+)*)"
)
_FETCHED_TOOL = lazy_regex(
    rf"(?:^|[\s;&|(\"'])(?P<runner>{_RUNNER})[\"']?(?P<package>@?[\w./:+~-]+(?:\[[\w,-]+\])?(?:(?:@|==)[^\s\"';&|]+)?)"
)
_FROM = lazy_regex(r"(?:--from|-p|--package)[\s=][\"']?(?P<package>[^\s\"']+)")
_EXACT = lazy_regex(
    r".+(?:@|==)v?\d+\.\d+[\w.+-]*|git\+\S+@[0-9a-f]{7,40}(?:#\S*)?|\.{0,2}/\S*|\S+\.(?:whl|tgz|tar\.gz|js|py|ts)"
)
_MOVING_IMAGE = lazy_regex(r"(?!\.{0,2}/|https?:)[\w.-]+(?::\d+)?(?:/[\w.-]+)+(?::latest)?")
"""A reference to a registry of images with no tag, or the one that always moves; no folder and no address."""
_DOCKER = lazy_regex(r"\b(?:docker|podman|nerdctl)\s+(?:container\s+)?run\s+(?P<rest>.+)")
_WITH_VALUE = frozenset(word_lists(__file__)["with_value"])
"""Options of `docker run` that take a word of their own."""


def fetches_and_runs(command: str) -> str:
    """Return the part that fetches a program and runs it without anyone seeing it; empty if there is none."""
    found = _FETCH_AND_RUN.search(command)
    return "" if found is None or _LOCAL_FETCH.search(found[0]) else found[0]


def hides_what_it_runs(command: str) -> str:
    """Return how a command hides what it runs, as the end of a sentence; empty if it does not."""
    if _BLANKS.search(command):
        return "more stands far to the right, behind blanks"
    found = _DISGUISED.search(command)
    if found:
        return f"it runs {found['file']}, which by its name is no program"
    return "it decodes what it runs" if _DECODED.search(command) else ""


def is_moving(reference: str) -> bool:
    """True for a reference to a registry of images that names neither a version nor a digest."""
    return _MOVING_IMAGE.fullmatch(reference) is not None


def sends_secrets(command: str) -> bool:
    """True for a command that reads credentials and speaks to the network."""
    return _SENDS_SECRETS.search(command) is not None


def unpinned_tool(command: str) -> str:
    """Return the package or image that a command fetches in whatever version there is; empty if there is none."""
    found = _FETCHED_TOOL.search(command)
    if found:
        stated = _FROM.search(found["runner"])
        package = stated["package"] if stated else found["package"]
        return "" if _EXACT.fullmatch(package) else package
    found = _DOCKER.search(command)
    return _unpinned_image(found["rest"]) if found else ""


def _unpinned_image(rest: str) -> str:
    words = rest.split()
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option in _WITH_VALUE and words:
            words.pop(0)
    image = words[0].strip("\"'") if words else ""
    return "" if not image or "@sha256:" in image or "$" in image else image
