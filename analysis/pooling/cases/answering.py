"""One case to one result, by its kind."""

from collections.abc import Callable, Mapping
from typing import Any

from analysis.pooling.cases import (
    converting,
    dependent,
    explaining,
    meta_package,
    mixed,
    models,
    pooled,
    small_studies,
    tables,
)
from analysis.pooling.cases.plain import plain
from analysis.pooling.errors import PoolingError

Case = Mapping[str, Any]
Result = dict[str, Any]
MODULES = (pooled, tables, explaining, small_studies, converting, dependent, mixed, meta_package, models)
KINDS: dict[str, Callable[[Case], Result]] = {
    kind: respond for module in MODULES for kind, respond in module.KINDS.items()
}


def answer_document(document: Mapping[str, Any]) -> Result:
    """The results of all cases of a document `{"cases": [{"id", "kind", "inputs", "settings"}]}`."""
    return {"cases": [{"id": case.get("id"), "result": answer(case)} for case in document["cases"]]}


def answer(case: Case) -> Result:
    """The result of one case, or `{"error": sentence}` where it cannot be answered."""
    kind = case.get("kind")
    respond = KINDS.get(str(kind))
    if respond is None:
        return {"error": f"There is no kind of case called {kind!r}. Known are {', '.join(sorted(KINDS))}."}
    try:
        result: Result = plain(respond(case))
    except PoolingError as problem:
        return {"error": str(problem)}
    except KeyError as absent:
        return {"error": f"The case lacks {absent}."}
    return result
