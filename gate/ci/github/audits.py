"""Zizmor's audits as rules: their own ids, our words for why and what to do.

Zizmor's severity counts up to the one that stands here. None is above medium: what blocks by itself are the attack
paths (GC1xx), which know who can start a workflow and what it holds. Source: zizmor's documentation of each audit;
audits that need the network, a configuration or another persona are not listed.
"""

from functools import lru_cache

from gate.ci.rule import ON_PIPELINES
from gate.model import RuleDescription, Severity
from gate.rules import StageRule, without_check

_PAGE = "https://docs.zizmor.sh/audits/#"
_PIN = "0123456789abcdef0123456789abcdef01234567"
_ON = "on: push\npermissions: {}\n"
_JOB = f"{_ON}jobs:\n  build:\n    runs-on: ubuntu-latest\n"
_STEPS = f"{_JOB}    steps:\n"
_CHECKOUT = f"{_STEPS}      - uses: actions/checkout@{_PIN} # v4\n"
_RELEASE = (
    "on:\n  release:\n    types: [published]\npermissions: {}\n"
    "jobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n"
)
_CACHE = f"      - uses: actions/cache@{_PIN} # v4\n        with:\n          path: build\n          key: build\n"
_PUBLISH = f"      - uses: pypa/gh-action-pypi-publish@{_PIN} # v1\n"
_CALL = f"{_ON}jobs:\n  call:\n    uses: octo/flows/.github/workflows/a.yml@{_PIN} # v1\n"
_DEPENDABOT = (
    "version: 2\nupdates:\n  - package-ecosystem: bundler\n    directory: /\n    schedule:\n      interval: daily\n"
)
_COOLDOWN = "    cooldown:\n      default-days: 7\n"


def _audit(
    id: str, severity: Severity, title: str, *, why: str, mend: str, bad: str, good: str, cwe: str = ""
) -> StageRule:
    references = (f"{_PAGE}{id}", *((cwe,) if cwe else ()))
    return ON_PIPELINES.without_check(
        id, severity, title, module=__name__, why=why, mend=mend, bad=bad, good=good, references=references
    )


