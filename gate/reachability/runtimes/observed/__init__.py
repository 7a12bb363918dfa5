"""What was seen to run: profiles of tests, recordings of other programs, and strace."""
