"""One file per panel; each edits one node of the recipe or shows one result."""
