"""A small whole file for each parser, with as many of its forms as fit: what damage, growth and fuzzing begin with."""

import io
import struct
import tarfile
import zipfile

_COMMIT = "a" * 40
_SHA = "b" * 64

LOCKFILES = {
    "requirements.txt": (
        f"# by hand\n-r other.txt\n--hash=sha256:{_SHA}\nevil==1 \\\n  --hash=sha256:{_SHA} ; python_version < '3.9'\n"
        f"b @ https://e.example/b-1.whl\n-e git+https://github.com/a/b@{_COMMIT}#egg=b\nc[x,y]>=1,<2\n"
    ),
    "poetry.lock": (
        '[[package]]\nname = "evil"\nversion = "1"\ngroups = ["main"]\nfiles = [{file = "a", hash = "sha256:0"}]\n'
        '[package.dependencies]\nb = {version = ">=1", optional = true}\n'
        f'[package.source]\ntype = "git"\nurl = "https://e.example/a"\nresolved_reference = "{_COMMIT}"\n'
        '[metadata]\nlock-version = "2.1"\ncontent-hash = "0"\n'
    ),
    "uv.lock": (
        'version = 1\n[[package]]\nname = "evil"\nversion = "1"\nsource = {registry = "https://packages.example/simple"}\n'
        'dependencies = [{name = "b", marker = "x"}]\n[[package]]\nname = "b"\nversion = "2"\nsource = {editable = "."}\n'
    ),
    "pdm.lock": (
        '[metadata]\nlock_version = "4.5.0"\ngroups = ["default"]\n[[package]]\nname = "evil"\nversion = "1"\n'
        'groups = ["default"]\ndependencies = ["b<2"]\n'
    ),
    "Pipfile.lock": (
        '{"_meta": {"pipfile-spec": 6, "sources": [{"name": "pypi", "url": "https://packages.example/simple"}]}, "default": '
        f'{{"evil": {{"version": "==1", "index": "pypi", "markers": "x"}}, "g": {{"git": "https://e.example/a", "ref": '
        f'"{_COMMIT}"}}}}, "develop": {{}}}}'
    ),
    "Pipfile": '[packages]\nevil = "==1"\nb = {git = "https://e.example/b", ref = "main"}\n[dev-packages]\nc = "*"\n',
    "pylock.toml": (
        'lock-version = "1.0"\n[[packages]]\nname = "evil"\nversion = "1"\nindex = "https://packages.example/simple"\n'
        f'[[packages]]\nname = "c"\nvcs = {{type = "git", url = "https://e.example/c", commit-id = "{_COMMIT}"}}\n'
    ),
    "pyproject.toml": (
        '[project]\nname = "a"\ndependencies = ["evil==1", "b>=2; python_version > \'3\'"]\n'
        '[project.optional-dependencies]\nx = ["c"]\n[tool.poetry.dependencies]\nevil = "1"\n[dependency-groups]\n'
        'test = ["d", {include-group = "x"}]\n'
    ),
    "setup.cfg": "[options]\ninstall_requires =\n  evil==1\n  b>=2\n[options.extras_require]\nx = c\n",
    "package-lock.json": (
        '{"name": "a", "lockfileVersion": 3, "packages": {"": {"dependencies": {"evil": "1"}}, "node_modules/evil": '
        '{"version": "1", "resolved": "https://packages.example/evil/-/evil-1.tgz", "integrity": "sha512-x", '
        '"license": "MIT"}, "node_modules/b": {"resolved": "packages/b", "link": true}, "node_modules/@s/c": '
        '{"version": "npm:d@2", "dev": true}}, "dependencies": {"evil": {"version": "1", "requires": {"b": "1"}}}}'
    ),
    "yarn.lock": (
        '# yarn lockfile v1\n\nevil@^1, "evil@npm:1":\n  version "1"\n  resolved "https://registry.yarnpkg.com/e-1.tgz#0"\n'
        '  integrity sha512-x\n  dependencies:\n    b "^2"\n\nb@^2:\n  version "2"\n'
    ),
    "pnpm-lock.yaml": (
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      evil: {specifier: ^1, version: 1.0.0}\n"
        "packages:\n  evil@1.0.0:\n    resolution: {integrity: sha512-x}\nsnapshots:\n  evil@1.0.0: {}\n"
    ),
    "bun.lock": (
        '{"lockfileVersion": 1, "workspaces": {"": {"name": "a", "dependencies": {"evil": "1"}}}, "packages": '
        '{"evil": ["evil@1", "", {"dependencies": {"b": "1"}}, "sha512-x"], "b": ["b@1", "", {}, "s"],}}'
    ),
    "deno.lock": (
        '{"version": "5", "specifiers": {"npm:evil@1": "1", "jsr:@a/b@1": "1"}, "npm": {"evil@1": {"integrity": "x", '
        '"dependencies": ["c"]}, "c@2": {}}, "jsr": {"@a/b@1": {"integrity": "x"}}, "remote": {"https://e.example/x": "0"}}'
    ),
    "package.json": (
        '{"name": "a", "workspaces": ["packages/*"], "dependencies": {"evil": "1", "b": "git+https://e.example/b#v1", '
        '"c": "npm:d@2", "e": "file:../e"}, "overrides": {"x": "1"}, "resolutions": {"**/y": "2"}}'
    ),
    "go.mod": (
        "module example.com/a\n\ngo 1.21\n\nrequire (\n\tevil.example/b v1.2.3 // indirect\n\tc.example/d v0.0.0\n)\n"
        "replace c.example/d => ../d\nexclude e.example/f v1.0.0\n"
    ),
    "Cargo.lock": (
        'version = 3\n[[package]]\nname = "evil"\nversion = "1"\nsource = "registry+https://github.com/rust-lang/crates.io-'
        'index"\nchecksum = "0"\ndependencies = ["b 1"]\n[[package]]\nname = "b"\nversion = "1"\n'
    ),
    "Cargo.toml": (
        '[package]\nname = "a"\n[dependencies]\nevil = "1"\nb = {git = "https://e.example/b", rev = "0"}\n'
        "[target.'cfg(unix)'.dependencies]\nc = {workspace = true}\n"
    ),
    "gradle.lockfile": "# This is\ng:evil:1=compileClasspath,runtimeClasspath\nempty=annotationProcessor\n",
    "gradle/verification-metadata.xml": (
        '<?xml version="1.0"?><verification-metadata><components><component group="g" name="evil" version="1">'
        '<artifact name="a"><sha256 value="0"/></artifact></component></components></verification-metadata>'
    ),
    "pom.xml": (
        "<project><parent><groupId>p</groupId><artifactId>q</artifactId><version>1</version></parent><properties><v>1</v>"
        "</properties><dependencyManagement><dependencies/></dependencyManagement><dependencies><dependency>"
        "<groupId>g</groupId><artifactId>evil</artifactId><version>${v}</version><scope>test</scope></dependency>"
        "</dependencies></project>"
    ),
    "build.sbt.lock": (
        '{"lockVersion": 1, "configurations": ["compile"], "dependencies": [{"org": "g", "name": "evil", "version": "1", '
        '"configurations": ["compile"]}]}'
    ),
    "packages.lock.json": (
        '{"version": 1, "dependencies": {"net8.0": {"evil": {"type": "Direct", "resolved": "1", "dependencies": '
        '{"b": "2"}}, "b": {"type": "Transitive", "resolved": "2"}}}}'
    ),
    "packages.config": '<packages><package id="evil" version="1" targetFramework="net48"/></packages>',
    "Shop.deps.json": (
        '{"runtimeTarget": {"name": ".NET"}, "targets": {".NET": {"evil/1": {"dependencies": {"b": "1"}}}}, "libraries": '
        '{"evil/1": {"type": "package"}}}'
    ),
    "paket.lock": "NUGET\n  remote: https://api.nuget.org/v3/index.json\n    evil (1)\n      b (>= 2)\n    b (2)\n",
    "Shop.csproj": (
        '<Project><PropertyGroup><V>1</V></PropertyGroup><ItemGroup Condition="x"><PackageReference Include="evil" '
        'Version="$(V)"/><PackageReference Include="b"><Version>[2,3)</Version></PackageReference></ItemGroup></Project>'
    ),
    "conan.lock": '{"version": "0.5", "requires": ["evil/1#0%1.0", "b/2@u/c"], "build_requires": []}',
    "conanfile.txt": "[requires]\nevil/1\nb/[>1 <2]\n[tool_requires]\nc/3\n",
    "Gemfile.lock": (
        "GIT\n  remote: https://e.example/g\n  revision: "
        + _COMMIT
        + "\n  specs:\n    g (0.1)\n\nGEM\n  remote: https://"
        "rubygems.org/\n  specs:\n    evil (1)\n      b (>= 2)\n    b (2)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  evil (= 1)\n"
    ),
    "Gemfile": "source 'https://rubygems.org'\ngem 'evil', '1'\ngroup :test do\n  gem \"b\", git: 'https://e.example/b'\nend\n",
    "composer.lock": (
        '{"packages": [{"name": "a/evil", "version": "1", "license": ["MIT"], "source": {"type": "git", "url": "https://e", '
        f'"reference": "{_COMMIT}"}}, "require": {{"php": "8", "c/d": "1"}}}}], "packages-dev": []}}'
    ),
    "composer.json": '{"require": {"a/evil": "1", "php": ">=8"}, "require-dev": {"c/d": "dev-main#0"}, "replace": {"x/y": "*"}}',
    "pubspec.lock": (
        'packages:\n  evil:\n    dependency: "direct main"\n    description: {name: evil, url: "https://pub.dev"}\n'
        '    source: hosted\n    version: "1"\n'
    ),
    "pubspec.yaml": "name: a\ndependencies:\n  evil: 1\n  b: {git: {url: https://e.example/b, ref: main}}\n  c: ^2\n",
    "mix.lock": '%{\n  "evil": {:hex, :evil, "1", "0", [:mix], [{:b, "~> 1", [hex: :b]}], "hexpm", "0"},\n}\n',
    "rebar.lock": '{"1.2.0",\n[{<<"evil">>,{pkg,<<"evil">>,<<"1">>},0}]}.\n[{pkg_hash,[{<<"evil">>, <<"0">>}]}].\n',
    "Package.resolved": (
        '{"version": 2, "pins": [{"identity": "evil", "kind": "remoteSourceControl", "location": "https://github.com/a/'
        f'evil.git", "state": {{"revision": "{_COMMIT}", "version": "1"}}}}]}}'
    ),
    "Podfile.lock": "PODS:\n  - evil (1):\n    - b (~> 2)\n  - b (2)\nDEPENDENCIES:\n  - evil\nSPEC CHECKSUMS:\n  evil: 0\nCOCOAPODS: 1.15\n",
    "cabal.project.freeze": "active-repositories: hackage.haskell.org:merge\nconstraints: any.evil ==1,\n             any.b ==2,\n             b +x\n",
    "stack.yaml.lock": "packages:\n- completed: {hackage: evil-1@sha256:00, pantry-tree: {size: 1}}\n  original: {hackage: evil-1}\nsnapshots: []\n",
    "stack.yaml": "resolver: lts-20\nextra-deps:\n- evil-1\n- {git: https://e.example/b, commit: " + _COMMIT + "}\n",
    "renv.lock": '{"R": {"Version": "4"}, "Packages": {"evil": {"Package": "evil", "Version": "1", "Source": "CRAN", "Repository": "CRAN"}}}',
    "conda-lock.yml": "version: 1\npackage:\n- {name: evil, version: 1, manager: conda, platform: linux-64, url: https://e.example/a}\n",
    "environment.yml": "name: a\nchannels: [conda-forge]\ndependencies:\n- evil==1\n- c::b=2=0\n- pip:\n  - d==3\n",
    "conda-linux.lock": "@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/linux-64/evil-1-0.conda#00\n",
    "pixi.lock": (
        "version: 6\nenvironments:\n  default:\n    channels: [{url: https://e}]\n    packages:\n      linux-64:\n"
        "      - conda: https://e.example/evil-1-0.conda\npackages:\n- conda: https://e.example/evil-1-0.conda\n  sha256: '0'\n"
    ),
    ".terraform.lock.hcl": 'provider "registry.terraform.io/hashicorp/evil" {\n  version = "1"\n  constraints = "~> 1"\n  hashes = ["h1:0",]\n}\n',
    "action.yml": "runs:\n  using: composite\n  steps:\n  - uses: evil/action@v1\n  - uses: docker://a:1\n  - run: echo\n",
    ".gitmodules": '[submodule "evil"]\n\tpath = evil\n\turl = https://github.com/a/evil.git\n\tbranch = main\n',
    "cgmanifest.json": (
        '{"registrations": [{"component": {"type": "git", "git": {"repositoryUrl": "https://github.com/a/evil", "commitHash": '
        f'"{_COMMIT}"}}}}}}, {{"component": {{"type": "npm", "npm": {{"name": "evil", "version": "1"}}}}}}]}}'
    ),
    "x/vendor/vendor.json": f'{{"rootPath": "a", "package": [{{"path": "github.com/a/evil", "revision": "{_COMMIT}", "version": "v1"}}]}}',
    "bom.json": (
        '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "x", "purl": "pkg:npm/evil@1", "bom-ref": "a", '
        '"licenses": [{"license": {"id": "MIT"}}], "components": [{"name": "y", "purl": "pkg:npm/%40s/b@2"}]}], '
        '"dependencies": [{"ref": "a", "dependsOn": []}]}'
    ),
    "bom.xml": (
        '<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library"><name>x</name><version>1</version>'
        "<purl>pkg:npm/evil@1</purl></component></components></bom>"
    ),
    "Manifest.toml": (
        'manifest_format = "2.0"\n[[deps.Evil]]\ndeps = ["B"]\ngit-tree-sha1 = "0"\nuuid = "6e696c72-6542-2067-7265-42206c756150"\nversion = "1"\n'
    ),
    "manifest.toml": 'packages = [\n  { name = "evil", version = "1", requirements = ["b"], source = "hex" },\n]\n',
    "gleam.toml": 'name = "a"\n[dependencies]\nevil = "== 1.0.0"\n',
    "libs.versions.toml": (
        '[versions]\na = "1"\n[libraries]\nevil = { module = "g:evil", version.ref = "a" }\nb = "g:b:2"\n[plugins]\nc = "d:3"\n'
    ),
    "MODULE.bazel.lock": (
        '{"lockFileVersion": 11, "registryFileHashes": {"https://e.example/modules/evil/1/source.json": "0"}, '
        '"moduleDepGraph": {"b@1": {"name": "b", "version": "1"}}}'
    ),
    "maven_install.json": (
        '{"version": 2, "artifacts": {"g:evil": {"version": "1"}, "g:b:jar:c": {"version": "2"}}, "dependencies": {"g:b": ["g:evil"]}}'
    ),
    "x/vendor/modules.txt": "# evil.example/b v1.2.3\n## explicit\nevil.example/b\n# c.example/d v1.0.0 => ../d\n",
    "shop.gemspec": "Gem::Specification.new do |s|\n  s.add_dependency 'evil', '= 1'\n  s.add_dependency 'b', '> 1'\nend\n",
    "DESCRIPTION": "Package: a\nImports:\n    evil (== 1),\n    b\nSuggests: c\n",
    "shop.opam": 'opam-version: "2.0"\ndepends: [\n  "evil" {= "1"}\n  "b" {with-test}\n]\n',
    "flake.lock": (
        '{"version": 7, "root": "root", "nodes": {"root": {"inputs": {"a": "a"}}, "a": {"locked": {"type": "github", '
        '"owner": "o", "repo": "n", "rev": "0123456789012345678901234567890123456789"}}}}'
    ),
    "evil-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1\n\ntext\n",
    "evil.jar": "PK no archive at all\n",
    "shop.spdx.json": (
        '{"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "a", "name": "x", "versionInfo": "1", "externalRefs": [{"referenceType": '
        '"purl", "referenceLocator": "pkg:npm/evil@1"}]}], "relationships": []}'
    ),
    "shop.spdx3.json": (
        '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": ['
        '{"type": "software_Sbom", "spdxId": "s", "rootElement": ["r"]}, {"type": "software_Package", "spdxId": "r", "name": "r"}, '
        '{"type": "software_Package", "spdxId": "a", "name": "x", "software_packageUrl": "pkg:npm/evil@1"}, '
        '{"type": "LifecycleScopedRelationship", "from": "r", "to": ["a"], "relationshipType": "dependsOn", "scope": "test"}]}'
    ),
    "shop.spdx": "SPDXVersion: SPDX-2.3\nPackageName: x\nPackageVersion: 1\nPackageComment: <text>a\nb</text>\nExternalRef: PACKAGE-MANAGER purl pkg:npm/evil@1\n",
    "setup.py": "from setuptools import setup\nsetup(name='a', install_requires=['evil==1', 'b'])\n",
}
"""Name of the file to its text; every format of `LOCKFILES` has one."""

