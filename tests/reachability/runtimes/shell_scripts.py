"""Makes random shell scripts of the forms that entrypoints have, and runs them in a real shell with programs that log.

A script starts the programs `p0` to `p9`, which do nothing but write their names to a log and end with a status that
the run chooses. It tests, makes and removes files of the working folder, and has arguments and variables, of which
some are known to the analysis, and some are not.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from random import Random

FOLDER = "/opt/app"
PROGRAMS = [f"p{number}" for number in range(10)]
TOOLS = ("touch", "rm", "cat", "dirname", "basename", "sort", "find", "seq")
FILES = {
    "hooks/a.sh": "p8\n",
    "!hooks/b.sh": "#!/bin/sh\np9\n",
    "empty": "",
    "!tool": "#!/bin/sh\np7\n",
    "name": "p6\n",
}
"""What is in the working folder: path to content; `!` for a program."""
ARGUMENTS = (["serve"], ["p1", "--now"], ["-x", "p2"], [], ["worker", "-v", "-n", "3"], ["tool"])
KNOWN = {"MODE": "web", "KIND": "a.b.c"}
"""Variables that the image sets."""
_WORDS = ("web", "serve", "a.b.c", "x", "worker", "p1")
_STUB = '#!/bin/sh\necho "$(basename "$0")" >> "$LOG"\neval "exit \\${RC_$(basename "$0"):-0}"\n'
_SECONDS = 10


class Scripts:
    """Makes scripts with the choices of a random number generator."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._functions: list[str] = []
        self._counters = 0

    def script(self) -> str:
        """Return a script."""
        return "\n".join(self._statement(3) for _ in range(self._random.randint(2, 6))) + "\n"

    def _pick(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _block(self, depth: int) -> str:
        return "\n".join(self._statement(depth - 1) for _ in range(self._random.randint(1, 2)))

    def _statement(self, depth: int) -> str:
        simple = [self._program, self._assignment, self._arguments, self._file, self._guarded]
        compound = [self._if, self._case, self._for, self._while, self._function, self._subshell, self._options]
        compound += [self._read_loop, self._leave, self._substituted, self._inline, self._status, self._one_of_several]
        kinds = simple if depth <= 0 else simple + compound
        return self._random.choice(kinds)(depth)

    def _program(self, depth: int) -> str:
        name = self._random.choice(PROGRAMS)
        return self._pick(
            name, name, f'{name} "$1"', f"X= {name}", f"{name} $MODE >/dev/null", f"command {name}", f"{name} &\nwait",
            f"{name} | {self._random.choice(PROGRAMS)}", "tool=" + name + '; "$tool"', f"set -- {name}; \"$@\"",
            f"trap {name} EXIT", f"sh -c {name}", f"eval '{name} x'", "./tool", ". ./name", f"! {name}",
            '"$A"', "$B x", "eval $A", f'[ "$A" = p3 ] && {name}', f"for n in $(seq 2); do [ $n = 2 ] && {name}; done",
            f'eval B$(seq 1)=p4; "${{B1}}"; rm -f "$2"; [ -f tool ] || {name}',
        )  # fmt: skip

    def _assignment(self, depth: int) -> str:
        name = self._pick("A", "B", "C")
        value = self._pick(
            "web", "x", '"$1"', "$MODE", "${USERSET:-web}", "${KIND%%.*}", "${KIND#*.}", "${1:-x}", '"${USERSET}"',
            "$(echo serve)", "$(basename hooks/a.sh .sh)", "$(dirname hooks/a.sh)", "${#MODE}", "$((1 + 2))", "",
            '"$A$B"', "$#", "${B:+web}", "$(cat name)", "${2-none}", "${KIND##*.}", "${MODE%b}", "$(p5; echo x)",
            "p3", "p4", '"$(basename "${USERSET:-/x/p6}")"', "$((1 + ${#USERSET}))",
        )  # fmt: skip
        return self._pick(f"{name}={value}", f"export {name}={value}", f": ${{{name}:=web}}", f"unset {name}")

    def _arguments(self, depth: int) -> str:
        return self._pick(
            "shift || :", 'set -- web "$@"', "set -- $A $B", 'set -- "$@" x', "set --", "[ $# -gt 0 ] && shift"
        )

    def _file(self, depth: int) -> str:
        name = self._pick("made", "empty", "name", "hooks/a.sh")
        return self._pick(f"touch {name}", f"rm -f {name}", f": > {name}", f"[ -e {name} ] || touch {name}")

    def _condition(self) -> str:
        word = self._pick('"$1"', '"$A"', '"$B"', '"$MODE"', '"${USERSET:-}"', '"$USERSET"', '"${1#-}"', '"$#"', '"$C"')
        other = self._random.choice(_WORDS)
        file = self._pick("made", "empty", "name", "tool", "hooks/a.sh", "hooks", "hooks/b.sh", '"$1"', "none/x")
        test = self._pick(
            f"[ {word} = {other} ]", f"[ {word} != {other} ]", f"[ -z {word} ]", f"[ -n {word} ]", f"test {word}",
            f"[ -{self._pick(*'efdxsr')} {file} ]", f'[ "$(command -v {self._pick("p1", "none", "tool")})" ]',
            f"[ -n {word} -a -f {file} ]", f"[ {word} = x -o {word} = {other} ]", f"[ ! -f {file} ]",
            f"{{ [ -f {file} ] && ! [ -x {file} ]; }}", "true", "false", self._random.choice(PROGRAMS),
            f"[ $# -{self._pick('gt', 'eq', 'lt')} {self._pick('0', '1', '2')} ]", '[ "${1#-}" != "$1" ]',
            f"command -v {self._pick('p1', 'none')} >/dev/null", f"case {word} in *.sh|w*) true ;; *) false ;; esac",
        )  # fmt: skip
        return self._pick(test, test, test, f"! {test}", f"{test} && [ -n {word} ]", f"{test} || [ -z {word} ]")

    def _guarded(self, depth: int) -> str:
        return f"{self._condition()} {self._pick('&&', '||')} {self._program(0)}"

    def _status(self, depth: int) -> str:
        before = self._pick(self._program(0), "dirname a/b", "A=$(basename x/p3)", "A=$(p4)", self._condition(), ":")
        test = self._pick('[ "$?" = 0 ]', "[ $? -ne 0 ]", 'test "$?" != 0')
        return f"{before}\nif {test}; then\n{self._block(depth)}\nelse\n{self._block(depth)}\nfi"

    def _one_of_several(self, depth: int) -> str:
        name = self._random.choice(PROGRAMS)
        texts = self._pick(name, f"{name} --now", ""), self._pick(*PROGRAMS)
        inside = f"if {self._condition()}; then echo {texts[0]}; else echo {texts[1]}; fi"
        return self._pick(f"$({inside})", f"C=$({inside}); $C", f"p2 $({inside}) -x; $1", f"A=web C=$({inside})\n$C")

    def _if(self, depth: int) -> str:
        text = f"if {self._condition()}; then\n{self._block(depth)}\n"
        if self._random.random() < 0.3:
            text += f"elif {self._condition()}; then\n{self._block(depth)}\n"
        if self._random.random() < 0.6:
            text += f"else\n{self._block(depth)}\n"
        return text + "fi"

    def _case(self, depth: int) -> str:
        subject = self._pick('"$1"', '"$A"', '"$MODE"', '"${USERSET:-x}"', '"$KIND"', '"$B$A"', "$#")
        patterns = [
            self._pick("web", "serve|x", "-*", "*.c", "p[0-3]", '"$A"', "w*", "?", "[!a-z]*", "''", "0") for _ in "ab"
        ]
        branches = [f"{one}) {self._block(depth)} ;;" for one in [*patterns, self._pick("*", "*", "none")]]
        return f"case {subject} in\n" + "\n".join(branches) + "\nesac"

    def _for(self, depth: int) -> str:
        words = self._pick("web x p1", '"$@"', "hooks/*.sh", "$A $B", "$(echo a b)", "none/*", "$(find hooks -type f)")
        body = self._pick(
            '[ "$word" = x ] && break', '[ -x "$word" ] && "./$word"', '[ -f "$word" ] && . "./$word"', 'A="$word"',
            '[ "$word" = web ] || continue', 'set -- "$@" "$word"',
        )  # fmt: skip
        return f"for word in {words}; do\n{body}\n{self._block(depth)}\ndone"

    def _while(self, depth: int) -> str:
        self._counters += 1
        count = f"count{self._counters}"
        head = self._pick(
            f"while [ ${{{count}:=0}} -lt 3 ]", f"until [ ${{{count}:=0}} -ge 2 ]",
            f"while {self._condition()} && [ ${{{count}:=0}} -lt 4 ]",
        )  # fmt: skip
        return f"{head}; do\n{count}=$(({count} + 1))\n{self._block(depth)}\ndone"

    def _options(self, depth: int) -> str:
        return self._pick(
            'while getopts vxn: letter; do case $letter in v) A=web ;; n) B="$OPTARG" ;; *) p3 ;; esac; done',
            'while [ $# -gt 0 ]; do case "$1" in -n) B="$2"; shift ;; -*) p4 ;; *) break ;; esac; shift; done',
        )

    def _read_loop(self, depth: int) -> str:
        simple, program = self._program(0), self._random.choice(PROGRAMS)
        return self._pick(
            f'while read -r line; do\ncase "$line" in p*) {simple} ;; esac\ndone < name',
            f'echo "one two" | while read -r first rest; do [ "$rest" = two ] && {simple}; done',
            f"read -r A B <<END\nweb $MODE\nEND\n{simple}",
            f"cat <<'END' >/dev/null\n{simple}\nEND",
            f"sh <<END\n{program}\nEND",
            'find hooks -type f | sort | while read -r f; do [ -x "$f" ] && "$f"; done',
        )

    def _function(self, depth: int) -> str:
        name = f"f{len(self._functions)}"
        body = self._block(depth)
        self._functions.append(name)
        call = self._pick(f"{name}", f"{name} web", f'{name} "$@"', f"{name} x && {self._program(0)}")
        leave = self._pick("", "", "\nreturn 1", f'\n[ "$1" = web ] && return\n{self._program(0)}')
        return f"{name}() {{\nlocal A=x\n{body}{leave}\n}}\n{call}"

    def _subshell(self, depth: int) -> str:
        return self._pick(
            f"(\n{self._block(depth)}\n)", f"( A=web; cd hooks; {self._program(0)} )", f"{{\n{self._block(depth)}\n}}"
        )

    def _substituted(self, depth: int) -> str:
        return f"A=$({self._block(1)}\necho web)" if self._random.random() < 0.5 else f"B=`echo x; {self._program(0)}`"

    def _inline(self, depth: int) -> str:
        return self._pick(
            "alias run=p0", f'eval "A={self._pick("web", "x")}; {self._random.choice(PROGRAMS)}"', 'p1 $(echo "$A")'
        )

    def _leave(self, depth: int) -> str:
        return self._pick(
            'exec "$@"',
            "exit",
            "exit 1",
            f"exec {self._random.choice(PROGRAMS)}",
            f"{self._condition()} || exit 1",
            f"{self._condition()} && exit",
        )


def real_folder(root: Path) -> Path:
    """Make the working folder and the programs below a folder; return the working folder."""
    programs, folder = root / "bin", root / "opt" / "app"
    programs.mkdir(parents=True)
    for name in PROGRAMS:
        (programs / name).write_text(_STUB)
        (programs / name).chmod(0o755)
    for name in TOOLS:
        (programs / name).symlink_to(f"/usr/bin/{name}")
    for name in ("sh",):
        (programs / name).symlink_to("/bin/sh")
    fill(folder)
    return folder


def fill(folder: Path) -> None:
    """Write the files of the working folder as the image has them."""
    for path, content in FILES.items():
        file = folder / path.removeprefix("!")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        file.chmod(0o755 if path.startswith("!") else 0o644)
    (folder / "made").unlink(missing_ok=True)


def started(shell: str, script: str, arguments: list[str], folder: Path, settings: Mapping[str, str]) -> set[str]:
    """Return the programs that a shell starts when it runs a script with some variables set."""
    fill(folder)
    log = folder.parent / "log"
    log.write_text("")
    (folder.parent / "script").write_text(script)
    environment = {"PATH": str(folder.parent.parent / "bin"), "LOG": str(log), **KNOWN, **settings}
    with subprocess.Popen(
        [f"/bin/{shell}", "../script", *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
    return set(log.read_text().split())
