"""What web servers, databases and mail servers load and start by their settings."""
