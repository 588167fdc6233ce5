"""A loopback stand-in for NCBI E-utilities, for tests and the offline example.

It speaks esearch with history and efetch over a small file of records, and says with every answer that it
is not PubMed.
"""

from .server import Faults, StandIn, serve

__all__ = ["Faults", "StandIn", "serve"]
