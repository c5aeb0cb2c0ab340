package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vestibule.interop.Clients.confidential;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.TokenSource;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon signs in as itself. */
class ClientCredentialsTest {
    private final Environment.Tenant contoso = DEV.tenant("contoso.test");
    private final Environment.Application daemon = DEV.application("daemon");
    private final Environment.Application api = DEV.application("api");

    private static ClientCredentialParameters asking(String scope) {
        return ClientCredentialParameters.builder(Set.of(scope)).build();
    }

    @Shows("client-secret")
    @ParameterizedTest
    @ValueSource(strings = {"id", "ID", "domain", "DOMAIN"})
    void a_daemon_gets_a_token_whichever_way_its_authority_names_the_tenant(String spelling) throws Exception {
        var name = spelling.equalsIgnoreCase("id") ? contoso.id() : contoso.domain();
        var tenant = spelling.equals(spelling.toUpperCase()) ? name.toUpperCase() : name;
        var app = confidential(daemon, tenant, daemon.secret());
        var claims = Tokens.verifiedForApi(
                app.acquireToken(asking(api.defaultScope())).get().accessToken(), api, contoso.id());
        assertEquals(contoso.id(), claims.getClaim("tid"));
    }

    @Shows("client-secret")
    @Test
    void the_token_says_who_the_daemon_is_and_which_roles_it_holds() throws Exception {
        var answer = confidential(daemon).acquireToken(asking(api.defaultScope())).get();
        var claims = Tokens.verifiedForApi(answer.accessToken(), api, contoso.id());
        assertFalse(claims.getStringListClaim("roles").isEmpty());
        assertTrue(api.appRoles().containsAll(claims.getStringListClaim("roles")));
        assertEquals(daemon.clientId(), Tokens.clientOf(claims));
        assertEquals("1", Tokens.clientAuthenticationOf(claims));
        assertEquals(claims.getSubject(), claims.getClaim("oid"));
        for (var member : Set.of("scp", "preferred_username", "upn", "nonce")) {
            assertNull(claims.getClaim(member), member + " belongs to a person");
        }
    }

    @Test
    void the_answer_belongs_to_nobody_though_the_library_asks_for_openid_profile_and_offline_access() throws Exception {
        var answer = confidential(daemon).acquireToken(asking(api.defaultScope())).get();
        assertNull(answer.account());
        assertNull(answer.idToken());
    }

    @Test
    void the_second_call_is_answered_from_the_cache_and_a_call_that_skips_the_cache_is_not() throws Exception {
        var app = confidential(daemon);
        var first = app.acquireToken(asking(api.defaultScope())).get();
        var second = app.acquireToken(asking(api.defaultScope())).get();
        var skipping = ClientCredentialParameters.builder(Set.of(api.defaultScope())).skipCache(true).build();
        var third = app.acquireToken(skipping).get();
        assertTrue(second.accessToken().equals(first.accessToken()));
        assertEquals(TokenSource.IDENTITY_PROVIDER, third.metadata().tokenSource());
        assertFalse(third.accessToken().equals(first.accessToken()));
    }

    @Test
    void a_wrong_secret_is_an_invalid_client_and_is_not_repeated_back() throws Exception {
        var wrong = "wrong-" + UUID.randomUUID();
        var app = confidential(daemon, contoso.id(), wrong);
        var refusal = refused(app.acquireToken(asking(api.defaultScope())), "invalid_client", 7000215);
        assertEquals(401, refusal.statusCode());
        assertFalse(refusal.getMessage().contains(wrong));
        assertNotEquals("", refusal.correlationId());
    }

    @Test
    void an_api_that_is_not_in_the_tenant_is_an_invalid_resource() throws Exception {
        var call = confidential(daemon).acquireToken(asking("api://" + UUID.randomUUID() + "/.default"));
        assertEquals(400, refused(call, "invalid_resource", 500011).statusCode());
    }

    @Test
    void a_client_nobody_registered_is_an_unauthorized_client() throws Exception {
        var secret = ClientCredentialFactory.createFromSecret("secret-" + UUID.randomUUID());
        var unknown = confidential(UUID.randomUUID().toString(), contoso.id(), secret);
        refused(unknown.acquireToken(asking(api.defaultScope())), "unauthorized_client", 700016);
    }

    @Test
    void a_daemon_of_one_organisation_is_unknown_in_another() throws Exception {
        var app = confidential(daemon, DEV.tenant("fabrikam.test").id(), daemon.secret());
        refused(app.acquireToken(asking(api.defaultScope())), "unauthorized_client", 700016);
    }

    @Test
    void a_tenant_that_does_not_exist_is_an_invalid_tenant() throws Exception {
        // MSAL Java reads no discovery document of such an authority: the token endpoint is the first to hear of it.
        var app = confidential(daemon, UUID.randomUUID().toString(), daemon.secret());
        refused(app.acquireToken(asking(api.defaultScope())), "invalid_tenant", 90002);
    }
}
