"""Starts one server in every way that `launcher_forms` makes, under strace, and compares what ran with the answer.

    python -m benchmarks.in_use.launcher_matrix FOLDER [TEXT …]

Only forms whose name has one of the texts are tried. FOLDER keeps the root file system and what was seen, so that a
second run compares alone. Needs root, mmdebstrap, strace, gcc and a package index.
"""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from benchmarks.in_use.launcher_forms import PACKAGES, Form, forms
from benchmarks.in_use.mounts import end_processes, kernel_folders
from gate.inventory.installed.inventory import read_installed
from gate.model import InUse, Package, Tree
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.packages.state import key_of
from gate.trees import MAX_FILE_SIZE, Entry, EntryKind, FileTree, open_tree
from gate.trees.memo import Analysis, Answer

SUITE = "trixie"
DEBS = (
    "python3 python3-yaml python3-markupsafe memcached perl ruby php-cli lua5.4 gawk numactl parallel expect tini "
    "dumb-init gosu catatonit make procps busybox-static daemontools runit s6 execline nodejs fakeroot eatmydata "
    "daemonize supervisor entr just moreutils ruby-foreman bubblewrap jq gettext-base m4"
)
PROGRAMS = {
    "start": "int at = 1; while (at < argc && argv[at][0] == '-' && strcmp(argv[at], \"--\")) at += argc > at + 1 && "
    "argv[at + 1][0] >= '0' && argv[at + 1][0] <= '9' ? 2 : 1; if (at < argc && !strcmp(argv[at], \"--\")) at++; "
    "execvp(argv[at], argv + at); return 1;",
    "start-variable": 'return system(getenv("SERVER_COMMAND"));',
    "start-file": 'FILE *file = fopen("/etc/start.command", "r"); char line[4096]; '
    "return fgets(line, sizeof line, file) ? system(line) : 1;",
    "start-given": 'FILE *file = fopen(argv[1], "r"); char line[4096]; '
    "return fgets(line, sizeof line, file) ? system(line) : 1;",
}
"""Wrappers of the image's own: the body of `main` in C."""
MARKS = {
    "pyyaml": r"/yaml/__init__\.|/yaml/__pycache__/__init__",
    "libyaml": r"/libyaml-0\.so",
    "markupsafe": r"/markupsafe/",
    "memcached": r"execve\(\"/(?:usr/)?bin/memcached\"|/usr/bin/memcached",
    "libevent": r"/libevent-",
    "cyrus-sasl2": r"/libsasl2\.so",
}
"""What a line of strace says of the use of a package."""
SECONDS = 10.0
"""For one form at most."""


def main(work: Path, texts: list[str]) -> None:
    chosen = [form for form in forms() if not texts or any(text in form.name for text in texts)]
    root = work / "root"
    seen_in = work / "seen.json"
    seen: dict[str, list[str]] = json.loads(seen_in.read_text()) if seen_in.exists() else {}
    _prepare(root)
    left = [form for form in chosen if form.name not in seen]
    if left:
        with kernel_folders(root):
            for form in left:
                seen[form.name] = sorted(_run(form, root, work / "strace.log"))
                seen_in.write_text(json.dumps(seen, indent=0))
    _compare(chosen, seen, root)


def _prepare(root: Path) -> None:
    if not root.exists():
        include = f"--include={','.join(DEBS.split())}"
        subprocess.run(["mmdebstrap", "--quiet", "--variant=apt", include, SUITE, str(root)], check=True)
    (root / "etc/env").mkdir(exist_ok=True)
    (root / "etc/env/A").write_text("b\n")
    for name, body in PROGRAMS.items():
        _compile(root / "usr/local/bin" / name, body)
    _compile(root / "usr/local/bin/start-static", PROGRAMS["start"], "-static")


def _compile(path: Path, body: str, *options: str) -> None:
    if not path.exists():
        includes = "".join(f"#include <{name}.h>\n" for name in ("stdio", "stdlib", "string", "unistd"))
        source = f"{includes}int main(int argc, char **argv) {{ {body} }}\n"
        command = ["gcc", "-x", "c", "-w", *options, "-o", str(path), "-"]
        subprocess.run(command, input=source.encode(), check=True)


