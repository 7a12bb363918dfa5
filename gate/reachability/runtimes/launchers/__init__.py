"""Programs that start others: wrappers, supervisors, schedulers, make, and interpreters of scripts."""
