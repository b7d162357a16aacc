"""Work beside the main thread: the analysis in one thread of its own, and small pure functions in another."""
