package vestibule.interop;

import static vestibule.interop.Environment.DEV;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.PublicClientApplication;
import java.net.MalformedURLException;

/**
 * MSAL Java, pointed at this server with nothing but its documented settings.
 *
 * <p>{@code instanceDiscovery(false)} alone makes it forget the port of an authority: it keeps what it caches under the host
 * and looks for it under host and port. So it is told what the server says of itself, which is what discovery would tell.
 */
final class Clients {
    private static final String INSTANCE = Tokens.instance();

    private Clients() {}

    static ConfidentialClientApplication confidential(Environment.Application application) throws MalformedURLException {
        return confidential(application, application.tenant().id(), application.secret());
    }

    static ConfidentialClientApplication confidential(Environment.Application application, String tenant, String secret)
            throws MalformedURLException {
        return confidential(application.clientId(), tenant, ClientCredentialFactory.createFromSecret(secret));
    }

    static ConfidentialClientApplication confidential(String clientId, String tenant, IClientCredential credential)
            throws MalformedURLException {
        return ConfidentialClientApplication.builder(clientId, credential)
                .authority(DEV.authority(tenant))
                .aadInstanceDiscoveryResponse(INSTANCE)
                .instanceDiscovery(false)
                .build();
    }

    static PublicClientApplication publicClient(Environment.Application application) throws MalformedURLException {
        return PublicClientApplication.builder(application.clientId())
                .authority(DEV.authority(application.tenant().id()))
                .aadInstanceDiscoveryResponse(INSTANCE)
                .instanceDiscovery(false)
                .build();
    }
}
