"""Headings in further languages by the field that they mean (`import_columns.Field`), separated by commas.

They are the words of Outlook's exports in these languages and of plain lists; accents, spaces and other signs
don't matter, and a number after the heading of a phone or an email means a further one.
"""

from collections.abc import Mapping

DUTCH: Mapping[str, str] = {
    "name": "naam, volledige naam, klant, klantnaam, weergavenaam",
    "first_name": "voornaam, roepnaam",
    "middle_name": "tweede naam, tussenvoegsel, middelste naam",
    "last_name": "achternaam, familienaam",
    "phone": "telefoon, telefoonnummer, telefoon werk, telefoon op werk, telefoon zakelijk, werktelefoon, "
    "zakelijke telefoon, telefoon thuis, telefoon prive, huistelefoon, mobiel, mobiele telefoon, "
    "mobiel nummer, "
    "mobiele nummer, mobielnummer, gsm nummer, autotelefoon, overige telefoon, andere telefoon, "
    "hoofdtelefoon, "
    "telefoon hoofd, telefoon bedrijf, terugbellen",
    "whatsapp": "whatsapp nummer, whatsappnummer",
    "email": "emailadres, mailadres",
    "company": "bedrijf, bedrijfsnaam, organisatie",
    "tags": "labels, groepen, categorieen",
    "note": "notities, notitie, opmerking, opmerkingen",
    "-": "fax werk, fax thuis, semafoon",
}
NORDIC: Mapping[str, str] = {
    "name": "namn, fullständigt namn, navn, fulde navn, fullt navn, nimi, koko nimi, kund, kunde, asiakas",
    "first_name": "förnamn, fornavn, etunimi",
    "middle_name": "mellannamn, mellemnavn, mellomnavn",
    "last_name": "efternamn, efternavn, etternavn, sukunimi",
    "phone": "telefon arbete, telefon hem, övrig telefon, annan telefon, biltelefon, telefon företag, "
    "telefon arbejde, arbejdstelefon, telefon hjemme, privat telefon, mobilnr, mobiltelefonnummer, mobiltlf, "
    "telefon arbeid, telefon jobb, telefon privat, puhelin, puhelinnumero, puh, matkapuhelin, "
    "matkapuhelinnumero, "
    "työpuhelin, kotipuhelin",
    "email": "epost, epostadress, epostadresse, epost adress, emailadresse, mailadresse, sähköposti, "
    "sähköpostiosoite, epost 2 adress",
    "company": "företag, virksomhed, bedrift, selskab, yritys, organisaatio",
    "note": "anteckningar, anteckning, noter, notater, bemærkninger, muistiinpanot",
}
SLAVIC: Mapping[str, str] = {
    "name": "imie i nazwisko, imie nazwisko, jmeno a prijmeni, meno a priezvisko, ime i prezime, фио, "
    "полное имя, "
    "имя и фамилия, фамилия имя отчество, клиент, контакт, піб, повне ім'я, пълно име",
    "first_name": "imie, jmeno, krestni jmeno, meno, ime, имя, ім'я, име",
    "middle_name": "drugie imie, отчество, по батькові",
    "last_name": "nazwisko, prijmeni, priezvisko, prezime, фамилия, прізвище, фамилно име",
    "phone": "numer telefonu, nr telefonu, telefon komorkowy, telefon sluzbowy, telefon domowy, komorka, "
    "tel kom, "
    "numer telefonu komorkowego, inny telefon, telefonni cislo, mobilni telefon, telefonne cislo, "
    "mobilny telefon, "
    "broj telefona, broj mobitela, mobitel, телефон, номер телефона, мобильный, мобильный телефон, "
    "рабочий телефон, "
    "домашний телефон, телефон рабочий, телефон домашний, телефон мобильный, другой телефон, "
    "основной телефон, "
    "номер мобильного, номер, сотовый, сотовый телефон, тел, моб, мобільний, мобільний телефон, "
    "номер телефону, "
    "робочий телефон",
    "whatsapp": "номер whatsapp, ватсап",
    "email": "adres email, adres poczty elektronicznej, poczta elektroniczna, emailova adresa, почта, "
    "эл почта, "
    "электронная почта, адрес эл почты, адрес электронной почты, емейл, имейл, електронна пошта, пошта",
    "company": "firma, nazwa firmy, spolecnost, tvrtka, компания, организация, фирма, компанія, організація",
    "tags": "etykiety, grupy, теги, метки, группы",
    "note": "notatki, uwagi, poznamka, poznamky, biljeske, заметки, заметка, примечание, примечания, "
    "комментарий, "
    "нотатки, примітки",
    "-": "факс, пейджер",
}
TURKISH: Mapping[str, str] = {
    "name": "ad soyad, adı soyadı, isim, isim soyisim, müşteri",
    "first_name": "adı",
    "last_name": "soyad, soyadı, soyisim",
    "phone": "telefon numarası, cep, cep telefonu, cep tel, iş telefonu, ev telefonu, diğer telefon, telefon no",
    "email": "eposta, eposta adresi, eposta adres",
    "company": "şirket, firma adı, kurum",
    "note": "notlar, not, açıklama",
}
INDONESIAN: Mapping[str, str] = {
    "name": "nama, nama lengkap, nama pelanggan",
    "first_name": "nama depan",
    "last_name": "nama belakang",
    "phone": "telepon, nomor telepon, no telepon, no hp, nomor hp, hp, ponsel, nomor ponsel, nomor telefon, "
    "telefon bimbit",
    "whatsapp": "nomor whatsapp, nomor wa, no wa",
    "email": "surel, alamat email",
    "company": "perusahaan",
    "note": "catatan",
}
EAST_ASIAN: Mapping[str, str] = {
    "name": "氏名, 名前, お名前, 姓名, 名称, 이름, 성명, 고객명, họ và tên, họ tên, tên",
    "first_name": "名",
    "last_name": "姓, 성",
    "phone": "電話, 電話番号, 携帯, 携帯電話, 携帯番号, 携帯電話番号, 会社電話, 自宅電話, 手机, 手机号, "
    "手机号码, 电话, 电话号码, "
    "移动电话, 商务电话, 住宅电话, 联系电话, 電話號碼, 手機, 手機號碼, 行動電話, 商務電話, 住家電話, "
    "전화, 전화번호, 휴대폰, 휴대전화, "
    "휴대폰 번호, 휴대전화 번호, 핸드폰, 연락처, điện thoại, số điện thoại, di động",
    "email": "メール, メールアドレス, 電子メール, 電子メールアドレス, 邮箱, 电子邮箱, 电子邮件, "
    "电子邮件地址, 郵箱, 電子郵件, "
    "電子郵件地址, 이메일, 이메일 주소, 전자 메일, 전자 메일 주소, 전자메일주소",
    "company": "会社, 会社名, 公司, 单位, 公司名称, 單位, 회사, 회사명, công ty",
    "tags": "タグ, 标签, 標籤, 태그",
    "note": "メモ, 備考, 备注, 備註, 메모, 비고, ghi chú",
}
SEMITIC: Mapping[str, str] = {
    "name": "الاسم, الاسم الكامل, שם, שם מלא",
    "first_name": "الاسم الأول, שם פרטי",
    "last_name": "اسم العائلة, שם משפחה",
    "phone": "الهاتف, رقم الهاتف, الجوال, رقم الجوال, الموبايل, هاتف, טלפון, מספר טלפון, נייד, טלפון נייד",
    "whatsapp": "واتساب, رقم الواتساب",
    "email": "البريد الإلكتروني, بريد إلكتروني, אימייל, דואל, דואר אלקטרוני",
    "company": "الشركة, חברה",
    "note": "ملاحظات, הערות",
}
LANGUAGES = (DUTCH, NORDIC, SLAVIC, TURKISH, INDONESIAN, EAST_ASIAN, SEMITIC)