DOCKERFILE = """\
# syntax=docker/dockerfile:1
# escape=\\
ARG V=1
FROM --platform=$BUILDPLATFORM debian:${V:-12} AS base
# hadolint ignore=DL3008
ENV A="b c" D=e\\ f PATH=/x:$PATH
RUN --mount=type=secret,id=s apt-get update && \\
    # a comment
    curl -fsSL "https://e.example/$(uname -m)" | sh -s -- a <<EOF; echo `date` > /x
text
EOF
COPY --from=base --chown=1:1 ["a b", "/c"]
COPY <<-'X' <<"Y" /d/
\tone
\tX
two
Y
RUN <<EOF
#!/bin/bash
for i in a b; do echo "$i"; done
cat <<Z | tee /etc/x
z
Z
EOF
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
HEALTHCHECK --interval=5s CMD curl -k http://localhost/ || exit 1
ONBUILD ADD https://e.example/a.tgz /a
LABEL a.b="c" org.opencontainers.image.created=2020-01-01
EXPOSE 22 80/tcp
USER root
ENTRYPOINT ["sh", "-c", "exec \\"$0\\""]
"""

TEXTS = {
    "github's repositories": '[{"full_name": "shop/api", "archived": false}, {"full_name": "shop/we.b-1"}]',
    "gitlab's projects": '[{"id": 1, "path_with_namespace": "shop/team/api"}]',
    "registry's catalogue": '{"repositories": ["shop/api", "base/debian"], "name": "shop/api", "tags": ["1.0", "latest"]}',
    "cluster's images": (
        '{"kind": "List", "items": [{"kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", '
        '"image": "e.example/a:1"}], "initContainers": [{"name": "i", "image": "b"}]}, "status": {"containerStatuses": '
        f'[{{"name": "c", "imageID": "docker-pullable://e.example/a@sha256:{_SHA}"}}]}}}}]}}'
    ),
    "fleet listing": (
        '[{"kind": "List", "apiVersion": "v1", "items": [{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a-b-c", '
        '"namespace": "n", "labels": {"a": "b", "pod-template-hash": "b"}, "ownerReferences": [{"kind": "ReplicaSet", "name": '
        '"a-b"}]}, "spec": {"containers": [{"name": "c", "image": "e.example/a:1", "ports": [{"hostPort": 80}]}]}, "status": '
        f'{{"startTime": "2026-11-02T09:00:00Z", "containerStatuses": [{{"name": "c", "imageID": "a@sha256:{_SHA}"}}]}}}}, '
        '{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "s", "namespace": "n"}, "spec": {"selector": {"a": "b"}}}'
        f']}}, {{"tasks": [{{"containers": [{{"name": "c", "imageDigest": "sha256:{_SHA}"}}], "startedAt": 1764000000.5}}]}}, '
        '{"Allocations": [{"JobID": "j", "TaskGroup": "g", "ClientStatus": "running"}], "Job": {"ID": "j", "TaskGroups": '
        '[{"Name": "g", "Tasks": [{"Name": "t", "Config": {"image": "a:1"}}]}]}}, '
        f'{{"where": "prod", "digest": "sha256:{_SHA}", "exposed": "yes"}}]'
    ),
    "dockerfile": DOCKERFILE,
    "dockerignore": "# a\n*\n!src/**\n**/*.[a-c]?\nfoo/../bar\n!a**b\n",
    "compose": (
        "x-a: &a {dockerfile: D, args: {X: '1'}}\nservices:\n  api:\n    build: {<<: *a, context: ., target: t, "
        "additional_contexts: {k: docker-image://a}}\n    image: a:${V:-1}\n    env_file: .env\n  b:\n    extends: {file: "
        "c.yaml, service: b}\n    build:\n      dockerfile_inline: |\n        FROM a\n        RUN b\ninclude: [d.yaml]\n"
    ),
    "bake": (
        'variable "TAG" { default = "latest" }\ngroup "default" { targets = ["api"] }\ntarget "api" {\n  inherits = ["b"]\n'
        '  context = "./${TAG}"\n  dockerfile-inline = <<EOT\nFROM a\nEOT\n  args = { A = "1", B = null }\n'
        '  contexts = { k = "docker-image://a" }\n}\n// c\n/* d */\n'
    ),
    "gitlab ci": (
        "spec:\n"
        "  inputs:\n"
        "    name: {default: job}\n"
        "---\n"
        "include:\n"
        "  - {template: Jobs/SAST.gitlab-ci.yml, rules: [{exists: [a]}]}\n"
        "  - {project: a/b, ref: v1, file: [c.yml]}\n"
        "  - {component: gitlab.example/a/b@1, inputs: {x: y}}\n"
        "  - remote: https://ci.example/a.yml\n"
        'default: {image: {name: "a:1", pull_policy: always}, services: [docker:dind], retry: {max: 1}}\n'
        "workflow: {rules: [{if: $CI_COMMIT_TAG == null && ($X =~ /^a/i || $Y)}]}\n"
        'variables: {A: {value: b, description: c}, DOCKER_TLS_CERTDIR: ""}\n'
        ".base: &base\n"
        "  cache: [{key: {files: [a]}, paths: [b], unprotect: true}]\n"
        '  script: [curl http://a.example/i | sh, "eval \\"x $CI_COMMIT_TITLE\\""]\n'
        '"$[[ inputs.name ]]":\n'
        "  <<: *base\n"
        "  extends: [.base]\n"
        "  environment: {name: live, action: start}\n"
        "  script:\n"
        "    - !reference [.base, script]\n"
        "    - |\n"
        "      ssh a@b <<EOF\n"
        "      docker build --build-arg T_TOKEN=$T_TOKEN . || true\n"
        "      EOF\n"
        "  artifacts: {paths: [.], expire_in: never, reports: {dotenv: a.env}}\n"
        "  id_tokens: {T: {aud: [a, b]}}\n"
        "  rules: [{if: $CI_MERGE_REQUEST_IID, when: manual, changes: [a]}]\n"
        "old: {only: {refs: [/^a$/i, tags]}, except: [main], script: [git push], trigger: {include: ci/a.yml, forward: {pipeline_variables: true}}}\n"
    ),
    "hadolint": "ignored: [DL3008]\noverride:\n  error: [DL3006]\ntrustedRegistries: [a.example]\nlabel-schema: {a: text}\nfailure-threshold: error\n",
    "settings": (
        "stages:\n  dockerfile: {ignore: ['a/**'], rules: {DL3008: 'off'}}\n  secrets: {mode: gate}\nimages: [{ref: 'archive:a.tar'}]\n"
        "policy:\n  rules:\n  - {id: a, why: b, when: {severity: high}, effect: block, grace: {high: 14d}}\n"
    ),
    "pyproject settings": '[tool.gate]\njobs = 1\n[tool.gate.stages.dockerfile]\nignore = ["a/**"]\n',
    "policy": "rules:\n- {id: a, why: b, when: {stage: [image], severity: high}, effect: block}\nwaivers: {owners: ['@a']}\nrequired_stages: [secrets]\n",
    "waivers": "- {fingerprint: f, reason: r, owner: o, until: '2090-01-01'}\n- {rule: DL3008, path: 'a/**', reason: r, owner: o, until: '2090-01-01'}\n",
    "baseline": '{"baseline":1,"key":"00112233445566778899aabbccddeeff"}\n["a","secrets","R","00"]\n',
    "codeowners": "# c\n* @a\n/api/ @s/api a@example.com\ndocs/*.md @w\nmy\\ folder/ @b\n^[X][2] @o\n**/a?[b-c]/** @d\n",
    "kubernetes": (
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        image: b:1\n"
        "        command: [x]\n        args: ['$(Y)']\n        env: [{name: Y, value: z}]\n---\nkind: List\nitems: []\n"
    ),
    "end-of-life dates": "# c\nas-of 2026-11-01\ndebian 13 2030-08-09\na/b,c 1.2 2020-01-31\n",
    "push": f"refs/heads/a {_COMMIT} refs/heads/a {'0' * 40}\n",
    "openvex": (
        '{"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-01-01T00:00:00Z", "statements": [{"vulnerability": {"name": '
        '"CVE-1"}, "products": [{"@id": "pkg:oci/a", "subcomponents": [{"@id": "pkg:npm/lodash"}]}, "pkg:npm/b"], "status": '
        '"not_affected", "justification": "vulnerable_code_not_present"}]}'
    ),
    "cyclonedx vex": (
        '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"bom-ref": "r", "purl": "pkg:npm/b@1"}], "vulnerabilities": '
        '[{"id": "CVE-1", "analysis": {"state": "not_affected", "justification": "code_not_reachable", "lastUpdated": '
        '"2026-01-01T00:00:00+02:00"}, "affects": [{"ref": "urn:cdx:a/1#r"}]}]}'
    ),
    "envelope": '{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"keyid":"a","sig":"AAAA"}]}',
    "statement": (
        '{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"0"}}],"predicateType":'
        '"https://slsa.dev/verification_summary/v1","predicate":{"verifier":{"id":"g","version":{}},"timeVerified":"2026","resourceUri":'
        '"a","policy":{"uri":"b","digest":{}},"verificationResult":"PASSED","gate":{"verdict":"pass","reasons":[],"counts":{},"policies":[]}}}'
    ),
    "slsa statement": (
        '{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"0"}}],"predicateType":'
        '"https://slsa.dev/provenance/v1","predicate":{"runDetails":{"builder":{"id":"b"}}}}'
    ),
    "cosign payload": '{"critical":{"image":{"docker-manifest-digest":"sha256:0"},"type":"cosign container image signature"}}',
    "profile": '{"schema_version":"1.0","recordings":[{"image":"a","made_at":"2026-01-01T00:00:00Z","how":"strace","paths":["/a"]}]}',
    "image config": (
        '{"os":"linux","architecture":"amd64","config":{"Env":["A=b"],"Cmd":["sh"],"Labels":{"a":"b"}},"rootfs":{"type":"layers",'
        f'"diff_ids":["sha256:{_SHA}"]}},"history":[{{"created_by":"RUN a"}}]}}'
    ),
    "detect-secrets baseline": (
        '{"version":"1.5.0","plugins_used":[{"name":"KeywordDetector"}],"filters_used":[],"results":{"a":[{"type":"Secret Keyword",'
        '"filename":"a","hashed_secret":"00","line_number":1}]},"generated_at":"2026"}'
    ),
    "report": (
        '{"schema_version":"1.0","tool":{"name":"gate","version":"1"},"verdict":{"status":"fail","reasons":[]},"stages":[],"findings":[],'
        '"packages":0}'
    ),
    "secrets": 'aws = "AKIAZ7VRSQ5TJN2XMPLQ"\npassword: hunter2hunter2\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nhttps://u:p4ssw0rdx@e.example/\n',
}
"""Target to its text."""

