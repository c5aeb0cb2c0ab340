package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vestibule.interop.Clients.confidential;
import static vestibule.interop.Clients.publicClient;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.OnBehalfOfParameters;
import com.microsoft.aad.msal4j.UserAssertion;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An API that was called for a person calls Microsoft Graph for them. */
class OnBehalfOfTest {
    private static final Set<String> GRAPH = Set.of("https://graph.microsoft.com/User.Read");

    private final Environment.User bob = DEV.user("bob@contoso.test");
    private final Environment.Application installed = DEV.application("native");
    private final Environment.Application api = DEV.application("api");

    private OnBehalfOfParameters asking(Set<String> scopes) throws Exception {
        var called = PublicClientTest.signIn(
                publicClient(installed), Set.of(api.scopes().get(0)), new Person(bob)::signIn);
        return OnBehalfOfParameters.builder(scopes, new UserAssertion(called.accessToken())).build();
    }

    @Shows("on-behalf-of")
    @Test
    void an_api_asks_graph_who_called_it() throws Exception {
        var app = confidential(api);
        var parameters = asking(GRAPH);
        var answer = app.acquireToken(parameters).get();
        var me = HttpRequest.newBuilder(URI.create(DEV.origin() + "/graph/v1.0/me"))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + answer.accessToken())
                .build();
        var body = HttpClient.newHttpClient().send(me, BodyHandlers.ofString()).body();
        assertEquals(bob.upn(), JSONObjectUtils.parse(body).get("userPrincipalName"));
        assertEquals(bob.id() + "." + bob.tenant().id(), answer.account().homeAccountId());
        // For the same caller the library asks once.
        assertTrue(app.acquireToken(parameters).get().accessToken().equals(answer.accessToken()));
    }

    @Test
    void a_permission_that_nobody_consented_to_calls_for_the_person() throws Exception {
        var parameters = asking(Set.of("https://graph.microsoft.com/Directory.ReadWrite.All"));
        refused(confidential(api).acquireToken(parameters), "invalid_grant", 65001);
    }
}
