// An application. Compiled by build.sh.
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Shop
{
    static class App
    {
        [DllImport("yaml")] static extern int yaml_version();
        static void Main()
        {
            Console.WriteLine(yaml_version());
        }
    }
}
