"""A client for the API of random numbers."""

# Solution
import requests


class RandomClient:
    """A client of the random numbers' API.

    Args:
        url: the server's, without a final slash.
        timeout: seconds given to each request.
    """

    def __init__(self, url: str, timeout: float = 5.0) -> None:
        self.url = url
        self.timeout = timeout

    def integers(self, n: int = 1, seed: int | None = None) -> list[int]:
        """Return `n` integers from 0 to 99, the same ones for the same `seed`.

        Raises:
            ValueError: the server refuses; the message is its own.
        """
        return self._ask("int", n, seed)

    def floats(self, n: int = 1, seed: int | None = None) -> list[float]:
        """Return `n` numbers between 0 and 1; see `integers`."""
        return self._ask("float", n, seed)

    def _ask(self, kind: str, n: int, seed: int | None) -> list:
        params = {"n": n} if seed is None else {"n": n, "seed": seed}
        address = f"{self.url}/api/random/{kind}"
        response = requests.get(address, params=params, timeout=self.timeout)
        if response.status_code == 400:
            raise ValueError(response.json()["error"])
        response.raise_for_status()
        return response.json()


# Exercise
from sandbox.checking import Exercise, Expect, Program, Raises, Stage, variant
from sandbox.checking.plays.http import as_json, in_turn, silence

EXERCISE = Exercise(
    RandomClient,
    hints=(
        "Les deux méthodes ne diffèrent que par un mot de l'URL : écrivez le reste une seule fois.",
        "`requests.get(f'{self.url}/api/random/int', params={'n': n}, "
        "timeout=self.timeout)`, en ajoutant `seed` aux paramètres s'il n'est pas `None`.",
        "Si `response.status_code == 400`, levez `ValueError(response.json()['error'])`. Pour les "
        "autres refus, `response.raise_for_status()`. Sinon, `response.json()` est la liste.",
    ),
)
REFUSAL = as_json("400 Bad Request", {"error": "n doit être un nombre positif"})
FAILURE = as_json("500 Internal Server Error", {"error": "panne"})


@EXERCISE.case(
    "integers() : un nombre, dans une liste",
    expect=Expect(
        "une liste d'un entier de 0 à 99",
        lambda got: type(got) is list and len(got) == 1 and 0 <= got[0] <= 99,
    ),
)
def one(stage: Stage, program: Program):
    return program(stage.start("server_http_random").url).integers()


@EXERCISE.case(
    "floats(5) : cinq nombres entre 0 et 1",
    expect=Expect(
        "cinq nombres entre 0 et 1",
        lambda got: len(got) == 5 and all(type(x) is float and 0 <= x <= 1 for x in got),
    ),
)
def five_floats(stage: Stage, program: Program):
    return program(stage.start("server_http_random").url).floats(5)


@EXERCISE.case("integers(3, seed=1), deux fois", expect=([17, 72, 97], [17, 72, 97]))
def seeded(stage: Stage, program: Program):
    client = program(stage.start("server_http_random").url)
    return client.integers(3, seed=1), client.integers(3, seed=1)


@EXERCISE.case(
    'le serveur refuse : 400 et `{"error": "n doit être un nombre positif"}`',
    expect="n doit être un nombre positif",
)
def refused(stage: Stage, program: Program):
    client = program(stage.scripted(in_turn(REFUSAL)).url)
    try:
        value = client.integers(3)
    except ValueError as error:
        return str(error)
    return f"dict : {value}" if isinstance(value, dict) else value


@EXERCISE.case("le serveur répond 500", expect=Raises(requests.RequestException))
def broken(stage: Stage, program: Program):
    return program(stage.scripted(in_turn(FAILURE)).url).integers(3)


@EXERCISE.case("le serveur se tait ; timeout=0.3", expect=Raises(requests.Timeout))
def silent(stage: Stage, program: Program):
    return program(stage.scripted(silence).url, timeout=0.3).integers()


EXERCISE.mistake(
    "L'API rend toujours une liste, même d'un seul nombre : gardez-la, vos appelants "
    "n'auront qu'un cas à traiter.",
    on=one,
    seen=lambda failure: not isinstance(failure.value, list),
)(
    variant(
        RandomClient,
        ("return response.json()", "return response.json() if n > 1 else response.json()[0]"),
    )
)

EXERCISE.mistake(
    "`seed` n'est pas parti avec la requête : ajoutez-le aux paramètres.",
    on=seeded,
    seen=lambda failure: b"seed" not in failure.sent,
)(variant(RandomClient, (' if seed is None else {"n": n, "seed": seed}', "")))

EXERCISE.mistake(
    "Le serveur a refusé, et vous rendez son message comme si c'était des nombres : "
    "regardez `status_code`.",
    on=(refused, broken),
    seen=lambda it: it.error is None and "dict" in str(it.value) + type(it.value).__name__,
)(variant(RandomClient, ("== 400", "== 0"), ("response.raise_for_status()", "")))

EXERCISE.mistake(
    "Le serveur dit pourquoi il refuse, et votre exception n'en dit rien : donnez-lui le "
    "message de `error`.",
    on=refused,
    gives="refusé",
)(variant(RandomClient, ('response.json()["error"]', '"refusé"')))

EXERCISE.mistake(
    "Le serveur se tait, et vous l'attendez plus longtemps que prévu : donnez "
    "`timeout=self.timeout` à `requests.get`.",
    on=silent,
    seen=lambda failure: failure.verdict in ("exception", "bloqué"),
)(variant(RandomClient, (", timeout=self.timeout", "")))
