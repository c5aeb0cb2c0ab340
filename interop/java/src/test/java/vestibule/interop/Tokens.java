package vestibule.interop;

import static vestibule.interop.Environment.DEV;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Verifies tokens the way a resource or a client would: Nimbus, the discovery document, its {@code jwks_uri}.
 *
 * <p>The suite does not know which version of access token the API asks for. It reads {@code ver}, and then holds the token
 * to everything that version promises: issuer from the matching discovery document, audience in the matching form.
 */
final class Tokens {
    private static final int TIMEOUT = 20_000;

    private Tokens() {}

    static Map<String, Object> discovery(String tenant, String version) throws Exception {
        var folder = version.equals("2.0") ? "v2.0/" : "";
        return JSONObjectUtils.parse(retrieved(DEV.authority(tenant) + folder + ".well-known/openid-configuration"));
    }

    /** What the server answers to instance discovery. */
    static String instance() {
        var endpoint = DEV.authority("common") + "oauth2/v2.0/authorize";
        return retrieved(DEV.authority("common") + "discovery/instance?api-version=1.1&authorization_endpoint=" + endpoint);
    }

    private static String retrieved(String address) {
        try {
            return new DefaultResourceRetriever(TIMEOUT, TIMEOUT).retrieveResource(URI.create(address).toURL()).getContent();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** The claims of {@code token}, after its signature, issuer, audience and times have been checked. */
    static JWTClaimsSet verified(String token, String tenantId, String audience) throws Exception {
        return verified(token, tenantId, audience, tenantId);
    }

    /** {@code askedAt} is the tenant in the path whose discovery document is consulted, where that is an alias. */
    static JWTClaimsSet verified(String token, String tenantId, String audience, String askedAt) throws Exception {
        var document = discovery(askedAt, versionOf(token));
        var issuer = JSONObjectUtils.getString(document, "issuer").replace("{tenantid}", tenantId);
        var address = URI.create(JSONObjectUtils.getString(document, "jwks_uri")).toURL();
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(address, new DefaultResourceRetriever(TIMEOUT, TIMEOUT)).build();
        var processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp", "iat", "nbf", "sub")));
        return processor.process(token, null);
    }

    /** As {@code verified}. Version 2 tokens name the API by client id, version 1 tokens as it was asked for. */
    static JWTClaimsSet verifiedForApi(String token, Environment.Application api, String tenantId) throws Exception {
        return verified(token, tenantId, versionOf(token).equals("2.0") ? api.clientId() : api.identifierUri());
    }

    private static String versionOf(String token) throws Exception {
        return SignedJWT.parse(token).getJWTClaimsSet().getStringClaim("ver");
    }

    /** The client a token was issued to: {@code azp} in version 2, {@code appid} in version 1. */
    static Object clientOf(JWTClaimsSet claims) {
        return claims.getClaim("2.0".equals(claims.getClaim("ver")) ? "azp" : "appid");
    }

    /** How that client proved itself: "0" not at all, "1" by secret, "2" by certificate or assertion. */
    static Object clientAuthenticationOf(JWTClaimsSet claims) {
        return claims.getClaim("2.0".equals(claims.getClaim("ver")) ? "azpacr" : "appidacr");
    }

    static List<String> scopesOf(JWTClaimsSet claims) {
        return List.of(((String) claims.getClaim("scp")).split(" "));
    }
}
