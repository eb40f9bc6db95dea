"""Signing in by the force's own OpenID Connect provider, such as Entra ID.

The code flow with PKCE, `state` and `nonce`. Authlib checks the signature, `exp`, `iat` and the nonce; `aud` and `iss`
are checked only where one says which, so they are said here. Who comes is somebody that an administrator has added: the
first time by the name that the provider says, from then on by the provider's own lasting id of them.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from joserfc.errors import JoseError

from kept.web.access import ANYBODY, seen_by
from kept.web.environment import Environment
from kept.web.people import sessions
from kept.web.people.models import User
from kept.web.people.signing_in import safe_next

_REFUSED = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, RuntimeError)
_NEXT = "provider_next"
_log = logging.getLogger("kept.sign_in")


@seen_by(ANYBODY)
def leave(request: HttpRequest) -> HttpResponse:
    """Go to the provider."""
    client = _client(settings.ENVIRONMENT)
    request.session[_NEXT] = safe_next(request)
    try:
        answer: HttpResponse = client.authorize_redirect(request, request.build_absolute_uri(reverse("provider-back")))
    except _REFUSED as error:
        return _refused(request, error)
    return answer


@seen_by(ANYBODY)
def back(request: HttpRequest) -> HttpResponse:
    """Come back from it, with a code that is changed for who it is."""
    client = _client(settings.ENVIRONMENT)
    try:
        token = client.authorize_access_token(request, claims_options=_claims(settings.ENVIRONMENT))
        said = token["userinfo"]
    except _REFUSED as error:
        return _refused(request, error)
    user = known(said)
    if user is None:
        return render(request, "people/not-known.html", status=403)
    wanted = request.session.pop(_NEXT, "/")
    sessions.begin(request, user, "provider")
    return redirect(wanted)


def known(said: dict[str, Any]) -> User | None:
    """The person whom the provider means; None where nobody has added them, or they have left."""
    subject = f"{said['iss']} {said['sub']}"
    user = User.objects.filter(subject=subject).first()
    if user is None:
        name = str(said.get(settings.ENVIRONMENT.oidc_name, ""))
        user = User.objects.filter(name__iexact=name, subject=None).first() if name else None
        if user is not None and user.is_active:
            user.subject = subject
            user.save(update_fields=["subject"])
    return user if user and user.is_active else None


@lru_cache(maxsize=4)
def _client(environment: Environment) -> Any:
    if not environment.oidc_issuer:
        raise Http404
    return OAuth().register(
        "provider",
        client_id=environment.oidc_client,
        client_secret=environment.oidc_secret,
        server_metadata_url=f"{environment.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
    )


def _claims(environment: Environment) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "values": [environment.oidc_issuer]},
        "aud": {"essential": True, "values": [environment.oidc_client]},
    }


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.warning("provider refused", extra={"error": type(error).__name__})
    return render(request, "people/provider-refused.html", status=403)
