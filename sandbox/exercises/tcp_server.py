"""Exercises of lesson 09: servers that many clients share, some of them rude."""

import asyncio
import contextlib
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

from sandbox.checking import Case, Exercise, Expect, Mistake, Stage
from sandbox.running.catalogue import LOOPBACK
from sandbox.wire import BadNetwork, Wiretap

# Solutions


def serve_echo(listener: socket.socket) -> None:
    """Serve each client of `listener` in a thread: it gets back the bytes that it sends."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def echo(connection: socket.socket) -> None:
    with connection:
        while chunk := connection.recv(65536):
            connection.sendall(chunk)


MAX_LINE = 1000  # bytes, the newline included


def serve_keys(connection: socket.socket, store: dict[str, str], lock: threading.Lock) -> None:
    """Answer each command of a client, a line each, from a store that other threads share."""
    with connection.makefile("rwb") as stream:
        while line := stream.readline(MAX_LINE):
            if not line.endswith(b"\n"):
                stream.write(b"ERREUR\n")
                return
            with lock:
                answer = obey(line, store)
            stream.write(f"{answer}\n".encode())
            stream.flush()


def obey(line: bytes, store: dict[str, str]) -> str:
    """Run a command; return its answer."""
    try:
        words = line.decode().removesuffix("\n").split(" ", 2)
    except UnicodeDecodeError:
        return "ERREUR"
    match words:
        case ["SET", key, value]:
            store[key] = value
            return "OK"
        case ["GET", key]:
            return store.get(key, "ABSENT")
        case ["INCR", key]:
            try:
                store[key] = str(int(store.get(key, "0")) + 1)
            except ValueError:
                return "ERREUR"
            return store[key]
    return "ERREUR"


def serve_chat(listener: socket.socket) -> None:
    """Let the clients of `listener` talk together: a name first, then lines."""
    people: dict[asyncio.StreamWriter, str] = {}

    def say(sentence: str) -> None:
        for writer in people:
            writer.write(f"{sentence}\n".encode())

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = (await reader.readline()).decode().strip()
        people[writer] = name
        say(f"* {name} arrive")
        try:
            while line := await reader.readline():
                say(f"{name} : {line.decode().strip()}")
        except ConnectionError:
            pass  # gone without a word: as gone as the others
        finally:
            del people[writer]
            say(f"* {name} part")
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(welcome, sock=listener)
        await server.serve_forever()

    asyncio.run(main())


# What they are tried on


@contextlib.contextmanager
def running(stage: Stage, function: Callable) -> Iterator[SimpleNamespace]:
    """Run a student's server, in a thread, on a socket that listens; give its host and port."""
    over = threading.Event()

    def run() -> None:
        try:
            function(listener)
        except BaseException as error:
            if not over.is_set():  # we took its socket away: any server would complain
                stage.errors.append(error)

    with socket.create_server((LOOPBACK, 0), backlog=128) as listener:
        host, port = listener.getsockname()
        threading.Thread(target=run, daemon=True).start()
        try:
            yield SimpleNamespace(host=host, port=port)
        finally:
            over.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes accept() up on Linux


@contextlib.contextmanager
def listening(stage: Stage, function: Callable) -> Iterator[Wiretap]:
    """Run a student's server behind a relay, which a failure will show."""
    with running(stage, function) as server:
        yield stage.tap(server)


def read_until(connection: socket.socket, size: int) -> bytes:
    """Return `size` bytes, or those that came before the end or a long silence."""
    received = b""
    try:
        while len(received) < size and (chunk := connection.recv(65536)):
            received += chunk
    except TimeoutError:
        pass  # what is missing will be seen
    return received


def echoed(stage: Stage, function: Callable, *pieces: bytes) -> bytes | str:
    """Send `pieces` while reading, hang up our side; return all that comes until the end."""
    with listening(stage, function) as tap:
        client = stage.connect(tap)

        def send() -> None:
            for piece in pieces:
                client.sendall(piece)
                time.sleep(0.02)
            client.shutdown(socket.SHUT_WR)

        threading.Thread(target=send, daemon=True).start()
        size = sum(map(len, pieces))
        received = read_until(client, size)
        try:
            return received + client.recv(65536)
        except TimeoutError:
            return NOT_CLOSED if len(received) == size else received


