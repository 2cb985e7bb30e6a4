"""The name of an issuer for software that knows issuers by DIDs only.

Source: did:web Method Specification (W3C Credentials Community Group, 2024-08-01),
"Method-specific identifier" and "Read (Resolve)".
"""

from urllib.parse import quote, urlsplit


def did_of(url: str) -> str:
    """Return the DID whose document lies at `{url}/did.json`.

    Whoever resolves it always asks by https, and the method allows no IP addresses:
    over plain http, or on an address such as 127.0.0.1, the name names, but nobody
    can look it up.

    Args:
        url: Of an issuer, such as "https://recognition.example/issuers/be-fl"; no
            query and no slash at the end.
    """
    parts = urlsplit(url)
    segments = (parts.netloc, *parts.path.strip("/").split("/"))
    return ":".join(("did:web", *(quote(each, safe="") for each in segments if each)))
