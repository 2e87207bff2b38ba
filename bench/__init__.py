"""The benchmark: our turn against the floor, as ratios from one run; docs/performance.md says what it showed."""
