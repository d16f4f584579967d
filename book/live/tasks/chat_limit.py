"""Des messages courts : plus de 200 signes, et le message est refusé."""


def check(site):
    ada = site.connect()
    ada.emit("receive_msg", {"user_name": "Ada", "message": "x" * 201})
    assert not ada.received("the_response"), "Un message de 201 signes passe encore."
    assert ada.received("refused"), "Il ne passe pas, mais rien ne le dit à qui l’a envoyé."
    ada.emit("receive_msg", {"user_name": "Ada", "message": "x" * 200})
    assert ada.received("the_response"), "200 signes : c’est permis, et c’est refusé."


DEMO = "demo6"
LENGTHS = "MESSAGE_LENGTH = 30, 2000"
ATTEMPTS = [
    ({}, "passe encore"),
    ({"app.py": {LENGTHS: "MESSAGE_LENGTH = 30, 100"}}, "c’est permis"),
    ({"app.py": {LENGTHS: "MESSAGE_LENGTH = 30, 200"}}, None),
]
