"""Twilio's webhook signature, made from its public description."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

HEADER = "X-Twilio-Signature"
"""The header that carries it."""


def sign(auth_token: str, url: str, fields: Mapping[str, str]) -> str:
    """Return the signature of a form: base64 of HMAC-SHA1 over the exact URL, and names and values sorted by name."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
