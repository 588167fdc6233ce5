"""Effect sizes and their variances from what studies report."""
