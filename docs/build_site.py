"""Build the documentation as a site: `make site` (Zensical, offline, with its own search).

The pages are those of `docs/`, so that they read as well in a repository browser. This copies them, adds the pages that
are generated from the program, points links that leave the folder at the repository, and has Zensical build the copy
strictly: a link to a page or heading that does not exist fails the build.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from gate.cli import COMMANDS
from gate.model import GATE
from gate.stages import STAGES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
ROOT_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages at the root of the repository that are pages of the site too, and their names there."""


RULES_HEAD = """\
# Rules

Every rule says why it exists, how to fix what it finds, and shows an example of each. `gate explain ID` prints
one rule. What blocks is up to the [policy](policy.md).
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zensical", default="zensical", help="the program that builds (default: the one on the PATH)")
    parser.add_argument("--output", type=Path, default=ROOT / "site", help="folder of the site (default: site)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        collect_pages(Path(scratch, "docs"))
        shutil.copy(ROOT / "zensical.toml", scratch)
        status = subprocess.run([options.zensical, "build", "--clean", "--strict"], cwd=scratch).returncode
        if status == 0:
            shutil.rmtree(options.output, ignore_errors=True)
            shutil.move(Path(scratch, "site"), options.output)
            print(f"Open {options.output / 'index.html'}")
    return status


def collect_pages(docs: Path) -> None:
    """Write all pages of the site into a new folder, with their links pointed at each other."""
    shutil.copytree(DOCS, docs, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for source, name in ROOT_PAGES.items():
        if (ROOT / source).exists():
            shutil.copy(ROOT / source, docs / name)
    add_generated_pages(docs)
    for page in sorted(docs.rglob("*.md")):
        page.write_text(with_links_of_the_site(page.read_text(), page.relative_to(docs)))
    (docs / "README.md").rename(docs / "index.md")


def add_generated_pages(docs: Path) -> None:
    """Write the pages that come from the program: options of every command, rules by stage, JSON Schemas."""
    index = [RULES_HEAD]
    for stage in (GATE, *STAGES):
        _, _, rules = printed("rules", "--stage", stage, "--format", "markdown").partition(f"\n## {stage}\n")
        if not rules:  # of other programs, whose rules are theirs
            continue
        title = f"# Rules of {'the gate itself' if stage == GATE else f'the {stage} stage'}"
        (docs / "reference" / f"rules-{stage}.md").write_text(
            f"{title}\n{rules.replace(chr(10) + '### ', chr(10) + '## ')}"
        )
        index.append(f"- [{title.removeprefix('# ')}](rules-{stage}.md): {rules.count(chr(10) + '### ')}")
    (docs / "reference" / "rules.md").write_text("\n".join(index) + "\n")
    parts = ["# Options of every command\n", "What `gate COMMAND --help` prints.\n"]
    for command in COMMANDS:
        parts.append(f"## gate {command}\n\n```text\n{printed(command, '--help').rstrip()}\n```\n")
    (docs / "reference" / "options.md").write_text("\n".join(parts))
    for name in ("report", "config"):
        json.loads(printed("schema", name))
        (docs / "reference" / f"gate-{name}.schema.json").write_text(printed("schema", name))


def printed(*arguments: str) -> str:
    """Return what a command of the gate prints; raises CalledProcessError if it fails."""
    command = [sys.executable, "-m", "gate", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def with_links_of_the_site(text: str, page: Path) -> str:
    """Return the text of a page with the links that leave `docs/` pointed at the repository."""

    def replaced(link: re.Match[str]) -> str:
        target, _, heading = link["target"].partition("#")
        if not target or "://" in target:
            return link[0]
        place = (original_of(page).parent / target).resolve()
        heading = heading and f"#{heading}"
        if place == DOCS / "README.md":
            return f"]({relative(page, Path('index.md'))}{heading})"
        if place.name in ROOT_PAGES and place.parent == ROOT:
            return f"]({relative(page, Path(ROOT_PAGES[place.name]))}{heading})"
        if place.is_relative_to(DOCS) and (place.is_file() or not place.exists()):
            return f"]({relative(page, place.relative_to(DOCS))}{heading})"
        return f"]({repository()}/{place.relative_to(ROOT).as_posix()}{heading})"

    return LINK.sub(replaced, text)


def original_of(page: Path) -> Path:
    """Return where the page stands in the repository; generated ones stand nowhere, and have no links."""
    by_name = {name: ROOT / source for source, name in ROOT_PAGES.items()}
    return by_name.get(page.as_posix(), DOCS / page)


def relative(page: Path, target: Path) -> str:
    return "../" * len(page.parent.parts) + target.as_posix()


def repository() -> str:
    """Return where files of the repository are shown, as its metadata says."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"].get("urls", {})
    return urls.get("Source", urls.get("Repository", "https://example.com/security-gate")).rstrip("/") + "/blob/main"


if __name__ == "__main__":
    sys.exit(main())
