"""Docker outside of Kubernetes: what Compose and Swarm files, and the daemon itself, let a container do."""
