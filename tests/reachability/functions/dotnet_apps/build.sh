#!/bin/sh
# Compiles the assemblies that the tests read, with Mono's compiler (Debian's package mono-mcs).
set -e
cd "$(dirname "$0")"
echo 'namespace Frame { public class Base { } }' > frame.tmp
mcs -nologo -target:library -out:Frame.dll frame.tmp
mcs -nologo -optimize -target:library -r:Frame.dll -out:Parts.dll parts.cs
for source in *.cs; do
    if [ "$source" != parts.cs ]; then
        mcs -nologo -optimize -r:Parts.dll -r:Microsoft.CSharp.dll -r:Frame.dll "-out:${source%.cs}.exe" "$source"
    fi
done
rm Frame.dll frame.tmp
