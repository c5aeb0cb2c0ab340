package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static vestibule.interop.Clients.publicClient;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.SilentParameters;
import com.microsoft.aad.msal4j.TokenSource;
import com.microsoft.aad.msal4j.UserNamePasswordParameters;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A program has the person's password: MSAL Java asks for the user's realm, and then for the token. */
class PasswordTest {
    private final Environment.User bob = DEV.user("bob@contoso.test");
    private final Environment.Application installed = DEV.application("native");
    private final Environment.Application api = DEV.application("api");
    private final Set<String> scopes = Set.of(api.scopes().get(0));

    private UserNamePasswordParameters with(String password) {
        return UserNamePasswordParameters.builder(scopes, bob.upn(), password.toCharArray()).build();
    }

    @Shows({"password", "silent"})
    @Test
    void a_program_signs_a_person_in_with_their_password_and_goes_on_without_it() throws Exception {
        var app = publicClient(installed);
        var answer = app.acquireToken(with(bob.password())).get();
        var claims = Tokens.verifiedForApi(answer.accessToken(), api, bob.tenant().id());
        assertEquals(bob.id(), claims.getClaim("oid"));
        assertEquals(bob.id() + "." + bob.tenant().id(), answer.account().homeAccountId());
        var forced = SilentParameters.builder(scopes, answer.account()).forceRefresh(true).build();
        var fresh = app.acquireTokenSilently(forced).get();
        assertEquals(TokenSource.IDENTITY_PROVIDER, fresh.metadata().tokenSource());
    }

    @Test
    void a_wrong_password_is_an_invalid_grant() throws Exception {
        refused(publicClient(installed).acquireToken(with("not-" + UUID.randomUUID())), "invalid_grant", 50126);
    }
}
