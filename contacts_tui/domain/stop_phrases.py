"""The phrases of `stop_wish`: wishes for no more messages in several languages. In lower case."""

import re

_POLITE = """
please pls plz plse just now ok okay hi hello hey thanks thank you thx immediately asap today already all it
this that forever everything guys dear sir madam kindly right me svp s'il s’il vous te plaît plait merci
bonjour por favor gracias porfavor hola bitte danke hallo jetzt sofort per favore grazie ciao alstublieft
alsjeblieft aub tack takk tak proszę пожалуйста obrigado obrigada lütfen
"""
POLITE = frozenset(_POLITE.split())
"""Words around a wish that don't change its meaning."""

_ALONE = """
stop stopp stopall unsubscribe unsub optout opt-out revoke arret arrêt arrête arrêtez arrêter stopper stoppez
désabonner désabonnement désinscription désinscrire alto baja basta parar pare paren detener abmelden
abbestellen aufhören austragen afmelden uitschrijven stoppen avregistrera sluta avmeld afmeld lopeta wypisz
rezygnuję odhlásit leiratkozás dezabonare стоп отписаться хватит відписатися durdur descadastrar sair
disiscrivimi cancellami fermati berhenti dừng หยุด 停止 退订 退訂 取消订阅 配信停止 停止してください やめて やめてください 중지 그만 수신거부 إيقاف
ايقاف توقف הסר הפסק रोकें
"""
ALONE = frozenset(_ALONE.split())
"""Words that alone are a wish. Not `cancel`, `end` and `quit`: in a conversation these mean an order."""

LEAD = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|please|pls|plz|just|now|also|again|kindly|seriously|once more|for the last time|guys|"
    r"(?:can|could|will|would) (?:you|u)(?: guys)?|you (?:must|should|need to|have to)|let me|how (?:do|can) i|how to|"
    r"i(?: have|'ve)? (?:want|need|wish|asked|told|ask|beg|said)(?: you)?(?: to| would)?|"
    r"i(?: would|'d)? like(?: you)? to|i said|i am|i'm|s'il (?:vous|te) pla[iî]t|por favor|bitte|per favore|"
    r"ich (?:will|m[oö]chte)(?: bitte)?|je (?:veux|voudrais|souhaite)|quiero|quisiera|eu quero|quero|voglio|vorrei)\s+)+"
)
"""Words before a wish at the beginning of a clause."""

_NEWS = (
    r"(?:messages?|msgs?|texts?|sms|mms|notifications?|spam|ads?|adverts?|promos?|promotions?|marketing|newsletters?)"
)
_LIST = r"(?:list|lists|database|system|records|contacts|mailing|newsletter|group|campaign)"

