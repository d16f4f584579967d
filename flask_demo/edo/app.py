"""edo : résoudre en ligne l'équation différentielle y' = f(t, y)."""

import os
import secrets

from flask import Flask, abort, render_template, request
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from formula import MAX_LENGTH, FormulaError, read_formula
from solver import METHODS, Stopped, frame, slope_field, solve, value
from werkzeug.exceptions import HTTPException
from wtforms import FloatField, SelectField, StringField, SubmitField, ValidationError
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import TextInput

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ.get("FLASK_SECRET_KEY") or secrets.token_hex(),
    SESSION_COOKIE_NAME="edo",  # les cookies ignorent les ports : à chaque démonstration le sien
    SESSION_COOKIE_SAMESITE="Lax",
    MAX_CONTENT_LENGTH=16 * 1024,  # octets
)
if "FLASK_SECRET_KEY" not in os.environ:
    app.logger.warning("Clé secrète tirée au hasard : elle changera au prochain lancement.")
CSRFProtect(app)

MAX_STEPS = 1000

EXAMPLES = {
    "logistique": {
        "formula": "y * (1 - y)",
        "t0": 0,
        "y0": 0.1,
        "end": 10,
        "method": "RK45",
        "step": 0.2,
        "exact": "1 / (1 + 9 * exp(-t))",
    },
    "ressort": {
        "formula": "cos(t) - y",
        "t0": 0,
        "y0": 2,
        "end": 15,
        "method": "DOP853",
        "step": 0.2,
        "exact": "(cos(t) + sin(t)) / 2 + 1.5 * exp(-t)",
    },
    "raide": {
        "formula": "-50 * (y - cos(t))",
        "t0": 0,
        "y0": 0,
        "end": 5,
        "method": "Radau",
        "step": 0.1,
        "exact": "",
    },
    "explosion": {
        "formula": "y ** 2",
        "t0": 0,
        "y0": 1,
        "end": 2,
        "method": "RK45",
        "step": 0.01,
        "exact": "1 / (1 - t)",
    },
}


class NumberField(FloatField):
    """Un nombre, écrit avec un point ou avec une virgule."""

    widget = TextInput()  # celui de FloatField, <input type="number">, refuse la virgule

    def process_formdata(self, valuelist):
        try:
            super().process_formdata([text.replace(",", ".") for text in valuelist])
        except ValueError:
            raise ValueError("Ceci n’est pas un nombre.") from None


def number(label, low=-1_000_000, high=1_000_000):
    message = f"De {low} à {high}."
    return NumberField(
        label,
        [InputRequired("Donnez un nombre."), NumberRange(low, high, message)],
        render_kw={"inputmode": "decimal"},
    )


class OdeForm(FlaskForm):
    formula = StringField("y′ = f(t, y) =", render_kw={"maxlength": MAX_LENGTH})
    t0 = number("t₀")
    y0 = number("y(t₀)")
    end = number("jusqu’à t =")
    method = SelectField("Méthode", choices=list(METHODS), validate_choice=False)
    step = number("pas, au plus", 0.00001)
    exact = StringField(
        "solution exacte, si elle est connue : y(t) =", render_kw={"maxlength": MAX_LENGTH}
    )
    submit = SubmitField("Résoudre")

    def validate_formula(self, field):
        self.check(field, {"t", "y"})

    def validate_exact(self, field):
        if field.data:
            self.check(field, {"t"})

    def check(self, field, variables):
        try:
            read_formula(field.data or "", variables)
        except FormulaError as error:
            raise ValidationError(str(error)) from None

    def validate_method(self, field):
        if field.data not in METHODS:
            raise ValidationError("On ne connaît pas cette méthode.")

    def validate_end(self, field):
        if self.t0.data is not None and field.data is not None and field.data <= self.t0.data:
            raise ValidationError("Après t₀, s’il vous plaît.")

    def validate_step(self, field):
        if None in (self.t0.data, self.end.data, field.data) or field.data <= 0:
            return  # déjà refusé
        if (self.end.data - self.t0.data) / field.data > MAX_STEPS:
            raise ValidationError(f"Cela ferait plus de {MAX_STEPS} pas : prenez-le plus grand.")


def make_drawing(form):
    """Résout l'équation du formulaire et rend ce que la page dessine."""
    formula = read_formula(form.formula.data, {"t", "y"})
    solution = solve(
        formula, form.t0.data, form.y0.data, form.end.data, form.method.data, form.step.data
    )
    drawing = {
        "t": solution.t,
        "y": solution.y,
        "range": frame(solution),
        "field": slope_field(formula, solution),
        "evaluations": solution.evaluations,
        "notes": [solution.stopped] if solution.stopped else [],
    }
    if form.exact.data:
        exact = read_formula(form.exact.data, {"t"})
        try:
            drawing["exact"] = [value(exact, t=t) for t in solution.t]
        except Stopped as stop:
            drawing["notes"].append(f"Solution exacte : {stop}")
        else:
            pairs = zip(solution.y, drawing["exact"], strict=True)
            drawing["error"] = max(abs(y - right) for y, right in pairs)
    return drawing


@app.route("/", methods=["GET", "POST"])
def index():
    name = request.args.get("exemple", "logistique")
    if name not in EXAMPLES:
        abort(404)
    form = OdeForm(data=EXAMPLES[name] if request.method == "GET" else None)
    drawing, status = None, 200
    if request.method == "GET" or form.validate():
        drawing = make_drawing(form)
        if len(drawing["t"]) == 1:
            form.formula.errors = [*form.formula.errors, *drawing["notes"]]
            drawing = None
    if drawing is None:
        status = 400
    page = render_template("index.html", form=form, examples=EXAMPLES, drawing=drawing)
    return page, status


@app.after_request
def protect(response):
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


REASONS = {
    404: "Il n’y a rien à cette adresse.",
    405: "Cette page ne se demande pas ainsi.",
    413: "C’est trop long pour nous : 16 ko au plus.",
}


@app.errorhandler(HTTPException)
def explain(error):
    if isinstance(error, CSRFError):
        reason = (
            "Ce formulaire est venu sans jeton CSRF valable : il a vieilli, ou il ne vient pas de "
            "notre page. Revenez-y, et recommencez."
        )
    else:
        reason = REASONS.get(error.code, "Cette demande n’a pas pu être satisfaite.")
    response = error.get_response()
    response.data = render_template("error.html", error=error, reason=reason)
    return response


if __name__ == "__main__":
    app.run(port=5007)
