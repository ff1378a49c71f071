"""Signing in and out, the language of a person, changing one's password."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user

from engine import Actor, authenticate, change_password, get_actor, logs, set_language, transaction
from engine.errors import WeakPassword, WrongPassword
from web.db import db
from web.errors import Unreadable
from web.i18n import LANGUAGES, language, now
from web.security import limiter

bp = Blueprint("auth", __name__)
login_manager = LoginManager()


class SignedIn(UserMixin):
    """The person behind the session cookie, as Flask-Login wants it; `actor` is who the verbs see."""

    def __init__(self, actor: Actor) -> None:
        self.id = actor.person_id
        self.actor = actor
        self.name = actor.name
        self.language = actor.language


def actor() -> Actor:
    """Who acts in this request."""
    return current_user.actor  # type: ignore[no-any-return]


@login_manager.user_loader
def load(person_id: str) -> SignedIn | None:
    """The person of a session cookie; nobody once the account is switched off."""
    found = get_actor(db.session(), person_id)
    if found:
        logs.about(actor=person_id)
    return SignedIn(found) if found else None


@login_manager.unauthorized_handler
def ask_to_sign_in() -> ResponseReturnValue:
    """Pages lead to the sign-in page and back; a form sent without a session is not repeated."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=back))


def inside(target: str | None) -> str:
    """`target` if it is a path of this site, else the home page: no redirect leads to another host."""
    parts = urlsplit(target or "")
    safe = target and not parts.scheme and not parts.netloc and target.startswith("/")
    return target if safe and not target.startswith(("//", "/\\")) else url_for("tasks.index")


def sign_in_limit() -> str:
    """How often one address may fail."""
    return current_app.config["SETTINGS"].sign_in_limit  # type: ignore[no-any-return]


def was_refused(answer: Response) -> bool:
    """Only failures count: a whole office may sign in from one address."""
    return answer.status_code == 422


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The sign-in page; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(inside(request.args.get("next")))
    return render_template("sign_in.html", refusal=None, username="")


@bp.post("/sign-in")
@limiter.limit(sign_in_limit, deduct_when=was_refused)
def sign_in_post() -> ResponseReturnValue:
    """Check user name and password; the answer never says which of them was wrong."""
    username = request.form.get("username", "").strip()
    try:
        with transaction(db.session()):
            person = authenticate(db.session(), username, request.form.get("password", ""), now=now())
    except WrongPassword as refused:
        words = {"refusal": refused.message(language()), "username": username}
        return render_template("sign_in.html", **words), 422
    chosen = session.get("language")
    session.clear()  # nothing of the visitor before carries over
    session.permanent = True
    session["language"] = chosen if chosen in LANGUAGES else person.language  # for pages that cannot ask
    login_user(SignedIn(person))
    if chosen in LANGUAGES and chosen != person.language:
        with transaction(db.session()):
            set_language(db.session(), person.person_id, chosen)
    return redirect(inside(request.args.get("next")))


@bp.post("/sign-out")
@login_required
def sign_out() -> ResponseReturnValue:
    """End the session; the language stays for the next visitor of this browser."""
    chosen = language()
    logout_user()
    session.clear()
    session["language"] = chosen
    return redirect(url_for("auth.sign_in"))


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    """Switch the language, for good if somebody is signed in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Unreadable(gettext("There are pages in Chinese and English only."))
    session["language"] = chosen
    if current_user.is_authenticated:
        with transaction(db.session()):
            set_language(db.session(), actor().person_id, chosen)
    return redirect(inside(request.form.get("next")))


@bp.route("/account", methods=["GET", "POST"])
@login_required
@limiter.limit(sign_in_limit, methods=["POST"], deduct_when=was_refused)
def account() -> ResponseReturnValue:
    """One's own name, groups and password."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _change_password(*(request.form.get(name, "") for name in ("old", "new", "again")))
        if not problems:
            flash(gettext("Your password is changed."), "done")
            return redirect(url_for("auth.account"))
    return render_template("account.html", problems=problems), 422 if problems else 200


def _change_password(old: str, new: str, again: str) -> dict[str, str]:
    """Change it, or say at which field something is wrong."""
    if new != again:
        return {"again": gettext("This is not the same password.")}
    try:
        with transaction(db.session()):
            change_password(db.session(), actor().person_id, old, new, now=now())
    except WrongPassword as refused:
        return {"old": refused.message(language())}
    except WeakPassword as refused:
        return {"new": refused.message(language())}
    return {}


def init_app(app: Flask) -> None:
    """Hang sign-in on the app."""
    login_manager.init_app(app)
    login_manager.session_protection = "basic"
    app.register_blueprint(bp)
