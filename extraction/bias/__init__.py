"""Risk of bias: planned, judged blind by two, agreed, shown. The tools are in `extraction.risk_of_bias`."""
