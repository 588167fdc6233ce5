"""Dependent effects: nested random effects, cluster-robust inference, and aggregation within studies."""
