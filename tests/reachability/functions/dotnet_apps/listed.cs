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
            Console.WriteLine(new Listed());
        }
    }
}
