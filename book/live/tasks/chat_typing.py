"""`typing`, avec `{"user_name": …}`, envoyé par l’un, parvient aux autres et non à lui."""


def check(site):
    ada, bob = site.connect(), site.connect()
    ada.emit("typing", {"user_name": "Ada"})
    assert bob.received("typing"), "Ada écrit, et Bob n’en sait rien."
    assert bob.received("typing") == [{"user_name": "Ada"}], f"Bob reçoit {bob.received('typing')}."
    assert not ada.received("typing"), "Ada reçoit sa propre annonce : include_self=False."


DEMO = "demo6"
HANDLER = """\
@socketio.on("typing")
def on_typing(data):
    emit("typing", data, {})


def introduce"""
TO_ALL, TO_OTHERS = "broadcast=True", "broadcast=True, include_self=False"
ATTEMPTS = [
    ({}, "n’en sait rien"),
    ({"app.py": {"def introduce": HANDLER.format(TO_ALL)}}, "sa propre annonce"),
    ({"app.py": {"def introduce": HANDLER.format(TO_OTHERS)}}, None),
]
