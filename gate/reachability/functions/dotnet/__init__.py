"""Whether the vulnerable methods of packages of NuGet are reached."""
