"""What is in an image's files beyond the packages: what explains them, what was changed, secrets, accounts."""
