"""What a source of JavaScript says of programs, modules and itself."""

import pytest

from gate.reachability.runtimes.named.node_source import NodeSource, node_source


@pytest.fixture
def said(make_files):
    def read(code: str, path: str = "app/node_modules/shop/index.js") -> NodeSource:
        return node_source(path, make_files({path: code}))

    return read


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("require('child_process').execFile(name)", "starts_programs"),
        ("run(`npx ${tool}`)", "hands_on"),
        ("resolve(name, { basedir: folder })", "is_elsewhere"),
        ("fs.readdirSync(path.join(root, 'ways'))", "lists_files"),
        ("path.join(__dirname, 'ways', name)", "knows_its_place"),
        ("load(__dirname)", "knows_its_place"),
        ("__dirname + '/ways/' + name", "knows_its_place"),
        ("path.join(__dirname, '..')", "knows_its_place"),
        ("path.join(__dirname, '../ways')", "knows_its_place"),
        ("`${__dirname}/${name}`", "knows_its_place"),
        ("new URL('..', import.meta.url)", "knows_its_place"),
        ("dirname(require.resolve('shop/package.json'))", "knows_its_place"),
        ("x = dirname(fileURLToPath(import.meta.url))", "knows_its_place"),
        ("load(module)", "knows_its_place"),
        ("dirname(require.main.filename)", "knows_its_place"),
        ("const all = join(prefix, 'lib', 'node_modules')", "finds_installations"),
        ("new Worker(file)", "loads_unseen"),
        ("vm.runInThisContext(code)", "loads_unseen"),
        ("join(root, '@types', name)", "reads_declarations"),
        ("cluster.setupPrimary({ exec: file })", "loads_unseen"),
    ],
)
def test_each_word_says_one_thing(said, code, field):
    fields = ["starts_programs", "hands_on", "is_elsewhere", "lists_files", "finds_installations", "loads_unseen"]
    fields += ["reads_declarations", "knows_its_place"]
    source = said(code)
    assert [name for name in fields if getattr(source, name)] == [field]


@pytest.mark.parametrize(
    "code",
    [
        '"image/vnd.net-fpx": {\n source: "iana",\n extensions: [\n "npx"\n ]\n}',
        "'image/vnd.net-fpx':['npx']",
        "npx: 'image/vnd.net-fpx'",
        "['npx', 'image/vnd.net-fpx']",
        "all: ['nef', 'npx', 'numbers']",
        "say: 'To rename it, you can run `npx react-codemod` in it.\\n'",
        "say: `1. you did not do it before the script (e.g. \\`npx tool install ${x}\\`) or\\n` + y",
        "say: `It failed.\\n\\nRun 'npx vercel link' to link your project, then go.`",
    ],
)
def test_the_ending_of_a_picture_starts_nothing(said, code):
    assert not said(f"x = {{{code}}}").hands_on
    assert said(f"x = {{{code}}}; run('npx')").hands_on


@pytest.mark.parametrize(
    "code",
    [
        "run('npx tool')",
        "return 'npx tool' in all",
        "run(\"su -c 'npx tool' node\")",
        "run(`sh -c \\`npx tool\\` x`)",
        "throw run(\"echo; 'npx tool' and\")",
    ],
)
def test_a_command_in_quotes_counts_where_no_sentence_stands_around_it(said, code):
    assert said(code).hands_on


def test_a_global_is_no_pattern_of_files(said):
    assert not said("global.place = __dirname").lists_files
    assert said("glob(__dirname + '/*.js')").lists_files


def test_commands_behind_others_count_where_programs_are_started(said):
    command = "x = `cat 'a' | tidy '{ print }'`"
    assert said(f"require('child_process').exec({command})").commands >= {"tidy"}
    assert not said(command).commands


@pytest.mark.parametrize("command", ["ps | tidy ", "ps 2>/dev/null | tidy ", "(cat *.txt; tidy) "])
def test_a_command_line_may_go_on_behind_a_string(said, command):
    assert said(f"x = '{command}' + y").strings.names >= {"tidy"}


def test_comments_count_in_an_own_source_alone(said):
    code = "\n// see 'idle'\nmodule.exports = 'busy'\n"
    assert said(code).strings.names >= {"busy"}
    assert "idle" not in said(code).strings.names
    assert "idle" in said(code, "app/run.js").strings.names


def test_what_a_bundled_manifest_is_developed_with_is_no_string(said):
    bundle = """var m = {"name": "x", "version": "1.0.0", "devDependencies": {"idle": "^1"}, "main": "used"};"""
    assert "used" in said(bundle).strings.names
    assert "idle" not in said(bundle).strings.names
    assert "idle" not in said(bundle.replace('"main"', '"bin": {"x": "./idle/cli.js"}, "main"')).strings.names
    assert "idle" in said(bundle.replace('"version": "1.0.0", ', "")).strings.names


MANIFEST = """{
  version: "1.2.3", scripts: { "build:a": "tidy && x", "b": 'tidy -F="$name"' }, devDependencies: { idle: "^1" } }"""


@pytest.mark.parametrize(
    ("path", "before", "names"),
    [
        ("app/node_modules/shop/index.js", "", set()),
        ("app/run.js", "", {"tidy"}),
        ("app/run.js", "// node_modules/shop/package.json\n", set()),
        ("app/run.js", "var require_package = __commonJS({", set()),
    ],
)
def test_what_a_bundled_package_is_developed_with_is_named_by_no_code(said, path, before, names):
    source = said(f"{before}x = {MANIFEST}; run('other')", path)
    assert source.strings.names & {"tidy", "other"} == names | {"other"}


@pytest.mark.parametrize(
    "code",
    [
        "path.join(__dirname, 'ways')",
        "path.join(__dirname, 'ways', 'a.js')",
        "path.join(__dirname, '..', 'package.json')",
        "path.resolve(__dirname, '../data/a.txt')",
        "readFileSync(__dirname + '/data/a.afm', 'utf8')",
        "new URL('./a.wasm', import.meta.url)",
        "const __dirname = path.dirname(url.fileURLToPath(import.meta.url)); join(__dirname, 'a')",
        "const require = createRequire(import.meta.url)",
        "import.meta.env.MODE",
        "require.resolve('other')",
        "function(require,module,exports){",
        "(module, __webpack_exports__) => {",
    ],
)
def test_a_path_that_is_stated_in_whole_leads_nowhere_else(said, code):
    assert not said(code).knows_its_place
    assert said(f"{code}; load(__dirname)").knows_its_place
