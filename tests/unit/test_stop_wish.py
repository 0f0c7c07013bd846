"""Which messages an agent is shown as a wish to stop, and which are about something else."""

import pytest

from contacts_tui.domain.stop_wish import wishes_to_stop

WISHES = """
STOP.
Stop!
stop please
Please stop
pls stop 🙏
STOP STOP STOP
Stop it
Stop now!!
STOP. Wrong number
I said stop
I asked you to stop
Can you please stop?
stop texting me
Stop messaging me please
Hi, please stop sending me these messages
ok stop sending me SMS
Please stop these messages
Stop the spam
no more texts please
No more messages!
unsubscribe me
Unsubscribe
unsubscribe please
How do I unsubscribe?
I want to unsubscribe from this list
please unsubscribe us from your newsletter
remove me from your list
Take me off your mailing list
take me off this list please
Remove me
delete my number from your database
opt out
I want to opt out
Opt me out
Don't text me again
do not contact me anymore
dont message me
Never call me again
leave me alone
I don't want any more messages
I no longer wish to receive your texts
i dont want to hear from you
Lose my number
Thanks for everything, but please stop texting me
ARRET
Arrêt
arrêtez s'il vous plaît
Arrêtez de m'envoyer des messages
Ne m'écrivez plus
Désabonnez-moi
je veux me désabonner
Plus de SMS svp
Laissez-moi tranquille
BAJA
Alto
Por favor dejen de escribirme
No quiero más mensajes
Quiero darme de baja
No me escriban más
Parem de me mandar mensagens
Não quero mais receber mensagens
Me tirem da lista
Stopp
Abmelden
Bitte keine Nachrichten mehr
Hören Sie auf, mir zu schreiben
Hören Sie bitte auf mir zu schreiben
Bitte melden Sie mich ab
Schreiben Sie mir nicht mehr
Lasst mich in Ruhe
Smettete di scrivermi
Basta
Non scrivetemi più
cancellatemi dalla lista
Stop met berichten sturen
Geen berichten meer
Schrijf mij uit
Sluta skicka sms
Przestańcie do mnie pisać
Стоп
Не пишите мне больше
Отпишите меня
退订
不要再发了
配信停止してください
もう連絡しないでください
수신거부
إلغاء الاشتراك
""".strip().split("\n")

OTHERS = """
the bus stop
I'm at the bus stop
Don't stop
Please don't stop sending me offers
don't stop texting me
Cancel my order
cancel
Cancel
end
quit
Yes
START
I'll stop by at 5
Stop by any time
Can you stop the delivery?
Please stop my order
Stop order 4711
Why did you stop texting me?
Did they stop sending the newsletter?
It won't stop raining
The music never stops
non-stop flight
full stop
Is this the last stop
When does the offer end?
Stop the subscription on 3 May
I want to stop by tomorrow
Text me when you stop
Don't text me the code
Don't text me after 9 pm
don't call me, text me
Don't call me before ten
Please remove the blue shoes from my order
Remove my number from the order please
take me off hold
Can you remove the delivery charge?
I have no more messages from the courier
No more questions
I don't want the red one
I don't want any more shoes
I unsubscribed and want to come back
How many customers unsubscribe each month?
Leave it alone
leave the parcel at the door
My list is done
I do not contact anyone
Les arrêts de bus
Où est l'arrêt ?
La para está llena
Baja calidad
Precio más bajo
Je n'arrête pas d'y penser
Ich möchte mich anmelden
Keine Ahnung
Keine weiteren Fragen
Das hört nicht auf
Hai finito?
No, gracias
不要
停止位置在哪
hello
thanks
?
👍
""".strip().split("\n")


@pytest.mark.parametrize("text", WISHES)
def test_a_wish(text: str) -> None:
    assert wishes_to_stop(text)
    assert wishes_to_stop(f"  {text.upper()}\n")


@pytest.mark.parametrize("text", ["", " ", *OTHERS])
def test_something_else(text: str) -> None:
    assert not wishes_to_stop(text)
    assert not wishes_to_stop(text.upper())
