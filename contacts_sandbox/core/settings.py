"""How the sandbox behaves, and how control changes it."""

from __future__ import annotations

from dataclasses import dataclass

from contacts_sandbox.core.fields import Fields


@dataclass
class Settings:
    """How the sandbox behaves; control can change each."""

    sent_delay: float = 0.15
    """Seconds from accepted to `sent`, or to `failed`."""
    delivered_delay: float = 0.5
    """Seconds from `sent` to `delivered`, or to `undelivered`."""
    read_delay: float = 1.5
    """Seconds from `delivered` to `read`, for people who read."""
    content_page: int = 3
    """The largest page of templates given out, however many were asked for: so that clients have to follow pages."""
    messages_page: int = 1000
    """The largest page of messages given out (Twilio's own limit)."""
    rate_requests: int | None = None
    """Sends allowed an account in `rate_seconds`; None: no limit."""
    rate_seconds: float = 1.0
    """The span that `rate_requests` counts in."""
    small_talk: bool = True
    """Whether people without a script of their own answer."""
    seed: int = 0
    """The seed of the random choices in unprompted messages."""
    retry_first: float = 1.0
    """Seconds until Telegram or Meta posts a webhook again that wasn't accepted; twice as long each time after."""
    retry_longest: float = 60.0
    """The longest such pause, in seconds."""
    chat_rate: int | None = None
    """Telegram: messages a second to one chat; None: no limit."""
    bot_rate: int | None = None
    """Telegram: messages a second of one bot; None: no limit."""
    page_rate: int | None = None
    """Messenger: messages a second of one page (613); None: no limit."""
    echo_first: bool = False
    """Messenger: whether the echo of a message comes before the answer to the request that sent it."""


def change(settings: Settings, document: object) -> None:
    """Change what a control document names; what it leaves out stays. Raise ControlError, and change nothing then."""
    fields = Fields(document, "settings")
    changed: dict[str, float | int | bool | None] = {
        "small_talk": fields.flag("small_talk", settings.small_talk),
        "seed": fields.count("seed", settings.seed, least=0) or 0,
        "echo_first": fields.flag("echo_first", settings.echo_first),
        "page_rate": fields.count("graph_rate", settings.page_rate),
    }

    def inner(name: str, what: str) -> Fields | None:
        return fields.one(name, lambda entry: Fields(entry, what))

    delays = inner("delays", "delays")
    if delays:
        for name in ("sent", "delivered", "read"):
            key = f"{name}_delay"
            changed[key] = delays.number(name, getattr(settings, key))
        delays.done()
    pages = inner("page_size", "page_size")
    if pages:
        for name in ("content", "messages"):
            key = f"{name}_page"
            changed[key] = pages.count(name, None) or getattr(settings, key)
        pages.done()
    retry = inner("retry", "retry")
    if retry:
        for name in ("first", "longest"):
            key = f"retry_{name}"
            changed[key] = retry.number(name, getattr(settings, key))
        retry.done()
    rates = inner("telegram_rate", "telegram_rate")
    if rates:
        for name in ("chat", "bot"):
            key = f"{name}_rate"
            changed[key] = rates.count(name, getattr(settings, key))
        rates.done()
    if fields.has("rate_limit"):
        limit = inner("rate_limit", "a rate limit")
        changed["rate_requests"] = limit.count("requests", None) if limit else None
        changed["rate_seconds"] = (limit.number("seconds", 1.0) if limit else 0.0) or 1.0
        if limit:
            limit.done()
    fields.done()
    for key, value in changed.items():
        setattr(settings, key, value)
