"""The exports of known programs, each in its exact form: each gives the same person."""

from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.services import contacts_import
from contacts_tui.services.import_columns import Field, field_of, fields_of
from contacts_tui.services.import_row import PersonEntry
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.text_source import open_text

EXPORTS = sorted(Path(__file__).with_name("exports").glob("*.csv"), key=lambda path: path.name)
WITHOUT = {"outlook_en": "tags", "chatwoot": "note"}
"""The field for which an export has no column."""


def read(path: Path) -> tuple[PersonEntry, contacts_import.ImportPlan]:
    with open_text(path) as text:
        file = PeopleFile(text.lines, None)
        (row,) = file.rows()
        assert row.person is not None, row.problems
        assert not row.is_incomplete
        return row.person, contacts_import.plan(file)


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.stem)
def test_the_same_person_comes_out_of_every_export(path: Path) -> None:
    person, plan = read(path)
    assert person.name == "Ann Maria Example"
    assert {key for channel, _, key in person.numbers if channel is Channel.SMS} == {"+12025550142", "+12025550143"}
    assert set(person.emails) == {"ann@example.com", "ann@home.example"}
    assert person.company == "Acme"
    assert person.note == ("" if WITHOUT.get(path.stem) == "note" else "likes tea")
    assert person.tags == (() if WITHOUT.get(path.stem) == "tags" else ("vip",))
    assert (plan.people, plan.unreachable, plan.incomplete) == (1, 0, 0)


def test_there_is_a_file_for_every_program() -> None:
    assert {path.stem for path in EXPORTS} >= {
        "apple_contacts", "chatwoot", "google_new", "google_old", "hubspot", "outlook_de", "outlook_en", "outlook_es",
        "outlook_fr", "tawkto",
    }  # fmt: skip


PHONES = """
Phone|phone2|Phone 3|PHONE|Phone Number|phone_number|phoneNumber|Phone No.|Phone #|Telephone|
Telephone number|Tel|Tel.|Tel No|Mobile|Mobile Phone|Mobile number|mobilephone|Mobil|Mobiltelefon|
Mobilnummer|Handy|Handynummer|Telefon|Telefonnummer|Telefon privat|Telefon (geschäftlich)|Festnetz|
Rufnummer|Cell|Cell Phone|Cellphone|Home Phone|Work Phone|Business Phone 2|Other Phone|Primary Phone|
Car Phone|Company Main Phone|Contact Number|
Contact Number (Primary)|Tel. (geschäftl.)|iPhone|Phone : iPhone|Téléphone|Téléphone portable|Portable|
Tél. mobile|Tél.|Numéro de téléphone|N° de téléphone|Téléphone (domicile)|GSM|Teléfono|Teléfono móvil|
Móvil|Celular|Teléfono celular|Número de teléfono|Telefone|Telemóvel|Celular pessoal|Número de telefone|
Telefone comercial|Telefono|Cellulare|Telefono cellulare|Numero di telefono|Tel. ufficio
"""
EMAILS = """
Email|E-mail|E-Mail|e mail|EMail|Mail|Emails|Email address|E-mail Address|E-mail 2 Address|email_address|
emailAddress|Primary Email|Work Email|Email 2|Email ID|E-Mail-Adresse|Mailadresse|E-Mail privat|
Adresse e-mail|Adresse de messagerie|Courriel|Adresse électronique e-mail|Correo|Correo electrónico|
Dirección de correo electrónico|Endereço de e-mail|E-mail pessoal|Indirizzo e-mail|Posta elettronica|
Indirizzo di posta elettronica
"""
OTHERS = """
Fax|Business Fax|Fax geschäftlich|Télécopie (bureau)|Phone Type|Phone 1 - Label|Phone verified|
Email Type|E-mail Display Name|E-Mail-Typ|Email opt-in|Address|Adresse|Home Address|Mailing list|Pager|
Assistant's Phone|Telefon Assistent|Country code|Phone country|id|Website|Last Activity Date|
Email Domain|Birthday
"""


def split(listed: str) -> list[str]:
    return [heading for heading in listed.replace("\n", "").split("|") if heading]


@pytest.mark.parametrize("heading", split(PHONES))
def test_every_spelling_of_a_phone_is_known(heading: str) -> None:
    assert field_of(heading) is Field.PHONE


@pytest.mark.parametrize("heading", split(EMAILS))
def test_every_spelling_of_an_email_is_known(heading: str) -> None:
    assert field_of(heading) is Field.EMAIL


