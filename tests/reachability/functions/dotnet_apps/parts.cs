// A package. Compiled by build.sh.
using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Serialization.Formatters.Binary;
using System.Threading.Tasks;

namespace Parts
{
    public static class Text
    {
        public static string Shout(string text) { return Loud(text) + "!"; }
        public static string Whisper(string text) { return Quiet(text); }
        static string Loud(string text) { return text.ToUpper(); }
        static string Quiet(string text) { return text.ToLower(); }
    }

    public interface IShape { double Area(); }

    public class Square : IShape
    {
        public double Side { get; set; }
        public double Area() { return Sums.Times(Side, Side); }
        public double Edge() { return Sums.Times(4, Side); }
    }

    public class Circle : IShape
    {
        public double Area() { return Sums.Round(3.14); }
        public string Around() { return "round"; }
    }

    static class Sums
    {
        public static double Times(double one, double other) { return one * other; }
        public static double Round(double one) { return Math.Round(one); }
    }

    public class Order : IComparable
    {
        public int CompareTo(object other) { return Ranked(); }
        public virtual void Ship() { }
        int Ranked() { return 1; }
    }

    public class MarkAttribute : Attribute { }

    [Mark]
    public class Marked
    {
        [Mark]
        public void Found() { Deep(); }
        public void Unmarked() { }
        void Deep() { }
    }

    public class Outer
    {
        public class Inner<T>
        {
            public T Twice(T one) { return one; }
            public static void Once<U>(U one) { }
        }
    }

    public static class Registry
    {
        public static object Make(string name) { return Activator.CreateInstance(Type.GetType("Parts." + name + "Plugin")); }
        public static void Call(object on, string name) { on.GetType().GetMethod("On" + name).Invoke(on, null); }
        public static int Count() { return typeof(Registry).Assembly.GetTypes().Length; }
        public static object Read(Stream stream) { return new BinaryFormatter().Deserialize(stream); }
    }

    public class FirstPlugin { public void OnStart() { } public void Stop() { } }

    [Serializable]
    public class Kept { public void Use() { } }

    public class Later
    {
        public async Task<int> Load() { await Task.Delay(1); return Loaded(); }
        public IEnumerable<int> Each() { yield return Loaded(); }
        static int Loaded() { return 1; }
    }

    public class PlainController { public string Index() { return Hello(); } string Hello() { return "hello"; } }

    public class Framed : Frame.Base { public void Handle() { Handled(); } void Handled() { } }

    public class Listed { public string Name { get { return Named(); } } string Named() { return "a"; } public bool ShouldSerializeName() { return true; } public void Other() { } }

    public class Rows { public Row GetEnumerator() { return new Row(); } }

    public struct Row { public bool MoveNext() { return false; } public int Current { get { return 1; } } }

    public class Watch
    {
        public event Action Rang;
        public void Set() { Rang += Ringing; Rang(); }
        void Ringing() { }
        void Silent() { }
    }
}
