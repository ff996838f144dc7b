"""From a problem to dense integer arrays."""
