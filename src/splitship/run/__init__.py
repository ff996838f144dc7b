"""The one way to an answer: method, limits, worker process, mandatory check."""
