# Runs a script, and writes path and line of each method that was called to the standard error.
called = {}
trace = TracePoint.new(:call) { |point| called["#{point.path}:#{point.lineno}"] = true }
at_exit { trace.disable; STDERR.puts(called.keys) }
trace.enable
load ARGV.shift
