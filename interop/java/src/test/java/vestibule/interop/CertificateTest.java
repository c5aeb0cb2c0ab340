package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static vestibule.interop.Clients.confidential;
import static vestibule.interop.Environment.DEV;
import static vestibule.interop.Refusals.refused;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon proves itself with a key of its own: MSAL Java names the certificate in its header, or sends it along. */
class CertificateTest {
    private final Environment.Application robot = DEV.withCertificate();
    private final Environment.Application api = DEV.application("api");
    private final ClientCredentialParameters asking =
            ClientCredentialParameters.builder(Set.of(api.defaultScope())).build();

    private static PrivateKey keyOf(Environment.Application robot) throws Exception {
        var encoded = Base64.getMimeDecoder().decode(robot.privateKey().replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private ConfidentialClientApplication signingWith(PrivateKey key, boolean sendX5c) throws Exception {
        var text = new ByteArrayInputStream(robot.certificate().getBytes(StandardCharsets.US_ASCII));
        var certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(text);
        var credential = ClientCredentialFactory.createFromCertificate(key, certificate);
        return ConfidentialClientApplication.builder(robot.clientId(), credential)
                .authority(DEV.authority(robot.tenant().id()))
                .instanceDiscovery(false)
                .sendX5c(sendX5c)
                .build();
    }

    @Shows("client-certificate")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_daemon_gets_a_token_with_its_certificate(boolean sendX5c) throws Exception {
        var answer = signingWith(keyOf(robot), sendX5c).acquireToken(asking).get();
        var claims = Tokens.verifiedForApi(answer.accessToken(), api, robot.tenant().id());
        assertEquals(robot.clientId(), Tokens.clientOf(claims));
        assertEquals("2", Tokens.clientAuthenticationOf(claims));
        assertEquals(api.appRoles(), claims.getStringListClaim("roles"));
    }

    @Test
    void the_certificate_without_its_key_is_an_invalid_client() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var other = generator.generateKeyPair().getPrivate();
        refused(signingWith(other, false).acquireToken(asking), "invalid_client", 700027);
    }

    @Test
    void an_assertion_that_is_none_is_an_invalid_client() throws Exception {
        var credential = ClientCredentialFactory.createFromClientAssertion("not.an.assertion");
        var call = confidential(robot.clientId(), robot.tenant().id(), credential).acquireToken(asking);
        refused(call, "invalid_client", 50027);
    }
}
