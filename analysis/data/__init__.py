"""From agreed rows to the data set of an analysis, and the ways back from a number to its rows."""
