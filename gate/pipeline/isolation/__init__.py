"""What a process that reads a target can do: see files that it must read, and answer; nothing else."""
