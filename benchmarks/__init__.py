"""Measures what a build, a day and an answer cost, as ratios within one run."""
