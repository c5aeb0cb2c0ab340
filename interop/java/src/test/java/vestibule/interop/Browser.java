package vestibule.interop;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * A small browser without JavaScript: cookies, redirects and forms.
 *
 * <p>It does what a browser does and nothing a browser would not: it submits the forms the server wrote, with the hidden
 * fields the server put there, and follows redirects one at a time until one leads back to the application.
 */
final class Browser {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MOST_REDIRECTS = 15;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    /** The platform's own jar sends cookies as RFC 2965 had it, which no browser does. */
    private final Map<String, String> cookies = new LinkedHashMap<>();

    /** Where a walk through the server's pages comes to a halt. */
    sealed interface Halt permits Page, Returned {}

    /** The server's answer to the application, caught on its way to the redirect URI. */
    record Returned(String mode, URI address, Map<String, String> parameters) implements Halt {
        @Override
        public String toString() {
            return "an answer by " + mode + " with " + parameters.keySet();
        }
    }

    /** A page the server showed. */
    record Page(URI address, int status, Document document) implements Halt {
        /** Whether a person can see a field of that name (a hidden one is the server's own memory). */
        boolean asksFor(String name) {
            return !document.select("input[name=" + name + "]:not([type=hidden])").isEmpty();
        }

        boolean has(String buttonId) {
            return document.getElementById(buttonId) != null;
        }

        String heading() {
            return document.select("h1").text();
        }

        String alert() {
            return document.select("[role=alert]").text();
        }

        private Optional<Element> formOf(Element control) {
            var named = control.hasAttr("form") ? document.getElementById(control.attr("form")) : control.closest("form");
            return Optional.ofNullable(named);
        }

        private List<Element> controlsOf(Element form) {
            return document.select("input, button").stream()
                    .filter(one -> formOf(one).filter(form::equals).isPresent())
                    .toList();
        }

        @Override
        public String toString() {
            return "page %s status %d title \"%s\" heading \"%s\" alert \"%s\""
                    .formatted(address.getPath(), status, document.title(), heading(), alert());
        }
    }

    Halt open(String address, String redirectUri) {
        return follow(URI.create(address), null, redirectUri, null);
    }

    /** Fills in {@code typed} and presses a button, as a browser submits the form that button belongs to. */
    Halt press(Page page, String buttonId, Map<String, String> typed, String redirectUri) {
        var button = Optional.ofNullable(page.document.getElementById(buttonId))
                .orElseThrow(() -> new AssertionError("There is no #" + buttonId + " on " + page));
        var form = page.formOf(button).orElseThrow();
        if (!form.attr("method").equalsIgnoreCase("post")) {
            throw new AssertionError("A form with an answer in it must be posted: " + page);
        }
        var fields = new ArrayList<Map.Entry<String, String>>();
        for (var control : page.controlsOf(form)) {
            var type = control.attr("type").toLowerCase();
            var unchecked = Set.of("checkbox", "radio").contains(type) && !control.hasAttr("checked");
            var pressable = control.nameIs("button") || Set.of("submit", "button", "image", "reset").contains(type);
            if (control.attr("name").isEmpty() || unchecked || (pressable && control != button)) {
                continue;
            }
            var value = control.attr("value");
            var written = type.equals("hidden") ? value : typed.getOrDefault(control.attr("name"), value);
            fields.add(Map.entry(control.attr("name"), written));
        }
        var action = button.hasAttr("formaction") ? button.attr("formaction") : form.attr("action");
        return follow(page.address.resolve(action), encoded(fields), redirectUri, originOf(page.address));
    }

    /** Hands a caught answer to an application that listens for it. */
    void deliver(Returned returned) {
        var posted = returned.mode.equals("form_post");
        var body = posted ? encoded(List.copyOf(returned.parameters.entrySet())) : null;
        var answer = send(returned.address, body, posted ? Environment.DEV.origin() : null);
        if (answer.statusCode() >= 400) {
            throw new AssertionError("The application refused its answer with status " + answer.statusCode() + ".");
        }
    }

    private Halt follow(URI address, String body, String redirectUri, String origin) {
        for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
            if (!originOf(address).equals(Environment.DEV.origin())) {
                throw new AssertionError("The server sent the browser to " + withoutQuery(address) + ", which nobody asked for.");
            }
            var answer = send(address, body, origin);
            if (!REDIRECTS.contains(answer.statusCode())) {
                var page = new Page(address, answer.statusCode(), Jsoup.parse(answer.body(), address.toString()));
                return answerToPost(page, redirectUri).<Halt>map(returned -> returned).orElse(page);
            }
            if (answer.statusCode() < 307) {
                body = null;
            }
            address = address.resolve(answer.headers().firstValue("Location").orElseThrow());
            if (samePlace(address, URI.create(redirectUri))) {
                return answerInAddress(address);
            }
        }
        throw new AssertionError("More than " + MOST_REDIRECTS + " redirects in a row, the last to " + withoutQuery(address) + ".");
    }

    private HttpResponse<String> send(URI address, String body, String origin) {
        var request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Accept", "text/html")
                .header("Accept-Language", "en")
                .header("User-Agent", "vestibule-interop");
        if (!cookies.isEmpty()) {
            request.header("Cookie", String.join("; ", cookies.values()));
        }
        if (body != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(body));
            if (origin != null) {
                request.header("Origin", origin);
            }
        }
        try {
            var answer = client.send(request.build(), BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(this::remember);
            return answer;
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError("No answer from " + withoutQuery(address) + ".", problem);
        }
    }

    /** All cookies are the server's own, for its whole path ({@code __Host-}). */
    private void remember(String line) {
        var attributes = line.split(";\\s*");
        var name = attributes[0].split("=", 2)[0];
        if (List.of(attributes).contains("Max-Age=0")) {
            cookies.remove(name);
        } else {
            cookies.put(name, attributes[0]);
        }
    }

    private static Returned answerInAddress(URI address) {
        var inFragment = address.getRawFragment() != null;
        var parameters = singleValues(inFragment ? address.getRawFragment() : address.getRawQuery());
        return new Returned(inFragment ? "fragment" : "query", address, parameters);
    }

    private static Optional<Returned> answerToPost(Page page, String redirectUri) {
        for (var form : page.document.select("form[method=post]")) {
            var address = page.address.resolve(form.attr("action"));
            if (samePlace(address, URI.create(redirectUri))) {
                var fields = new LinkedHashMap<String, String>();
                form.select("input[type=hidden]").forEach(one -> fields.put(one.attr("name"), one.attr("value")));
                return Optional.of(new Returned("form_post", address, fields));
            }
        }
        return Optional.empty();
    }

    /** The values of an encoded query, none of which may be there twice. */
    static Map<String, String> singleValues(String encoded) {
        var values = new LinkedHashMap<String, String>();
        for (var pair : encoded.split("&")) {
            var parts = pair.split("=", 2);
            var name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
            var value = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
            if (values.put(name, value) != null) {
                throw new AssertionError("The answer repeats " + name + ".");
            }
        }
        return values;
    }

    private static String encoded(List<Map.Entry<String, String>> fields) {
        return fields.stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static boolean samePlace(URI one, URI other) {
        return originOf(one).equals(originOf(other)) && pathOf(one).equals(pathOf(other));
    }

    private static String pathOf(URI address) {
        return address.getPath() == null || address.getPath().isEmpty() ? "/" : address.getPath();
    }

    private static String originOf(URI address) {
        return address.getScheme() + "://" + address.getAuthority();
    }

    private static String withoutQuery(URI address) {
        return originOf(address) + address.getPath();
    }
}
