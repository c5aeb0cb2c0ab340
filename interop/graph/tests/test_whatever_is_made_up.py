"""The OpenAPI document, with schemathesis: whatever a stranger makes up from it, the server does not fail."""

import subprocess
import sys

from azure.identity import ClientSecretCredential


def test_nothing_that_is_made_up_from_the_document_is_answered_by_a_failure_of_the_server(
    dev, fabrikam_automation, tmp_path
):
    with ClientSecretCredential(
        fabrikam_automation.tenant.id,
        fabrikam_automation.client_id,
        fabrikam_automation.client_secret,
        authority=dev.origin,
        disable_instance_discovery=True,
        connection_verify=dev.ca,
    ) as credential:
        token = credential.get_token(f"{dev.origin}/graph/.default").token
    graph = f"{dev.origin}/graph/v1.0"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{graph}/openapi.json", "--url", graph),
            *("--header", f"Authorization: Bearer {token}", "--tls-verify", dev.ca),
            # Ways in which a server may be at odds with its document that are none: an object that was made up is not there.
            *("--checks", "not_a_server_error", "--phases", "coverage,fuzzing,stateful"),
            *("--max-examples", "15", "--seed", "1", "--workers", "2", "--continue-on-failure", "--no-color"),
        ],
        # It keeps what it found beside itself.
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, (run.stdout + run.stderr)[-8000:]
    assert "generated" in run.stdout