@pytest.mark.parametrize("heading", split(OTHERS))
def test_what_only_speaks_of_a_phone_or_email_is_none(heading: str) -> None:
    assert field_of(heading) not in (Field.PHONE, Field.EMAIL, Field.SMS, Field.WHATSAPP)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Name,Mobile", "name,phone"),
        ("Nom,Prénom,Tél.", "last_name,first_name,phone"),
        ("Nom,Tél.", "name,phone"),
        ("Name,Vorname,Handy", "last_name,first_name,phone"),
        ("Nombre,Apellidos", "first_name,last_name"),
        ("Nombre,Móvil", "name,phone"),
        ("Nome,Cognome,Cellulare", "first_name,last_name,phone"),
        ("Nome,Sobrenome,Telemóvel", "first_name,last_name,phone"),
        ("Name,First Name,Last Name", "name,first_name,last_name"),
        ("Full name,WhatsApp,SMS,Company,Notes", "name,whatsapp,sms,company,note"),
        ("Ad,Soyad,Cep Telefonu,E-posta", "first_name,last_name,phone,email"),
        ("Name,Phone (with country code),Mobile (required)", "name,phone,phone"),
        ("firstname,lastname,hs_whatsapp_phone_number,Contact owner", "first_name,last_name,whatsapp,owner"),
    ],
)
def test_a_heading_means_what_stands_beside_it(headings: str, fields: str) -> None:
    assert [field.value if field else None for field in fields_of(headings.split(","))] == fields.split(",")


LISTS = """
Nome,Cognome,Telefono (uff.),Cellulare,Indirizzo posta elettronica|
Nome,Sobrenome,Telefone comercial,Celular,Endereço de email|
Voornaam,Achternaam,Telefoon werk,Mobiele telefoon,E-mailadres 2|Förnamn,Efternamn,Telefon arbete,Mobil,E-postadress|
Fornavn,Etternavn,Mobilnr.,Telefon arbeid,E-post|Fornavn,Efternavn,Arbejdstelefon,Mobil,Mailadresse|
Etunimi,Sukunimi,Matkapuhelin,Puhelinnumero,Sähköposti|Imię,Nazwisko,Telefon komórkowy,Nr telefonu,Adres e-mail|
Jméno,Příjmení,Mobilní telefon,Telefon,E-mail|Имя,Фамилия,Мобильный телефон,Рабочий телефон,Адрес эл. почты|
Ім'я,Прізвище,Мобільний,Телефон,Електронна пошта|Adı,Soyadı,Cep Telefonu,İş Telefonu,E-posta adresi|
名,姓,携帯電話,電話番号,電子メール アドレス|名,姓,手机,商务电话,电子邮件地址|名,성,휴대폰,전화번호,이메일|
Nama depan,Nama belakang,No. HP,Nomor telepon,Surel|الاسم الأول,اسم العائلة,الجوال,رقم الهاتف,البريد الإلكتروني|
שם פרטי,שם משפחה,נייד,טלפון,דוא"ל
"""


def test_a_list_in_further_languages_is_read() -> None:
    for listed in split(LISTS):
        *names, one, other, email = listed.split(",")
        found = fields_of([*names, one, other, email])
        assert found == (Field.GIVEN, Field.FAMILY, Field.PHONE, Field.PHONE, Field.EMAIL), listed
    assert fields_of(["Name", "Ad"])[1] is None


NOT_MESSAGED = (
    "Fax|Home Fax|Business Fax|Fax Number|fax_number|Fax geschäftlich|Faxnummer|Télécopie (bureau)|Télécopie|Pager|"
    "Fax del trabajo|Fax ufficio|Assistant's Phone|Telefon Assistent|Teléfono del ayudante|Telex|Telefax"
)


@pytest.mark.parametrize("heading", NOT_MESSAGED.split("|"))
def test_numbers_that_take_no_messages_are_left_out_on_purpose(heading: str) -> None:
    assert field_of(heading) is Field.NOTHING
    people = PeopleFile(lambda: iter([f"Name,{heading}\n", "Ann,+12025550144\n"]), None)
    (row,) = people.rows()
    assert row.person is not None, "somebody known by name stays out for a fax"
    assert not row.person.numbers
    assert [one.suggestion for one in contacts_import.plan(people).columns] == ["", ""]


def test_a_company_without_a_person_is_called_by_its_name() -> None:
    lines = "First Name,Last Name,Organization Name,Phone 1 - Value\n", ",,Acme Ltd,+12025550142\n"
    (row,) = PeopleFile(lambda: iter(lines), None).rows()
    assert row.person is not None
    assert (row.person.name, row.person.shown_name) == ("", "Acme Ltd")
