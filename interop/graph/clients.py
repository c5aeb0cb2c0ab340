"""Microsoft's Graph client and credentials, told nothing but the host and the certificate authority."""

import asyncio
import os
import ssl
from contextlib import asynccontextmanager
from urllib.parse import urlparse

import httpx
from azure.identity.aio import ClientSecretCredential
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph_core import GraphClientFactory


def run(coroutine):
    """A test is a plain function; what it does is one coroutine."""
    return asyncio.run(asyncio.wait_for(coroutine, timeout=60))


@asynccontextmanager
async def graph(dev, application):
    """The Graph of the organisation that `application` belongs to, by its own permissions."""
    async with ClientSecretCredential(
        application.tenant.id,
        application.client_id,
        application.client_secret,
        authority=dev.origin,
        disable_instance_discovery=True,
        connection_verify=dev.ca,
    ) as credential:
        provider = AzureIdentityAuthenticationProvider(
            credential,
            scopes=[f"{dev.origin}/graph/.default"],
            allowed_hosts=[urlparse(dev.origin).hostname, urlparse(dev.origin).netloc],
        )
        trust = httpx.AsyncClient(verify=ssl.create_default_context(cafile=dev.ca), timeout=30)
        http = GraphClientFactory.create_with_default_middleware(client=trust)
        adapter = GraphRequestAdapter(provider, client=http)
        adapter.base_url = f"{dev.origin}/graph/v1.0"
        try:
            yield GraphServiceClient(request_adapter=adapter)
        finally:
            await http.aclose()


def unique(name):
    return f"{name}-{os.urandom(4).hex()}"
