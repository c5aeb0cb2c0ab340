"""MSAL Python, pointed at this server with nothing but its documented settings.

Trust in the server's own CA comes from the environment (`REQUESTS_CA_BUNDLE`, set in conftest.py), as it would for any
other program written with `requests`.
"""

import msal

TIMEOUT = 20


def confidential(environment, application, *, tenant=None, secret=None, token_cache=None):
    return msal.ConfidentialClientApplication(
        application.client_id,
        client_credential=secret or application.client_secret,
        authority=environment.authority(tenant or application.tenant.id),
        instance_discovery=False,
        timeout=TIMEOUT,
        token_cache=token_cache,
    )


def public(environment, application, *, tenant=None):
    return msal.PublicClientApplication(
        application.client_id,
        authority=environment.authority(tenant or application.tenant.id),
        instance_discovery=False,
        timeout=TIMEOUT,
    )
