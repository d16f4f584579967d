"""A template that makes a table of what it receives."""


# Solution
def lighthouse_table() -> str:
    """Return the template of a table of lighthouses."""
    return """
    {% if lighthouses %}
    <table>
      <tr><th>Rang</th><th>Nom</th><th>Hauteur</th></tr>
      {% for lighthouse in lighthouses %}
      <tr>
        <td>{{ loop.index }}</td>
        <td>{{ lighthouse.name }}</td>
        <td>{{ "inconnue" if lighthouse.height is none else lighthouse.height ~ " m" }}</td>
      </tr>
      {% endfor %}
    </table>
    {% else %}
    <p>Aucun phare.</p>
    {% endif %}
    """


# Exercise
from sandbox.checking import Exercise, Program, Stage, variant
from sandbox.checking.plays.flask import Page, rendered

EXERCISE = Exercise(
    lighthouse_table,
    hints=(
        "Une ligne de titres, puis une boucle `{% for lighthouse in lighthouses %}` qui écrit un "
        "`<tr>` par phare.",
        "`loop.index` compte à partir de 1. Pour la hauteur, `{% if lighthouse.height is none %}`, "
        "car zéro est une hauteur, et `None` n'en est pas une.",
        "Entourez le tout de `{% if lighthouses %}` … `{% else %}<p>Aucun phare.</p>{% endif %}` : "
        "une liste vide est fausse.",
    ),
)
KEEPERS = [
    {"name": "Port-Clair", "height": 31},
    {"name": "La Vigie", "height": None},
    {"name": "Rase-Flots", "height": 0},
]
HEADER = ["Rang", "Nom", "Hauteur"]


def shown(program: Program, lighthouses: list[dict]) -> Page:
    return Page(program.beside(rendered, {"lighthouses": lighthouses}))


@EXERCISE.case("un phare de 31 m", expect=[HEADER, ["1", "Port-Clair", "31 m"]])
def one(stage: Stage, program: Program):
    return shown(program, KEEPERS[:1]).rows


@EXERCISE.case(
    "trois phares, dont un de hauteur `None` et un de hauteur 0",
    expect=[
        HEADER,
        ["1", "Port-Clair", "31 m"],
        ["2", "La Vigie", "inconnue"],
        ["3", "Rase-Flots", "0 m"],
    ],
)
def three(stage: Stage, program: Program):
    return shown(program, KEEPERS).rows


@EXERCISE.case(
    "les mêmes, dans l'autre sens",
    expect=[
        ["1", "Rase-Flots", "0 m"],
        ["2", "La Vigie", "inconnue"],
        ["3", "Port-Clair", "31 m"],
    ],
)
def backwards(stage: Stage, program: Program):
    return shown(program, KEEPERS[::-1]).rows[1:]


@EXERCISE.case("un phare nommé `<i>La Vigie</i>`", expect=["1", "<i>La Vigie</i>", "12 m"])
def markup(stage: Stage, program: Program):
    return shown(program, [{"name": "<i>La Vigie</i>", "height": 12}]).rows[1]


@EXERCISE.case("aucun phare : nombre de tableaux, et ce qu'on lit", expect=(0, "Aucun phare."))
def none_at_all(stage: Stage, program: Program):
    page = shown(program, [])
    return page.tags.count("table"), " ".join(page.text.split())


EXERCISE.mistake(
    "Le premier rang est 1 : c'est `loop.index` ; `loop.index0` part de 0.",
    seen=lambda failure: failure.value[1][0] == "0",
)(variant(lighthouse_table, ("loop.index ", "loop.index0 ")))

EXERCISE.mistake(
    "Zéro est une hauteur. En Jinja comme en Python, 0 est faux : demandez `is none`.",
    on=three,
    seen=lambda failure: "inconnue" in failure.value[3][2],
)(variant(lighthouse_table, ("if lighthouse.height is none", "if not lighthouse.height")))

EXERCISE.mistake(
    "Une hauteur `None` existe bel et bien, et vaut rien : sans second argument vrai, "
    "`default` ne remplace que ce qui n'existe pas. Demandez `is none`.",
    on=three,
    seen=lambda failure: "None" in failure.value[2][2],
)(
    variant(
        lighthouse_table,
        (
            '"inconnue" if lighthouse.height is none else lighthouse.height',
            "lighthouse.height|default('inconnue')",
        ),
    )
)

EXERCISE.mistake(
    "Le nom du phare est devenu du HTML : ôtez `|safe`, ce nom ne vient pas de vous.",
    on=markup,
    seen=lambda failure: failure.value[1] == "La Vigie",
)(variant(lighthouse_table, ("lighthouse.name", "lighthouse.name|safe")))

EXERCISE.mistake(
    "Sans phare, il ne faut pas de tableau du tout : `{% if lighthouses %}` autour de lui.",
    on=none_at_all,
    seen=lambda failure: failure.value[0] == 1,
)(
    variant(
        lighthouse_table,
        ("{% if lighthouses %}", ""),
        ("{% endfor %}", "{% else %}<tr><td>Aucun phare.</td></tr>{% endfor %}"),
        ("{% else %}\n    <p>Aucun phare.</p>\n    {% endif %}", ""),
    )
)

EXERCISE.accepts()(
    variant(
        lighthouse_table,
        ("{% if lighthouses %}", "{% if lighthouses|length > 0 %}"),
        ("{{ loop.index }}", "{{ loop.index0 + 1 }}"),
        ("lighthouse.height is none", "lighthouse['height'] == None"),
    )
)
