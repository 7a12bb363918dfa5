"""Our orders of versions beside the programs that define them, on many versions made at random from their grammars.

Each program gets all pairs at once and answers -1, 0 or 1 for each.
"""

import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from glob import glob
from pathlib import Path

import pytest

from gate.advisories.ingest import parse
from gate.advisories.osv import short_forms
from gate.advisories.versions import compare
from tests.e2e.conftest import NIGHTLY

Pair = tuple[str, str]
Oracle = Callable[[list[Pair]], list[int]]
PAIRS = 2000 if NIGHTLY else 400


def ask(command: list[str], pairs: list[Pair], *, lines: bool = False) -> list[int]:
    given = "".join(f"{a}\n{b}\n" for a, b in pairs) if lines else json.dumps(pairs)
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [int(word) for word in done.stdout.split()]


def dpkg(pairs: list[Pair]) -> list[int]:
    loop = (
        'while read -r a && read -r b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; '
        'elif dpkg --compare-versions "$a" eq "$b"; then echo 0; else echo 1; fi; done'
    )
    return ask(["bash", "-c", loop], pairs[: PAIRS // 4], lines=True)


def rpm(pairs: list[Pair]) -> list[int]:
    answers = []
    for start in range(0, len(pairs), 500):  # what one argument of a program can hold
        script = "".join(f'print(rpm.vercmp("{a}","{b}").." ")' for a, b in pairs[start : start + 500])
        answers += ask(["rpm", "--eval", f"%{{lua:{script}}}"], [], lines=True)
    return answers


NODE = """
const semver = require(require("child_process").execSync("npm root -g").toString().trim() + "/npm/node_modules/semver");
const pairs = JSON.parse(require("fs").readFileSync(0));
const loose = {loose: true};
const isValid = (version) => semver.valid(version, loose) !== null;
console.log(pairs.map(([a, b]) => isValid(a) && isValid(b) ? semver.compare(a, b, loose) : 9).join(" "));
"""
RUBY = """
require "json"
JSON.parse(STDIN.read).each do |a, b|
  is_valid = Gem::Version.correct?(a) && Gem::Version.correct?(b)
  puts is_valid ? Gem::Version.new(a) <=> Gem::Version.new(b) : 9
end
"""
PHP = """
require "Composer/Semver/autoload.php";
$parser = new Composer\\Semver\\VersionParser();
foreach (json_decode(stream_get_contents(STDIN)) as [$a, $b]) {
    try {
        echo version_compare($parser->normalize($a), $parser->normalize($b)), " ";
    } catch (UnexpectedValueException) {
        echo "9 ";
    }
}
"""


def node(pairs: list[Pair]) -> list[int]:
    return ask(["node", "-e", NODE], pairs)


def ruby(pairs: list[Pair]) -> list[int]:
    return ask(["ruby", "-e", RUBY], pairs)


def php(pairs: list[Pair]) -> list[int]:
    return ask(["php", "-r", PHP], pairs)


R = """
answers <- sapply(strsplit(readLines("stdin"), " "), function(pair) utils::compareVersion(pair[1], pair[2]))
cat(answers)
"""
GO = """
package main

import (
    "encoding/json"
    "fmt"
    order "MODULE"
    "os"
)

func main() {
    var pairs [][2]string
    if err := json.NewDecoder(os.Stdin).Decode(&pairs); err != nil {
        panic(err)
    }
    for _, pair := range pairs {
        fmt.Println(answer(pair[0], pair[1]))
    }
}

func answer(a, b string) int {
    if !order.VALID(a) || !order.VALID(b) {
        return 9
    }
    return COMPARED
}
"""
GO_SOURCES = "/usr/share/gocode"
HASKELL = """
import Data.Version (Version, parseVersion)
import Text.ParserCombinators.ReadP (readP_to_S)

answer :: [String] -> Int
answer [a, b] = case compare (version a) (version b) of { LT -> -1; EQ -> 0; GT -> 1 }

version :: String -> Version
version text = head [found | (found, "") <- readP_to_S parseVersion text]

main :: IO ()
main = interact (unwords . map (show . answer . words) . lines)
"""
NUGET = """
const path = require("child_process").execSync("npm root -g").toString().trim() + "/@snyk/nuget-semver";
const nuget = require(path);
const pairs = JSON.parse(require("fs").readFileSync(0));
console.log(pairs.map(([a, b]) => nuget.valid(a) && nuget.valid(b) ? Math.sign(nuget.compare(a, b)) : 9).join(" "));
"""


def r(pairs: list[Pair]) -> list[int]:
    text = "".join(f"{a} {b}\n" for a, b in pairs)
    done = subprocess.run(["Rscript", "-e", R], input=text, capture_output=True, text=True, timeout=300, check=True)
    return [int(word) for word in done.stdout.split()]


def has_go(module: str) -> bool:
    return shutil.which("go") is not None and Path(f"{GO_SOURCES}/src/{module}").is_dir()


def has_global(package: str) -> bool:
    """Tell whether npm has installed `package` for all."""
    npm = shutil.which("npm")
    return (
        npm is not None and not subprocess.run([npm, "ls", "-g", package], capture_output=True, check=False).returncode
    )


def haskell(pairs: list[Pair]) -> list[int]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.hs").write_text(HASKELL)
        text = "".join(f"{a} {b}\n" for a, b in pairs)
        done = subprocess.run(
            ["runghc", f"{folder}/main.hs"], input=text, capture_output=True, text=True, timeout=300, check=True
        )
        return [int(word) for word in done.stdout.split()]


def nuget(pairs: list[Pair]) -> list[int]:
    """Ask a port of NuGetVersion to JavaScript: `npm install -g @snyk/nuget-semver`."""
    return ask(["node", "-e", NUGET], pairs)


def go(pairs: list[Pair]) -> list[int]:
    return run_go(pairs, MODULE="golang.org/x/mod/semver", VALID="IsValid", COMPARED="order.Compare(a, b)")


def apk(pairs: list[Pair]) -> list[int]:
    """Ask a port of apk's comparison to Go, in Debian; apk itself is not."""
    compared = "order.Version(a).Compare(order.Version(b))"
    return run_go(pairs, MODULE="github.com/knqyf263/go-apk-version", VALID="Valid", COMPARED=compared)


def run_go(pairs: list[Pair], **words: str) -> list[int]:
    program = GO
    for word, meaning in words.items():
        program = program.replace(word, meaning)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.go").write_text(program)
        settings = f"GO111MODULE=off GOPATH={GO_SOURCES} GOCACHE={folder}/cache GOTOOLCHAIN=local"
        return ask(["env", *settings.split(), "go", "run", f"{folder}/main.go"], pairs)


MAVEN = glob("/usr/share/java/maven-artifact-3.x.jar")
LANG = glob("/usr/share/java/commons-lang3.jar")
SIGNS = {"<": -1, "==": 0, ">": 1}


def maven(pairs: list[Pair]) -> list[int]:
    """Ask Maven's own class, which compares each version with the one before it."""
    main = "org.apache.maven.artifact.versioning.ComparableVersion"
    command = ["java", "-cp", ":".join([*MAVEN, *LANG]), main, *(version for pair in pairs for version in pair)]
    text = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    relations = [line.split() for line in text.splitlines() if line.startswith("   ")]
    return [SIGNS[operator] for _, operator, _ in relations[::2]]


def numbers(chance: random.Random, most: int = 4) -> str:
    return ".".join(chance.choice(("0", "1", "1", "2", "10", "01", "9")) for _ in range(chance.randint(1, most)))


def of_words(chance: random.Random, separators: str, words: str, most: int = 3) -> str:
    text = ""
    for _ in range(chance.randint(0, most)):
        text += chance.choice(separators.split("|")) + chance.choice(words.split())
    return text


def debian(chance: random.Random) -> str:
    revision = of_words(chance, "-", "1 1ubuntu1 1~deb12u1 0.1 2+b1 1+deb11u2", 1)
    tail = of_words(chance, "+|~|.|", "rc1 dfsg b git20200101 ds1 ~ a 0", 2)
    return chance.choice(("", "", "1:", "0:")) + numbers(chance, 3) + tail + revision


def rpm_version(chance: random.Random) -> str:
    words = "rc1 el9 git1 a 1 20200101 beta fc38 B 001"
    release = chance.choice(("", "-1", "-2.el9")) + of_words(chance, ".|_|~|^", words, 1)
    return chance.choice(("", "1:", "0:")) + numbers(chance, 3) + of_words(chance, ".|~|^|_||..|~~", words) + release


def semver(chance: random.Random) -> str:
    core = ".".join(chance.choice(("0", "1", "2", "10")) for _ in range(3))
    pre = of_words(chance, ".", "alpha beta rc 1 2 10 0 x-y rc1 ALPHA", 3).removeprefix(".")
    return chance.choice(("", "v", "=")) + core + (f"-{pre}" if pre else "") + chance.choice(("", "+build.1"))


def go_module(chance: random.Random) -> str:
    core = ".".join(chance.choice(("0", "1", "2", "10")) for _ in range(3))
    words = (
        "rc.1 rc.2 rc.10 beta alpha.9 0.20210101000000-abcdefabcdef rc.1.0.20220101000000-abcdefabcdef pre RC1 1 01x"
    )
    return f"v{core}{of_words(chance, '-', words, 1)}{chance.choice(('', '', '+incompatible'))}"


def r_package(chance: random.Random) -> str:
    return numbers(chance, 3) + of_words(chance, ".|-", "0 1 2 10 00 01 999 20240101", 2)


def gem(chance: random.Random) -> str:
    return (
        numbers(chance) + of_words(chance, ".|", "a b rc1 pre beta2 0 1 00 rc A", 3) + chance.choice(("", "-1", "-a"))
    )


def composer(chance: random.Random) -> str:
    if chance.random() < 0.05:
        return numbers(chance, 3) + ".x-dev"
    words = "alpha beta RC rc a1 b2 p1 pl2 patch3 stable dev beta-2 rc.1 Beta1 ALPHA2"
    return (
        chance.choice(("", "v")) + numbers(chance) + of_words(chance, "-|.||_", words, 1) + chance.choice(("", "-dev"))
    )


def maven_version(chance: random.Random) -> str:
    words = "alpha beta RC M a1 b2 m3 rc1 CR2 SNAPSHOT Final GA SP1 jre RELEASE incubating 1 2"
    return f"1.{numbers(chance, 3)}" + of_words(chance, "-|.", words, 1) + chance.choice(("", "", "-1", "-SNAPSHOT"))


def alpine(chance: random.Random) -> str:
    letter = chance.choice(("", "", "", "a", "b", "z"))
    suffix = of_words(chance, "_", "alpha beta1 pre2 rc rc1 rc10 cvs svn1 git20240101 hg p p1 p2", 2)
    return numbers(chance) + letter + suffix + chance.choice(("", "-r0", "-r1", "-r10"))


def nuget_version(chance: random.Random) -> str:
    pre = of_words(chance, ".", "alpha Alpha beta rc 1 2 10 0 x-y rc1 RC1 preview", 3).removeprefix(".")
    return numbers(chance) + (f"-{pre}" if pre else "") + chance.choice(("", "", "+build.1"))


def haskell_package(chance: random.Random) -> str:
    return numbers(chance, 5)


ORACLES: dict[str, tuple[Oracle, Callable[[random.Random], str], bool]] = {
    "Debian": (dpkg, debian, shutil.which("dpkg") is not None),
    "Red Hat": (rpm, rpm_version, shutil.which("rpm") is not None),
    "npm": (node, semver, shutil.which("npm") is not None),
    "RubyGems": (ruby, gem, shutil.which("ruby") is not None),
    "Packagist": (php, composer, bool(shutil.which("php") and glob("/usr/share/php/Composer/Semver/autoload.php"))),
    "Go": (go, go_module, has_go("golang.org/x/mod/semver")),
    "CRAN": (r, r_package, shutil.which("Rscript") is not None),
    "Alpine": (apk, alpine, has_go("github.com/knqyf263/go-apk-version")),
    "Hackage": (haskell, haskell_package, shutil.which("runghc") is not None),
    "NuGet": (nuget, nuget_version, has_global("@snyk/nuget-semver")),
    "Maven": (maven, maven_version, bool(shutil.which("java") and MAVEN and LANG)),
}
CIRCULAR = {"Maven"}
"""Maven's own order has cycles (1-alpha < 1 < 1.sp < 1-alpha), which no total order can have."""
NO_VERSION = 9
"""Answer for a pair of which the program refuses one."""


def made(ecosystem: str, make: Callable[[random.Random], str]) -> Iterator[Pair]:
    chance = random.Random(ecosystem)
    for _ in range(PAIRS):
        yield make(chance), make(chance)


@pytest.mark.e2e
@pytest.mark.parametrize("ecosystem", ORACLES)
def test_versions_are_ordered_as_the_ecosystems_own_program_does(ecosystem: str) -> None:
    oracle, make, is_there = ORACLES[ecosystem]
    if not is_there:
        pytest.skip(f"{oracle.__name__} is not installed")
    pairs = list(made(ecosystem, make))
    answers = oracle(pairs)
    assert len(answers) >= PAIRS // 4
    judged = [(pair, answer) for pair, answer in zip(pairs, answers, strict=False) if answer != NO_VERSION]
    wrong = [(pair, answer) for pair, answer in judged if compare(ecosystem, *pair) != answer]
    if ecosystem in CIRCULAR:
        wrong = [one for one in wrong if not goes_in_circles(ecosystem, one[0])]
    assert not wrong, wrong[:20]


CORPUS = os.environ.get("GATE_CORPUS")
PUBLISHED = {
    **dict.fromkeys(("Alpine", "CRAN", "Debian", "Go", "Hackage", "Maven", "Packagist", "RubyGems", "npm")),
    "AlmaLinux": "Red Hat",
}
"""Ecosystems of the corpus to those whose program judges them, if it is another one's."""


def published(ecosystem: str) -> list[Pair]:
    """Return pairs of versions of the same package, at most 40 a package and `PAIRS` in all, which advisories name."""
    versions: dict[str, set[str]] = {}
    with zipfile.ZipFile(f"{CORPUS}/osv-bucket/{ecosystem}/all.zip") as archive:
        for name in archive.namelist():
            for _, package, advisory in short_forms(parse(archive.read(name), name, name), ecosystem):
                events = (at for each in advisory.ranges for _, at in each.events if at not in ("0", "*"))
                versions.setdefault(package, set()).update(advisory.versions, events)
    chance = random.Random(ecosystem)
    several = [sorted(found) for _, found in sorted(versions.items()) if len(found) > 1]
    pairs = {(a, b) for found in several for a, b in (chance.sample(found, 2) for _ in range(min(len(found), 40)))}
    return chance.sample(sorted(pairs), min(len(pairs), PAIRS))


@pytest.mark.e2e
@pytest.mark.skipif(CORPUS is None, reason="GATE_CORPUS names no corpus")
@pytest.mark.parametrize("ecosystem", PUBLISHED)
def test_published_versions_are_ordered_as_the_ecosystems_own_program_does(ecosystem: str) -> None:
    oracle, _, is_there = ORACLES[PUBLISHED[ecosystem] or ecosystem]
    if not is_there:
        pytest.skip(f"{oracle.__name__} is not installed")
    pairs = published(ecosystem)
    assert pairs
    prefix = "v" if ecosystem == "Go" else ""
    answers = oracle([(prefix + a, prefix + b) for a, b in pairs])
    judged = [(pair, answer) for pair, answer in zip(pairs, answers, strict=False) if answer != NO_VERSION]
    print(f"{ecosystem}: {len(judged):,} pairs")
    assert len(judged) > min(len(pairs), PAIRS // 4) * 0.9
    assert not [(pair, answer) for pair, answer in judged if compare(ecosystem, *pair) != answer]


def goes_in_circles(ecosystem: str, pair: Pair) -> bool:
    """Tell whether the program puts the numbers alone between the two, and in our order: its own answer contradicts."""
    (numbers_alone,) = re.findall(r"\A[0-9]+(?:\.[0-9]+)*", pair[0])
    low, high = pair if compare(ecosystem, *pair) < 0 else pair[::-1]
    below, above = ORACLES[ecosystem][0]([(low, numbers_alone), (numbers_alone, high)])
    return max(below, above) <= 0 and min(below, above) < 0
