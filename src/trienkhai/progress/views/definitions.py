"""What each figure counts, what it is divided by, and the rule behind it."""

from django.http import HttpResponse
from django.shortcuts import render

from trienkhai.organisation.requests import ActorRequest, signed_in
from trienkhai.progress.rules.figures import CODES, COUNTS, DEFINITION_VERSION
from trienkhai.progress.texts import DEFINITIONS, FIGURE_NAMES
from trienkhai.rollouts.rules import CellStudyRule


@signed_in
def definitions(request: ActorRequest) -> HttpResponse:
    """The page figures link to for their meaning."""
    shown = [
        {
            "code": code,
            "name": FIGURE_NAMES[code],
            "words": DEFINITIONS[code],
            "is_share": code not in COUNTS,
            "version": DEFINITION_VERSION,
        }
        for code in CODES
    ]
    return render(request, "progress/definitions.html", {"definitions": shown, "rules": list(CellStudyRule)})
