#!/bin/sh
# Compiles the assemblies that the tests read, with Mono's compiler (Debian's package mono-mcs).
set -e
cd "$(dirname "$0")"
mcs -nologo -optimize -target:library -out:Parts.dll parts.cs
for source in *.cs; do
    if [ "$source" != parts.cs ]; then
        mcs -nologo -optimize -r:Parts.dll -r:Microsoft.CSharp.dll "-out:${source%.cs}.exe" "$source"
    fi
done
