"""A shell script in the repository, for what files cannot say; hostile settings of git have functions of their own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PRELUDE = r"""
git() {
    command git -c user.name=Ada -c user.email=ada@example.com -c commit.gpgsign=false \
        -c protocol.file.allow=always "$@"
}
# A program that says that it was started; git takes it for a filter, a helper or a hook.
cat > "$OUTSIDE/trap" <<'SCRIPT'
#!/bin/sh
touch "OUTSIDE/started"
cat
SCRIPT
sed -i "s|OUTSIDE|$OUTSIDE|" "$OUTSIDE/trap"
chmod 755 "$OUTSIDE/trap"
mkdir -p "$OUTSIDE/hooks"
for hook in post-index-change post-checkout reference-transaction fsmonitor-watchman pre-auto-gc pre-push pre-commit; do
    cp "$OUTSIDE/trap" "$OUTSIDE/hooks/$hook"
done
TRAP="$OUTSIDE/trap"
# programs FILE: a configuration in which every key that names a program names ours.
programs() {
    for key in filter.x.clean filter.x.smudge filter.x.process core.fsmonitor diff.external diff.x.command \
        diff.x.textconv core.sshCommand core.alternateRefsCommand core.pager core.editor uploadpack.packObjectsHook \
        gpg.program gpg.ssh.program credential.helper core.gitProxy merge.x.driver interactive.diffFilter \
        core.askPass sequence.editor pager.ls-files pager.rev-list man.viewer; do
        command git config -f "$1" "$key" "$TRAP"
    done
    command git config -f "$1" filter.x.required true
    command git config -f "$1" core.hooksPath "$OUTSIDE/hooks"
    command git config -f "$1" alias.ls-files "!$TRAP"
    command git config -f "$1" remote.origin.url "ext::$TRAP"
    command git config -f "$1" remote.origin.promisor true
    command git config -f "$1" protocol.ext.allow always
}
# look_alike FOLDER: plain files that make a folder look like a bare repository, with an empty index.
look_alike() {
    mkdir -p "$1/objects" "$1/refs/heads"
    echo 'ref: refs/heads/main' > "$1/HEAD"
    touch "$1/objects/keep" "$1/refs/heads/keep" "$1/keep"
    command git config -f "$1/config" core.repositoryformatversion 0
    command git config -f "$1/config" core.bare false
    command git --git-dir="$1" --work-tree="$1" update-index --add "$1/keep" 2>/dev/null || true
}
commit() { git add -A -f; git commit -q --allow-empty -m "a change"; }
# touched: every file looks changed by its time, so that whoever compares contents has to read them.
touched() { find . -name .git -prune -o -type f -exec touch -d '2001-01-01' {} +; }
"""


@contextmanager
def given(scene: Any, script: str) -> Iterator[dict[str, str]]:
    """Run the script; what it starts in vain does not count."""
    environment = {
        **os.environ,
        "OUTSIDE": str(scene.outside),
        **{name.upper(): scene.words[name] for name in ("token", "line")},
    }
    words = ["sh", "-eu", "-c", PRELUDE + scene.filled(script)]
    done = subprocess.run(words, cwd=scene.repository, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (scene.outside / "started").unlink(missing_ok=True)
    said = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    yield said
