"""What `gate fix` makes of a Dockerfile: before and after, as a user sees them."""

import re
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.app.fixes.edits import repair_of
from gate.app.fixes.mend import MendTerms, MendWork, mend_source, repairs_of
from gate.core.source_text import decode
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.lint import lint
from gate.dockerfile.parser import parse
from gate.dockerfile.rules import all_rules, fixed_on_request
from gate.model import Finding, Tree
from gate.policy.decide import Policy
from gate.settings import Settings

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def findings(content: bytes, *rules: str) -> list[Finding]:
    found = lint(content, "Dockerfile", "tree", DockerfileSettings()).findings
    return [one for one in found if not rules or one.rule in rules]


def mended(text: str | bytes, *rules: str) -> str:
    """Make what these rules, or all, bring, and what follows from it."""
    source = decode(text.encode() if isinstance(text, str) else text)
    repairs = tuple(repairs_of(findings(source.encode()), rules))
    with TemporaryDirectory() as root:
        work = MendWork(Tree(root=root, name="tree"), "Dockerfile", "dockerfile", repairs, ())
        return mend_source(source, work, MendTerms(Settings(), Policy(layers=()), NOW, rules))[0]


MENDED = [
    ("DL3000", "WORKDIR /srv\nWORKDIR app\nWORKDIR ../web", "WORKDIR /srv\nWORKDIR /srv/app\nWORKDIR /srv/web"),
    ("DL3003", "RUN cd /srv && make\nWORKDIR /app", "WORKDIR /srv\nRUN make\nWORKDIR /app"),
    ("DL3003", "WORKDIR /srv\nRUN cd /srv && make", "WORKDIR /srv\nRUN make"),
    ("DL3004", "USER root\nRUN sudo make install", "USER root\nRUN make install"),
    (
        "DL3009",
        "RUN apt-get update && apt-get install -y curl",
        "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
    ),
    (
        "DL3009",
        "RUN apt-get update \\\n && apt-get install -y \\\n    curl # the client\n",
        "RUN apt-get update \\\n && apt-get install -y \\\n    curl # the client\n",
    ),
    (
        "DL3009",
        "RUN apt-get update \\\n  && apt-get install -y \\\n    # the client\n    curl \\\n    git",
        "RUN apt-get update \\\n  && apt-get install -y \\\n    # the client\n    curl \\\n    git \\\n"
        "  && rm -rf /var/lib/apt/lists/*",
    ),
    (
        "DL3009",
        "RUN apt-get update && \\\n    apt-get install -y curl",
        "RUN apt-get update && \\\n    apt-get install -y curl && \\\n    rm -rf /var/lib/apt/lists/*",
    ),
    ("DL3012", "HEALTHCHECK NONE\nHEALTHCHECK CMD true", "HEALTHCHECK CMD true"),
    ("DL3014", "RUN apt-get install curl", "RUN apt-get install -y curl"),
    ("DL3015", "RUN apt-get install -y curl", "RUN apt-get install --no-install-recommends -y curl"),
    ("DL3015", "RUN <<E\napt-get install curl\nE", "RUN <<E\napt-get install --no-install-recommends curl\nE"),
    ("DL3019", "RUN apk add curl", "RUN apk add --no-cache curl"),
    ("DL3020", "ADD --chown=1:1 a.py /srv/", "COPY --chown=1:1 a.py /srv/"),
    ("DL3025", "CMD python3 -m app --port=80", 'CMD ["python3", "-m", "app", "--port=80"]'),
    ("DL3025", "ENTRYPOINT exec nginx", 'ENTRYPOINT ["nginx"]'),
    ("DL3027", "RUN apt update && apt search x", "RUN apt-get update && apt-cache search x"),
    ("DL3042", "RUN pip install flask==3.0.3", "RUN pip install --no-cache-dir flask==3.0.3"),
    ("DL3021", "COPY a b /srv", "COPY a b /srv/"),
    ("DL3030", "RUN yum install httpd-2.4", "RUN yum -y install httpd-2.4"),
    ("DL3032", "RUN yum install -y httpd-2.4", "RUN yum install -y httpd-2.4 && yum clean all"),
    ("DL3034", "RUN zypper in x=1", "RUN zypper --non-interactive in x=1"),
    ("DL3036", "RUN zypper in -y x=1", "RUN zypper in -y x=1 && zypper clean"),
    ("DL3038", "RUN dnf install httpd-2.4", "RUN dnf -y install httpd-2.4"),
    ("DL3040", "RUN microdnf install -y httpd-2.4", "RUN microdnf install -y httpd-2.4 && microdnf clean all"),
    ("DL3046", "RUN useradd -u 1234567 app", "RUN useradd -l -u 1234567 app"),
    ("DL3047", "RUN wget https://packages.example/a", "RUN wget --progress=dot:giga https://packages.example/a"),
    ("DL3060", "RUN yarn install", "RUN yarn install && yarn cache clean"),
    ("GD103", "ENV GREETING good day", 'ENV GREETING="good day"'),
    ("GD103", "LABEL version 1.0", "LABEL version=1.0"),
    ("GD104", "run make", "RUN make"),
    (
        "DL4000",
        "MAINTAINER Jane <jane@example.com>",
        'LABEL org.opencontainers.image.authors="Jane <jane@example.com>"',
    ),
    ("DL4003", "CMD a\n# the program\nCMD b", "# the program\nCMD b"),
    ("DL4004", 'ENTRYPOINT ["a"]\nENTRYPOINT ["b"]', 'ENTRYPOINT ["b"]'),
    (
        "DL4006",
        'SHELL ["/bin/bash", "-c"]\nRUN --network=none a | b',
        'SHELL ["/bin/bash", "-c"]\nRUN --network=none set -o pipefail && a | b',
    ),
    ("GD003", "RUN chmod -R 777 /srv", "RUN chmod -R 755 /srv"),
    ("GD003", "RUN chmod 0666 /srv && chmod a+rwx /x", "RUN chmod 0644 /srv && chmod u+rwx,go+rx /x"),
    ("GD006", "ADD http://github.com/a/b.tgz /", "ADD https://github.com/a/b.tgz /"),
    ("GD006", 'RUN curl -O "http://nodejs.org/x"', 'RUN curl -O "https://nodejs.org/x"'),
    ("GD008", "RUN curl -k -O https://packages.example/x", "RUN curl -O https://packages.example/x"),
    ("GD008", "RUN curl -fskSL https://packages.example/x", "RUN curl -fsSL https://packages.example/x"),
    (
        "GD008",
        "RUN wget \\\n    --no-check-certificate \\\n    https://packages.example/x",
        "RUN wget \\\n    https://packages.example/x",
    ),
    ("GD012", "COPY --chmod=777 . /srv", "COPY --chmod=755 . /srv"),
]


