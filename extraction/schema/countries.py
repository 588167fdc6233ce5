"""Countries by the names of ISO 3166, found also by their common and short names."""

import pycountry

# What reports print and the standard does not know.
SHORT = {
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "great britain": "GB",
    "usa": "US",
    "the netherlands": "NL",
    "south korea": "KR",
    "korea": "KR",
    "russia": "RU",
    "iran": "IR",
    "taiwan": "TW",
    "turkey": "TR",
    "vietnam": "VN",
    "czech republic": "CZ",
    "hong kong": "HK",
}


def name_of(country: object) -> str:
    """The name in common use where the standard has one: Bolivia, not Bolivia, Plurinational State of."""
    return str(getattr(country, "common_name", None) or getattr(country, "name"))  # noqa: B009


def country_named(text: str) -> str | None:
    """The country's name, whatever name or code it was called by; None when there is none such."""
    try:
        found = pycountry.countries.lookup(SHORT.get(text.casefold(), text))
    except LookupError:
        return None
    return name_of(found)


def all_countries() -> list[str]:
    return sorted(name_of(country) for country in pycountry.countries)
