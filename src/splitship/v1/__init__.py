"""Generated code of the API, package splitship.v1: run `python proto/generate.py` after a change in proto/."""