@pytest.mark.parametrize(("rule", "before", "after"), MENDED, ids=lambda text: text if len(text) < 9 else "")
def test_a_fix_shown_literally(rule: str, before: str, after: str) -> None:
    assert mended(f"FROM debian:12\n{before}", rule) == f"FROM debian:12\n{after}"


LEFT_ALONE = [
    ("DL3000", "WORKDIR app", "where the base image begins is not known"),
    ("DL3000", "ENV D=/x\nWORKDIR $D\nWORKDIR app", "a variable can change"),
    ("DL3003", "RUN cd /srv && make\nCOPY a .", "WORKDIR would move the copy"),
    ("DL3003", "# hadolint ignore=DL3008\nRUN cd /srv && make\nWORKDIR /x", "the comment belongs to RUN"),
    ("DL3004", "RUN sudo make", "whoever is the user may need it"),
    ("DL3004", "USER root\nRUN sudo -u app make", "it changes the user to another one"),
    ("DL3009", "RUN apt-get update\nRUN apt-get install -y curl", "the next step needs the lists"),
    ("DL3009", "RUN apt-get update && apt-get install -y a; ", "the end is not a plain one"),
    ("DL3009", "RUN apt-get update && apt-get install -y a & ", "the end is not a plain one"),
    ("DL3009", "RUN <<E\napt-get update\napt-get install -y a\nE", "a heredoc is no line"),
    ("DL3014", 'RUN ["apt-get", "install", "curl"]', "a JSON form needs its commas"),
    ("DL3020", "ADD --keep-git-dir=true a /a", "COPY has no such flag"),
    ("DL3025", "CMD python app.py $PORT", "the shell replaces the variable"),
    ("DL3025", "CMD a && b", "two commands need a shell"),
    ("DL3025", "CMD cd /srv", "only a shell knows it"),
    ("DL3025", "CMD A=1 b", "only a shell knows it"),
    ("DL3025", 'ENTRYPOINT ["a"]\nCMD b', "the words of both are joined"),
    ("DL3027", "RUN apt list --installed", "apt-get has no such command"),
    ("DL4000", "MAINTAINER $NAME", "a label would replace the variable"),
    ("DL4006", "RUN a | b", "whether the image has bash is not known"),
    ("DL4006", "RUN bash -c 'a | b'", "the pipe is in another shell"),
    ("GD003", "RUN chmod o+w /x", "what it should be is not known"),
    ("GD006", "ADD http://packages.example/a /a", "whether the host speaks TLS is not known"),
    ("GD008", "RUN apk add --allow-untrusted x.apk", "the key is missing"),
    ("GD012", "ARG M=777\nCOPY --chmod=$M . /srv", "the variable has the mode"),
]


