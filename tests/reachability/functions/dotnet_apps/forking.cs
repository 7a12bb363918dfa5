// An application. Compiled by build.sh.
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Shop
{
    static class App
    {
        [DllImport("libc")] static extern int system(string command);
        static void Main()
        {
            Console.WriteLine(system("memcached -p 1"));
        }
    }
}
