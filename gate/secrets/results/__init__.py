"""What is said of secrets once they are found: findings, masked lines, baselines, tallies."""
