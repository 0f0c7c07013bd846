"""Twilio's webhook signature, made from its public description."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

HEADER = "X-Twilio-Signature"
"""The header it travels in."""


def sign(auth_token: str, url: str, fields: Mapping[str, str]) -> str:
    """Sign a form post: HMAC-SHA1 over the exact URL and each name and value in the order of names."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