def one_by_one(stage: Stage, function: Callable, *words: bytes) -> list[bytes]:
    """Say each word once the previous one came back; return what comes back."""
    with listening(stage, function) as tap:
        client = stage.connect(tap)
        answers = []
        for word in words:
            client.sendall(word)
            answers.append(read_until(client, len(word)))
            if answers[-1] != word:
                break
        return answers


def one_after_the_other(stage: Stage, function: Callable) -> list[bytes]:
    """Let a client speak and leave, then another; return what each gets."""
    with listening(stage, function) as tap:
        answers = []
        for _ in range(2):
            with stage.connect(tap) as client:
                client.sendall(b"bonjour")
                answers.append(read_until(client, 7))
        return answers


def behind_a_dreamer(stage: Stage, function: Callable) -> bytes:
    with listening(stage, function) as tap:
        dreamer = stage.connect(tap)
        dreamer.sendall(b"je re")
        read_until(dreamer, 5)  # it is being served: the other cannot come before it
        other = stage.connect(tap)
        other.sendall(b"bonjour")
        return read_until(other, 7)


def each_in_turn(stage: Stage, function: Callable, number: int) -> int:
    """Connect `number` clients, let each speak; return how many do before one fails."""
    with listening(stage, function) as tap:
        clients = [stage.connect(tap) for _ in range(number)]
        for n, client in enumerate(clients):
            client.sendall(b"client %02d" % n)
        for n, client in enumerate(clients):
            if read_until(client, 9) != b"client %02d" % n:
                return n
        return number


def reset(connection: socket.socket) -> None:
    """Leave without manners: the other side gets a RST instead of a FIN."""
    at_once = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    connection.close()


def after_a_crash(stage: Stage, function: Callable) -> bytes:
    with running(stage, function) as server:  # a relay makes a close of a reset
        rude = stage.connect(server)
        rude.sendall(b"au re")
        read_until(rude, 5)
        reset(rude)
        time.sleep(0.1)
        other = stage.connect(server)
        other.sendall(b"bonjour")
        return read_until(other, 7)


class SlowStore(dict):
    """A dictionary that takes its time, as a disk does: those who share it trip over each other."""

    def get(self, key: str, default: object = None) -> object:
        found = super().get(key, default)
        time.sleep(0.01)
        return found

    def __getitem__(self, key: str) -> object:
        found = super().__getitem__(key)
        time.sleep(0.01)
        return found


def ask(
    stage: Stage, function: Callable, *segments: bytes, network: BadNetwork | tuple = ()
) -> list[str]:
    """Send segments to a server of keys; return the lines that it answers until it hangs up."""
    store, lock = SlowStore(), threading.Lock()
    tap = stage.serve(lambda connection: function(connection, store, lock), network)
    client = stage.connect(tap)
    for segment in segments:
        client.sendall(segment)
        time.sleep(0.02)
    client.shutdown(socket.SHUT_WR)
    return lines_until_the_end(client)


def lines_until_the_end(client: socket.socket) -> list[str]:
    """Return the lines received before the end, or before a long silence or a reset."""
    received = b""
    with contextlib.suppress(OSError):
        while chunk := client.recv(65536):
            received += chunk
    return received.decode("utf-8", "replace").splitlines()


def too_long(stage: Stage, function: Callable) -> list[str]:
    """Send 5000 bytes and no newline; return what is answered meanwhile."""
    tap = stage.serve(lambda connection: function(connection, {}, threading.Lock()))
    client = stage.connect(tap)
    client.sendall(b"SET a " + b"x" * 5000)
    received = b""
    with contextlib.suppress(OSError):
        received = client.recv(100)
    return received.decode("utf-8", "replace").splitlines()


