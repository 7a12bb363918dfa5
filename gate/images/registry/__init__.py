"""Container registries: names, credentials, and the HTTP interface (OCI distribution specification 1.1)."""
