package vestibule.interop;

import java.util.Map;
import vestibule.interop.Browser.Halt;
import vestibule.interop.Browser.Page;
import vestibule.interop.Browser.Returned;

/** Somebody in front of the browser: answers one question a page, and stops where a person would. */
record Person(Browser browser, Environment.User user) {
    private static final int MOST_PAGES = 8;

    Person(Environment.User user) {
        this(new Browser(), user);
    }

    /** Signs in and returns what the application receives. */
    Returned signIn(String address, String redirectUri) {
        var halt = tryToSignIn(address, redirectUri, user.password());
        if (halt instanceof Returned returned) {
            return returned;
        }
        throw new AssertionError(user + " could not sign in; the last was " + halt);
    }

    /** As {@code signIn}, but stops at a page that refuses the password, or that is not a question at all. */
    Halt tryToSignIn(String address, String redirectUri, String password) {
        return goOn(browser.open(address, redirectUri), redirectUri, password);
    }

    Halt goOn(Halt here, String redirectUri, String password) {
        var gavePassword = false;
        var answeredStay = false;
        for (int step = 0; step < MOST_PAGES && here instanceof Page page; step++) {
            var typed = Map.<String, String>of();
            var button = "idSIButton9";
            if (page.asksFor("passwd")) {
                if (gavePassword) {
                    return page;
                }
                gavePassword = true;
                typed = Map.of("loginfmt", user.upn(), "passwd", password);
            } else if (page.asksFor("loginfmt")) {
                if (gavePassword || !page.alert().isEmpty()) {
                    return page;
                }
                typed = Map.of("loginfmt", user.upn());
            } else if (gavePassword && !answeredStay && page.has("idSIButton9") && page.has("idBtn_Back")) {
                answeredStay = true;
                button = "idBtn_Back"; // "stay signed in?" - no
            } else {
                return page;
            }
            here = browser.press(page, button, typed, redirectUri);
        }
        return here;
    }
}