def all_count(stage: Stage, function: Callable, number: int) -> str:
    """Let `number` clients increment the same key at once; return what it is worth in the end."""
    store, lock = SlowStore(), threading.Lock()
    tap = stage.serve(lambda connection: function(connection, store, lock))
    clients = [stage.connect(tap) for _ in range(number)]
    for client in clients:
        client.sendall(b"INCR visites\n")
    for client in clients:
        read_until(client, 2)
    return dict.get(store, "visites")


class Person:
    """Somebody in the chat, who waits for what should come before going on."""

    def __init__(self, stage: Stage, server: Wiretap | SimpleNamespace, name: str) -> None:
        self.connection = stage.connect(server)
        self.heard: list[str] = []
        self._rest = b""
        self._name = name

    def enter(self) -> None:
        """Say our name, wait for the announcement.

        Raises:
            TimeoutError: it does not come; without it, nothing else is worth trying.
        """
        self.connection.sendall(f"{self._name}\n".encode())
        announcement = f"* {self._name} arrive"
        if announcement not in self.all_until(announcement):
            raise TimeoutError(f"{self._name} entre, et n'entend pas « {announcement} »")

    def say(self, *segments: str | bytes) -> None:
        for segment in segments:
            self.connection.sendall(segment if isinstance(segment, bytes) else segment.encode())
            time.sleep(0.02)

    def hear(self, sentence: str) -> None:
        """Note what comes until `sentence`, the end or a long silence."""
        with contextlib.suppress(OSError):
            while sentence not in self.heard and (chunk := self.connection.recv(65536)):
                *lines, self._rest = (self._rest + chunk).split(b"\n")
                self.heard += [line.decode("utf-8", "replace") for line in lines]

    def all_until(self, sentence: str) -> list[str]:
        self.hear(sentence)
        return self.heard

    def after_departure(self) -> list[str]:
        """Wait for Bob's departure, then speak."""
        self.hear("* Bob part")
        self.say("Bob ?\n")
        return self.all_until(f"{self._name} : Bob ?")


def gathered(stage: Stage, server: Wiretap | SimpleNamespace, *names: str) -> list[Person]:
    """Let people in one after the other."""
    people = []
    for name in names:
        people.append(Person(stage, server, name))
        people[-1].enter()
    return people


def chatting(stage: Stage, function: Callable, *said: str | bytes, last: str) -> list[str]:
    """Let Ada and Bob in; Bob says all that; return what Ada hears until `last`."""
    with listening(stage, function) as tap:
        ada, bob = gathered(stage, tap, "Ada", "Bob")
        bob.say(*said)
        return ada.all_until(last)


def hearing_oneself(stage: Stage, function: Callable) -> list[str]:
    with listening(stage, function) as tap:
        (ada,) = gathered(stage, tap, "Ada")
        ada.say("il y a quelqu'un ?\n")
        return ada.all_until("Ada : il y a quelqu'un ?")


def hanging_up(stage: Stage, function: Callable) -> list[str]:
    """Let Ada and Bob in, Bob hang up, Ada speak; return what she hears."""
    with listening(stage, function) as tap:
        ada, bob = gathered(stage, tap, "Ada", "Bob")
        bob.connection.close()
        return ada.after_departure()


def crashing(stage: Stage, function: Callable) -> list[str]:
    """The same, but Bob's machine crashes."""
    with running(stage, function) as server:  # a relay makes a close of a reset
        ada, bob = gathered(stage, server, "Ada", "Bob")
        reset(bob.connection)
        return ada.after_departure()


def crowd(stage: Stage, function: Callable, number: int) -> int:
    """Let many in, one speak; return how many hear it."""
    with listening(stage, function) as tap:
        people = gathered(stage, tap, *(f"n{n}" for n in range(number)))
        people[0].say("bonjour à tous\n")
        return sum("n0 : bonjour à tous" in p.all_until("n0 : bonjour à tous") for p in people)


# Mistakes foreseen


