"""Benchmarks of Splitship: instances, contenders, records, comparison and report."""
