package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static vestibule.interop.Clients.confidential;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An application proves itself with a token that was made for a daemon, because its registration says that it may. */
class FederatedCredentialTest {
    private static final Environment.Tenant CONTOSO = DEV.tenant("contoso.test");
    private static final Environment.Application DAEMON = DEV.application("daemon");
    private static final Environment.Application API = DEV.application("api");

    private static String graphToken;
    private static String objectId;
    private static String clientId;

    private static String token(Environment.Application application, String scope) throws Exception {
        return confidential(application).acquireToken(asking(scope)).get().accessToken();
    }

    private static ClientCredentialParameters asking(String scope) {
        return ClientCredentialParameters.builder(Set.of(scope)).skipCache(true).build();
    }

    private static Map<String, Object> graph(String method, String path, Map<String, ?> body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(DEV.origin() + "/graph/v1.0/" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + graphToken)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(JSONObjectUtils.toJSONString(body)))
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertEquals(2, answer.statusCode() / 100, answer.body());
        return answer.body().isEmpty() ? Map.of() : JSONObjectUtils.parse(answer.body());
    }

    @BeforeAll
    static void an_application_is_registered_that_trusts_the_daemon() throws Exception {
        graphToken = token(DEV.registrar(CONTOSO), "https://graph.microsoft.com/.default");
        var application = graph("POST", "applications", Map.of("displayName", "Federated"));
        objectId = (String) application.get("id");
        clientId = (String) application.get("appId");
        graph("POST", "servicePrincipals", Map.of("appId", clientId));
        var daemons = SignedJWT.parse(token(DAEMON, API.defaultScope())).getJWTClaimsSet();
        graph("POST", "applications/" + objectId + "/federatedIdentityCredentials", Map.of(
                "name", "daemon",
                "issuer", daemons.getIssuer(),
                "subject", daemons.getSubject(),
                "audiences", List.copyOf(daemons.getAudience())));
    }

    @AfterAll
    static void it_is_deleted() throws Exception {
        graph("DELETE", "applications/" + objectId, Map.of());
    }

    private static ConfidentialClientApplication presenting(String assertion) throws Exception {
        return confidential(clientId, CONTOSO.id(), ClientCredentialFactory.createFromCallback(() -> assertion));
    }

    @Shows("federated-credential")
    @Test
    void an_application_gets_a_token_for_the_token_it_trusts() throws Exception {
        var answer = presenting(token(DAEMON, API.defaultScope())).acquireToken(asking(API.defaultScope())).get();
        var claims = Tokens.verifiedForApi(answer.accessToken(), API, CONTOSO.id());
        assertEquals(clientId, Tokens.clientOf(claims));
        assertEquals("2", Tokens.clientAuthenticationOf(claims));
    }

    @Test
    void a_token_that_the_registration_does_not_name_proves_nothing() throws Exception {
        var forGraph = token(DAEMON, "https://graph.microsoft.com/.default");
        var call = presenting(forGraph).acquireToken(asking(API.defaultScope()));
        refused(call, "invalid_client", 700211);
    }
}
