"""One use case per function: domain and store brought together; no SQL text, no printing."""
