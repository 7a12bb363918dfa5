"""Node.js, followed: module resolution, package managers, and tools that start others."""