AUDITS: dict[str, StageRule] = {
    rule.id: rule
    for rule in (
        _audit(
            "adhoc-packages",
            Severity.LOW,
            "Package is installed outside of a lockfile",
            why="The newest version is installed on each run, so a package that was taken over runs at once.",
            mend="Declare it with its version in a manifest with a lockfile, and install from that.",
            bad=f"{_STEPS}      - run: npm install -g left-pad\n",
            good=f"{_STEPS}      - run: npm ci\n",
            cwe="CWE-1357",
        ),
        _audit(
            "archived-uses",
            Severity.LOW,
            "Action's repository is archived",
            why="No one fixes its faults any more, and its dependencies grow old.",
            mend="Use a maintained action or a command of your own in its place.",
            bad=f"{_STEPS}      - uses: actions-rs/cargo@{_PIN} # v1\n",
            good=f"{_STEPS}      - run: cargo build\n",
            cwe="CWE-1104",
        ),
        _audit(
            "artipacked",
            Severity.LOW,
            "Checkout leaves the token on disk",
            why="actions/checkout writes the job's token into the git configuration: later steps can read it, and an "
            "artifact that holds the folder publishes it.",
            mend="Set persist-credentials: false, and give the token only to the step that pushes.",
            bad=_CHECKOUT,
            good=f"{_CHECKOUT}        with:\n          persist-credentials: false\n",
            cwe="CWE-522",
        ),
        _audit(
            "bot-conditions",
            Severity.MEDIUM,
            "Condition trusts the name of a bot",
            why="github.actor is who caused the latest event: on a pull request that someone else prepared it can be "
            "the bot.",
            mend="Compare github.event.pull_request.user.login, and check where the head comes from.",
            bad="on: pull_request_target\npermissions: {}\njobs:\n  merge:\n    runs-on: ubuntu-latest\n"
            "    if: github.actor == 'dependabot[bot]'\n    steps:\n      - run: echo merge\n",
            good="on: pull_request_target\npermissions: {}\njobs:\n  merge:\n    runs-on: ubuntu-latest\n"
            "    if: github.event.pull_request.user.login == 'dependabot[bot]'\n    steps:\n      - run: echo merge\n",
            cwe="CWE-290",
        ),
        _audit(
            "cache-poisoning",
            Severity.MEDIUM,
            "What is published is built with a cache",
            why="Every run on the default branch can write the cache. One that was taken over puts its files into the "
            "release.",
            mend="Build releases without caches.",
            bad=f"{_RELEASE}{_CACHE}{_PUBLISH}",
            good=f"{_RELEASE}{_PUBLISH}",
            cwe="CWE-349",
        ),
        _audit(
            "dangerous-triggers",
            Severity.LOW,
            "Trigger that gives the repository's rights to other people's events",
            why="pull_request_target and workflow_run run with secrets and a token that may write, on events that "
            "anyone with an account can cause. Whether that leads anywhere is what the attack paths (GC1xx) state.",
            mend="Use pull_request where no rights are needed; otherwise take in neither code nor text of the event.",
            bad="on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - run: echo\n",
            good="on: pull_request\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - run: echo\n",
            cwe="CWE-250",
        ),
        _audit(
            "dependabot-cooldown",
            Severity.INFO,
            "Dependabot raises versions on the day they are published",
            why="Malicious versions are mostly found within days.",
            mend="Set cooldown: {default-days: 7}.",
            bad=_DEPENDABOT,
            good=f"{_DEPENDABOT}{_COOLDOWN}",
            cwe="CWE-1357",
        ),
        _audit(
            "dependabot-execution",
            Severity.MEDIUM,
            "Dependabot runs code of packages",
            why="With insecure-external-code-execution a package's own code runs while versions are raised, with the "
            "credentials of the registries.",
            mend="Remove insecure-external-code-execution.",
            bad=f"{_DEPENDABOT}{_COOLDOWN}    insecure-external-code-execution: allow\n",
            good=f"{_DEPENDABOT}{_COOLDOWN}",
            cwe="CWE-829",
        ),
        _audit(
            "excessive-permissions",
            Severity.LOW,
            "Token can do more than the job needs",
            why="Every step, and every action in it, holds the token: what it can do is what an attacker gets.",
            mend="Set permissions: {} for the workflow, and for each job what it needs.",
            bad="on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
            good="on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n",
            cwe="CWE-250",
        ),
        _audit(
            "github-app",
            Severity.MEDIUM,
            "App's token can do more than the job needs",
            why="Without limits the token has all rights of the app, in all repositories in which it is installed.",
            mend="State the repositories and the permission-… inputs, and let the token be revoked at the end.",
            bad=f"{_STEPS}      - uses: actions/create-github-app-token@{_PIN} # v2\n        with:\n"
            "          app-id: 7\n          private-key: ${{ vars.KEY }}\n",
            good=f"{_STEPS}      - uses: actions/create-github-app-token@{_PIN} # v2\n        with:\n"
            "          app-id: 7\n          private-key: ${{ vars.KEY }}\n          permission-contents: read\n",
            cwe="CWE-250",
        ),
        _audit(
            "github-env",
            Severity.MEDIUM,
            "Environment of later steps is written on other people's events",
            why="A line that an outsider wrote into GITHUB_ENV or GITHUB_PATH decides which programs later steps run.",
            mend="Use GITHUB_OUTPUT, or check the value first.",
            bad="on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            '      - run: echo "title=$(cat title.txt)" >> "$GITHUB_ENV"\n',
            good="on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            '      - run: echo "title=$(cat title.txt)" >> "$GITHUB_OUTPUT"\n',
            cwe="CWE-77",
        ),
        _audit(
            "hardcoded-container-credentials",
            Severity.MEDIUM,
            "Password of a registry stands in the workflow",
            why="Everyone who can read the repository can log in to the registry.",
            mend="Use a secret, and change the password.",
            bad=f"{_JOB}    container:\n      image: registry.example/tool@sha256:{'0' * 64}\n      credentials:\n"
            "        username: ci\n        password: letmein\n    steps:\n      - run: make\n",
            good=f"{_JOB}    container:\n      image: registry.example/tool@sha256:{'0' * 64}\n      credentials:\n"
            "        username: ci\n        password: ${{ secrets.REGISTRY }}\n    steps:\n      - run: make\n",
            cwe="CWE-798",
        ),
        _audit(
            "insecure-commands",
            Severity.MEDIUM,
            "Workflow commands that can set the environment are allowed",
            why="What any step prints, such as a commit message, can then set variables of later steps.",
            mend="Remove ACTIONS_ALLOW_UNSECURE_COMMANDS, and write to GITHUB_ENV or GITHUB_OUTPUT.",
            bad=f"{_JOB}    env:\n      ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n    steps:\n      - run: make\n",
            good=f"{_STEPS}      - run: make\n",
            cwe="CWE-77",
        ),
        _audit(
            "obfuscation",
            Severity.LOW,
            "Workflow hides what it uses",
            why="Paths and expressions that are written in a roundabout way pass by people and tools who read them.",
            mend="Write them plainly.",
            bad=f"{_STEPS}      - uses: docker/././login-action/../login-action@{_PIN} # v3\n",
            good=f"{_STEPS}      - uses: docker/login-action@{_PIN} # v3\n",
            cwe="CWE-506",
        ),
        _audit(
            "overprovisioned-secrets",
            Severity.MEDIUM,
            "Step gets every secret",
            why="toJSON(secrets) puts all secrets of the repository into the job: one that leaks them leaks all.",
            mend="Name each secret that the step needs.",
            bad=f"{_STEPS}      - run: make\n        env:\n          ALL: ${{{{ toJSON(secrets) }}}}\n",
            good=f"{_STEPS}      - run: make\n        env:\n          TOKEN: ${{{{ secrets.TOKEN }}}}\n",
            cwe="CWE-522",
        ),
        _audit(
            "secrets-inherit",
            Severity.LOW,
            "Called workflow gets every secret",
            why="secrets: inherit hands all secrets on, needed or not.",
            mend="Name each secret that the workflow needs under secrets.",
            bad=f"{_CALL}    secrets: inherit\n",
            good=f"{_CALL}    secrets:\n      token: ${{{{ secrets.TOKEN }}}}\n",
            cwe="CWE-522",
        ),
        _audit(
            "self-repository",
            Severity.INFO,
            "Step uses an action of its own repository by a path",
            why="Which version of the action runs depends on what was checked out before.",
            mend="Check that the folder is that of the revision which the workflow is for.",
            bad="",
            good="",
        ),
        _audit(
            "superfluous-actions",
            Severity.INFO,
            "Action does what the runner can do by itself",
            why="Each action is code of others that runs with the job's rights.",
            mend="Use the program that the runner has already, such as gh.",
            bad=f"{_STEPS}      - uses: softprops/action-gh-release@{_PIN} # v2\n",
            good=f"{_STEPS}      - run: gh release create v1\n",
            cwe="CWE-1357",
        ),
        _audit(
            "template-injection",
            Severity.MEDIUM,
            "Expression becomes part of a script",
            why="The expression is put into the script as text before a shell reads it: a value with a quote, `;` or "
            "`$(` in it is run.",
            mend="Put the expression into a variable under env, and use that, quoted, in the script.",
            bad="on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            "      - run: echo ${{ github.event.issue.title }}\n",
            good="on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
            '      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.issue.title }}\n',
            cwe="CWE-94",
        ),
        _audit(
            "typosquat-uses",
            Severity.MEDIUM,
            "Action's name is close to a well-known one",
            why="Names that differ in a letter are registered to be used by mistake.",
            mend="Check the name of the owner and the repository.",
            bad="",
            good="",
            cwe="CWE-506",
        ),
        _audit(
            "unpinned-images",
            Severity.LOW,
            "Image without a digest",
            why="A tag can be moved to another image, which then runs with the job's rights.",
            mend="Add the digest: image:tag@sha256:…",
            bad=f"{_JOB}    container:\n      image: registry.example/tool:latest\n    steps:\n      - run: make\n",
            good=f"{_JOB}    container:\n      image: registry.example/tool:1@sha256:{'0' * 64}\n    steps:\n"
            "      - run: make\n",
            cwe="CWE-829",
        ),
        _audit(
            "unpinned-tools",
            Severity.LOW,
            "Action installs a tool without a version",
            why="The newest version of the tool runs at once with the job's rights.",
            mend="State the tool's version.",
            bad="",
            good="",
            cwe="CWE-829",
        ),
        _audit(
            "unpinned-uses",
            Severity.MEDIUM,
            "Action by a tag or branch",
            why="A tag can be moved to other code, as those of tj-actions/changed-files and trivy-action were: every "
            "workflow that used them ran it. Low for actions of GitHub's own.",
            mend="Pin the commit, with the tag as a comment: owner/action@COMMIT # v1.2.3",
            bad=f"{_STEPS}      - uses: octo/tool@v1\n",
            good=f"{_STEPS}      - uses: octo/tool@{_PIN} # v1\n",
            cwe="CWE-829",
        ),
        _audit(
            "unredacted-secrets",
            Severity.MEDIUM,
            "Part of a secret that logs do not hide",
            why="Runners hide a secret's whole value in logs. What fromJSON takes out of it is printed as it is.",
            mend="Make each part a secret of its own.",
            bad=f"{_STEPS}      - run: make\n        env:\n"
            "          PASSWORD: ${{ fromJSON(secrets.ALL).password }}\n",
            good=f"{_STEPS}      - run: make\n        env:\n          PASSWORD: ${{{{ secrets.PASSWORD }}}}\n",
            cwe="CWE-532",
        ),
        _audit(
            "unsound-condition",
            Severity.MEDIUM,
            "Condition that is always true",
            why="Text around an expression makes the condition a text that is not empty, so that the guard lets "
            "everything through.",
            mend="Write the condition without ${{ }}, or use >- in place of |.",
            bad=f"{_STEPS}      - if: |\n          ${{{{ github.event_name == 'release' }}}}\n        run: make\n",
            good=f"{_STEPS}      - if: github.event_name == 'release'\n        run: make\n",
            cwe="CWE-670",
        ),
        _audit(
            "unsound-contains",
            Severity.MEDIUM,
            "Condition that a part of a name passes",
            why="contains() on a text is true for every part of it: a branch with a chosen name passes the guard.",
            mend="Compare with ==, or use fromJSON on a list.",
            bad=f"{_STEPS}      - if: contains('refs/heads/main refs/heads/next', github.ref)\n        run: make\n",
            good=f"{_STEPS}      - if: contains(fromJSON('[\"refs/heads/main\"]'), github.ref)\n        run: make\n",
            cwe="CWE-185",
        ),
        _audit(
            "use-trusted-publishing",
            Severity.INFO,
            "Package is published with a token that lasts",
            why="A token that is stolen publishes until it is revoked; the registry takes the job's identity instead.",
            mend="Set up trusted publishing, and give the job id-token: write.",
            bad=f"{_STEPS}      - uses: pypa/gh-action-pypi-publish@{_PIN} # v1\n        with:\n"
            "          password: ${{ secrets.PYPI }}\n",
            good=f"{_STEPS}      - uses: pypa/gh-action-pypi-publish@{_PIN} # v1\n",
            cwe="CWE-798",
        ),
    )
}
"""Every audit that can be reported, by its id."""


@lru_cache(maxsize=256)
def audit_rule(ident: str, description: str) -> StageRule:
    """Return the rule of an audit; of one that this version of the gate does not know, a rule with zizmor's words."""
    known = AUDITS.get(ident)
    if known is not None:
        return known
    text = RuleDescription(
        id=ident,
        stage=ON_PIPELINES.stage,
        severity=Severity.MEDIUM,
        title=description[:1].upper() + description[1:],
        why="An audit of zizmor that is newer than the gate's table; its page explains it.",
        mend=f"See {_PAGE}{ident}",
        references=(f"{_PAGE}{ident}",),
    )
    return without_check(text, __name__)
