package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vestibule.interop.Clients.publicClient;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.DeviceCode;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.SilentParameters;
import com.microsoft.aad.msal4j.TokenSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vestibule.interop.Browser.Page;

/** Somebody signs in on another device than the one that asks, while MSAL Java polls. */
class DeviceCodeTest {
    private static final String CONTINUE = "idSIButton9";
    private static final String CANCEL = "idBtn_Back";
    /** Where no answer goes: all of it happens on pages. */
    private static final String NOWHERE = "http://nowhere.invalid/";

    private final Environment.User alice = DEV.user("alice@contoso.test");
    private final Environment.Application installed = DEV.application("native");
    private final Environment.Application api = DEV.application("api");
    private final Set<String> scopes = Set.of(api.scopes().get(0));

    private DeviceCodeFlowParameters answeredBy(Environment.User user, String button) {
        return DeviceCodeFlowParameters.builder(scopes, code -> answer(user, code, button)).build();
    }

    /** A person goes where the device says, types the code, signs in, and says whether it was they. */
    private static void answer(Environment.User user, DeviceCode code, String button) {
        assertTrue(code.message().contains(code.userCode()), code.message());
        var browser = new Browser();
        var asking = assertInstanceOf(Page.class, browser.open(code.verificationUri(), NOWHERE));
        var typed = browser.press(asking, CONTINUE, Map.of("otc", code.userCode()), NOWHERE);
        var signedIn = new Person(browser, user).goOn(typed, NOWHERE, user.password());
        var question = assertInstanceOf(Page.class, signedIn);
        assertTrue(question.heading().contains("on another device"), question.toString());
        browser.press(question, button, Map.of(), NOWHERE);
    }

    @Shows({"device-code", "silent", "second-resource"})
    @Test
    void a_person_signs_a_device_in() throws Exception {
        var app = publicClient(installed);
        var answer = app.acquireToken(answeredBy(alice, CONTINUE)).get();
        var claims = Tokens.verifiedForApi(answer.accessToken(), api, alice.tenant().id());
        assertEquals(alice.id(), claims.getClaim("oid"));
        assertEquals(installed.clientId(), Tokens.clientOf(claims));
        assertEquals(alice.upn(), answer.account().username());
        var other = SilentParameters.builder(Set.of("User.Read"), answer.account()).build();
        assertEquals(TokenSource.IDENTITY_PROVIDER, app.acquireTokenSilently(other).get().metadata().tokenSource());
    }

    @Test
    void a_device_hears_of_a_person_who_declines() throws Exception {
        var thrown = refused(publicClient(installed).acquireToken(answeredBy(alice, CANCEL)), "authorization_declined");
        assertEquals(400, thrown.statusCode());
    }
}
