"""Verifies tokens the way a resource or a client would: PyJWT, the discovery document, its `jwks_uri`.

The suite does not know which version of access token the API asks for. It reads `ver`, and then holds the token to
everything that version promises: issuer from the matching discovery document, audience in the matching form.
"""

import ssl

import jwt
import requests

TIMEOUT = 20
CLOCK_LEEWAY = 5


def discovery(environment, tenant, version="2.0"):
    folder = "v2.0/" if version == "2.0" else ""
    answer = requests.get(
        f"{environment.authority(tenant)}/{folder}.well-known/openid-configuration",
        timeout=TIMEOUT,
        verify=environment.ca,
    )
    answer.raise_for_status()
    return answer.json()


def verified(environment, token, *, tenant_id, audience, asked_at=None):
    """The claims of `token`, after its signature, issuer, audience and times have been checked.

    `asked_at` is the tenant in the path whose discovery document is consulted, where that is an alias.
    """
    version = jwt.decode(token, options={"verify_signature": False}).get("ver")
    assert version in ("1.0", "2.0"), f"a token of version {version!r}"
    document = discovery(environment, asked_at or tenant_id, version)
    keys = jwt.PyJWKClient(
        document["jwks_uri"],
        timeout=TIMEOUT,
        ssl_context=ssl.create_default_context(cafile=environment.ca),
    )
    return jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        audience=audience,
        issuer=document["issuer"].replace("{tenantid}", tenant_id),
        leeway=CLOCK_LEEWAY,
        options={"require": ["aud", "iss", "exp", "iat", "nbf", "sub"]},
    )


def verified_for_api(environment, token, *, api, tenant_id):
    """The claims of an access token for `api`. Version 2 tokens name it by client id, version 1 tokens as it was asked for."""
    version = jwt.decode(token, options={"verify_signature": False}).get("ver")
    audience = api.client_id if version == "2.0" else api.identifier_uri
    return verified(environment, token, tenant_id=tenant_id, audience=audience)


def client_of(claims):
    """The client a token was issued to: `azp` in version 2, `appid` in version 1."""
    return claims["azp"] if claims["ver"] == "2.0" else claims["appid"]


def client_authentication_of(claims):
    """How that client proved itself: "0" not at all, "1" by secret, "2" by certificate or assertion."""
    return claims["azpacr"] if claims["ver"] == "2.0" else claims["appidacr"]
