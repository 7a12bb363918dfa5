"""Rules on packages: doubtful names and addresses, licences, and the texts that stand for advisories."""