def _run(form: Form, root: Path, log: Path) -> set[str]:
    """Start a form, wait until the server has loaded all or the time is over; return the packages that were used."""
    for path, content in form.files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        file.chmod(0o755)
    log.unlink(missing_ok=True)
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "300", "-e", "trace=open,openat,execve", "-o", str(log)]
    variables = [f"{name}={value}" for name, value in form.environment.items()]
    command = [*strace, "chroot", str(root), "/usr/bin/env", "-i", "HOME=/root", *variables, *form.words]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as started:
        end = time.monotonic() + SECONDS
        used: set[str] = set()
        while time.monotonic() < end and len(used) < len(PACKAGES[form.server]):
            is_over = started.poll() is not None
            used = _used(log, form)
            if is_over:
                break
            time.sleep(0.1)
        end_processes(root)
        started.terminate()
    subprocess.run(["rm", "-rf", str(root / "srv"), str(root / "etc/start.command")], check=True)
    (root / "srv").mkdir()
    return used


def _used(log: Path, form: Form) -> set[str]:
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    good = "\n".join(line for line in lines if not re.search(r"\) += -1 E", line))
    return {name for name in PACKAGES[form.server] if re.search(MARKS[name], good)}


class _WithFiles:
    """A tree with the files of one form; what is known of the others is kept from form to form, as a cache does."""

    def __init__(self, base: FileTree, entries: list[Entry], form: Form, known: dict[tuple[str, ...], object]) -> None:
        self._base = base
        self._entries = entries
        self._known = known
        self._own = {path: content.encode() for path, content in form.files.items()}

    def walk(self) -> Iterator[Entry]:
        yield from self._entries
        for path, content in self._own.items():
            yield Entry(path=path, kind=EntryKind.FILE, size=len(content), mode=0o755)

    def look_up(self, path: str) -> Entry | None:
        return next((entry for entry in self.walk() if entry.path == path), None) or self._base.look_up(path)

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        own = self._own.get(path.strip("/"))
        return self._base.read(path, limit) if own is None else own

    def analysed(self, path: str, analysis: Analysis[Answer], limit: int, content: bytes | None = None) -> Answer:
        key = (path, *analysis.key)
        if path.strip("/") in self._own or key not in self._known:
            result = analysis.function(self.read(path, limit) if content is None else content)
            if path.strip("/") in self._own:
                return result
            self._known[key] = result
        return cast(Answer, self._known[key])


def _compare(chosen: list[Form], seen: dict[str, list[str]], root: Path) -> None:
    base = open_tree(Tree(root=str(root), name=root.name))
    entries = list(base.walk())
    wanted = {name for names in PACKAGES.values() for name in names}
    packages = read_installed(base).packages
    counts: Counter[str] = Counter()
    known: dict[tuple[str, ...], object] = {}
    for form in chosen:
        states = _states(_WithFiles(base, entries, form, known), form, packages)
        used = seen[form.name]
        own = PACKAGES[form.server][0]
        counts["forms"] += 1
        counts["server ran"] += own in used
        for name in used:
            counts[f"used and {states[name].value}"] += 1
            counts["FALSE NO"] += states[name] is InUse.NO
        counts["found"] += own in used and states[own] is InUse.YES
        others = [states[name] for name in wanted.difference(PACKAGES[form.server])]
        counts["other server no"] += all(state is InUse.NO for state in others)
        if (own in used and states[own] is not InUse.YES) or any(states[name] is InUse.NO for name in used):
            print(f"{form.name}: {', '.join(f'{name} {states[name].value}' for name in used)}", flush=True)
    print(dict(counts))


def _states(tree: FileTree, form: Form, packages: tuple[Package, ...]) -> dict[str, InUse]:
    environment = [f"{name}={value}" for name, value in form.environment.items()]
    runtime = Runtime(entrypoint=list(form.words), env=[*environment, "HOME=/root"], working_dir="/")
    answer = analyse(tree, runtime, packages)
    return {package.name: answer.states[key_of(package)].in_use for package in packages}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