TOOLS = {
    "sarif": (
        '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t","rules":[{"id":"R1","shortDescription":{"text":"One"},"properties":'
        '{"security-severity":"9.8"}}]}},"results":[{"ruleId":"R1","level":"error","message":{"text":"long"},"locations":[{"physicalLocation":'
        '{"artifactLocation":{"uri":"a%20b.py"},"region":{"startLine":3}}}],"suppressions":[{"kind":"inSource"}]}]}]}'
    ),
    "junit": '<testsuites><testsuite name="a"><testcase name="b" classname="c" file="d" line="1"><failure message="m" type="t">x</failure></testcase></testsuite></testsuites>',
    "trivy": (
        '{"SchemaVersion":2,"Results":[{"Target":"poetry.lock","Type":"poetry","Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"f",'
        '"InstalledVersion":"1","FixedVersion":"2, 3","Severity":"HIGH"}],"Secrets":[{"RuleID":"t","Title":"T","Severity":"HIGH","StartLine":2,"Match":"m"}]}]}'
    ),
    "grype": (
        '{"matches":[{"vulnerability":{"id":"GHSA-1","severity":"Critical","fix":{"versions":["2"]}},"relatedVulnerabilities":[{"id":"CVE-1"}],'
        '"artifact":{"name":"x","version":"1","type":"npm","locations":[{"path":"p"}]}}]}'
    ),
    "gitleaks": '[{"RuleID":"a","Description":"b","File":"c","StartLine":1,"Secret":"s","Match":"m","Commit":""}]',
    "kingfisher": '{"findings":[{"rule":{"name":"a","id":"b"},"finding":{"snippet":"s","path":"p","line":1,"confidence":"high","validation":{"status":"x"}}}]}',
    "credsweeper": '[{"rule":"Password","severity":"medium","confidence":"moderate","line_data_list":[{"line":"l","line_num":1,"path":"p","value":"v"}]}]',
    "hadolint": '[{"code":"DL3006","column":1,"file":"Dockerfile","level":"warning","line":1,"message":"m"}]',
    "checkov": '{"check_type":"dockerfile","results":{"failed_checks":[{"check_id":"C","check_name":"n","file_path":"/a","file_line_range":[1,2],"severity":"HIGH"}]}}',
    "semgrep": '{"results":[{"check_id":"a","path":"b","start":{"line":1},"end":{"line":2},"extra":{"message":"m","severity":"ERROR","metadata":{}}}],"errors":[]}',
    "bandit": '{"results":[{"test_id":"B1","filename":"a","line_number":1,"issue_text":"t","issue_severity":"HIGH","issue_confidence":"LOW"}],"errors":[]}',
    "npm-audit": (
        '{"auditReportVersion":2,"vulnerabilities":{"a":{"name":"a","severity":"high","via":[{"source":1,"name":"a","title":"t","url":"https://github.com/'
        'advisories/GHSA-1","severity":"high","range":"<1"}],"nodes":["node_modules/a"],"fixAvailable":true}}}'
    ),
    "pip-audit": '{"dependencies":[{"name":"a","version":"1","vulns":[{"id":"P","fix_versions":["2"],"aliases":["CVE-1"],"description":"d"}]}],"fixes":[]}',
}
"""Format of another program's report to its text."""


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nImplementation-Title: a\nImplementation-Version: 1\n"
        )
        archive.writestr("META-INF/maven/g/a/pom.properties", "groupId=g\nartifactId=a\nversion=1\n")
    return file.getvalue()


