"""A daemon proves itself with a key of its own: each library writes its client assertion in another spelling."""

import asyncio
import uuid

import adal
import msal
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential, aio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from answers import refused, succeeded
from clients import TIMEOUT
from tokens import client_authentication_of, client_of, verified_for_api


@pytest.fixture(scope="module")
def robot(dev, contoso):
    return dev.with_certificate(contoso)


@pytest.fixture(scope="module")
def certificate(robot):
    return x509.load_pem_x509_certificate(robot.certificate.encode())


@pytest.fixture(scope="module")
def private_key(robot):
    return serialization.load_pem_private_key(robot.private_key.encode(), None)


@pytest.fixture
def pem_file(robot, tmp_path):
    """Key and certificate in one file, as azure-identity takes them."""
    path = tmp_path / "robot.pem"
    path.write_text(robot.private_key + robot.certificate)
    return path


@pytest.fixture
def pfx_file(certificate, private_key, tmp_path):
    path = tmp_path / "robot.pfx"
    encryption = serialization.BestAvailableEncryption(b"a password")
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"robot", private_key, certificate, None, encryption))
    return path


def thumbprint(certificate):
    return certificate.fingerprint(hashes.SHA1()).hex().upper()


def application(dev, robot, credential, tenant=None):
    return msal.ConfidentialClientApplication(
        robot.client_id,
        client_credential=credential,
        authority=dev.authority(tenant or robot.tenant.id),
        instance_discovery=False,
        timeout=TIMEOUT,
    )


def shows(library):
    return pytest.mark.shows(library, "client-certificate")


def proves_the_robot(dev, contoso, robot, api, token):
    claims = verified_for_api(dev, token, api=api, tenant_id=contoso.id)
    assert client_of(claims) == robot.client_id
    assert client_authentication_of(claims) == "2"
    assert claims["roles"] == list(api.app_roles)


@shows("MSAL Python")
@pytest.mark.parametrize("chain", [False, True], ids=["alone", "with its chain"])
def test_msal_signs_with_rs256_when_it_is_told_the_thumbprint(dev, contoso, robot, api, certificate, chain):
    credential = {"private_key": robot.private_key, "thumbprint": thumbprint(certificate)}
    if chain:
        credential["public_certificate"] = robot.certificate
    answer = succeeded(application(dev, robot, credential).acquire_token_for_client([api.default_scope()]))
    proves_the_robot(dev, contoso, robot, api, answer["access_token"])


@shows("MSAL Python")
@pytest.mark.parametrize("tenant_by", ["id", "domain"])
def test_msal_signs_with_ps256_when_it_has_the_certificate(dev, contoso, robot, api, tenant_by):
    credential = {"private_key": robot.private_key, "public_certificate": robot.certificate}
    app = application(dev, robot, credential, tenant=getattr(contoso, tenant_by))
    answer = succeeded(app.acquire_token_for_client([api.default_scope()]))
    proves_the_robot(dev, contoso, robot, api, answer["access_token"])


@shows("MSAL Python")
@pytest.mark.parametrize("chain", [False, True], ids=["alone", "with its chain"])
def test_msal_signs_with_ps256_with_a_pfx_file(dev, contoso, robot, api, pfx_file, chain):
    credential = {"private_key_pfx_path": str(pfx_file), "passphrase": "a password"}
    if chain:
        credential["public_certificate"] = True
    answer = succeeded(application(dev, robot, credential).acquire_token_for_client([api.default_scope()]))
    proves_the_robot(dev, contoso, robot, api, answer["access_token"])


def test_msal_presents_one_assertion_for_several_tokens(dev, robot, api):
    credential = {"private_key": robot.private_key, "public_certificate": robot.certificate}
    app = application(dev, robot, credential)
    sent = []
    original = app.http_client.post

    def post(url, **more):
        sent.append(more["data"].get("client_assertion"))
        return original(url, **more)

    app.http_client.post = post
    for scope in (api.default_scope(), f"{api.client_id}/.default", "https://graph.microsoft.com/.default"):
        succeeded(app.acquire_token_for_client([scope]))
    assert len(sent) == 3 and len(set(sent)) == 1, "one assertion, three tokens"


@shows("azure-identity (Python)")
@pytest.mark.parametrize("file", ["pem_file", "pfx_file"])
def test_azure_identity_takes_a_certificate(dev, contoso, robot, api, file, request):
    path = request.getfixturevalue(file)
    credential = CertificateCredential(
        contoso.id,
        robot.client_id,
        str(path),
        password="a password" if file == "pfx_file" else None,
        authority=dev.origin,
        disable_instance_discovery=True,
    )
    proves_the_robot(dev, contoso, robot, api, credential.get_token(api.default_scope()).token)


@shows("azure-identity (Python)")
def test_azure_identity_pads_its_segments_in_the_asynchronous_half(dev, contoso, robot, api, pem_file):
    async def token():
        credential = aio.CertificateCredential(
            contoso.domain,
            robot.client_id,
            str(pem_file),
            authority=dev.origin,
            disable_instance_discovery=True,
            # The HTTP library below has read what the environment trusts before a test could say so.
            connection_verify=dev.ca,
        )
        async with credential:
            return (await credential.get_token(api.default_scope())).token

    proves_the_robot(dev, contoso, robot, api, asyncio.run(token()))


def test_adal_signs_for_the_older_endpoint(dev, contoso, robot, api, certificate):
    context = adal.AuthenticationContext(dev.authority(contoso.id), validate_authority=False, verify_ssl=dev.ca)
    answer = context.acquire_token_with_client_certificate(
        api.identifier_uri, robot.client_id, robot.private_key, thumbprint(certificate)
    )
    proves_the_robot(dev, contoso, robot, api, succeeded({"access_token": answer["accessToken"]})["access_token"])


def test_a_key_that_nobody_registered_is_told_its_thumbprint(dev, robot, api):
    credential = {"private_key": robot.private_key, "thumbprint": "AB" * 20}
    answer = application(dev, robot, credential).acquire_token_for_client([api.default_scope()])
    refusal = refused(answer, error="invalid_client", codes={700027})
    assert "AB" * 20 in refusal["error_description"]


def test_the_certificate_of_another_application_proves_nothing(dev, contoso, daemon, robot, api, pem_file):
    credential = CertificateCredential(
        contoso.id, daemon.client_id, str(pem_file), authority=dev.origin, disable_instance_discovery=True
    )
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
        credential.get_token(api.default_scope())


def test_an_assertion_of_the_programs_own_making_is_a_text_to_msal(dev, robot, api):
    answer = application(dev, robot, {"client_assertion": lambda: f"not.a.jwt{uuid.uuid4()}"}).acquire_token_for_client(
        [api.default_scope()]
    )
    refused(answer, error="invalid_client", codes={50027})
