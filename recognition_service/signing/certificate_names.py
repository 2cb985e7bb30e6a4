"""How an issuer is named in a certificate.

Source: RFC 5280 sections 4.1.2.6 and 4.2.1.6, appendix A.1.
"""

import ipaddress
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from recognition_service.signing.errors import KeyStoreError

_LONGEST_COMMON_NAME_BYTES = 64


def common_name(text: str) -> x509.Name:
    """Return a subject of a common name only, cut at what X.509 allows."""
    cut = text.encode()[:_LONGEST_COMMON_NAME_BYTES].decode(errors="ignore")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cut)])


def alternative_names(issuer_id: str) -> list[x509.GeneralName]:
    """Return the id of an issuer and its host; an address is no host name.

    Raises:
        KeyStoreError: Not a URL of a host, or not all ASCII.
    """
    host = urlsplit(issuer_id).hostname
    if not host or not issuer_id.isascii():
        raise KeyStoreError(f"{issuer_id!r} cannot stand in a certificate.")
    names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(issuer_id)]
    try:
        ipaddress.ip_address(host)
    except ValueError:
        names.append(x509.DNSName(host))
    return names
