"""Severity by what is really at risk: what stops a change, what is only reported, and what is none."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from gate.core.image_references import parse_reference
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.lint import Linted, lint_file
from gate.dockerfile.non_root_images import user_of
from gate.dockerfile.rules import all_rules
from gate.dockerfile.secret_words import is_literal, is_secret_name
from gate.dockerfile.system_places import is_system_place
from gate.dockerfile.throw_away import has_throw_away_login, is_throw_away
from gate.model import Severity, Tree

Lint = Callable[..., Linted]


def severities(linted: Linted, rule: str) -> list[str]:
    return [finding.severity.value for finding in linted.findings if finding.rule == rule]


CASES = [
    # What a value opens
    ("GD004", "ENV SECRET_KEY=build-key", "low"),
    ("GD004", "ENV SECRET_KEY_BASE=1 DJANGO_SECRET_KEY=dummy-key-for-collectstatic", "low"),
    ("GD004", "ARG JWT_SECRET=notUsedInProduction PASSWORD=changeMe123", "low low"),
    ("GD004", "ENV POSTGRES_PASSWORD=postgres", "low"),
    ("GD004", "ENV POSTGRES_PASSWORD=postgres83914", "high"),
    ("GD004", "ENV SECRET_KEY=f7a8b2test91", "high"),
    ("GD004", "ENV DB_PASSWORD=correct-horse", "high"),
    ("GD004", "ENV RESET_PASSWORD=resetPassword.sh TOKEN_SECRET=settings.yaml", ""),
    ("GD004", "ENV STRIPE_PUBLIC_API_KEY=abcdefghijk", ""),
    ("GD004", "ENV DATABASE_URL=postgres://postgres:postgres@localhost:5432/app", "low"),
    ("GD004", "ENV DATABASE_URL=mysql://app:app@db/app", "low"),
    ("GD004", "ENV DATABASE_URL=redis://:test@queue.test:6379", "low"),
    ("GD004", "ENV DATABASE_URL=postgres://app:app@sql.example.com/app", "high"),
    ("GD004", "ENV DATABASE_URL=postgres://app:hunter2@db/app", "high"),
    ("GD041", "LABEL api_key=example-key", "low"),
    ("GD047", "RUN SECRET_KEY=build-key python manage.py collectstatic", "low"),
    ("GD047", "RUN SECRET_KEY=kq83hd-sk29sj python manage.py collectstatic", "high"),
    ("GD017", "RUN mysql --password=test", "low"),
    ("GD017", "RUN mysql --password=kq83hdsk", "high"),
    ("GD017", "RUN createdb postgres://test:test@127.0.0.1/app", "low"),
    # Who may write what
    ("GD003", "RUN chmod 777 /usr/local/bin/run", "high"),
    ("GD003", "RUN chmod -R a+rwX /", "high"),
    ("GD003", "RUN chmod 666 /srv /etc/passwd", "high"),
    ("GD003", "RUN mkdir -m 777 /etc/cron.d/x", "high"),
    ("GD003", "RUN install -m 777 tool /usr/bin", "high"),
    ("GD003", "RUN find /usr/lib -exec chmod 777 {} +", "high"),
    ("GD003", "ENV HOME=/root\nRUN chmod 777 $HOME", "high"),
    ("GD003", "RUN chmod -R 777 /var/log/app /usr/src/app", "medium"),
    ("GD003", "RUN mkdir -m 777 /data", "medium"),
    ("GD003", "RUN find /data -exec chmod 777 {} +", "medium"),
    ("GD003", "RUN umask 000 && make", "medium"),
    ("GD003", "RUN chmod 666 /etc/sudoers && echo x >> /etc/sudoers && chmod 440 /etc/sudoers", ""),
    ("GD003", 'RUN d="$(mktemp -d)" && chmod 777 "$d" && make && if [ -n "$d" ]; then rm -rf "$d"; fi', ""),
    ("GD003", "RUN chmod 777 /etc/a && chmod 755 /etc/b && rm /etc/c", "medium"),
    ("GD003", "RUN chmod 755 /etc/sudoers && chmod 777 /etc/sudoers", "high"),
    ("GD012", "COPY --chmod=777 run /usr/local/bin/", "high"),
    ("GD012", "ADD --chmod=0666 passwd /etc/passwd", "high"),
    ("GD012", "COPY --chmod=777 . /app", "medium"),
    # What is fetched, how, and what becomes of it
    ("GD001", "ADD https://packages.example/a.json /a.json", "medium"),
    ("GD001", "ADD https://packages.example/ca.pem?x=1 /a.pem", "medium"),
    ("GD001", "ADD https://packages.example/a.tgz /opt/", "high"),
    ("GD001", "ADD https://packages.example/setup.exe /opt/", "high"),
    ("GD001", "ADD https://raw.githubusercontent.com/a/b/master/plugin.py /opt/", "high"),
    ("GD001", "ADD https://github.com/a/b/releases/download/v1/a.jar /opt/", "medium"),
    ("GD001", "ADD https://github.com/a/b/archive/refs/tags/A_1_0_2.tar.gz /opt/", "medium"),
    ("GD001", "ADD https://github.com/a/b.git#v1.2.3 /opt/", "medium"),
    ("GD001", "ADD https://github.com/a/b.git#main /opt/", "high"),
    ("GD001", "ADD https://git.example/a.git /a", "high"),
    ("GD001", "ADD git@git.example:a.git /a", "high"),
    ("GD001", "ADD http://packages.example/a.json /a.json", "high"),
    ("GD001", "ADD git://git.example/a.git /a", "high"),
    ("GD001", "ADD https://192.0.2.7/a.json /a.json", "high"),
    ("GD001", "ADD https://packages.example/run.sh /\nRUN sh /run.sh", "high"),
    ("GD001", "ADD https://packages.example/tini /bin/\nRUN chmod +x /bin/tini", "high"),
    ("GD001", "ADD --chmod=755 https://packages.example/tini /bin/tini", "high"),
    ("GD001", 'ADD https://packages.example/start /start\nENTRYPOINT ["/start"]', "high"),
    ("GD002", "RUN curl -fsSL https://packages.example/install | sh", "high"),
    ("GD002", "RUN curl https://sh.rustup.rs -sSf | sh -s -- -y", "medium"),
    ("GD002", "RUN curl -sL https://deb.nodesource.com/setup_20.x | bash -", "medium"),
    ("GD002", "RUN curl http://deb.nodesource.com/setup_20.x | bash -", "high"),
    ("GD002", "RUN curl -k https://sh.rustup.rs | sh", "high"),
    ("GD002", "RUN curl --insecure https://sh.rustup.rs | sh", "high"),
    ("GD002", "RUN curl https://sh.rustup.rs.example/x | sh", "high"),
    ("GD002", "RUN curl https://sh.rustup.rs@files.example/x | sh", "high"),
    ("GD002", "RUN curl https://sh.rustup.rs http://files.example/x | sh", "high"),
    ("GD002", "RUN curl https://raw.githubusercontent.com/a/b/master/install.sh | sh", "high"),
    ("GD002", "RUN curl https://raw.githubusercontent.com/a/b/v1.2.3/install.sh | sh", "medium"),
    ("GD002", f"RUN curl https://raw.githubusercontent.com/a/b/{'0a' * 20}/install.sh | sh", "medium"),
    ("GD002", "RUN curl https://raw.githubusercontent.com/a/b/release-1.2/install.sh | sh", "high"),
    ("GD002", "RUN curl https://deno.land/x/anything/install.ts | sh", "high"),
    ("GD028", "RUN wget https://github.com/a/b/releases/download/latest/x.run && sh x.run", "high"),
    ("GD002", "RUN curl https://files.example/v1.2.3/install.sh | sh", "high"),
    ("GD002", "ARG V=1.2.3\nRUN curl https://raw.githubusercontent.com/a/b/v${V}/install.sh | sh", "medium"),
    ("GD028", "RUN wget https://github.com/a/b/releases/download/v1/x.run && sh x.run", "medium"),
    ("GD028", "RUN wget https://github.com/a/b/raw/main/x.run && sh x.run", "high"),
    # What is switched off
    ("GD008", "RUN apk index --allow-untrusted -o /p/APKINDEX.tar.gz /p/*.apk", ""),
    ("GD008", "RUN apk add --allow-untrusted /tmp/a.apk", "medium"),
    ("GD008", "RUN apk add --allow-untrusted a", "high"),
    ("GD008", "RUN apk add --allow-untrusted ./a.apk https://packages.example/b.apk", "high"),
    ("GD008", "RUN curl -kO https://packages.example/a.tgz && echo '0a  a.tgz' | sha256sum -c -", ""),
    ("GD008", "RUN curl -k -o /t/a.tgz https://packages.example/b && sha256sum -c <<< '0a  /t/a.tgz'", ""),
    ("GD008", "RUN wget --no-check-certificate https://packages.example/a.tgz\nRUN sha256sum -c SHA256SUMS", ""),
    ("GD008", "RUN curl -kO https://packages.example/a && cosign verify-blob --key k.pub --signature s a", ""),
    ("GD008", "RUN echo '0a  a.tgz' | sha256sum -c - \nRUN curl -kO https://packages.example/a.tgz", "high"),
    ("GD008", "RUN curl -kO https://packages.example/a.tgz && echo '0a  b.tgz' | sha256sum -c -", "high"),
    ("GD008", "RUN curl -k https://packages.example/a.tgz | tar xz && echo '0a  a.tgz' | sha256sum -c -", "high"),
    ("GD008", "RUN curl -k https://packages.example/k | gpg --import && gpg --verify a.sig a", "high"),
    ("GD008", "RUN gpg --verify a.sig a.apk && apk add --allow-untrusted a.apk", ""),
    ("GD008", "RUN gpg --verify a.sig a.apk && apk add --allow-untrusted a.apk b", "medium"),
    ("GD008", "RUN gpg --verify a.sig a.apk && apk add --allow-untrusted c.apk b", "high"),
    ("GD002", "RUN curl -fsSL -o /bin/wp https://packages.example/wp.phar | bash && chmod +x /bin/wp", ""),
    ("GD002", "RUN curl -o- https://packages.example/a | bash", "high"),
    ("GD002", "RUN wget -qO /dev/stdout https://packages.example/a | bash", "high"),
    ("GD008", "RUN GIT_SSL_NO_VERIFY=0 git clone https://git.example/a", "high"),
    ("GD008", "RUN GIT_SSL_NO_VERIFY= git clone https://git.example/a", "high"),
    ("GD019", "RUN echo 'deb [ trusted=yes ] file:///srv/repo ./' > /etc/apt/sources.list.d/x.list", ""),
    ("GD019", "RUN echo 'deb [trusted=yes arch=amd64] https://packages.example ./' > /etc/apt/sources.list", "high"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "expected"), CASES)
def test_severity_is_by_what_is_at_risk(rule: str, text: str, expected: str, lint_text: Lint) -> None:
    assert " ".join(severities(lint_text(f"FROM a:1\n{text}\n"), rule)) == expected


WORTH = [
    # Only its publisher can change what comes over TLS
    ("GD001", "ADD https://packages.example/a.tgz /opt/", "low"),
    ("GD001", "ADD --chmod=755 https://packages.example/$TAG/run.sh /run.sh", "low"),
    ("GD001", "ADD http://packages.example/a.tgz /opt/", "medium"),
    ("GD001", "ADD https://$MIRROR/a.tgz /opt/", "medium"),
    ("GD002", "RUN curl -sSL https://packages.example/i | sh", "low"),
    ("GD002", "RUN sh -c \"$(wget -qO- https://packages.example/i)\"", "low"),
    ("GD002", "RUN curl -sSL packages.example/i | sh", "medium"),
    ("GD002", "RUN curl -sSL http://packages.example/i | sh", "medium"),
    ("GD002", "RUN curl -ksSL https://packages.example/i | sh", "medium"),
    ("GD002", "RUN curl -sSL https://192.0.2.7/i | sh", "medium"),
    ("GD002", "RUN curl -sSL https://bit.ly/abc | sh", "medium"),
    ("GD002", "RUN curl -sSL https://x.ngrok.io:443/abc | sh", "medium"),
    ("GD002", "RUN curl -sSL https://gist.githubusercontent.com/a/b/raw/c | sh", "medium"),
    ("GD002", "RUN curl https://packages.example/i http://packages.example/j | sh", "medium"),
    ("GD028", "RUN curl -sSLO https://packages.example/i.sh && sh i.sh", "low"),
    ("GD028", "RUN U=https://packages.example; curl -sSL \"$U/i.sh\" -o i.sh && sh i.sh", "low"),
    ("GD028", "RUN U=http://packages.example; curl -sSL \"$U/i.sh\" -o i.sh && sh i.sh", "medium"),
    ("GD028", "RUN curl -sSL $U -o i.sh && sh i.sh", "medium"),
    # A socket is there only where it is mounted
    ("GD055", "ENV DOCKER_HOST=unix:///tmp/docker.sock", "low"),
    ("GD055", "VOLUME /var/run/docker.sock", "low"),
    ("GD055", "ENV DOCKER_HOST=tcp://build.example:2375", "medium"),
    ("GD055", "RUN --mount=type=bind,source=/var/run/docker.sock,target=/x docker ps", "medium"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "worth"), WORTH)
def test_what_stops_a_change_is_what_others_can_change(rule: str, text: str, worth: str, lint_text: Lint) -> None:
    found = [one for one in lint_text(f"FROM a:1\n{text}\n").findings if one.rule == rule]
    assert [(one.worth.value, bool(one.worth_evidence)) for one in found] == [(worth, worth == "low")]


@pytest.mark.parametrize(
    "value",
    [
        *("dummy", "build-key", "CHANGEME", "changeMe1", "fake_secret_for_build", "insecure-dev-key", "not-a-real-key"),
        *("temporary.key", "placeholder_value", "unused", "secret", "admin1234", "SuperSecret", "your-api-key-test"),
    ],
)
def test_fillers_and_weak_defaults_are_thrown_away(value: str) -> None:
    assert is_throw_away(value)


@pytest.mark.parametrize(
    "value",
    ["correct-horse", "hunter2", "12345678", "testify", "build-7f3a9c", "admin12345678", "dummy" * 20, "", "key"],
)
def test_other_values_are_kept(value: str) -> None:
    assert not is_throw_away(value)


def test_a_login_is_thrown_away_only_where_it_is_weak_and_near() -> None:
    assert has_throw_away_login("amqp://guest:guest@rabbit/")
    assert not has_throw_away_login("amqp://guest:guest@rabbit.example.com/")
    assert not has_throw_away_login("amqp://guest:g7sd8f@rabbit/")
    assert not has_throw_away_login("amqp://rabbit/")


def test_names_and_values_that_are_no_secrets() -> None:
    assert not is_secret_name("VITE_PUBLIC_TOKEN")
    assert is_secret_name("REPUBLIC_TOKEN")
    assert not is_literal("[set-me]")
    assert is_literal("a.b.c")


@pytest.mark.parametrize(
    "path", ["/", "/etc", "/etc/passwd", "/usr/bin/x", "/usr/local/bin/*", "/root/.ssh", "/lib//x", "/srv", "/opt/"]
)
def test_places_of_the_system(path: str) -> None:
    assert is_system_place(path)


@pytest.mark.parametrize(
    "path", ["/srv/app", "/etc/nginx", "/usr/src/app", "/usr/share/x", "bin", "/binary", "/home", "", "."]
)
def test_places_of_applications(path: str) -> None:
    assert not is_system_place(path)


@pytest.mark.parametrize(
    "image",
    [
        *(
            "gcr.io/distroless/static-debian12:nonroot",
            "gcr.io/distroless/base:debug-nonroot",
            "cgr.dev/chainguard/node",
        ),
        *(
            "nginxinc/nginx-unprivileged:1",
            "docker:27-dind-rootless",
            "mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled",
        ),
        *("bitnami/redis:7", "docker.io/library/solr:9", "solr", "quay.io/keycloak/keycloak:26", "prom/prometheus:v3"),
        *(
            "registry.access.redhat.com/ubi9/python-312",
            "index.docker.io/library/odoo:17",
            "REG.example/x/app-rootless:1",
        ),
    ],
)
def test_images_that_are_known_not_to_be_root(image: str, lint_text: Lint) -> None:
    assert user_of(parse_reference(image)) is not None
    assert not severities(lint_text(f"FROM {image} AS a\nFROM a\nCOPY a /a\n"), "GD005")


@pytest.mark.parametrize(
    "image",
    [
        *("debian:12", "gcr.io/distroless/static-debian12", "cgr.dev/chainguard/wolfi-base", "bitnami/minideb:latest"),
        *(
            "example.com/bitnami/redis:7",
            "registry.access.redhat.com/ubi9/ubi-minimal",
            "example/solr",
            "nonrooted/x:1",
        ),
        *("postgres:17", "scratch", "bitnami/redis:7-root"),
    ],
)
def test_other_images_are_taken_for_root(image: str, lint_text: Lint) -> None:
    assert severities(lint_text(f"FROM {image}\nCOPY a /a\n"), "GD005") == ["medium"]


def test_a_user_that_is_given_back_is_told_by_its_own_rule(lint_text: Lint) -> None:
    linted = lint_text("FROM gcr.io/distroless/static:nonroot\nUSER root\n")
    assert severities(linted, "DL3002") == ["medium"]


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        ("apt-get install -y curl\ncurl -sSL 'https://get.sdkman.io?x=1' | bash\n", Severity.MEDIUM),
        ("curl -sSL https://get.rvm.io \\\n  | bash -s stable\n", Severity.MEDIUM),
        ("curl -sSL https://get.rvm.io | bash\nwget -qO- https://files.example/x | sh\n", Severity.HIGH),
        ('curl -sSL https://get.rvm.io | bash\ncurl "$URL" | sh\n', Severity.HIGH),
        ("curl -sSL https://files.example/x | bash\n", Severity.HIGH),
        ("curl -ksSL https://get.rvm.io | bash\n", Severity.HIGH),
    ],
)
def test_a_script_is_as_bad_as_what_it_fetches(
    script: str, severity: Severity, make_tree: Callable[[dict[str, str]], Tree]
) -> None:
    tree = make_tree({"Dockerfile": "FROM a:1\nCOPY setup.sh /x/\nRUN sh /x/setup.sh\n", "setup.sh": script})
    linted = lint_file("Dockerfile", tree, DockerfileSettings(), date(2026, 11, 24))
    assert severities(linted, "GD002") == [severity.value]


WRAPPERS = ("sudo ", "env X=1 ", "timeout 5 ", "nice -n 5 ", "sudo -E env Y=2 ")
RUNS = [rule for rule in all_rules() if rule.description.bad.startswith("RUN ") and rule.id != "DL3004"]


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_no_line_is_reported_twice_through_a_wrapper(wrapper: str, lint_text: Lint) -> None:
    for rule in (one for one in RUNS if not one.description.bad.startswith(("RUN --", "RUN ["))):
        text = f"FROM a:1\n{rule.description.bad}\n"
        plain, wrapped = (
            Counter(one.rule for one in lint_text(each).findings)
            for each in (text, text.replace("RUN ", f"RUN {wrapper}"))
        )
        assert wrapped[rule.id] <= plain[rule.id], rule.id


@pytest.mark.parametrize(
    ("rule", "script"),
    [
        ("GD047", "API_TOKEN=kq83hdsk29 sudo make"),
        ("GD047", "sudo env API_TOKEN=kq83hdsk29 nice make"),
        ("GD008", "GIT_SSL_NO_VERIFY=1 sudo git clone https://git.example/a"),
        ("GD017", "sudo mysql --password=kq83hdsk"),
        ("GD017", "sudo -E env A=1 mysql --password=kq83hdsk"),
        ("GD003", "sudo sh -c 'chmod 777 /etc'"),
    ],
)
def test_what_a_wrapper_runs_is_reported_once(rule: str, script: str, lint_text: Lint) -> None:
    assert len(severities(lint_text(f"FROM a:1\nRUN {script}\n"), rule)) == 1


def test_code_that_compares_a_digest_of_what_it_fetches_is_none(lint_text: Lint) -> None:
    code = "import requests, subprocess, sys; x = requests.get(sys.argv[1]).content; {check}subprocess.run(x)"
    bad, good = code.format(check=""), code.format(check="assert hashlib.sha256(x).hexdigest() == y; ")
    assert severities(lint_text(f'FROM a:1\nRUN python3 -c "{bad}"\n'), "GD002") == ["high"]
    assert not severities(lint_text(f'FROM a:1\nRUN python3 -c "{good}"\n'), "GD002")
