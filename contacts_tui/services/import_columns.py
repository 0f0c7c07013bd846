"""What the columns of other programs' exports mean, as data: headings in their spellings and languages.

Known are Google Contacts (old and new), Outlook (English, German, French, Spanish), files made from Apple's contacts,
Chatwoot, HubSpot, tawk.to, and plain lists in English, German, French, Spanish, Portuguese and Italian; headings of
further languages are in `import_languages`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from contacts_tui.domain.channel import Channel
from contacts_tui.services.import_languages import LANGUAGES


class Field(StrEnum):
    """What a column of a file can hold; the value is its name for `--map`."""

    NAME = "name"
    GIVEN = "first_name"
    MIDDLE = "middle_name"
    FAMILY = "last_name"
    PHONE = "phone"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    COMPANY = "company"
    TAGS = "tags"
    NOTE = "note"
    OWNER = "owner"
    TIME_ZONE = "time_zone"
    LANGUAGE = "language"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    PRIVATE_NOTES = "private_notes"
    """Notes with author and time, as this program and some cards write them."""
    ATTRIBUTE = "attribute"
    """A custom attribute; the column has its name."""
    NOTHING = "-"
    """Left out on purpose."""

    @property
    def words(self) -> str:
        """The field in words for an agent: "first name"."""
        return "left out" if self is Field.NOTHING else self.value.replace("_", " ")


CHANNELS: Mapping[Field, tuple[Channel, ...]] = {
    Field.PHONE: (Channel.SMS, Channel.WHATSAPP),
    Field.SMS: (Channel.SMS,),
    Field.WHATSAPP: (Channel.WHATSAPP,),
}
"""The channels of a number: both for a phone number, one where the column names it."""
NUMBERS = tuple(CHANNELS)
"""The fields of phone numbers."""

NAME_PARTS = (Field.NAME, Field.GIVEN, Field.MIDDLE, Field.FAMILY)
"""The fields that make a person's name."""

LISTS = (*NUMBERS, Field.EMAIL, Field.TAGS, Field.OPTED_OUT, Field.BLOCKED, Field.PRIVATE_NOTES)
"""The fields of which a person can have several."""

TO_CHOOSE = tuple(field for field in Field if field not in (Field.ATTRIBUTE, Field.PRIVATE_NOTES))
"""The fields that an agent can choose for a column, beside custom attributes."""

REPORT_HEADINGS = ("Import line", "Import problem", "Import suggestion")
"""The columns that a report has before those of the file; they are left out when it is imported again."""

