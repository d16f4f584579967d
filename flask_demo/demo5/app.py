"""demo5 : des formulaires, une connexion par mot de passe, et ce qu'il faut pour la tenir sûre."""

import json
import os
import secrets
import time
from collections import defaultdict
from datetime import timedelta
from functools import wraps
from pathlib import Path
from threading import Lock

import click
from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException, TooManyRequests
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, Length

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ.get("FLASK_SECRET_KEY") or secrets.token_hex(),
    SESSION_COOKIE_NAME="demo5",  # les cookies ignorent les ports : à chaque démonstration le sien
    SESSION_COOKIE_SAMESITE="Lax",
    PERMANENT_SESSION_LIFETIME=timedelta(hours=1),
    MAX_CONTENT_LENGTH=16 * 1024,  # octets : au-delà, 413 sans lire la suite
)
if "FLASK_SECRET_KEY" not in os.environ:
    app.logger.warning("Clé secrète tirée au hasard : les sessions s'oublieront à l'arrêt.")
CSRFProtect(app)  # tout POST sans jeton valable est refusé, quelle que soit la vue


# Les comptes : un nom, et l'empreinte d'un mot de passe que personne ici ne connaît.

ACCOUNTS = Path(app.root_path) / "accounts.json"
NOBODY = generate_password_hash(secrets.token_hex())


def read_accounts():
    return json.loads(ACCOUNTS.read_text(encoding="utf-8"))


def is_right(username, password):
    # Un nom inconnu coûte le même calcul : la durée de la réponse ne dit pas quels noms existent.
    return check_password_hash(read_accounts().get(username, NOBODY), password)


@app.cli.command("add-account")
@click.argument("username")
@click.password_option(prompt="Mot de passe", confirmation_prompt="Encore une fois")
def add_account(username, password):
    """Ajoute un compte, ou change son mot de passe."""
    accounts = read_accounts() | {username: generate_password_hash(password)}
    ACCOUNTS.write_text(json.dumps(accounts, indent=2, ensure_ascii=False) + "\n", "utf-8")


# Les essais : cinq par compte en cinq minutes, cinquante par adresse pour qui essaie tous les noms.

PERIOD = 300  # secondes
PER_ACCOUNT, PER_ADDRESS = 5, 50
attempts = defaultdict(list)  # adresse → les essais récents : (instant, compte)
attempts_lock = Lock()


def count_attempt(address, username):
    """Compte un essai *avant* de regarder le mot de passe, ou refuse (429)."""
    now = time.monotonic()
    with attempts_lock:
        for known in list(attempts):
            attempts[known] = [a for a in attempts[known] if now - a[0] < PERIOD]
            if not attempts[known]:
                del attempts[known]
        recent = attempts[address]
        same = [instant for instant, name in recent if name == username]
        if len(same) >= PER_ACCOUNT or len(recent) >= PER_ADDRESS:
            oldest = same[0] if len(same) >= PER_ACCOUNT else recent[0][0]
            raise TooManyRequests(retry_after=int(oldest + PERIOD - now) + 1)
        recent.append((now, username))


def forget_attempts(address, username):
    with attempts_lock:
        attempts[address] = [a for a in attempts[address] if a[1] != username]


# Les pages.


class LoginForm(FlaskForm):
    username = StringField(
        "Nom d’utilisateur",
        [
            DataRequired("Donnez votre nom d’utilisateur."),
            Length(max=40, message="40 signes au plus."),
        ],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        "Mot de passe",
        [
            DataRequired("Donnez votre mot de passe."),
            Length(max=200, message="200 signes au plus."),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    submit = SubmitField("Se connecter")


def login_required(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        if session.get("username") not in read_accounts():
            session.pop("username", None)
            flash("Connectez-vous pour voir cette page.")
            return redirect(url_for("login"))
        return view(*args, **kwargs)

    return guarded


@app.route("/", methods=["GET", "POST"])
def login():
    form = LoginForm()
    if form.validate_on_submit():
        username = form.username.data
        count_attempt(request.remote_addr, username)
        if is_right(username, form.password.data):
            forget_attempts(request.remote_addr, username)
            session.clear()  # rien de ce qui précède la connexion ne lui survit
            session.permanent = True  # jusqu'à PERMANENT_SESSION_LIFETIME
            session["username"] = username
            flash(f"Bonjour {username}, vous êtes connecté.")
            return redirect(url_for("home"))
        app.logger.warning("Connexion refusée : %r depuis %s", username, request.remote_addr)
        # Sous le mot de passe dans tous les cas : ne pas dire lequel des deux est faux.
        form.password.errors = ["Nom ou mot de passe incorrect."]
    return render_template("login.html", form=form), 400 if form.errors else 200


@app.route("/home")
@login_required
def home():
    return render_template("home.html")


@app.post("/logout")
def logout():
    session.clear()
    flash("Vous êtes déconnecté.")
    return redirect(url_for("login"))


@app.route("/bonjour", methods=["GET", "POST"])
def bonjour():
    values = request.form if request.method == "POST" else request.args
    if request.method == "GET" and not values:
        return render_template("bonjour_form.html")
    names = {key: values[key].strip() for key in ("Prénom", "Nom")}  # clé absente : 400
    for key, name in names.items():
        if not 1 <= len(name) <= 50:
            raise BadRequest(f"{key} : de 1 à 50 signes.")
    return render_template("bonjour.html", names=names)


# Ce qui vaut pour toutes les pages.


@app.after_request
def protect(response):
    # Rien ne vient d'ailleurs, aucun script ni style écrit dans la page, aucun cadre autour d'elle.
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    # Après la déconnexion, « page précédente » ne remontre pas ce qui était privé.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


REASONS = {
    400: "Il manque à cette demande une valeur attendue.",
    404: "Il n’y a pas de page à cette adresse.",
    405: "Cette page ne se demande pas ainsi.",
    413: "C’est trop long pour nous : 16 ko au plus.",
    429: "Trop d’essais : attendez quelques minutes.",
}


@app.errorhandler(HTTPException)
def explain(error):
    if isinstance(error, CSRFError):
        reason = (
            "Ce formulaire est venu sans jeton CSRF valable : il a vieilli, ou il ne vient pas de "
            "notre page. Revenez-y, et recommencez."
        )
    elif type(error) is BadRequest and error.description != BadRequest.description:
        reason = error.description
    else:
        reason = REASONS.get(error.code, "Cette demande n’a pas pu être satisfaite.")
    response = error.get_response()  # garde ses en-têtes : Retry-After, Allow…
    response.data = render_template("error.html", error=error, reason=reason)
    return response


if __name__ == "__main__":
    app.run(port=5005)
