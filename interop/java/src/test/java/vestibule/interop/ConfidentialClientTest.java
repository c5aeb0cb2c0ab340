package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vestibule.interop.Clients.confidential;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.AuthorizationRequestUrlParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.Prompt;
import com.microsoft.aad.msal4j.SilentParameters;
import com.microsoft.aad.msal4j.TokenSource;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vestibule.interop.Browser.Returned;

/** A web application signs a person in and keeps a secret of its own; a multi-tenant one does so for any organisation. */
class ConfidentialClientTest {
    private static final Set<String> GRAPH = Set.of("User.Read");

    private final Environment.Tenant contoso = DEV.tenant("contoso.test");
    private final Environment.User alice = DEV.user("alice@contoso.test");
    private final Environment.User bob = DEV.user("bob@contoso.test");
    private final Environment.Application web = DEV.application("web");
    private final Environment.Application saas = DEV.application("saas");
    private final Environment.Application api = DEV.application("api");

    /** A sign-in that has begun: state, nonce and PKCE are the application's to make up. */
    private record Begun(ConfidentialClientApplication app, String redirectUri, Set<String> scopes, String verifier, String state, String nonce) {
        static Begun with(ConfidentialClientApplication app, Environment.Application application, Set<String> scopes) {
            var verifier = UUID.randomUUID() + "-" + UUID.randomUUID();
            return new Begun(app, application.redirectUris().get(0), scopes, verifier, "" + UUID.randomUUID(), "" + UUID.randomUUID());
        }

        AuthorizationRequestUrlParameters.Builder request() {
            return AuthorizationRequestUrlParameters.builder(redirectUri, scopes)
                    .state(state)
                    .nonce(nonce)
                    .codeChallenge(challengeOf(verifier))
                    .codeChallengeMethod("S256");
        }

        String address(AuthorizationRequestUrlParameters.Builder request) {
            return app.getAuthorizationRequestUrl(request.build()).toString();
        }

        Returned signedIn(Environment.User user) {
            var returned = new Person(user).signIn(address(request()), redirectUri);
            assertEquals(state, returned.parameters().get("state"));
            return returned;
        }

        CompletableFuture<IAuthenticationResult> redeem(Returned returned) {
            return redeem(returned, verifier);
        }

        CompletableFuture<IAuthenticationResult> redeem(Returned returned, String verifier) {
            return app.acquireToken(AuthorizationCodeParameters.builder(
                            returned.parameters().get("code"), URI.create(redirectUri))
                    .scopes(scopes)
                    .codeVerifier(verifier)
                    .build());
        }

        private static String challengeOf(String verifier) {
            try {
                var hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
                return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
            } catch (NoSuchAlgorithmException problem) {
                throw new AssertionError(problem);
            }
        }
    }

    private static IAuthenticationResult silently(
            ConfidentialClientApplication app, Set<String> scopes, IAuthenticationResult answer, boolean forced)
            throws Exception {
        return app.acquireTokenSilently(
                        SilentParameters.builder(scopes, answer.account()).forceRefresh(forced).build())
                .get();
    }

    @Shows("code")
    @Test
    void a_web_application_signs_a_person_in() throws Exception {
        var begun = Begun.with(confidential(web), web, Set.of(api.scopes().get(0)));
        var returned = begun.signedIn(alice);
        // Version 1.26 asks for this, whatever the application says.
        assertEquals("form_post", returned.mode());
        var answer = begun.redeem(returned).get();

        var identity = Tokens.verified(answer.idToken(), contoso.id(), web.clientId());
        assertEquals("2.0", identity.getClaim("ver"));
        assertEquals(begun.nonce, identity.getClaim("nonce"));
        assertEquals(alice.id(), identity.getClaim("oid"));
        assertEquals(contoso.id(), identity.getClaim("tid"));
        assertEquals(alice.upn(), identity.getClaim("preferred_username"));

        var access = Tokens.verifiedForApi(answer.accessToken(), api, contoso.id());
        assertEquals(web.clientId(), Tokens.clientOf(access));
        assertEquals("1", Tokens.clientAuthenticationOf(access));
        assertEquals(alice.id(), access.getClaim("oid"));
        var scope = api.scopes().get(0);
        assertTrue(Tokens.scopesOf(access).contains(scope.substring(scope.lastIndexOf('/') + 1)));
    }

