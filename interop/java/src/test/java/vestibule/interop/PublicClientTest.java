package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static vestibule.interop.Clients.publicClient;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.InteractiveRequestParameters;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.RefreshTokenParameters;
import com.microsoft.aad.msal4j.SilentParameters;
import com.microsoft.aad.msal4j.SystemBrowserOptions;
import com.microsoft.aad.msal4j.TokenSource;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import vestibule.interop.Browser.Page;
import vestibule.interop.Browser.Returned;

/** A native application signs a person in: MSAL Java opens a browser and listens on a loopback port of its own choice. */
class PublicClientTest {
    private static final Set<String> GRAPH = Set.of("User.Read");

    private final Environment.Tenant contoso = DEV.tenant("contoso.test");
    private final Environment.User alice = DEV.user("alice@contoso.test");
    private final Environment.User bob = DEV.user("bob@contoso.test");
    private final Environment.Application installed = DEV.application("native");
    private final Environment.Application api = DEV.application("api");

    /** What somebody does at the browser that the library opens. */
    interface Visit {
        Returned to(String address, String redirectUri);
    }

    private static IAuthenticationResult signIn(PublicClientApplication app, Environment.User user) throws Exception {
        return signIn(app, GRAPH, new Person(user)::signIn);
    }

    /** {@code acquireToken}, with somebody at the browser that it opens. */
    static IAuthenticationResult signIn(PublicClientApplication app, Set<String> scopes, Visit visit) throws Exception {
        var browser = SystemBrowserOptions.builder()
                .openBrowserAction(address -> {
                    var redirectUri = Browser.singleValues(address.getQuery()).get("redirect_uri");
                    new Browser().deliver(visit.to(address.toString(), redirectUri));
                })
                .build();
        var request = InteractiveRequestParameters.builder(URI.create("http://localhost"))
                .scopes(scopes)
                .systemBrowserOptions(browser)
                .build();
        return app.acquireToken(request).get();
    }

    private static SilentParameters.SilentParametersBuilder asking(Set<String> scopes, IAuthenticationResult answer) {
        return SilentParameters.builder(scopes, answer.account());
    }

    @Shows("code")
    @Test
    void a_native_application_signs_a_person_in_on_whichever_loopback_port_is_free() throws Exception {
        var answer = signIn(publicClient(installed), alice);
        var claims = Tokens.verified(answer.idToken(), contoso.id(), installed.clientId());
        assertEquals(alice.id(), claims.getClaim("oid"));
        assertEquals(contoso.id(), claims.getClaim("tid"));
        assertEquals(alice.upn(), claims.getClaim("preferred_username"));
        assertEquals(alice.id() + "." + contoso.id(), answer.account().homeAccountId());
    }

    @Shows({"code", "silent", "second-resource"})
    @Test
    void its_tokens_come_from_the_cache_from_a_forced_refresh_and_for_a_second_resource() throws Exception {
        var app = publicClient(installed);
        var answer = signIn(app, alice);

        var cached = app.acquireTokenSilently(asking(GRAPH, answer).build()).get();
        assertEquals(TokenSource.CACHE, cached.metadata().tokenSource());
        var fresh = app.acquireTokenSilently(asking(GRAPH, answer).forceRefresh(true).build()).get();
        assertEquals(TokenSource.IDENTITY_PROVIDER, fresh.metadata().tokenSource());
        assertFalse(fresh.accessToken().equals(answer.accessToken()));

        var forApi = app.acquireTokenSilently(asking(Set.of(api.scopes().get(0)), answer).build()).get();
        var claims = Tokens.verifiedForApi(forApi.accessToken(), api, contoso.id());
        assertEquals(installed.clientId(), Tokens.clientOf(claims));
        assertEquals("0", Tokens.clientAuthenticationOf(claims));
    }

    @Shows({"code", "silent", "second-resource"})
    @Test
    void an_authority_may_be_told_by_its_discovery_document() throws Exception {
        // So told, the library compares the issuer, and keeps to host and port by itself.
        var app = PublicClientApplication.builder(installed.clientId())
                .oidcAuthority(DEV.authority(contoso.id()) + "v2.0/")
                .build();
        var answer = signIn(app, alice);
        var fresh = app.acquireTokenSilently(asking(GRAPH, answer).forceRefresh(true).build()).get();
        assertEquals(TokenSource.IDENTITY_PROVIDER, fresh.metadata().tokenSource());
        var forApi = app.acquireTokenSilently(asking(Set.of(api.scopes().get(0)), answer).build()).get();
        assertEquals(alice.id(), Tokens.verifiedForApi(forApi.accessToken(), api, contoso.id()).getClaim("oid"));
    }

    @Shows("userinfo")
    @Test
    void userinfo_names_the_same_subject_as_the_id_token() throws Exception {
        var answer = signIn(publicClient(installed), alice);
        var endpoint = JSONObjectUtils.getString(Tokens.discovery(contoso.id(), "2.0"), "userinfo_endpoint");
        var request = HttpRequest.newBuilder(URI.create(endpoint))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + answer.accessToken())
                .build();
        var userinfo = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertEquals(200, userinfo.statusCode());
        // OpenID Connect Core §5.3.2: the client must compare these two, and drop the answer if they differ.
        var subject = Tokens.verified(answer.idToken(), contoso.id(), installed.clientId()).getSubject();
        assertEquals(subject, JSONObjectUtils.parse(userinfo.body()).get("sub"));
    }

    @Test
    void a_wrong_password_is_refused_on_the_page_and_the_right_one_then_works() throws Exception {
        var person = new Person(bob);
        var answer = signIn(publicClient(installed), GRAPH, (address, redirectUri) -> {
            var wrong = "not-" + UUID.randomUUID();
            var page = assertInstanceOf(Page.class, person.tryToSignIn(address, redirectUri, wrong));
            assertFalse(page.alert().isEmpty(), "the page must say that something was wrong: " + page);
            return assertInstanceOf(Returned.class, person.goOn(page, redirectUri, bob.password()));
        });
        assertEquals(bob.upn(), answer.account().username());
    }

    @Test
    void a_refresh_token_that_was_made_up_is_an_invalid_grant() throws Exception {
        var parameters = RefreshTokenParameters.builder(GRAPH, "made-up-" + UUID.randomUUID()).build();
        refused(publicClient(installed).acquireToken(parameters), "invalid_grant", 70000);
    }
}
