"""One case as files to be filed or handed over: JSON for programs, a page in each language for readers."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from engine import Evidence, get_evidence, transaction, write_archive
from web.auth import actor
from web.choices import Choices
from web.csvfile import disposition
from web.db import db
from web.forms.shown import in_words, shown
from web.i18n import LANGUAGES, in_language, local, now, zone
from web.instances import fields_of

bp = Blueprint("evidence", __name__)


@bp.get("/instances/<instance_id>/evidence.zip")
@login_required
def export(instance_id: str) -> ResponseReturnValue:
    """The case as the reader may see it; the access log tells of it.

    The log is committed first: nobody waits with a write until the pages are made."""
    with transaction(db.session()):
        found = get_evidence(db.session(), instance_id, actor(), now=now())
    pages = {f"case.{lang}.html": _page(found, lang) for lang in LANGUAGES}
    answer = Response(write_archive({**pages, **found.files}, local(now())), mimetype="application/zip")
    name = f"{found.case.business_key}-{local(now()):%Y%m%d-%H%M}.zip"
    answer.headers["Content-Disposition"] = disposition(name)
    return answer


def _page(found: Evidence, lang: str) -> bytes:
    """A page that needs nothing else."""
    choices, case = Choices(db.session(), lang), found.case
    with in_language(lang):
        text = render_template(
            "evidence.html", case=case, masked=found.masked, fields=fields_of(case), by=actor(),
            shown=partial(shown, choices=choices, zone=zone()),
            in_words=partial(in_words, choices=choices, zone=zone()),
        )  # fmt: skip
    return text.encode()
