"""What is kept of a result: files written whole or not at all, the sidecar, folders, and a writer for each format."""
