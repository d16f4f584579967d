"""Measures, as ratios between things measured in one run; never thresholds in a test."""