CLAUSE_BEGINS = re.compile(
    "|".join(
        (
            # English.
            r"(?:stop|quit|cease) (?:texting|messaging|contacting|spamming|smsing|bothering|harassing|pestering|emailing)\b",
            r"(?:stop|quit) (?:calling|writing(?: to)?) (?:me|us)\b",
            rf"(?:stop|quit|cease) sending (?:(?:me|us|these|this|those|your|any|more|out|the|all) )*(?:{_NEWS}|me$|these$|this$)",
            rf"stop (?:(?:with|all|of|these|this|those|the|your|any|further) )*{_NEWS}\b",
            rf"no more {_NEWS}\b",
            r"unsubscribe(?: (?:me|us|my)\b| from\b|$)",
            rf"(?:take|remove|drop|get|delete|strike) (?:me|us|my (?:phone )?number) (?:off|from|out of) (?:\w+ ){{0,3}}{_LIST}\b",
            r"(?:take me off|remove me|delete my (?:phone )?number|remove my (?:phone )?number|lose my number)$",
            r"opt(?:ing)?[ -]?(?:me )?out(?: (?:of|from)\b|$)",
            r"(?:do not|don't|dont|never) (?:text|message|contact|spam|sms|bother|write(?: to)?) (?:me|us)"
            r"(?: (?:again|any ?more|ever|please|ever again)|$)",
            r"(?:do not|don't|dont|never) (?:call|email|send) (?:me|us) (?:again|any ?more|ever)\b",
            rf"(?:do not|don't|dont|never) send (?:me|us) (?:(?:any|more|these|your|further) )*{_NEWS}\b",
            r"leave me alone\b",
            rf"(?:i )?(?:do not|don't|dont|no longer) (?:want|wish)(?: to (?:get|receive|have))? (?:(?:any|more|further|these|your|"
            rf"such|of) )*{_NEWS}\b",
            r"(?:i )?(?:do not|don't|dont|no longer) want to hear from you\b",
            # French.
            r"(?:arr[eê]te[rz]?|cesse[rz]?|stop(?:pez)?) (?:de |d')?(?:m'(?:envoyer|[eé]crire|appeler|contacter|importuner)|me "
            r"(?:contacter|d[eé]ranger|harceler|spammer|texter|relancer))",
            r"(?:arr[eê]te[rz]?|stop(?:pez)?) (?:avec )?(?:les?|vos|ces) (?:messages?|sms|pubs?|spams?|notifications?)\b",
            r"(?:me )?d[eé]s(?:abonne[rz]?|inscri(?:re|vez|s))(?:[- ]moi)?\b",
            r"(?:retire[rz]?|supprime[rz]?|enl[eè]ve[rz]?|enlevez)[- ]moi\b",
            r"ne (?:m'[eé]cri\w+|me contacte\w*|m'envo\w+|m'appel\w+|me d[eé]range\w*) plus\b",
            r"laisse[rz]?[- ]moi tranquille\b",
            r"plus (?:de|aucun) (?:messages?|sms|pubs?)\b",
            # Spanish and Portuguese.
            r"(?:deja|dejen|dejad|deje|para|paren|pare|parem|parad) de (?:me )?(?:escribir|mandar|enviar|molestar|contactar|llamar|"
            r"escrever|incomodar|ligar|mandar|enviar)",
            r"no (?:me )?(?:escrib|env[ií]|mand|contact|molest|llam)\w* (?:m[aá]s|nunca)\b",
            r"no (?:quiero|deseo) (?:recibir )?(?:m[aá]s )?(?:mensajes?|sms|publicidad|promociones)\b",
            r"(?:dar(?:me)?|d[eé]n?me|dame|quiero) (?:la )?(?:de )?baja\b",
            r"(?:b[oó]rr|elim[ií]n|qu[ií]t|s[aá]qu)(?:en|a|e)me\b",
            r"n[aã]o (?:quero|desejo) (?:mais )?(?:receber )?(?:mais )?(?:mensagens|mensagem|sms|contato|propaganda)\b",
            r"n[aã]o me (?:mand|envi|escrev|lig|contat)\w* mais\b",
            r"(?:me )?(?:descadastr\w+|remov(?:a|am)(?:-me| me)|tir(?:e|em)(?:-me| me))\b|me (?:remov|tir)\w+\b",
            # German and Dutch.
            r"keine (?:weiteren |mehr )?(?:nachrichten|sms|werbung|newsletter)\b",
            r"h[oö]r(?:t|en sie)? (?:bitte )?(?:endlich )?auf\b.{0,40}(?:schreib|schick|send|kontakt|anruf|zu nerven)",
            r"(?:h[oö]r(?:t|en sie)?) (?:bitte )?(?:endlich )?auf$",
            r"(?:melde?[nt]?|tragt?|tragen|nehmt?|nehmen|l[oö]scht?|l[oö]schen|streicht?|streichen)(?: sie)? mich\b.{0,40}"
            r"\b(?:ab|aus|raus|von|liste)\b",
            r"schreib(?:t|en)?(?: sie)? mir (?:bitte )?(?:nicht|nie) (?:mehr|wieder)\b",
            r"lass(?:t|en)?(?: sie)? mich in ruhe\b",
            r"stopp?t? (?:die|diese|eure|ihre) (?:nachrichten|sms|werbung)\b",
            r"(?:stop|hou(?:d)? op) met (?:mij |me )?(?:berichten|appen|sms'?en|sturen|mailen|contact|lastig)",
            r"(?:stuur (?:mij |me )?)?geen (?:berichten|sms(?:jes|'?en)?|reclame) meer\b",
            r"(?:schrijf|meld) (?:mij|me) (?:uit|af)\b",
            r"laat (?:mij|me) met rust\b",
            # Italian.
            r"(?:smett\w+ di|basta) (?:scriver|mandar|inviar|contattar|disturbar|chiamar)mi\b",
            r"non (?:mi )?(?:scriv|mand|invi|contatt|disturb)\w* pi[uù]\b",
            r"non voglio (?:pi[uù] )?(?:ricevere )?(?:pi[uù] )?(?:messaggi|sms|pubblicit[aà])\b",
            r"(?:cancell|toglie|rimuov|disiscriv|elimin)\w*mi\b",
            # The north and the east.
            r"sluta (?:att )?(?:skicka|skriva|kontakta|smsa|messa)|(?:avregistrera|ta bort) mig\b",
            r"stopp? (?:med )?(?:å|at) (?:sende|skrive)|(?:slett|meld) meg\b|afmeld mig\b",
            r"(?:lopeta|lopettakaa) (?:viestit|viestien)|älkää (?:lähettäkö|laittako)|poistakaa minut\b",
            r"przesta[nń]\w* (?:do mnie |mi )?(?:pisać|wysyłać|dzwonić)|nie (?:pisz|wysyłaj)\w* (?:do mnie |mi )?więcej\b|wypis\w+ mnie\b",
            r"(?:хватит|перестань(?:те)?|прекрати(?:те)?) (?:мне )?(?:писать|слать|присылать|звонить|спамить)",
            r"не (?:пишите?|пиши|присылайте|шлите)(?: мне)?(?: больше)?$|(?:больше )?не (?:пишите|пиши|присылайте) мне\b",
            r"отпиш\w+ меня|удалите меня|не беспокойте",
            r"nepište mi\b|přestaňte (?:mi )?psát|odhlaste mě",
            r"(?:bana )?(?:bir daha )?mesaj (?:atmayın|göndermeyin|atma|gönderme)|abonelikten çık",
            r"berhenti (?:kirim|mengirim)|jangan (?:kirim|hubungi|sms)",
        )
    )
)
"""Wishes at the beginning of a clause, in lower case."""

ANYWHERE = re.compile(
    r"取消订阅|取消訂閱|退订|退訂|(?:不要|别|別)再(?:给我|給我)?(?:发|發|联系|聯繫)|配信(?:を)?停止|(?:送|連絡し|メールし)(?:ら)?ないで|"
    r"수신\s?거부|(?:문자|메시지|연락)(?:를|을)? (?:그만|보내지)|그만 보내|لا ترسل|توقف(?:وا)? عن|[إا]لغاء الاشتراك|"
    r"הסירו? אותי|תפסיקו לשלוח|मैसेज मत|मत भेज|hủy đăng ký"
)
"""Wishes in scripts in which the beginning of a clause can't be found."""
