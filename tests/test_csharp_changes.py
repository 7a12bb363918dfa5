"""Which methods the benchmark of vulnerable functions says that a fix of a C# source changes.

Goes through `benchmarks/functions/csharp_changes.py`.
"""

import pytest

pytest.importorskip("tree_sitter_c_sharp")

from benchmarks.functions.csharp_changes import changed_methods, methods_of

BEFORE = """\
namespace Kitchen.Tools
{
    public class Oven<T> : ITool where T : class
    {
        private static readonly int Most = 3; // degrees
        static Oven() { }
        public Oven(int a) : this() { }
        ~Oven() { }
        public int Heat => 3;
        public int Size { get; private init; }
        public T this[int place] { get { return x; } set { x = value; } }
        public T this[string name] => x;
        public event EventHandler Done { add { } remove { } }
        public static implicit operator int(Oven<T> one) => 1;
        public static Oven<T> operator -(Oven<T> one) => one;
        public static Oven<T> operator -(Oven<T> one, int by) => one;
        void ITool.Use() { }
        public U Bake<U>(U what) { int Inner() { return 1; } return what; }
        public void Bake() { }
        internal sealed class Door<A, B> { void Open() { } }
#if NET
        void Burn() { }
#else
        void Cool() { }
#endif
    }
}
"""


def test_methods_have_the_names_of_the_metadata() -> None:
    initial = (".cctor", ".ctor", "Finalize")
    properties = ("get_Heat", "get_Size", "set_Size", "get_Item", "set_Item", "add_Done", "remove_Done")
    operators = ("op_Implicit", "op_UnaryNegation", "op_Subtraction")
    others = ("", "ITool.Use", "Bake", "Burn", "Cool")
    names = {f"Kitchen.Tools.Oven`1:{name}" for name in (*initial, *properties, *operators, *others)}
    assert methods_of(BEFORE).keys() == names | {
        "Kitchen.Tools.Oven`1+Door`2:",
        "Kitchen.Tools.Oven`1+Door`2:Open",
    }


def test_a_namespace_may_be_that_of_the_file_or_none() -> None:
    assert methods_of("\ufeffnamespace A.B;\nrecord C(int D) { int E() => 1; }").keys() == {"A.B.C:", "A.B.C:E"}
    assert methods_of("struct C { void D() { } }\nDo();").keys() == {"C:", "C:D"}


def test_directives_may_divide_what_belongs_together() -> None:
    source = "namespace A {\n#if NET\npublic\n#else\ninternal\n#endif\nclass B { void C() { } } }"
    assert methods_of(source).keys() == {"A.B:", "A.B:C"}


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("return what", "return null", {"Bake"}),
        ("public void Bake() { }", "", {"Bake"}),
        ("get { return x; }", "get { return y; }", {"get_Item"}),
        ("Most = 3", "Most = 4", {""}),
        ("// degrees", "// kelvin", set()),
        ("void Burn() { }", "void Burn() { } void More() { }", set()),
    ],
)
def test_what_a_change_alters_is_named(old: str, new: str, names: set[str]) -> None:
    assert old in BEFORE
    assert changed_methods(BEFORE, BEFORE.replace(old, new)) == {f"Kitchen.Tools.Oven`1:{name}" for name in names}


def test_all_of_a_removed_source_is_changed() -> None:
    assert changed_methods("class A { void B() { } }", None) == {"A:", "A:B"}
