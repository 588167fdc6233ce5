"""Pages of the analyses: plan and runs, comparison and robustness, figures."""
