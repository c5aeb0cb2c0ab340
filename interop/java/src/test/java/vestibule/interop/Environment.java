package vestibule.interop;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the running server says about itself: {@code dev.json}, read once.
 *
 * <p>Everything a test needs to know about the server (ids, ports, passwords, redirect URIs) comes from here. Secrets do
 * not show when something is printed, so that a failing assertion cannot print one.
 */
record Environment(String origin, Path ca, List<Tenant> tenants, List<User> users, List<Application> applications) {
    static final Environment DEV = read();

    record Tenant(String id, String name, String domain) {}

    record User(Tenant tenant, String id, String upn, String password) {
        @Override
        public String toString() {
            return upn;
        }
    }

    record Application(
            String name,
            Tenant tenant,
            String clientId,
            String kind,
            String secret,
            String certificate,
            String privateKey,
            String identifierUri,
            List<String> redirectUris,
            List<String> scopes,
            List<String> appRoles,
            List<String> graphAppRoles) {
        String defaultScope() {
            return identifierUri + "/.default";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Environment read() {
        var name = System.getenv("VESTIBULE_DEV_JSON");
        if (name == null) {
            throw new IllegalStateException(
                    "VESTIBULE_DEV_JSON is not set: start `vestibule dev` and point it at its dev.json.");
        }
        var file = Path.of(name).toAbsolutePath();
        try {
            var document = JSONObjectUtils.parse(Files.readString(file));
            var tenants = objects(document, "tenants")
                    .map(one -> new Tenant(text(one, "id"), text(one, "name"), text(one, "domain")))
                    .toList();
            var users = objects(document, "users")
                    .map(one -> new User(
                            named(tenants, text(one, "tenant")), text(one, "id"), text(one, "upn"), text(one, "password")))
                    .toList();
            var applications = objects(document, "applications")
                    .map(one -> new Application(
                            text(one, "name"),
                            named(tenants, text(one, "tenant")),
                            text(one, "client_id"),
                            text(one, "kind"),
                            text(one, "client_secret"),
                            text(one, "certificate"),
                            text(one, "private_key"),
                            text(one, "identifier_uri"),
                            texts(one, "redirect_uris"),
                            texts(one, "scopes"),
                            texts(one, "app_roles"),
                            texts(one, "graph_app_roles")))
                    .toList();
            // An absolute path stays as it is; a relative one is read from beside dev.json.
            var ca = file.getParent().resolve(text(document, "ca"));
            return new Environment(text(document, "origin"), ca, tenants, users, applications);
        } catch (Exception problem) {
            throw new IllegalStateException("dev.json cannot be read: " + file, problem);
        }
    }

    Tenant tenant(String domain) {
        return named(tenants, domain);
    }

    User user(String upn) {
        return users.stream().filter(one -> one.upn.equals(upn)).findFirst().orElseThrow();
    }

    /** The first application of a kind; those of Contoso come first. */
    Application application(String kind) {
        return applications.stream().filter(one -> one.kind.equals(kind)).findFirst().orElseThrow();
    }

    /** The application that proves itself with a certificate. */
    Application withCertificate() {
        return applications.stream().filter(one -> one.privateKey != null).findFirst().orElseThrow();
    }

    /** The program that looks after the applications of an organisation. */
    Application registrar(Tenant tenant) {
        return applications.stream()
                .filter(one -> one.tenant.equals(tenant) && one.graphAppRoles.contains("Application.ReadWrite.All"))
                .findFirst()
                .orElseThrow();
    }

    /** {@code tenant} is whatever stands in the path: an id, a domain, {@code organizations}. */
    String authority(String tenant) {
        return origin + "/" + tenant + "/";
    }

    private static Tenant named(List<Tenant> tenants, String name) {
        return tenants.stream()
                .filter(one -> one.id.equals(name) || one.domain.equals(name))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> objects(Map<String, Object> document, String member) {
        return ((List<Map<String, Object>>) document.get(member)).stream();
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Map<String, Object> object, String member) {
        return (List<String>) object.getOrDefault(member, List.of());
    }

    private static String text(Map<String, Object> object, String member) {
        return (String) object.get(member);
    }
}
