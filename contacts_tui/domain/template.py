"""WhatsApp templates: their parts, their variables, and the text that the person will read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contacts_tui.domain.cells import shorten
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.limits import TemplateLimits
from contacts_tui.domain.text import counted, first_name, last_name, one_line

_PLACEHOLDER = re.compile(r"\{\{[ \t]*([^\s{}]+)[ \t]*\}\}")
"""The Content API's variables: a number or a name, with or without spaces around it."""

_GREETED = re.compile(r"\b(?:hi|hello|dear|hola|olá|bonjour|hallo|ciao)\s+\{\{\s*1\s*\}\}", re.IGNORECASE)
"""A body whose first variable follows a greeting: it can only be the person's name."""

_TOO_MANY_SPACES = re.compile(" {5}")


class Approval(StrEnum):
    """Approval states by the provider's names; any other one is kept as it is in `Template.approval`."""

    APPROVED = "approved"
    UNSUBMITTED = "unsubmitted"
    RECEIVED = "received"
    PENDING = "pending"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a template."""

    kind: str
    """The provider's name of the kind: quick_reply, url, phone_number, copy_code."""
    title: str
    value: str
    """Its address, number or payload; may hold variables."""


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template with all its values, ready to be sent."""

    template_id: int
    values: Mapping[str, str]
    """Every variable by its name or number."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template as one inbox's account has it."""

    id: int
    inbox_id: int
    sid: str
    """The provider's id (Twilio: ContentSid, HX…)."""
    name: str
    language: str
    category: str
    """utility, marketing, authentication; empty when never submitted."""
    approval: str
    """The provider's free string. Only `approved` can be sent."""
    rejection_reason: str
    kind: str
    """The content type: twilio/text, twilio/quick-reply, twilio/call-to-action, twilio/card, whatsapp/card,
    twilio/media, twilio/list-picker, twilio/location."""
    header: str
    """Header or title text; may hold variables."""
    body: str
    footer: str
    media: tuple[str, ...]
    """Addresses of header media; may hold variables."""
    buttons: tuple[Button, ...]
    samples: Mapping[str, str]
    """The sample value of each declared variable."""
    synced_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """A template with its values in place: what the person will read."""

    header: str
    body: str
    footer: str
    buttons: tuple[Button, ...]
    media: tuple[str, ...]

    @property
    def text(self) -> str:
        """The plain text as it is stored: header, body and footer, each on its own line."""
        return "\n".join(part for part in (self.header, self.body, self.footer) if part)


def placeholders(template: Template) -> tuple[str, ...]:
    """Return every variable, once: first the numbered ones by number, then the named ones as they appear.

    Include variables that are declared and in no part that we know, as the provider would send their samples.
    """
    names = dict.fromkeys((*names_in(" ".join(_parts(template))), *(name.strip() for name in template.samples)))
    names.pop("", None)
    return tuple(sorted(names, key=lambda name: (0, int(name)) if name.isdecimal() else (1, 0)))


def names_in(text: str) -> tuple[str, ...]:
    """Return the variables in a text, in order and with repetitions."""
    return tuple(_PLACEHOLDER.findall(text))


def is_in(template: Template, language: str) -> bool:
    """Return whether a template is in a language, in any region; False for an unknown language, which is empty."""
    wanted, its = (tag.replace("_", "-").partition("-")[0].casefold() for tag in (language, template.language))
    return bool(wanted) and wanted == its


def is_sendable(template: Template) -> bool:
    """Return whether WhatsApp accepts a template now: only when `approved`, any other state is only shown."""
    return template.approval == Approval.APPROVED


def can_start(template: Template, limits: TemplateLimits) -> bool:
    """Return whether a template may be sent while the window is closed: approved, and not for open windows only."""
    return is_sendable(template) and template.kind not in limits.only_inside_window


