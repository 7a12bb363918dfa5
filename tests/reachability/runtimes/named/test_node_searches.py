"""Which sources of JavaScript look through folders or manifests for what they load."""

import pytest

from gate.reachability.runtimes.named.node_searches import IN_FOLDERS, IN_MANIFESTS, reads_dependencies, searches


def is_search(code):
    content = b"const file = 'package.json';\n" + code.encode()
    return searches(content, {word for word in (IN_FOLDERS, IN_MANIFESTS) if word in content})


@pytest.mark.parametrize(
    "code",
    [
        "for (const name of readdirSync('node_modules')) require(name)",
        "const dir = path.join(cwd, 'node_modules');\nload(dir)",
        "const dir = readdirSync(cwd + 'node_modules');\nif (x.includes(dir)) go()",
        "const dir = sep + 'node_modules';\nif (x.includes(dir)) go(`${dir}/a`)",
        "require(pick(readdirSync(cwd + '/node_modules/' + scope)))",
        "glob(cwd + '/node_modules/' + scope)",
        "Object.keys(manifest.dependencies)",
        "list('./node_modules/@shop/' + name)",
        "list(root + '/node_modules/shop')",
        "const part = 'node_modules' + path.sep;\nlist(part)",
        "load('dependencies')",
        "for (const name of readdirSync(dir)) if (name === 'node_modules') go(join(dir, name))",
        "const { dependencies } = manifest",
        "load(kind + 'Dependencies')",
        "all.find((key) => /ependencies$/.test(key))",
        "const { devDependencies: all = {} } = manifest",
        "manifest[`${kind}Dependencies`].map(load)",
        "manifest.dependencies.map(load)",
        "manifest.dependencies[name]",
        "manifest.dependencies?.map(load)",
        "manifest.dependencies.length",
        "load(manifest.devDependencies)",
        "if (manifest.dependencies == null) go()",
        "const all = { ...manifest.dependencies }",
        "other.dependencies = { a: {}, ...manifest.dependencies }",
        "for (const name in manifest.optionalDependencies) require(name)",
        "!manifest.dependencies.some(load)",
        "const { dependencies: all } = manifest",
        "load(manifest.dependencies, other)",
        "case 'dependencies': load(value)",
        "glob(['**/node_modules/**/plugin.js'])",
    ],
)
def test_a_name_may_come_from_folders_and_manifests(code):
    assert is_search(code)


@pytest.mark.parametrize(
    "code",
    [
        "if (path.includes('node_modules')) go()",
        "if (keys.some(key => key.includes('node_modules/pino'))) go()",
        "at = file.lastIndexOf('node_modules' + path.sep);",
        "const part = 'node_modules' + path.sep;\nif (file.includes(part)) go()",
        "if (basename(dir) === 'node_modules') go()",
        "if ('node_modules' !== name) go()",
        "config = { extends: ['./node_modules/@shop/style/rules/node.js'] }",
        "throw new Error('Ensure optional dependencies can be installed: ' + x)",
        "pkg.optionalDependencies[`@shop/part-${platform()}`]",
        "return require(path_1.default.resolve(process.cwd() + '/node_modules/' + name));",
        "import(join(root, 'node_modules/', name))",
        "write(`.idea/\nnode_modules/\nbuild/\n`)",
        "var dir = path.resolve(prefix, 'lib', 'node_modules');\nif (a.indexOf(dir) && b.split(dir)) go()",
        "manifest = { devDependencies: {}, dependencies: {} }",
        "manifest = { name: 'a', dependencies: { '@a/b': '^1', c: \"2\", }, files: [] }",
        "if (!manifest.devDependencies)\n  manifest.devDependencies = {};",
        'manifest.dependencies["pg"] = own.devDependencies.pg;',
        "manifest.dependencies = { ...manifest.dependencies, typescript: own.devDependencies.typescript, }",
        "console.log(`Please wait, installing dependencies...`)",
        "has.hasCyclicDependencies()",
        "runDependencies++; monitorRunDependencies(runDependencies)",
        "var dependencies = task.slice(0, 1); if (dependencies.length) go()",
        "this.read = dependencies.read;",
        "names = { dependencies: true }",
        "warn('Assertions such as required and dependencies may not apply.')",
        "class Cell { get dependencies() { return [] } }",
        "return { body, dependencies: dependencies }",
        "return { body, dependencies: parsed.dependencies }",
        "answer.dependencies = parsed.dependencies;",
        "core = { dependencies: _dependencies.default }",
        "module.exports = { add, dependencies: checkDependencies }",
        "error('storage/missing-dependencies')",
        "ignore = options.ignore || ['**/node_modules/**', '**/.git/**']; readdir(x)",
        "return resolvePath(`./node_modules/${path}`, root)",
    ],
)
def test_code_that_compares_writes_or_has_the_name_takes_none_from_there(code):
    assert not is_search(code)


def test_the_word_of_json_schema_is_none_of_manifests():
    assert reads_dependencies(b"case 'dependencies': load(value)")
    schema = b"case 'dependencies': load(value); case 'patternProperties': go()"
    assert not reads_dependencies(schema)
    assert reads_dependencies(schema + b"; case 'devDependencies'")
    assert not reads_dependencies(
        b"const { dependencies } = meta; if (Array.isArray(dependencies)) dependencies.map(go)"
    )
    assert reads_dependencies(b"const { dependencies } = meta; if (Array.isArray(all)) dependencies.map(go)")
    assert reads_dependencies(schema + b"; read('package.json')")


def test_long_sources_are_looked_through_once():
    """Twenty variables of a source are followed, and two thousand places of a word."""
    code = "".join(
        f"var d{number} = sep + 'node_modules';\nif (x.includes(d{number})) go();\n" for number in range(2_000)
    )
    assert is_search(code)
    assert not is_search("!a.dependencies && b.dependencies.pg;" * 1_000)
    assert is_search("!a.dependencies && b.dependencies.pg;" * 1_001)
    assert is_search("..." + "a" * 100_000 + ".dependencies" + "{" * 100_000)


BLANKS = " " * 8
LIST = f"{'b' * 60}{BLANKS},{BLANKS}" * 3


@pytest.mark.parametrize(
    "code",
    [
        f"a.lastIndexOf({BLANKS}'/node_modules/' )",
        f"/x('{'a' * 80}(?{'b' * 80}node_modules{'c' * 80}')/",
        f"require.resolve({BLANKS}{'p' * 60}normalize({BLANKS}{LIST}'/node_modules/'"
        f"{BLANKS}+{BLANKS}{'n' * 80}{BLANKS})",
        f"const{BLANKS}{'d' * 60}{BLANKS}={BLANKS}{'p' * 60}normalize({BLANKS}{'.' * 159}'node_modules');"
        f"a.split({'d' * 60})",
    ],
)
def test_the_longest_way_to_compare_or_load_is_known_wherever_it_stands(code):
    for around in "", "x" * 1000 + ";\n":
        assert not is_search(around + code + around)
        assert not is_search(f"{around}{code}\n;{code.replace('d' * 60, 'e' * 60)}{around}")
        assert is_search(f"{around}{code}\n;readdirSync('node_modules'){around}")