def echo_one_at_a_time(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with contextlib.suppress(OSError):
            echo(connection)


def echo_once(listener: socket.socket) -> None:
    def answer(connection: socket.socket) -> None:
        with connection:
            connection.sendall(connection.recv(65536))

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def echo_one_client(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    echo(connection)


def echo_never_closed(listener: socket.socket) -> None:
    kept = []

    def answer(connection: socket.socket) -> None:
        while chunk := connection.recv(65536):
            connection.sendall(chunk)

    while True:
        connection, _ = listener.accept()
        kept.append(connection)
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def echo_at_the_end(listener: socket.socket) -> None:
    def answer(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            connection.sendall(stream.read())

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


def keys_by_recv(connection: socket.socket, store: dict, lock: threading.Lock) -> None:
    while line := connection.recv(MAX_LINE):
        with lock:
            answer = obey(line, store)
        connection.sendall(f"{answer}\n".encode())


def keys_without_lock(connection: socket.socket, store: dict, lock: threading.Lock) -> None:
    serve_keys(connection, store, contextlib.nullcontext())


def keys_without_limit(connection: socket.socket, store: dict, lock: threading.Lock) -> None:
    with connection.makefile("rwb") as stream:
        for line in stream:
            with lock:
                answer = obey(line, store)
            stream.write(f"{answer}\n".encode())
            stream.flush()


def keys_trusting(connection: socket.socket, store: dict, lock: threading.Lock) -> None:
    with connection.makefile("rw", encoding="utf-8", newline="\n") as stream:
        while line := stream.readline(MAX_LINE):
            if not line.endswith("\n"):
                stream.write("ERREUR\n")
                return
            with lock:
                answer = obey(line.encode(), store)
            stream.write(f"{answer}\n")
            stream.flush()


def keys_split_everywhere(connection: socket.socket, store: dict, lock: threading.Lock) -> None:
    with connection.makefile("rwb") as stream:
        while line := stream.readline(MAX_LINE):
            words = line.split()
            if words[:1] == [b"SET"]:
                line = b" ".join(words[:3]) + b"\n"
            with lock:
                answer = obey(line, store) if line.endswith(b"\n") else "ERREUR"
            stream.write(f"{answer}\n".encode())
            stream.flush()


def chat_one_at_a_time(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with connection.makefile("rw", encoding="utf-8", newline="\n") as stream:
            name = stream.readline().strip()
            stream.write(f"* {name} arrive\n")
            stream.flush()
            for line in stream:
                stream.write(f"{name} : {line}")
                stream.flush()


def chat_with_threads(
    listener: socket.socket,
    *,
    told: Callable = lambda other, speaker: True,
    farewell: bool = True,
    read: Callable = lambda stream, connection: stream.readline(),
) -> None:
    """The same chat with threads, and whatever is forgotten in it."""
    people: dict[socket.socket, str] = {}

    def say(sentence: str, speaker: socket.socket) -> None:
        for other in list(people):
            if told(other, speaker):
                other.sendall(f"{sentence}\n".encode())

    def welcome(connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        name = stream.readline().decode().strip()
        people[connection] = name
        say(f"* {name} arrive", None)
        with contextlib.suppress(OSError):
            while line := read(stream, connection):
                say(f"{name} : {line.decode('utf-8', 'replace').strip()}", connection)
        if farewell:
            del people[connection]
            say(f"* {name} part", None)

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=welcome, args=(connection,), daemon=True).start()


def chat_not_to_oneself(listener: socket.socket) -> None:
    chat_with_threads(listener, told=lambda other, speaker: other is not speaker)


def chat_without_farewell(listener: socket.socket) -> None:
    chat_with_threads(listener, farewell=False)


def chat_by_recv(listener: socket.socket) -> None:
    chat_with_threads(listener, read=lambda stream, connection: connection.recv(65536))


def chat_afraid_of_a_crash(listener: socket.socket) -> None:
    def read(stream, connection: socket.socket) -> bytes:
        try:
            return stream.readline()
        except OSError as error:
            raise RuntimeError("the thread ends here") from error

    chat_with_threads(listener, read=read)


# Exercises

NOT_CLOSED = "tout est revenu, mais la connexion reste ouverte"
DREAMER = "un premier client laisse sa phrase en plan ; le second dit `b'bonjour'`"
IN_PIECES = "`b'un'`, puis `b'deux'`, puis `b'trois'`, et le client raccroche son côté"
IN_DIALOGUE = "`b'un'`, et, quand la réponse est là, `b'deux'`"
ONE_AFTER_THE_OTHER = "un client dit `b'bonjour'` et s'en va, puis un autre fait de même"
BIG = bytes(range(256)) * 4000

SERVE_ECHO = Exercise(
    serve_echo,
    label="ex-tcp-server-serve-echo",
    hints=(
        "Deux boucles, l'une dans l'autre : une qui accepte les clients, une qui tient la "
        "conversation de chacun. Laquelle doit tourner dans un thread ?",
        "Écrivez une fonction `converse(connection)` qui rend ce qu'elle reçoit jusqu'à `b''`. La "
        "boucle d'accueil la confie à `threading.Thread(target=converse, args=(connection,), "
        "daemon=True)`.",
        "`while chunk := connection.recv(65536): connection.sendall(chunk)`, le tout dans un "
        "`with connection:` qui raccroche à la fin ; et n'oubliez pas `.start()`.",
    ),
    cases=[
        Case(
            IN_PIECES,
            lambda stage, f: echoed(stage, f, b"un", b"deux", b"trois"),
            b"undeuxtrois",
        ),
        Case(
            IN_DIALOGUE,
            lambda stage, f: one_by_one(stage, f, b"un", b"deux"),
            [b"un", b"deux"],
        ),
        Case(ONE_AFTER_THE_OTHER, one_after_the_other, [b"bonjour", b"bonjour"]),
        Case(
            "des octets qui ne sont pas du texte : `b'\\xff\\x00\\n'`",
            lambda stage, f: echoed(stage, f, b"\xff\x00\n"),
            b"\xff\x00\n",
        ),
        Case(DREAMER, behind_a_dreamer, b"bonjour"),
        Case(
            "trente clients se connectent, puis chacun parle : combien sont servis ?",
            lambda stage, f: each_in_turn(stage, f, 30),
            30,
            limit=12,
        ),
        Case(
            f"{len(BIG)} octets",
            lambda stage, f: echoed(stage, f, BIG),
            Expect("les mêmes", lambda value: value == BIG),
        ),
        Case(
            "un client part brutalement ; le suivant dit `b'bonjour'`",
            after_a_crash,
            b"bonjour",
        ),
    ],
    mistakes=[
        Mistake(
            "Vous attendez que le client ait fini avant de lui répondre, et lui attend votre "
            "réponse : renvoyez chaque morceau dès qu'il arrive.",
            echo_at_the_end,
            lambda failure: failure.case == IN_DIALOGUE and failure.value == [b""],
        ),
        Mistake(
            "Votre serveur ne sert qu'un client, puis s'en va : la boucle d'accueil ne finit "
            "jamais.",
            echo_one_client,
            lambda failure: (
                failure.case == ONE_AFTER_THE_OTHER and failure.value == [b"bonjour", b""]
            ),
        ),
        Mistake(
            "Un client qui rêve bloque tous les autres : confiez chaque conversation à un thread, "
            "et retournez accepter le suivant.",
            echo_one_at_a_time,
            lambda failure: failure.case == DREAMER and failure.value == b"",
        ),
        Mistake(
            "Vous n'avez répondu qu'au premier morceau : recommencez jusqu'à ce que `recv` rende "
            "`b''`.",
            echo_once,
            lambda failure: failure.case == IN_PIECES and failure.value == b"un",
        ),
        Mistake(
            "Tout est revenu, mais vous n'avez pas raccroché : le client attend encore. Fermez la "
            "connexion quand il a fini (`with connection:`).",
            echo_never_closed,
            lambda failure: failure.value == NOT_CLOSED,
        ),
    ],
)

SAME_SEGMENT = "`SET a 1`, `GET a`, `GET b`, dans le même segment"
KEYS_IN_PIECES = "un réseau qui coupe en petits morceaux : `SET été beau temps`, puis `GET été`"
VALUE_WITH_SPACES = "une valeur qui contient des espaces : `SET a un  deux trois`, puis `GET a`"
NOT_TEXT = "des octets qui ne sont pas de l'UTF-8, puis `GET a`"
TOO_LONG = "5000 octets sans retour à la ligne"
AT_ONCE = "dix clients envoient `INCR visites` en même temps : que vaut `visites` ?"

SERVE_KEYS = Exercise(
    serve_keys,
    label="ex-tcp-server-serve-keys",
    hints=(
        "Lisez ligne par ligne : `connection.makefile('rwb')` recolle les morceaux. Décodez la "
        "ligne entière, jamais un morceau.",
        "`line.split(' ', 2)` coupe en trois au plus, donc laisse ses espaces à la valeur. "
        "`readline(1000)` ne rend jamais plus de 1000 octets : si la ligne rendue ne finit pas par "
        "`b'\\n'`, elle est trop longue.",
        "Lire la valeur, ajouter 1, l'écrire : ces trois gestes d'`INCR` vont ensemble dans un "
        "`with lock:`. Et tout ce qui échoue (`UnicodeDecodeError`, `ValueError`, commande "
        "inconnue) donne la ligne `ERREUR`.",
    ),
    cases=[
        Case(
            SAME_SEGMENT,
            lambda stage, f: ask(stage, f, b"SET a 1\nGET a\nGET b\n"),
            ["OK", "1", "ABSENT"],
        ),
        Case(
            VALUE_WITH_SPACES,
            lambda stage, f: ask(stage, f, b"SET a un  deux trois\n", b"GET a\n"),
            ["OK", "un  deux trois"],
        ),
        Case(
            KEYS_IN_PIECES,
            lambda stage, f: ask(
                stage,
                f,
                "SET été beau temps\nGET été\n".encode(),
                network=BadNetwork(fragment=3, seed=9),
            ),
            ["OK", "beau temps"],
        ),
        Case(
            "`INCR n` deux fois, puis `GET n`",
            lambda stage, f: ask(stage, f, b"INCR n\n", b"INCR n\nGET n\n"),
            ["1", "2", "2"],
        ),
        Case(
            "une commande inconnue, une ligne vide, `INCR` d'un mot : et l'on continue",
            lambda stage, f: ask(stage, f, b"BONJOUR\n\nSET a b\nINCR a\nGET a\n"),
            ["ERREUR", "ERREUR", "OK", "ERREUR", "b"],
        ),
        Case(
            NOT_TEXT,
            lambda stage, f: ask(stage, f, b"SET a \xff\n", b"GET a\n"),
            ["ERREUR", "ABSENT"],
        ),
        Case(TOO_LONG, too_long, ["ERREUR"], limit=8),
        Case(AT_ONCE, lambda stage, f: all_count(stage, f, 10), "10"),
    ],
    mistakes=[
        Mistake(
            "Vous prenez chaque morceau reçu pour une commande : lisez jusqu'au retour à la "
            "ligne, par `makefile` et `readline`.",
            keys_by_recv,
            lambda failure: failure.case == SAME_SEGMENT and failure.value == ["OK"],
        ),
        Mistake(
            "Les espaces de la valeur se sont perdus : coupez la ligne en trois au plus, par "
            "`split(' ', 2)`.",
            keys_split_everywhere,
            lambda failure: failure.case == VALUE_WITH_SPACES and failure.value[0] == "OK",
        ),
        Mistake(
            "Des octets qui ne sont pas du texte ont tué la conversation : lisez des octets, "
            "décodez dans un `try`, et répondez `ERREUR`.",
            keys_trusting,
            lambda failure: (
                failure.case == NOT_TEXT
                and (failure.error is not None or failure.value[:1] != ["ERREUR"])
            ),
        ),
        Mistake(
            "Ce client pourrait remplir votre mémoire sans jamais aller à la ligne : refusez "
            "au-delà de 1000 octets, par `readline(1000)`, puis raccrochez.",
            keys_without_limit,
            lambda failure: failure.case == TOO_LONG and failure.value == [],
        ),
        Mistake(
            "Des visites se sont perdues : deux threads ont lu la même valeur avant que l'un "
            "l'écrive. Faites tout `INCR` dans un `with lock:`.",
            keys_without_lock,
            lambda failure: failure.case == AT_ONCE and 0 < int(failure.value) < 10,
        ),
    ],
)

TWO = "Ada et Bob sont là, et Bob dit `salut`"
TWO_LINES = "Bob dit deux lignes dans le même envoi"
ALONE = "Ada est seule, et parle : elle s'entend"
GOODBYE = "Bob raccroche ; Ada dit `Bob ?`"
CRASH = "Bob part brutalement ; Ada dit `Bob ?`"
ARRIVALS = ["* Ada arrive", "* Bob arrive"]

SERVE_CHAT = Exercise(
    serve_chat,
    label="ex-tcp-server-serve-chat",
    hints=(
        "Tenez la liste de ceux qui sont là, et une fonction `say(phrase)` qui écrit à chacun. "
        "Arriver, parler, partir : trois occasions de l'appeler.",
        "Avec asyncio : `asyncio.start_server(welcome, sock=listener)`, puis `serve_forever()`, "
        "le tout lancé par `asyncio.run`. Dans `welcome`, la première ligne est le nom.",
        "Inscrivez l'arrivant avant d'annoncer. Mettez le départ dans un `finally` (il a lieu "
        "même si `readline` lève `ConnectionError`), et désinscrivez avant d'annoncer.",
    ),
    cases=[
        Case(ALONE, hearing_oneself, ["* Ada arrive", "Ada : il y a quelqu'un ?"]),
        Case(
            TWO,
            lambda stage, f: chatting(stage, f, "salut\n", last="Bob : salut"),
            [*ARRIVALS, "Bob : salut"],
        ),
        Case(
            TWO_LINES,
            lambda stage, f: chatting(stage, f, "un\ndeux\n", last="Bob : deux"),
            [*ARRIVALS, "Bob : un", "Bob : deux"],
        ),
        Case(
            "un `é` coupé en deux par le réseau",
            lambda stage, f: chatting(
                stage, f, "l'é".encode()[:-1], "é\n".encode()[1:], last="Bob : l'é"
            ),
            [*ARRIVALS, "Bob : l'é"],
        ),
        Case(GOODBYE, hanging_up, [*ARRIVALS, "* Bob part", "Ada : Bob ?"], limit=8),
        Case(CRASH, crashing, [*ARRIVALS, "* Bob part", "Ada : Bob ?"], limit=8),
        Case(
            "vingt personnes, et la première dit bonjour : combien l'entendent ?",
            lambda stage, f: crowd(stage, f, 20),
            20,
            limit=12,
        ),
    ],
    mistakes=[
        Mistake(
            "L'auteur ne s'entend pas : la règle est simple, tout est dit à tout le monde, lui "
            "compris.",
            chat_not_to_oneself,
            lambda failure: failure.case == ALONE and failure.value == ["* Ada arrive"],
        ),
        Mistake(
            "Bob attend qu'Ada s'en aille : votre serveur tient une conversation à la fois. Il "
            "faut un thread ou une coroutine par personne.",
            chat_one_at_a_time,
            lambda failure: failure.case == TWO and isinstance(failure.error, TimeoutError),
        ),
        Mistake(
            "Deux lignes dans un envoi font deux messages : lisez ligne par ligne (`readline`), "
            "et non morceau par morceau.",
            chat_by_recv,
            lambda failure: failure.case == TWO_LINES and "Bob : deux" not in failure.value,
        ),
        Mistake(
            "Bob est parti et personne ne le sait : annoncez son départ quand sa lecture finit, "
            "et rayez-le de la liste avant.",
            chat_without_farewell,
            lambda failure: failure.case == GOODBYE and "* Bob part" not in failure.value,
        ),
        Mistake(
            "Un départ brutal lève une exception (`ConnectionResetError`), et votre annonce n'a "
            "pas lieu : mettez-la dans un `finally`.",
            chat_afraid_of_a_crash,
            lambda failure: failure.case == CRASH and "* Bob part" not in failure.value,
        ),
    ],
)
