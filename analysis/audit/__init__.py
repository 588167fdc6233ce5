"""What a printed pooled result cannot be: rules on estimate, intervals, I2 and p, each with its formula.

    from analysis.audit import audit, read_table

    for report in audit(read_table("published.csv", text)): ...

Pure: no Django, no data base. The same rules guard our own results and extracted estimates.
"""

from analysis.audit.checking import Report, audit
from analysis.audit.findings import Finding, Severity, Verdict
from analysis.audit.printed import AuditProblem, Limits, Number, Printed, number
from analysis.audit.table import read_table

__all__ = [
    "AuditProblem",
    "Finding",
    "Limits",
    "Number",
    "Printed",
    "Report",
    "Severity",
    "Verdict",
    "audit",
    "number",
    "read_table",
]
