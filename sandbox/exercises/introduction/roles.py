"""Who calls, who waits to be called: five situations, five roles."""


# Solution
def roles() -> dict[str, str]:
    """Return the role played in each of the five situations."""
    return {"A": "client", "B": "serveur", "C": "les deux", "D": "pair", "E": "courtier"}


# Exercise
from sandbox.checking import Case, Exercise, Expect, Program, Stage, variant

EXERCISE = Exercise(
    roles,
    hints=(
        "Posez toujours la même question : qui appelle, et qui attend d'être appelé ?",
        "Un programme peut attendre d'un côté et appeler de l'autre. Et si tous font les deux, "
        "à égalité, le mot existe aussi.",
        "Il y a un `client`, un `serveur`, un `les deux`, un `pair` et un `courtier`.",
    ),
)


def role_case(letter: str, situation: str) -> Case:
    """Return the case that looks at one situation."""
    right = Expect("le bon rôle", lambda value: value == roles()[letter])

    @EXERCISE.case(f"{letter} : {situation}", expect=right)
    def role(stage: Stage, program: Program):
        return program()[letter]

    return role


browser = role_case("A", "le navigateur")
clock = role_case("B", "le programme qui attend")
box_office = role_case("C", "la billetterie")
sharing = role_case("D", "le partage de fichiers")
measures = role_case("E", "le distributeur de mesures")


@EXERCISE.mistake(
    "Vos rôles s'écrivent en minuscules, comme dans l'énoncé.",
    seen=lambda failure: failure.value != failure.value.lower(),
)
def capitals() -> dict[str, str]:
    return {letter: role.capitalize() for letter, role in roles().items()}


EXERCISE.mistake(
    "Le navigateur n'attend l'appel de personne : c'est lui qui se connecte.",
    on=browser,
    gives="serveur",
)(variant(roles, ('"A": "client"', '"A": "serveur"')))

EXERCISE.mistake(
    "Regardez la billetterie des deux côtés : elle attend les acheteurs, et elle "
    "appelle la banque.",
    on=box_office,
    seen=lambda failure: failure.value in ("client", "serveur"),
)(variant(roles, ('"C": "les deux"', '"C": "serveur"')))

EXERCISE.mistake(
    "Quand tous les programmes sont à égalité, chacun demandant aux autres, le "
    "mot juste est « pair ».",
    on=sharing,
    gives="les deux",
)(variant(roles, ('"D": "pair"', '"D": "les deux"')))


@EXERCISE.accepts()
def letter_by_letter() -> dict[str, str]:
    return dict(zip("ABCDE", ("client", "serveur", "les deux", "pair", "courtier"), strict=True))
