"""The other languages, followed: Perl, PHP, Ruby, Lua, Tcl, R, Java, .NET, Erlang and Elixir, Go."""
