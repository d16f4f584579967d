"""À qui se présente par `enter`, et à lui seul, `welcome` : `{"text": "Bienvenue Ada"}`."""


def check(site):
    ada, bob = site.connect(), site.connect()
    ada.emit("enter", {"user_name": "Ada", "room": ""})
    assert ada.received("welcome"), "Ada s’est présentée, et n’a pas reçu welcome."
    assert not bob.received("welcome"), "Bob a reçu le welcome d’Ada : emit, sans broadcast."
    text = ada.received("welcome")[0].get("text", "")
    assert "Ada" in text, f"Le texte est « {text} » : Ada n’y est pas nommée."


DEMO = "demo6"
ENTER = """\
    introduce(client, name)
    move(client, room)
"""
TO_ALL = ENTER + '    emit("welcome", {"text": f"Bienvenue {name}"}, broadcast=True)\n'
TO_ONE = ENTER + '    emit("welcome", {"text": f"Bienvenue {name}"})\n'
ATTEMPTS = [
    ({}, "n’a pas reçu"),
    ({"app.py": {ENTER: TO_ALL}}, "Bob a reçu"),
    ({"app.py": {ENTER: TO_ONE}}, None),
]
