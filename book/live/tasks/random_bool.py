"""`/api/random/bool` : pile ou face, `true` ou `false`, avec `n` et `seed` comme les autres."""


def check(site):
    answer = site.get("/api/random/bool?n=40&seed=1")
    assert answer.status != 404, "404 : la route n’accepte encore que int et float."
    assert answer.status == 200, f"La réponse est {answer.status} : lisez le journal."
    draws = answer.json()
    assert all(isinstance(draw, bool) for draw in draws), f"Un tirage est {draws[0]!r}."
    assert set(draws) == {True, False}, f"Quarante tirages, et toujours {draws[0]}."
    again = site.get("/api/random/bool?n=40&seed=1").json()
    assert again == draws, "La même graine donne d’autres tirages : servez-vous de generator."


DEMO = "api"
ROUTED = {"any(int, float)": "any(int, float, bool)"}
FLOAT = '"float": random.Random.random'
BOOL = '"float": random.Random.random, "bool": lambda generator: {}'
ATTEMPTS = [
    ({}, "404"),
    ({"app.py": ROUTED | {FLOAT: BOOL.format("generator.randrange(2)")}}, "Un tirage est"),
    ({"app.py": ROUTED | {FLOAT: BOOL.format("True")}}, "toujours True"),
    ({"app.py": ROUTED | {FLOAT: BOOL.format("random.random() < 0.5")}}, "d’autres tirages"),
    ({"app.py": ROUTED | {FLOAT: BOOL.format("generator.random() < 0.5")}}, None),
]
