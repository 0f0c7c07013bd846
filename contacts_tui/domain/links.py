"""The links in a text from outside: their places, and the addresses that they really lead to."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

_SIGN = r"[^\s<>\"\ufffd\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]"
"""A character of a link: not a blank, not a quote or angle bracket, not Chinese or Japanese punctuation."""

_FOUND = re.compile(
    rf"(?P<web>(?:https?://|(?<![\w.@/:-])(?:www\.|(?:[\w-]+\.)+[^\W\d_]{{2,}}(?::\d+)?/)){_SIGN}*)"
    rf"|(?P<mailto>mailto:{_SIGN}+)"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)
"""What people write as a link, also without its scheme where `www.` or a path shows that it is one.

Nothing else is a link: a `file:` or an unknown scheme may start a program.
"""

_LAST = ".,:;!?'\"*_~…»”’"
"""Characters at the end that belong to the sentence around the link."""
_PAIRS = {")": "(", "]": "[", "}": "{"}

_PATH = "/%:@!$&'()*+,;=~-._"
_QUERY = _PATH + "?[]"
_LONGEST = 2000
"""The most characters of a link: desktops refuse longer addresses."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link in a text."""

    start: int
    """The index of its first character in the text."""
    text: str
    """The link as it is written there."""
    target: str
    """The whole address it leads to, in ASCII: http, https or mailto."""
    host: str
    """The server's name, or the email address, in ASCII."""

    @property
    def end(self) -> int:
        """The index after its last character."""
        return self.start + len(self.text)

    @property
    def says_where(self) -> bool:
        """Whether the text alone shows where the link leads, so that the agent needn't confirm it."""
        authority = self.target.partition("//")[2].partition("/")[0]
        shown = self.target.removeprefix("mailto:") if self.target.startswith("mailto:") else self.target
        written = (self.text, f"https://{self.text}", f"{self.text}/", f"https://{self.text}/")
        return "@" not in authority and "?" not in self.host and shown.casefold() in map(str.casefold, written)


@lru_cache(512)
def links(text: str) -> tuple[Link, ...]:
    """Return the links in a cleaned text, in order."""
    found = (_link(match) for match in _FOUND.finditer(text))
    return tuple(link for link in found if link is not None)


def _link(match: re.Match[str]) -> Link | None:
    text = _bare(match.group())
    if not text or len(text) > _LONGEST:
        return None
    try:
        if match.lastgroup == "web":
            target, host = _web(text)
        else:
            target, host = _mail(text)
    except ValueError:  # No port, no host, or a name that can't be one.
        return None
    return Link(match.start(), text, target, host)


def _bare(text: str) -> str:
    """Return a link without the punctuation of the sentence at its end."""
    while text:
        last = text[-1]
        if last in _LAST or (last in _PAIRS and text.count(last) > text.count(_PAIRS[last])):
            text = text[:-1]
        else:
            break
    return text


def _web(text: str) -> tuple[str, str]:
    has_scheme = text.lower().startswith(("http://", "https://"))
    parts = urlsplit(text if has_scheme else f"https://{text}")
    host = _ascii(parts.hostname or "")
    if not has_scheme and "." not in host:
        raise ValueError(text)
    port = f":{parts.port}" if parts.port is not None else ""
    user = f"{quote(parts.netloc.rpartition('@')[0], safe=':')}@" if "@" in parts.netloc else ""
    query = f"?{quote(parts.query, safe=_QUERY)}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe=_QUERY)}" if parts.fragment else ""
    path = quote(parts.path, safe=_PATH)
    return f"{parts.scheme.lower()}://{user}{host}{port}{path}{query}{fragment}", host


def _mail(text: str) -> tuple[str, str]:
    written = text[len("mailto:") :] if text.lower().startswith("mailto:") else text
    address, sign, fields = written.partition("?")
    name, at, host = address.rpartition("@")
    if not name or not at:
        raise ValueError(text)
    whole = f"{quote(name, safe=_PATH)}@{_ascii(host)}"
    return f"mailto:{whole}{sign}{quote(fields, safe=_QUERY)}", whole


def _ascii(host: str) -> str:
    """Return a host's name in ASCII, with other letters encoded as `xn--`. Raise ValueError when it isn't one."""
    if not host:
        raise ValueError("no host")
    # An IPv6 address has lost its brackets in `hostname`.
    if ":" in host:
        return f"[{host}]"
    name = host if host.isascii() else host.encode("idna").decode()
    if not re.fullmatch(r"[\w.-]+", name, re.ASCII):
        raise ValueError(host)
    return name