    @Shows({"code", "silent", "second-resource"})
    @Test
    void its_tokens_come_from_the_cache_from_a_forced_refresh_and_for_a_second_resource() throws Exception {
        var app = confidential(web);
        var begun = Begun.with(app, web, GRAPH);
        var answer = begun.redeem(begun.signedIn(bob)).get();
        assertEquals(bob.id() + "." + contoso.id(), answer.account().homeAccountId());
        assertEquals(bob.upn(), answer.account().username());
        assertEquals(1, app.getAccounts().get().size());

        var cached = silently(app, GRAPH, answer, false);
        assertEquals(TokenSource.CACHE, cached.metadata().tokenSource());
        var fresh = silently(app, GRAPH, answer, true);
        assertEquals(TokenSource.IDENTITY_PROVIDER, fresh.metadata().tokenSource());
        assertFalse(fresh.accessToken().equals(answer.accessToken()));

        var scopes = Set.of(api.scopes().get(0));
        var forApi = silently(app, scopes, answer, false);
        assertEquals(TokenSource.IDENTITY_PROVIDER, forApi.metadata().tokenSource());
        var claims = Tokens.verifiedForApi(forApi.accessToken(), api, contoso.id());
        assertEquals(bob.id(), claims.getClaim("oid"));
        assertFalse(Tokens.scopesOf(claims).contains("User.Read"));
        // The granted scope must be spelled as it was asked for.
        assertEquals(TokenSource.CACHE, silently(app, scopes, answer, false).metadata().tokenSource());
    }

    @Test
    void a_code_can_be_redeemed_once() throws Exception {
        var begun = Begun.with(confidential(web), web, GRAPH);
        var returned = begun.signedIn(bob);
        begun.redeem(returned).get();
        refused(begun.redeem(returned), "invalid_grant", 54005);
    }

    @Test
    void a_code_is_worthless_without_the_verifier_it_was_asked_for_with() throws Exception {
        var begun = Begun.with(confidential(web), web, GRAPH);
        var returned = begun.signedIn(bob);
        refused(begun.redeem(returned, UUID.randomUUID() + "-" + UUID.randomUUID()), "invalid_grant", 501481);
    }

    @Test
    void a_web_application_with_a_wrong_secret_is_refused() throws Exception {
        var app = confidential(web, contoso.id(), "wrong-" + UUID.randomUUID());
        var begun = Begun.with(app, web, GRAPH);
        refused(begun.redeem(begun.signedIn(bob)), "invalid_client", 7000215);
    }

    @Test
    void asking_for_no_page_without_a_session_says_that_a_sign_in_is_required() throws Exception {
        var begun = Begun.with(confidential(web), web, GRAPH);
        var address = begun.address(begun.request().prompt(Prompt.NONE));
        var returned = assertInstanceOf(Returned.class, new Browser().open(address, begun.redirectUri));
        assertEquals("login_required", returned.parameters().get("error"));
        assertTrue(returned.parameters().get("error_description").startsWith("AADSTS50058:"));
        assertNull(returned.parameters().get("code"));
    }

    @Shows({"code", "silent"})
    @ParameterizedTest
    @CsvSource({"organizations, carol@fabrikam.test", "common, carol@fabrikam.test", "organizations, alice@contoso.test"})
    void a_multi_tenant_application_signs_people_in_from_their_own_organisation(String alias, String upn) throws Exception {
        var person = DEV.user(upn);
        var app = confidential(saas, alias, saas.secret());
        var begun = Begun.with(app, saas, GRAPH);
        var answer = begun.redeem(begun.signedIn(person)).get();
        var claims = Tokens.verified(answer.idToken(), person.tenant().id(), saas.clientId(), alias);
        assertEquals(DEV.origin() + "/" + person.tenant().id() + "/v2.0", claims.getIssuer());
        assertEquals(person.id(), claims.getClaim("oid"));
        assertEquals(person.id() + "." + person.tenant().id(), answer.account().homeAccountId());

        var fresh = silently(app, GRAPH, answer, true);
        assertEquals(TokenSource.IDENTITY_PROVIDER, fresh.metadata().tokenSource());
        assertEquals(person.tenant().id(), SignedJWT.parse(fresh.accessToken()).getJWTClaimsSet().getClaim("tid"));
    }
}