def _tar(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return file.getvalue()


_CHART = {
    "c/Chart.yaml": b"name: c\nversion: 1.0.0\ndependencies: [{name: d, version: 1.0.0}]\n",
    "c/values.yaml": b"on: true\n",
    "c/templates/a.yaml": b'{{ if .Values.on }}kind: ConfigMap\napiVersion: v1\ndata: {a: {{ .Files.Get "a.txt" }}}{{ end }}\n',
    "c/a.txt": b"text",
    "c/charts/d.tgz": b"no archive",
}


def _elf() -> bytes:
    names = b"\0.shstrtab\0.dep-v0\0.go.buildinfo\0"
    header = (
        b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, 64, 0, 64, 56, 0, 64, 2, 1)
    )
    sections = bytes(64) + struct.pack("<IIQQQQIIQQ", 1, 3, 0, 0, 192, len(names), 0, 0, 1, 0)
    return header + sections + names


INSTALLED = {
    "dpkg": (
        "var/lib/dpkg/status",
        b"Package: a\nStatus: install ok installed\nVersion: 1-1\nSource: b (1)\nArchitecture: amd64\n\n",
    ),
    "apk": (
        "lib/apk/db/installed",
        b"P:a\nV:1-r0\nA:x86_64\no:b\nL:MIT\nF:usr/bin\nR:a\nZ:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
    ),
    "rpm": ("var/lib/rpm/Packages.db", b"RpmP" + struct.pack("<IIIII", 0, 1, 2, 2, 0) + b"Slot" + bytes(64)),
    "Python": ("usr/lib/a-1.dist-info/METADATA", b"Metadata-Version: 2.1\nName: a\nVersion: 1\nLicense: MIT\n\ntext\n"),
    "npm": ("usr/lib/node_modules/a/package.json", b'{"name": "a", "version": "1", "license": "MIT"}'),
    "Ruby": (
        "usr/lib/ruby/specifications/a-1.gemspec",
        b'Gem::Specification.new do |s|\n  s.name = "a".freeze\n  s.version = "1"\nend\n',
    ),
    "PHP": ("vendor/composer/installed.json", b'{"packages": [{"name": "a/b", "version": "1"}]}'),
    "Java": ("app/a-1.jar", _zip()),
    ".NET": ("app/a.deps.json", b'{"libraries": {"a/1": {"type": "package"}}}'),
    "R": ("usr/lib/R/library/a/DESCRIPTION", b"Package: a\nVersion: 1-2\nLicense: MIT\nbiocViews: X\n"),
    "LuaRocks": ("usr/lib/luarocks/rocks-5.4/a/1-2/a-1-2.rockspec", b'description = { license = "MIT" }\n'),
    "WordPress": (
        "wp-content/plugins/a/a.php",
        b"<?php\n/*\n * Plugin Name: A\n * Version: 1.2\n * License: MIT\n */\n",
    ),
    "Conda": ("opt/conda/conda-meta/a-1-0.json", b'{"name": "a", "version": "1", "build": "0", "channel": "c"}'),
    "programs": ("usr/bin/a", _elf()),
    "known programs": ("usr/bin/node", b"\x7fELF node v18.1.0 " + bytes(64)),
}
"""Format of installed packages to the path and the bytes of a file that states some."""

BINARIES = {
    "tar": _tar(dict.fromkeys(("etc/passwd", "a" * 120, "ä"), b"abc")),
    "chart": _tar(_CHART),
    "elf": _elf(),
    "zip": _zip(),
}
