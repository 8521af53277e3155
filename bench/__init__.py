"""Benchmarks: each prints ratios within one run and, as its last line, one JSON object."""
