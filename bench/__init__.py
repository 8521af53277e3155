"""Benchmarks and fault campaigns: each prints a table and, as its last line, one JSON object."""