_EXACT: Mapping[Field, str] = {
    Field.NAME: "name, full name, fullname, display name, contact name, contact, customer, customer name, client, "
    "client name, your name, visitor name, person, vollstaendiger name, kontakt, kontaktname, kunde, kundenname, "
    "anzeigename, nom complet, nom et prenom, prenom et nom, nom d'affichage, contact complet, nombre completo, "
    "nombre y apellidos, nombre y apellido, nome completo, nome e cognome, nome e sobrenome, nominativo, cliente, "
    "contato, contatto, contacto",
    Field.GIVEN: "given name, first name, firstname, forename, christian name, vorname, rufname, prenom, "
    "nombre de pila, primer nombre, nombres, primeiro nome, nome proprio, primo nome",
    Field.MIDDLE: "additional name, middle name, middlename, middle names, weitere vornamen, zweiter vorname, "
    "deuxieme prenom, autre prenom, segundo nombre, nome do meio, segundo nome, secondo nome",
    Field.FAMILY: "family name, last name, lastname, surname, nachname, familienname, zuname, nom de famille, "
    "apellido, apellidos, primer apellido, sobrenome, apelido, apelidos, ultimo nome, cognome",
    Field.COMPANY: "company, company name, organization, organisation, organization name, organization 1 - name, "
    "business name, employer, account name, associated company, primary company, primary associated company, "
    "ragione sociale, firma, firmenname, unternehmen, organisation 1 - name, societe, entreprise, nom de l'entreprise, "
    "nom de la societe, organizacion, compania, empresa, nombre de la empresa, nome da empresa, "
    "organizacao, azienda, societa, nome azienda, ditta",
    Field.TAGS: "tags, tag, labels, label, group membership, groups, group, categories, category, segments, lists, "
    "kategorien, kategorie, schlagworte, schlagwoerter, gruppen, gruppe, etiketten, etiquettes, etiquette, "
    "mots cles, groupes, groupe, etiquetas, etiqueta, categorias, categoria, grupos, grupo, etichette, etichetta, "
    "categorie, gruppi, gruppo",
    Field.NOTE: "note, notes, comment, comments, remark, remarks, description, associated note, notiz, notizen, "
    "bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, remarque, remarques, commentaire, commentaires, nota, "
    "notas, anotacoes, observaciones, comentario, comentarios, observacoes, osservazioni, commento, commenti",
    Field.OWNER: "owner, contact owner, assignee, assigned to, account owner, responsible, zustaendig, bearbeiter, "
    "betreuer, inhaber, proprietaire, responsable, propietario, proprietario, responsavel, responsabile",
    Field.TIME_ZONE: "time zone, timezone, zeitzone, fuseau horaire, zona horaria, huso horario, fuso horario, "
    "fuso orario",
    Field.LANGUAGE: "language, preferred language, sprache, bevorzugte sprache, langue, langue preferee, idioma, "
    "idioma preferido, lingua, lingua preferita, locale, language code",
    Field.PHONE: "callback, rueckmeldung, rueckruf, rappel, particular, particular 2, devolucion de llamada, "
    "richiamata, richiamata automatica, recapito telefonico, retorno de chamada, primary contact number, ph, ph no, "
    "numero de centralita de la organizacion, hauptanschluss, contact no, contact number, contact nr",
    Field.SMS: "sms, sms number, sms nummer, sms phone",
    Field.WHATSAPP: "wa, wa id, wa number",
    Field.EMAIL: "email id, mail id, smtp",
    Field.OPTED_OUT: "opted out, opt out, unsubscribed, do not contact, do not message, abgemeldet, desabonne, "
    "dado de baja, cancelado, disiscritto",
    Field.BLOCKED: "blocked, is blocked, blocklisted, blacklisted, blockiert, gesperrt, bloque, bloqueado, bloccato",
    Field.NOTHING: ", ".join(REPORT_HEADINGS),
}
"""The exact headings of each field, separated by commas: without accents, ae for ä. Spaces don't matter."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PHONE_WORDS = _set(
    "phone phones telephone telephones tel tele telefon telefonnummer telefonnr rufnummer rufnr tlf fon fono mobile "
    "mobil mobilephone mobiltelefon mobilnummer mobilfunk mobilfunknummer handy handynummer handynr cell cellphone "
    "cellular gsm iphone smartphone portable portables celular celulares movil moviles telefono telefonos telefonico "
    "telefone telefones telemovel telemoveis cellulare cellulari autotelefon haupttelefon festnetz festnetznummer "
    "geschaeftstelefon privattelefon diensttelefon radiotelefono radiotelefon radiotelephone landline fixe msisdn "
    "phonenumber mobilenumber telnr homephone workphone businessphone carphone otherphone primaryphone"
)
"""One of these words makes a heading that of a phone number, when all its other words are qualifiers."""
_WHATSAPP_WORDS = frozenset(["whatsapp"])
_SMS_WORDS = frozenset(["sms"])
_EMAIL_WORDS = _set(
    "correio email emails mail mails emailaddress emailadresse mailadresse mailaddress courriel courriels courrielle "
    "messagerie correo correos electronica emailid"
)
"""The same for an email address."""
_NOT_MESSAGED_WORDS = _set(
    "fax faxes telefax faxnummer telecopie telecopieur pager pagers beeper bipeur buscapersonas cercapersone telex "
    "assistant assistants assistent assistente asistente ayudante"
)
"""Words of numbers that can't receive messages for this person: left out on purpose."""
_ADDRESS_WORDS = _set(
    "address addresses adresse adressen adresses direccion direcciones endereco indirizzo indirizzi electronico "
    "electronique electroniques eletronico elettronica posta"
)
"""Words that may stand beside an email word; alone they mean a street address."""
_QUALIFIERS = _set(
    "home work business private personal other main primary secondary alternate alternative additional default mobile "
    "car radio company office direct number numbers no nr num nummer nummern numero numeros n value wert valeur valor "
    "valore contact customer client your user visitor my preferred international full raw formatted e164 "
    "privat private privater geschaeftlich geschaeft dienstlich dienst beruflich arbeit buero firma weiteres weitere "
    "anderes andere sonstige haupt zentrale direkt direktwahl fuer hoerbehinderte tty tdd "
    "bureau domicile travail maison voiture societe autre autres principal principale principaux professionnel "
    "professionnelle perso personnel personnelle pro prive privee direct ligne "
    "trabajo casa oficina automovil coche otro otros otra otras particular empresa movil celular laboral "
    "trabalho residencial comercial residencia escritorio carro outro outros outra pessoal profissional "
    "lavoro ufficio abitazione auto altro altri altra principale aziendale personale fisso fissa fijo fixo fixe "
    "de du de la le les des del della dell do da di dos das el il lo l d a y et und and of the for "
    "uff ab societa priv mob geschaeftl day daytime evening night billing shipping person lead buyer "
    "1 2 3 4 5 6 7 8 9 10 hs s"
)
"""Words beside a phone or email word that only say which of several it is."""

