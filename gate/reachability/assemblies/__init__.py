"""What stands in assemblies of .NET (ECMA-335): tables, types, and what methods name."""
