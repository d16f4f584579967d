"""demo6 : une conversation en direct, par Socket.IO."""

import logging
import os
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from functools import wraps
from itertools import count
from threading import RLock

from flask import Flask, render_template, request
from flask_socketio import ConnectionRefusedError, SocketIO, emit, join_room, leave_room

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ.get("FLASK_SECRET_KEY") or secrets.token_hex(),
    SESSION_COOKIE_NAME="demo6",  # les cookies ignorent les ports : à chaque démonstration le sien
    SESSION_COOKIE_SAMESITE="Lax",
    MAX_CONTENT_LENGTH=64 * 1024,
)
if "FLASK_SECRET_KEY" not in os.environ:
    app.logger.warning("Clé secrète tirée au hasard : elle changera au prochain lancement.")

socketio = SocketIO(
    app,
    async_mode=os.environ.get("SOCKETIO_ASYNC_MODE", "threading"),
    message_queue=os.environ.get("SOCKETIO_MESSAGE_QUEUE"),  # redis://… quand on est plusieurs
    max_http_buffer_size=64 * 1024,  # octets par paquet ; au-delà, la connexion est coupée
    async_handlers=False,  # les événements d'un client un par un : dans l'ordre, sans fil de plus
    # Rien sur les origines : sans réglage, seules nos propres pages peuvent se connecter.
)

NAME_LENGTH, MESSAGE_LENGTH = 30, 2000  # signes
BURST, RATE = 30, 10  # événements d'affilée, puis par seconde, pour un client
HISTORY = 50  # messages gardés par salon
MAX_CLIENTS, MAX_ROOMS = 1000, 100
EVERYONE = ""  # le salon commun, où l'on est toujours


@dataclass
class Client:
    name: str = ""
    room: str = EVERYONE
    credit: float = BURST
    seen: float = field(default_factory=time.monotonic)

    def spend(self):
        """Paie un événement, sur un crédit qui se refait avec le temps ; rend False à sec."""
        now = time.monotonic()
        self.credit = min(BURST, self.credit + RATE * (now - self.seen))
        self.seen = now
        if self.credit < 1:
            return False
        self.credit -= 1
        return True


class Refusal(Exception):
    """Un événement mal fait : sa raison, pour celui qui l'a envoyé."""


clients = {}  # identifiant de connexion → Client
histories = {EVERYONE: deque(maxlen=HISTORY)}  # salon → (numéro, message)
numbers = count()
opened_at = None  # quand le premier est arrivé
lock = RLock()  # chaque client est servi par un fil : un seul à la fois touche à ce qui précède


def tell(event, data, room):
    # Socket.IO met chacun dans un salon à son identifiant : un préfixe évite de les confondre.
    emit(event, data, to=f"salon {room}" if room else None, broadcast=True)


def read_text(data, key, limit):
    """Rend un texte du dictionnaire, tel quel, ou lève Refusal."""
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Refusal(f"{key} doit être un texte non vide.")
    if len(value) > limit:
        raise Refusal(f"{key} : {limit} signes au plus, et non {len(value)}.")
    return value


def read_name(data):
    return read_text(data, "user_name", NAME_LENGTH).strip()


def read_room(data):
    return read_text(data, "room", NAME_LENGTH).strip() if data.get("room") else EVERYONE


def checked(handler):
    """Donne au traitement son client et un dictionnaire, ou répond « refused » et la raison."""

    @wraps(handler)
    def guarded(*args):
        with lock:
            client = clients.get(request.sid)
            try:
                if client is None:
                    raise Refusal("Cette connexion est fermée.")
                if not client.spend():
                    raise Refusal(f"Trop vite : {RATE} messages par seconde au plus.")
                if len(args) != 1 or not isinstance(args[0], dict):
                    raise Refusal("On attend un objet, et un seul.")
                handler(client, args[0])
            except Refusal as refusal:
                emit("refused", {"reason": str(refusal)})

    return guarded


@socketio.on("connect")
def on_connect():
    global opened_at
    with lock:
        if len(clients) >= MAX_CLIENTS:
            raise ConnectionRefusedError("Le salon est complet.")
        if not clients:
            opened_at = time.monotonic()
        clients[request.sid] = Client()
        emit("nb_clients", {"count": len(clients)}, broadcast=True)
        # Une durée, et non une heure : l'horloge du navigateur n'est pas la nôtre.
        emit("chat_time", {"seconds": round(time.monotonic() - opened_at, 1)})
        send_history(EVERYONE)


@socketio.on("disconnect")
def on_disconnect(reason):
    with lock:
        client = clients.pop(request.sid, None)
        if client:
            move(client, EVERYONE)
            if client.name:
                tell("departure", {"user_name": client.name}, EVERYONE)
            emit("nb_clients", {"count": len(clients)}, broadcast=True)


@socketio.on("enter")
@checked
def on_enter(client, data):
    """Dit son nom et, si l'on veut, le salon où l'on entre."""
    name, room = read_name(data), read_room(data)
    introduce(client, name)
    move(client, room)


@socketio.on("receive_msg")
@checked
def on_message(client, data):
    name = read_name(data)
    message = read_text(data, "message", MESSAGE_LENGTH)
    room = read_room(data)
    introduce(client, name)
    if room:
        move(client, room)  # on est du salon où l'on parle
    answer = {"user_name": name, "message": message} | ({"room": room} if room else {})
    histories[room].append((next(numbers), answer))
    tell("the_response", answer, room)


def introduce(client, name):
    """Retient le nom d'un client et, la première fois, annonce son arrivée."""
    if not client.name:
        tell("arrival", {"user_name": name}, EVERYONE)
    client.name = name


def move(client, room):
    """Fait passer un client de son salon à un autre ; un salon vide s'oublie."""
    former = client.room
    if room == former:
        return
    if room not in histories and len(histories) > MAX_ROOMS:
        raise Refusal("Il y a déjà trop de salons.")
    client.room = room
    if former:
        leave_room(f"salon {former}")
        tell("departure", {"user_name": client.name, "room": former}, former)
        if not any(other.room == former for other in clients.values()):
            del histories[former]
    if room:
        histories.setdefault(room, deque(maxlen=HISTORY))
        join_room(f"salon {room}")
        tell("arrival", {"user_name": client.name, "room": room}, room)
    if request.sid in clients:
        send_history(room)


def send_history(room):
    """Envoie les derniers messages à tous et, mêlés à eux, ceux du salon."""
    known = histories[EVERYONE] if not room else sorted([*histories[EVERYONE], *histories[room]])
    emit("history", {"messages": [message for _, message in [*known][-HISTORY:]]})


@socketio.on_error_default
def log_bug(error):
    app.logger.exception("Une erreur de notre programme :")


def log_in_one_line(record):
    """Un paquet que Socket.IO n'a pas su lire n'est pas notre faute : pas de trace pour lui."""
    record.exc_info = None
    return True


logging.getLogger("engineio.server").addFilter(log_in_one_line)


@app.route("/")
def index():
    return render_template("index.html", name_length=NAME_LENGTH, message_length=MESSAGE_LENGTH)


@app.after_request
def protect(response):
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


if __name__ == "__main__":
    # Et non app.run : le serveur dépend du mode. Celui du mode « threading » est le serveur de
    # développement de Flask, et Flask-SocketIO demande qu'on avoue le savoir.
    socketio.run(app, port=5006, allow_unsafe_werkzeug=True)
