"""How fast the search is, beside others; see docs/benchmarks.md."""
