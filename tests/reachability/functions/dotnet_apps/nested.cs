// An application. Compiled by build.sh.
using System;
using System.Collections.Generic;
using System.IO;
using Parts;

namespace Shop
{
    static class App
    {
        static void Main()
        {
            Console.WriteLine(new Outer.Inner<int>().Twice(1)); Outer.Inner<int>.Once("a");
        }
    }
}