_GIVEN_OR_NAME = frozenset(["nombre", "nome"])
"""Spanish, Italian and Portuguese: the first name beside a column of surnames, else the whole name."""
_GIVEN_BESIDE_FAMILY = frozenset(["ad"])
"""Turkish: the first name beside a column of surnames; elsewhere it may mean an advertisement."""
_FAMILY_OR_NAME = frozenset(["nom", "name"])
"""French and German: the surname beside a column of first names and none of surnames, else the whole name."""

_ASIDE = re.compile(r"\((?:required|optional|(?:with|incl\.?|including) [^()]*|e\.?164)\)", re.IGNORECASE)
"""Remarks on how the cells of a list are to be written."""
_IN_PARENTHESES = re.compile(r"\([^()]*\)")
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "œ": "oe", "ł": "l", "ı": "i", "ø": "o", "æ": "ae"}
)


def fields_of(headings: Sequence[str]) -> tuple[Field | None, ...]:
    """Return what each column holds; None for an unknown heading."""
    found = [field_of(heading) for heading in headings]
    bare = [_squeezed(heading) for heading in headings]
    fields = set(found)
    for place, heading in enumerate(bare):
        if heading in _GIVEN_OR_NAME:
            found[place] = Field.GIVEN if Field.FAMILY in fields else Field.NAME
        elif heading in _GIVEN_BESIDE_FAMILY and Field.FAMILY in fields:
            found[place] = Field.GIVEN
        elif heading in _FAMILY_OR_NAME:
            is_family = Field.GIVEN in fields and Field.FAMILY not in fields
            found[place] = Field.FAMILY if is_family else Field.NAME
    return tuple(found)


def field_of(heading: str) -> Field | None:
    """Return what a column with this heading holds, whatever columns are beside it; None when unknown."""
    heading = _ASIDE.sub("", heading)
    squeezed = _squeezed(heading)
    exact = _BY_HEADING.get(squeezed)
    if exact is None and (numbered := _BY_HEADING.get(squeezed.rstrip("0123456789"))) in (*NUMBERS, Field.EMAIL):
        exact = numbered
    if exact is None and set(_words("".join(_IN_PARENTHESES.findall(heading)))) <= _QUALIFIERS:
        exact = _BY_HEADING.get(_squeezed(_IN_PARENTHESES.sub("", heading)))
    if exact is not None:
        return exact
    words = _words(heading)
    known = set(words)
    for field, wanted, beside in (
        (Field.NOTHING, _NOT_MESSAGED_WORDS, _PHONE_WORDS),
        (Field.WHATSAPP, _WHATSAPP_WORDS, _PHONE_WORDS),
        (Field.SMS, _SMS_WORDS, _PHONE_WORDS),
        (Field.EMAIL, _EMAIL_WORDS, _ADDRESS_WORDS),
        (Field.PHONE, _PHONE_WORDS, frozenset()),
    ):
        if known & wanted and known <= wanted | beside | _QUALIFIERS:
            return field
    # Italian: posta elettronica.
    return Field.EMAIL if {"posta", "elettronica"} <= known <= _ADDRESS_WORDS | _QUALIFIERS else None


def label_of(heading: str) -> str:
    """Return the part of a heading that a column of numbers shares with the one that says their kind, or "".

    Google writes "Phone 1 - Type" (before 2024) or "Phone 1 - Label" beside "Phone 1 - Value".
    """
    begin, dash, kind = heading.rpartition(" - ")
    return begin if dash and kind.strip().casefold() in ("value", "type", "label") else ""


def _plain(heading: str) -> str:
    """Return the heading in lower case and without accents, with the words of camel case apart."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", heading))
    folded = unicodedata.normalize("NFKD", parted.casefold().translate(_LETTERS))
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"\b(e|whats|i)[-_ ]+(?=mail|app|phone)", r"\1", letters)


def _squeezed(heading: str) -> str:
    return "".join(filter(str.isalnum, _plain(heading)))


def _words(heading: str) -> list[str]:
    """Return the words of a heading, a number at the end of one apart: "phone2" is "phone" and "2"."""
    return re.findall(r"[^\W\d_]+|e164|\d+", _plain(heading))


_BY_HEADING = {
    _squeezed(heading): Field(field)
    for headings_of in (*LANGUAGES, _EXACT)
    for field, headings in headings_of.items()
    for heading in headings.split(", ")
}
