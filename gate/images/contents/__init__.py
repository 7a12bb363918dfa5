"""The files of an image: which packages they belong to, which were changed, secrets, accounts, cron tables."""
