// An application. Compiled by build.sh.
using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Shop
{
    static class App
    {
        
        static void Main()
        {
            Console.WriteLine("memcached -p 1");
        }
    }
}