@pytest.mark.parametrize(("rule", "text", "why"), LEFT_ALONE)
def test_what_needs_a_person_is_left_alone(rule: str, text: str, why: str) -> None:
    before = f"FROM debian:12\n{text}\n"
    assert findings(before.encode(), rule), why
    assert mended(before, rule) == before, why


def test_everything_at_once_keeps_comments_and_layout() -> None:
    before = """\
# syntax=docker/dockerfile:1
FROM debian:12
MAINTAINER jane@example.com
ADD app /srv/app

# tools
RUN apt update \\
    # the client
    && apt install curl  `# inline` \\
        git
USER root
RUN sudo chmod 777 /srv && curl -kfL http://github.com/a > a
"""
    assert (
        mended(before)
        == """\
# syntax=docker/dockerfile:1
FROM debian:12
LABEL org.opencontainers.image.authors="jane@example.com"
COPY app /srv/app

# tools
RUN apt-get update \\
    # the client
    && apt-get install -y curl  `# inline` \\
        git \\
    && rm -rf /var/lib/apt/lists/*
USER root
RUN sudo chmod 777 /srv && curl -kfL http://github.com/a > a
"""
    )


WHAT_MAY_BE_NEEDED = [
    ("DL3004", "USER root\nRUN sudo make install", "sudo gives the command an environment of its own"),
    ("DL3015", "RUN apt-get install -y git", "the certificates that git needs are only recommended"),
    ("DL3025", "CMD postgres", "the ENTRYPOINT of the base image looks at its first argument"),
    ("DL3047", "RUN wget https://packages.example/a", "busybox's wget has no such option"),
    ("DL4006", 'SHELL ["/bin/bash", "-c"]\nRUN a | b', "a step that passed while its pipe was broken fails"),
    ("GD003", "# the plugin writes here as any user\nRUN chmod 777 /srv", "another user writes there"),
    ("GD006", "RUN curl -O http://nodejs.org/x", "the image may have no certificates"),
    ("GD008", "RUN curl -k -O https://packages.example/x", "the server may have a certificate of its own"),
    ("GD012", "COPY --chmod=777 . /srv", "another user writes there"),
]


@pytest.mark.parametrize(("rule", "text", "why"), WHAT_MAY_BE_NEEDED, ids=lambda text: text if len(text) < 9 else "")
def test_what_something_may_depend_on_is_changed_only_for_a_named_rule(rule: str, text: str, why: str) -> None:
    before = f"FROM debian:12\n{text}\n"
    assert mended(before) == before, why
    assert mended(before, rule) != before


def test_every_rule_whose_fix_waits_for_a_person_is_tested() -> None:
    assert {rule for rule, *_ in WHAT_MAY_BE_NEEDED} == fixed_on_request()


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_stay(bom: bytes) -> None:
    before = bom + b"FROM a:1\r\nRUN apt-get update && \\\r\n  apt-get install -y --no-install-recommends x\r\n"
    after = bom + (
        b"FROM a:1\r\nRUN apt-get update && \\\r\n  apt-get install -y --no-install-recommends x && \\\r\n"
        b"  rm -rf /var/lib/apt/lists/*\r\n"
    )
    assert decode(before).with_text(mended(before, "DL3009")).encode() == after


def test_latin_1_and_windows_escapes_stay() -> None:
    before = b"# escape=`\nFROM a:1\n# caf\xe9\nADD caf\xe9 `\n  /x/\n"
    assert decode(before).with_text(mended(before)).encode() == before.replace(b"ADD", b"COPY")


PARTS = st.sampled_from(
    [
        *(text for _, text, _ in (*MENDED, *LEFT_ALONE)),
        *(rule.description.bad for rule in all_rules()),
        *("RUN set -e; \\\n  # note\n  apt install x", "ONBUILD ADD a b", "USER app", "WORKDIR x", "FROM b:1 AS c"),
        *("# hadolint ignore=DL3020,DL3014", 'SHELL ["/bin/bash", "-c"]', "RUN \\\n\n  curl \\\n  -k \\\n  x | tar x"),
    ]
)
FIXABLE = sorted({rule for rule, *_ in MENDED})


@given(st.lists(PARTS, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60, deadline=None)
def test_what_is_mended_is_found_no_more_and_mending_again_changes_nothing(parts: list[str], line_end: str) -> None:
    before = ("FROM debian:12\n" + "\n".join(parts) + "\n").replace("\n", line_end)
    after = mended(before)
    left = [one.rule for one in findings(after.encode()) if repair_of(one) and one.rule not in fixed_on_request()]
    assert not left
    assert mended(after) == after
    assert set(parse(after.encode()).problems) == set() or parse(before.encode()).problems
    assert [*re.findall(r"(?m)^\s*#.*$", after)] == [*re.findall(r"(?m)^\s*#.*$", before)]
    assert (line_end == "\r\n") == ("\r\n" in after)


def test_at_least_twenty_rules_mend() -> None:
    assert len(FIXABLE) >= 20
