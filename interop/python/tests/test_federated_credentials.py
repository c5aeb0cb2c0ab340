"""A workload proves itself with the token that its cluster made for it: no secret is kept anywhere."""

import asyncio
from types import SimpleNamespace

import msal
import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientAssertionCredential, DefaultAzureCredential, WorkloadIdentityCredential, aio

import workload_issuer
from answers import refused, succeeded
from clients import TIMEOUT, confidential
from tokens import client_authentication_of, client_of, verified_for_api

EXCHANGE = "api://AzureADTokenExchange"
WORKLOAD = "system:serviceaccount:orders:worker"


@pytest.fixture(scope="module")
def cluster(dev, tmp_path_factory):
    with workload_issuer.running(dev, tmp_path_factory.mktemp("cluster")) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def worker(dev, contoso, cluster):
    """An application that trusts the cluster to speak of its workload, registered over Graph."""
    automation = dev.named("Contoso Automation")
    answer = confidential(dev, automation).acquire_token_for_client(["https://graph.microsoft.com/.default"])
    token = succeeded(answer)["access_token"]

    def make(path, body):
        answer = requests.post(
            f"{dev.origin}/graph/v1.0/{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            verify=dev.ca,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    application = make("applications", {"displayName": "Worker"})
    make("servicePrincipals", {"appId": application["appId"]})
    trust = {"name": "cluster", "issuer": cluster.origin, "subject": WORKLOAD, "audiences": [EXCHANGE]}
    make(f"applications/{application['id']}/federatedIdentityCredentials", trust)
    return SimpleNamespace(client_id=application["appId"], tenant=contoso)


@pytest.fixture
def token_file(cluster, tmp_path):
    """Where Kubernetes puts the token of a workload. Its audience is a list."""
    path = tmp_path / "token"
    path.write_text(cluster.token(WORKLOAD, [EXCHANGE]))
    return path


def settings(dev):
    return {"authority": dev.origin, "disable_instance_discovery": True}


def proves_the_worker(dev, worker, api, token):
    claims = verified_for_api(dev, token, api=api, tenant_id=worker.tenant.id)
    assert client_of(claims) == worker.client_id
    assert client_authentication_of(claims) == "2"


def shows(library):
    return pytest.mark.shows(library, "federated-credential")


@shows("azure-identity (Python)")
def test_a_workload_is_known_by_the_token_in_its_file(dev, worker, api, token_file):
    credential = WorkloadIdentityCredential(
        tenant_id=worker.tenant.id, client_id=worker.client_id, token_file_path=str(token_file), **settings(dev)
    )
    proves_the_worker(dev, worker, api, credential.get_token(api.default_scope()).token)


@shows("azure-identity (Python)")
def test_a_workload_is_known_by_the_token_in_its_file_asynchronously(dev, worker, api, token_file):
    async def token():
        credential = aio.WorkloadIdentityCredential(
            tenant_id=worker.tenant.id,
            client_id=worker.client_id,
            token_file_path=str(token_file),
            connection_verify=dev.ca,
            **settings(dev),
        )
        async with credential:
            return (await credential.get_token(api.default_scope())).token

    proves_the_worker(dev, worker, api, asyncio.run(token()))


@shows("azure-identity (Python)")
def test_a_program_finds_everything_in_its_environment(dev, worker, api, token_file, monkeypatch):
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", dev.origin)
    monkeypatch.setenv("AZURE_TENANT_ID", worker.tenant.id)
    monkeypatch.setenv("AZURE_CLIENT_ID", worker.client_id)
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(token_file))
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "WorkloadIdentityCredential")
    credential = DefaultAzureCredential(**settings(dev))
    proves_the_worker(dev, worker, api, credential.get_token(api.default_scope()).token)


@shows("azure-identity (Python)")
def test_a_program_may_bring_the_token_itself(dev, worker, cluster, api):
    credential = ClientAssertionCredential(
        worker.tenant.domain, worker.client_id, lambda: cluster.token(WORKLOAD, EXCHANGE), **settings(dev)
    )
    proves_the_worker(dev, worker, api, credential.get_token(api.default_scope()).token)


@shows("MSAL Python")
def test_msal_takes_the_token_as_a_client_assertion(dev, worker, cluster, api):
    app = msal.ConfidentialClientApplication(
        worker.client_id,
        client_credential={"client_assertion": lambda: cluster.token(WORKLOAD, EXCHANGE)},
        authority=dev.authority(worker.tenant.id),
        instance_discovery=False,
        timeout=TIMEOUT,
    )
    answer = succeeded(app.acquire_token_for_client([api.default_scope()]))
    proves_the_worker(dev, worker, api, answer["access_token"])


def test_another_workload_of_the_cluster_is_told_what_does_not_match(dev, worker, cluster, api):
    app = msal.ConfidentialClientApplication(
        worker.client_id,
        client_credential={"client_assertion": lambda: cluster.token(WORKLOAD + "2", EXCHANGE)},
        authority=dev.authority(worker.tenant.id),
        instance_discovery=False,
        timeout=TIMEOUT,
    )
    answer = app.acquire_token_for_client([api.default_scope()])
    refused(answer, error="invalid_client", codes={700213})


def test_an_application_that_trusts_nobody_says_so(dev, contoso, daemon, cluster, api):
    credential = ClientAssertionCredential(
        contoso.id, daemon.client_id, lambda: cluster.token(WORKLOAD, EXCHANGE), **settings(dev)
    )
    with pytest.raises(ClientAuthenticationError, match="AADSTS70025"):
        credential.get_token(api.default_scope())


def test_the_cluster_was_asked_for_its_keys_once(cluster, worker):
    assert cluster.asked == ["/.well-known/openid-configuration", "/keys"]
