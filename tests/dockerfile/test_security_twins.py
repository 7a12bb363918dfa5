"""What looks dangerous and is not: each security rule passes at least one clean twin of what it catches."""

from collections import Counter
from collections.abc import Callable

import pytest

from gate.dockerfile.rules import all_rules

URL = "https://packages.example"
DIGEST = "@sha256:" + "0" * 64
COMMIT = "0123456789" * 4
AWS_EXAMPLE = "AKIA" + "IOSFODNN7EXAMPLE"
PLACEHOLDER = "ghp_" + "x" * 36
CHECKED = f"RUN curl -fsSLO {URL}/a.tgz && echo '0123 a.tgz' | sha256sum -c - && "

TWINS = {
    "GD001": [
        f"ADD --checksum=sha256:{'0' * 64} {URL}/a.tgz /a.tgz",
        f"ADD https://git.example/a.git#{COMMIT} /a",
        f"COPY a.tgz /a.tgz  # not {URL}",
    ],
    "GD002": [
        f"RUN curl {URL}/a | tar xz",
        f"RUN curl {URL}/a.json | python3 -m json.tool",
        f"RUN echo 'curl {URL}/i | sh'",
        f"RUN curl {URL}/a | grep sh | sort",
        f'RUN ./configure "$(curl {URL}/version)"',
        f'RUN version=$(curl {URL}/version) && echo "$version" && sh build.sh',
        f'RUN version=$(curl {URL}/version); sh build.sh "$version"',
        f"RUN python -c \"import urllib.request as u; print(u.urlopen('{URL}').status)\"",
        f"FROM mcr.microsoft.com/windows/servercore:1\nRUN powershell Invoke-WebRequest {URL}/a -OutFile a",
    ],
    "GD003": [
        "RUN chmod 1777 /tmp",
        "RUN chmod 755 /srv && echo 777",
        "RUN chmod -R o-w,g+w /srv",
        "RUN chmod u=rwx,go=rx /srv",
        "RUN chmod +x /srv/777",
        "RUN umask 022 && make",
        "RUN mkdir -m 750 /srv/777",
        "RUN find /srv -perm 777 -exec chmod 750 {} +",
    ],
    "GD004": ["ENV DB_PASSWORD_FILE=/run/secrets/x", "ENV TOKEN=$TOKEN", "ENV API_KEY=<key>", "ARG PASSWORD="],
    "GD005": ["USER 1", "FROM a:1 AS b\nUSER 1\nFROM b"],
    "GD006": [
        "RUN curl http://localhost:8080/",
        "RUN curl http://127.0.0.1/",
        "RUN echo http://packages.example > /doc",
    ],
    "GD007": [f"FROM debian:12{DIGEST}", "FROM scratch", f"FROM a:1{DIGEST} AS b\nFROM b"],
    "GD008": [
        f"RUN curl -o k {URL}",
        f"RUN curl -okey {URL}",
        f"RUN curl -H '-k' {URL}",
        "RUN curl -k https://localhost:8443/health",
        "RUN git config --global http.sslVerify true",
        "RUN npm config set strict-ssl true",
        "RUN grep -k x y; rpm --checksig a.rpm",
        "RUN ssh -o StrictHostKeyChecking=accept-new git.example",
        "RUN NODE_TLS_REJECT_UNAUTHORIZED=1 npm ci",
        "RUN echo curl --insecure is forbidden",
        "RUN GOFLAGS=-mod=vendor go build",
    ],
    "GD009": ["EXPOSE 8022", "EXPOSE 2200-2299", "EXPOSE 222"],
    "GD010": ["EXPOSE 12375", "EXPOSE 8080"],
    "GD011": [
        "ENV NODE_TLS_REJECT_UNAUTHORIZED=1",
        "ARG PIP_TRUSTED_HOST",
        "ENV GONOSUMDB=git.example/team",
        "ENV CURL_CA_BUNDLE=/etc/ssl/company.pem",
    ],
    "GD012": ["COPY --chmod=755 a /a", "COPY --chmod=1777 a /tmp", "COPY 777 /a"],
    "GD013": ["RUN chmod 755 /x", "RUN chmod u-s /x", "RUN find / -perm -4000 -exec chmod a-s {} +"],
    "GD014": ["RUN --security=sandbox make", "RUN make --security=insecure"],
    "GD015": ["ARG TOKEN_URL", "ARG VERSION", "RUN --mount=type=secret,id=NPM_TOKEN npm ci"],
    "GD016": [
        "RUN echo $ACCOUNTS | chpasswd",
        "RUN usermod -p '!' root",
        "RUN echo root:toor",
        "RUN chpasswd < /run/x",
    ],
    "GD017": [
        f"RUN curl -n -u deploy {URL}",
        f'RUN curl -u "deploy:$PASSWORD" {URL}',
        "RUN docker login -u a --password-stdin",
        "RUN app --token $TOKEN",
        "RUN app --password-file /run/secrets/p",
        "RUN docker run -p 8080:80 a",
    ],
    "GD018": [
        "COPY id_rsa.pub /root/.ssh/authorized_keys",
        "COPY ca.pem fullchain.pem /etc/ssl/",
        "COPY --from=build /root/.ssh/id_rsa /x",
        "COPY keys.py /app/",
        "COPY .npmrc.example /app/",
        "# beside it: id_rsa\n# .dockerignore: id_rsa\nFROM a:1\nCOPY id_rsa* /root/",
    ],
    "GD019": [
        f"RUN echo 'deb [signed-by=/k.asc] {URL} stable main' > /etc/apt/sources.list.d/a.list",
        "RUN grep -q gpgcheck=0 /etc/yum.conf && exit 1",
        "RUN echo gpgcheck=1 >> /etc/yum.conf",
        "RUN sed -i 's/gpgcheck=0/gpgcheck=1/' /etc/yum.conf",
        "RUN echo 'this is insecure'",
    ],
    "GD020": [f"RUN gpg --recv-keys {COMMIT}", "RUN gpg --verify a.asc a", 'RUN gpg --recv-keys "$KEY"'],
    "GD021": ["RUN sha256sum -c sums", "RUN md5sum a", "RUN shasum -a 256 -c sums"],
    "GD022": [
        "FROM python:3.13-slim-bookworm",
        "FROM python:3",
        "FROM team/python:2.7",
        "FROM registry.example.com/team/debian:9",
        "FROM debian:12",
        "FROM a.example/jessie:1",
        "FROM alpine:latest",
    ],
    "GD023": [
        "# syntax=docker/dockerfile:1\nFROM a:1",
        "# syntax=docker.io/docker/dockerfile-upstream:master\nFROM a:1",
        "# syntax=registry.example.com/docker/dockerfile:1\nFROM a:1",
        "FROM a:1\n# syntax=someone/else:1",
    ],
    "GD024": ["FROM eclipse-temurin:17", "FROM team/openjdk:17", "FROM registry.example.com/vault:1"],
    "GD025": ["FROM 127.0.0.1:5000/a:1", "FROM localhost:5000/a:1", "FROM a10.example/b:1.2.3.4"],
    "GD026": ["FROM a:1 AS b\nFROM a:1\nCOPY --from=b /x /x", "COPY --from=0 /x /x", f"COPY --from=a:1{DIGEST} /x /x"],
    "GD027": ["COPY --from=registry.example.com/tool:1 /t /t", "FROM a:1 AS nginx\nFROM b:1\nCOPY --from=nginx /t /t"],
    "GD028": [
        CHECKED + "sh a.tgz",
        f"RUN curl -o data.json {URL}/data.json && python3 build.py data.json",
        f"RUN wget {URL}/i.sh {URL}/i.sh.asc && gpg --verify i.sh.asc i.sh && sh i.sh",
        f"RUN curl -fo /dev/null {URL}/health && sh build.sh",
        f'RUN curl -Lo a {URL}/a && [ "$(sha256sum a)" = "$SUM" ] && sh a',
        f"RUN php -r \"copy('{URL}/i', 'i.php');\" && php i.php",
    ],
    "GD029": [
        CHECKED + "tar xzf a.tgz",
        f"RUN curl -LO {URL}/data.csv && tar czf /out.tgz other",
        "RUN curl -o a.tgz http://localhost/a.tgz && tar xf a.tgz",
        f"RUN wget -q {URL}/list.txt && chmod 644 list.txt",
    ],
    "GD030": [
        f"RUN pip install --index-url {URL}/simple a==1",
        f"RUN pip install --require-hashes --extra-index-url {URL}/simple -r requirements.txt",
        "ENV PIP_INDEX_URL=https://packages.example/simple",
        "RUN echo use no --extra-index-url",
    ],
    "GD031": ["RUN npm ci", "RUN npm ci --registry https://registry.example.com", "ENV GOPROXY=direct"],
    "GD032": [
        f"RUN git clone https://git.example/a && git -C a checkout {COMMIT}",
        "RUN git clone /src /copy",
        f"ARG V={COMMIT}\nFROM a:1\nARG V\nRUN git clone https://git.example/a && git checkout $V",
        "RUN echo git clone https://git.example/a",
    ],
    "GD033": [
        f"RUN npm install git+https://git.example/a.git#{COMMIT}",
        f"RUN pip install git+https://git.example/a@{COMMIT}",
        f"RUN pip install {URL}/a.whl#sha256={'0' * 64}",
        f"RUN pip install --index-url {URL}/simple a==1",
        "RUN npm install left-pad@1.0.0 @scope/a",
    ],
    "GD034": [f"HEALTHCHECK CMD curl -f {URL}/health || exit 1", f"CMD curl {URL}/a | jq ."],
    "GD035": ["COPY .env.example /app/.env", "COPY env.py .environment /app/", "COPY --from=b /.env /.env"],
    "GD036": ["COPY .gitignore /src/", "COPY git/ /src/", "RUN --mount=type=bind,source=.git,target=/g git -C /g log"],
    "GD037": [
        "COPY . /srv",
        "# beside it: app.py\n# .dockerignore: .git\nFROM a:1\nCOPY . /srv",
        "# beside it: src/a\nFROM a:1\nCOPY src /srv",
        "# beside it: a\nFROM a:1 AS b\nFROM a:1\nCOPY --from=b . /srv",
    ],
    "GD038": [
        "# beside it: app.py, id_rsa, .env\n# .dockerignore: id_*, **/.env\nFROM a:1\nCOPY . /srv",
        "# beside it: src/a.py, id_rsa\nFROM a:1\nCOPY src /srv",
        "# beside it: id_rsa.pub, .env.example, ca.pem\nFROM a:1\nCOPY . /srv",
        "# beside it: src/a.py, deploy/prod.key\n# .dockerignore: *, !src\nFROM a:1\nCOPY . /srv",
    ],
    "GD039": ["ADD --unpack=false a.tar.gz /", "COPY a.tar.gz /", f"ADD {URL}/a.tar.gz /", "ADD a.txt /"],
    "GD040": [
        "RUN grep -q '-----BEGIN RSA " + "PRIVATE KEY-----' /x && exit 1",
        "RUN echo '-----BEGIN PUBLIC KEY-----\\nMIIEpAIBAAKCAQEA0Z3VS5JJ' > /x",
        "RUN sed -n '/-----BEGIN " + "PRIVATE KEY-----/,$p' a > b",
        "RUN openssl genrsa -out /run/key 2048",
    ],
    "GD041": ["LABEL token-policy=strict", "LABEL com.example.token=$TOKEN", "LABEL url=https://git.example/a"],
    "GD042": [f"RUN app --key {AWS_EXAMPLE}", f"ENV NOTE={PLACEHOLDER}", "RUN echo ghp_ and AKIA"],
    "GD043": [
        "RUN echo x > ~/.netrc && make && rm ~/.netrc",
        "COPY a.txt /tmp/\nRUN rm /tmp/a.txt",
        "RUN --mount=type=secret,id=k,target=/k.pem make && rm -f /tmp/x",
        "COPY --from=b /k.pem /k.pem\nRUN rm /k.pem",
    ],
    "GD044": [
        "RUN --mount=type=secret,id=n cp /run/secrets/n ~/.npmrc && npm ci && rm ~/.npmrc",
        "RUN --mount=type=secret,id=t TOKEN=$(cat /run/secrets/t) make",
        "RUN --mount=type=secret,id=t --mount=type=tmpfs,target=/w cp /run/secrets/t /w/t",
        "RUN --mount=type=secret,id=t cat /run/secrets/t | wc -c",
        "RUN --mount=type=cache,target=/run/secrets cp /run/secrets/x /y",
        "RUN --mount=type=secret,id=t cat /run/secrets/t > /dev/null",
    ],
    "GD045": [
        "RUN echo registry=https://packages.example > .npmrc",
        'RUN echo "//packages.example/:_authToken=$(cat /run/secrets/t)" > .npmrc && npm ci && rm .npmrc',
        "RUN --mount=type=secret,id=n,target=/root/.npmrc npm ci",
        "RUN docker login -u u --password-stdin < /p && make && docker logout",
        "RUN git config --global user.name Jane",
        "COPY <<EOF /app/config.json\n{}\nEOF",
    ],
    "GD046": [
        "RUN git clone git@git.example:a/b",
        "RUN git clone ssh://git@git.example/a",
        "ADD https://git.example/a@b.git /src",
        "ADD https://deploy@git.example/a.git /src",
    ],
    "GD047": [
        "RUN export TOKEN=$(cat /run/secrets/t) && make",
        "RUN PASSWORD=$1 make",
        "RUN export TOKEN_URL=https://a.example && make",
        "RUN echo PASSWORD=correct-horse",
        "RUN API_KEY= make",
    ],
    "GD048": ["RUN --mount=type=secret,id=t,mode=0400 make", "RUN --mount=type=cache,mode=0777,target=/c make"],
    "GD049": ["RUN echo 'app ALL=(ALL) ALL' >> /etc/sudoers", "RUN grep NOPASSWD /etc/sudoers && exit 1"],
    "GD050": [
        "RUN usermod -aG audio app",
        "RUN useradd -g 0 -u 1001 app",
        "RUN useradd docker",
        "RUN adduser -D -G app app",
        "RUN groupadd docker",
    ],
    "GD051": [
        "RUN useradd -u 1000 app",
        "RUN useradd -g 0 -u 1001 app",
        "RUN echo 'app:x:1001:0::/:/bin/sh' >> /etc/passwd",
    ],
    "GD052": ["RUN passwd -l root", "RUN adduser --disabled-password app", "RUN useradd -p '!' app"],
    "GD053": ["RUN setcap cap_net_bind_service=+ep /x", "RUN setcap -r /x", "RUN echo setcap cap_sys_admin"],
    "GD054": ["RUN --network=none make", "RUN --network=default make", "RUN docker run --network=host a"],
    "GD055": ["VOLUME /var/lib/docker-app", "ENV SOCKET=/run/app.sock", "RUN ls /var/run/docker.sock || true"],
    "GD056": ["VOLUME /var/lib/app", "VOLUME /etc/app/conf.d", "VOLUME /srv"],
    "GD057": ["EXPOSE 8080", "EXPOSE 15005", "EXPOSE 443"],
    "GD058": [
        'CMD ["node", "--inspect=127.0.0.1:9229", "a.js"]',
        "ENV FLASK_DEBUG=0",
        "CMD java -agentlib:jdwp=transport=dt_socket,address=localhost:5005 -jar a.jar",
        "CMD jupyter notebook --NotebookApp.token=$TOKEN",
        "FROM a:1 AS dev\nENV APP=1\nFROM a:1",
    ],
    "GD059": ["RUN echo 'PermitRootLogin no' >> /etc/ssh/sshd_config", "RUN grep 'PermitRootLogin yes' /x && exit 1"],
    "GD060": [
        "RUN apt-get install -y openssh-client",
        "RUN apt-get remove -y openssh-server",
        "RUN apk add openssh-keygen",
    ],
    "GD061": ["COPY --chmod=755 a /a", "COPY --chmod=0644 a /a", "COPY 4755 /a"],
    "GD062": ["RUN make --device=x", "RUN --network=none make"],
    "GD063": [
        "RUN apt-get update && apt-get install -y a",
        "RUN apt-get update\nRUN apt-get update && apt-get install -y a",
        "RUN apt-get update\nRUN make",
        "RUN apk update\nRUN apt-get install -y a",
        "RUN npm update\nRUN npm install",
        "RUN yum update -y\nRUN yum install -y a",
        "FROM a:1 AS b\nRUN apt-get update\nFROM c:1\nRUN apt-get install -y a",
    ],
    "GD064": ["RUN apt-get update && apt-get -y upgrade", "RUN apk upgrade", "RUN apk add -a b", "RUN dnf -y upgrade"],
    "GD065": [
        *("RUN pacman -Syu curl", "RUN pacman -Sy -u curl", "RUN pacman --sync --refresh --sysupgrade curl"),
        "RUN pacman -S curl",
        *("RUN pacman -Sy", "RUN pacman -Syw curl", "RUN pacman -Sys curl", "RUN pacman -Qy curl"),
        "RUN pacman -Sy archlinux-keyring && pacman -Su --noconfirm",
        "RUN pacman -Sy curl\nRUN pacman -Syu --noconfirm",
        "FROM a:1 AS b\nRUN pacman -Sy\nFROM c:1\nRUN pacman -S curl",
        "RUN echo pacman -Sy curl",
    ],
    "GD101": [
        "FROM debian:${VERSION:-12}",
        "FROM --platform=$BUILDPLATFORM a:1",
        "ARG B=a\nFROM $B:1",
        "FROM a:$TARGETARCH",
    ],
    "GD102": [
        "COPY a $JAVA_HOME/lib/",
        "ENV PATH=$PATH:/x",
        "ARG A_DIR=/a\nWORKDIR $A_DIR",
        "FROM a:1 AS b\nENV HOME_DIR=/a\nFROM b\nWORKDIR $HOME_DIR",
        "ARG TARGETARCH\nCOPY bin/$TARGETARCH /a",
        "COPY a ${APP_HOME:-/srv}",
        "FROM scratch\nENV PATH=/bin:$PATH",
    ],
    "GD103": ['ENV A="b c"', "ENV A=b C=d", "LABEL a=b"],
    "GD104": ["FROM a:1\nRUN run", "from a:1\nrun a"],
    "GD105": ["From a:1 AS b", "FROM a:1 AS b", "from a:1 as b", "FROM as:1"],
    "GD106": ["ARG B=a:1\nFROM $B", "ARG B\nFROM ${B:-a:1}", "ARG X\nFROM a:1"],
    "GD107": [
        "# beside it: a.md\n# .dockerignore: *.md, !a.md\nFROM a:1\nCOPY a.md /",
        "# beside it: src/a\n# .dockerignore: *, !src/a\nFROM a:1\nCOPY src /",
        "# beside it: x/a.md\n# .dockerignore: *.md\nFROM a:1\nCOPY x/a.md /",
        "# beside it: a\n# .dockerignore: a\nFROM a:1 AS b\nFROM a:1\nCOPY --from=b a /",
    ],
    "GD109": ["RUN echo bHMgLwo= | base64 -d > /etc/motd", "RUN echo bHMgLwo= | sh -s"],
    "GD110": ["RUN --mount=type=secret,id=env . /run/secrets/env && make"],
    "GD111": ["FROM a:1 AS build-2", "FROM Registry.example/a:1 AS b", "FROM a:1\nCOPY --from=Build /a /a"],
    "GD112": ["RUN a \\\n# c\n b", "RUN a \\\n b\n\nRUN c", "RUN <<E\na\n\nb\nE"],
    "GD113": ["EXPOSE 80/tcp 53/udp", "EXPOSE 80", "EXPOSE $PORT/tcp"],
    "GD114": ["EXPOSE 80 8000-8010/udp", "EXPOSE ${PORT:-80}", "EXPOSE $PORT", "EXPOSE 80/SCTP 80-80"],
    "GD115": [
        "# what it is\nFROM a:1 AS web",
        "# check=experimental=all\n# web is what it is\nFROM a:1 AS web\n# A is\nARG A=1",
        "# check=experimental=all\n# what it is\n\nFROM a:1 AS web",
        "# check=experimental=all\n# what it is\nFROM a:1\n# words\nRUN a",
    ],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in TWINS.items() for text in texts])
def test_is_passed(rule: str, text: str, rules_that_catch: Callable[[str], Counter[str]]) -> None:
    found = rules_that_catch(text)
    assert "DL1000" not in found
    assert rule not in found


def test_every_security_rule_has_a_twin() -> None:
    assert sorted(TWINS) == [rule.id for rule in all_rules() if rule.id.startswith("GD")]