def state_words(template: Template) -> str:
    """Return the approval state as an agent reads it; an unknown one is quoted."""
    match template.approval:
        case Approval.APPROVED | Approval.PENDING as plain:
            return str(plain)
        case Approval.UNSUBMITTED:
            return "not submitted"
        case Approval.RECEIVED:
            return "submitted"
        case Approval.PAUSED | Approval.DISABLED as stopped:
            return f"{stopped} by WhatsApp"
        case Approval.REJECTED:
            return f"rejected: {template.rejection_reason}" if template.rejection_reason else "rejected by WhatsApp"
        case unknown:
            return f"state '{unknown}'"


def prefill(template: Template, contact: Contact, phone: str = "") -> dict[str, str]:
    """Return the values known of a person for the variables whose meaning is clear; never a sample.

    `phone` is the recipient's number. The only numbered variable that gets a value is {{1}} after a greeting.
    """
    first = first_name(contact.name)
    known = {
        "name": one_line(contact.name) if first else "",
        "firstname": first,
        "lastname": last_name(contact.name),
        "company": one_line(contact.company),
        "email": one_line(contact.emails[0]) if contact.emails else "",
        "phone": phone,
    }
    values = {name: known.get(name.replace("_", "").lower(), "") for name in placeholders(template)}
    if _GREETED.search(template.body):
        values["1"] = first
    return {name: value for name, value in values.items() if value}


def problems(template: Template, values: Mapping[str, str], limits: TemplateLimits) -> dict[str, str]:
    """Return why a template can't be sent with these values: a sentence for each wrong variable; empty when it can.

    A problem of the whole template has the name "". Every variable is required, as the provider fills a missing one
    with its sample, and refuses a blank one. The rules on values are those of Twilio's error 21656, the limit of the
    whole text is that of 63021.
    """
    names = placeholders(template)
    found = {name: why for name in names if (why := _value_problem(template, name, values.get(name, ""), limits))}
    whole = []
    if len(names) > limits.variables:
        whole.append(f"the template has {len(names)} variables, and WhatsApp allows {limits.variables}: use another")
    if (over := len(render(template, values).text) - limits.text) > 0:
        whole.append(f"{counted(over, 'character')} too many, WhatsApp allows {limits.text}: shorten a value")
    if whole:
        found[""] = "; ".join(whole)
    return found


def by_declared_names(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every variable, by its name exactly as the provider declares it."""
    declared = {name.strip(): name for name in template.samples}
    return {declared.get(name, name): values[name] for name in placeholders(template)}


def render(template: Template, values: Mapping[str, str]) -> Preview:
    """Return a template with its values in place, each exactly as given.

    A variable without a value stays as it is. Each part is read only once, so a "{{2}}" within a value stays text.
    """

    def fill(part: str) -> str:
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], "") or found[0], part)

    return Preview(
        header=fill(template.header),
        body=fill(template.body),
        footer=fill(template.footer),
        buttons=tuple(
            replace(button, title=fill(button.title), value=fill(button.value)) for button in template.buttons
        ),
        media=tuple(fill(address) for address in template.media),
    )


def _parts(template: Template) -> Iterator[str]:
    """Yield every text of a template that may hold variables."""
    yield from (template.header, template.body, template.footer, *template.media)
    for button in template.buttons:
        yield from (button.title, button.value)


def sample_of(template: Template, name: str) -> str:
    """Return the sample of a variable; empty when none is declared."""
    return next((sample for declared, sample in template.samples.items() if declared.strip() == name), "")


def _value_problem(template: Template, name: str, value: str, limits: TemplateLimits) -> str:
    if not value.strip():
        sample = shorten(one_line(sample_of(template, name)), 40)
        threat = f", else they read “{sample}”" if sample else ""
        return f"{name}: fill this in{threat}"
    if len(value) > limits.value:
        return f"{name}: {counted(len(value) - limits.value, 'character')} too many, WhatsApp allows {limits.value}"
    if "\n" in value or "\r" in value:
        return f"{name}: has a line break, which WhatsApp refuses: write it on one line"
    if "\t" in value:
        return f"{name}: has a tab, which WhatsApp refuses: use a space"
    if _TOO_MANY_SPACES.search(value):
        return f"{name}: has more than four spaces in a row, which WhatsApp refuses: remove some"
    return ""
