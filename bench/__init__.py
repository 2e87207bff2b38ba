"""The benchmark: our turn against the floor, as ratios from one run. What it says is written down in docs/performance.md."""
