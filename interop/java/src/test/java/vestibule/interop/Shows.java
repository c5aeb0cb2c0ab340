package vestibule.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The cells of the table of libraries and flows that a test shows: {@code @Shows({"code", "silent"})}.
 *
 * <p>A test that ran appends a line for each of its cells to the file that {@code VESTIBULE_INTEROP_RESULTS} names, if it
 * names one.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Shows.Recorder.class)
@interface Shows {
    /** The flows, as the table calls them. */
    String[] value();

    /** What is skipped shows nothing. */
    final class Recorder implements TestWatcher {
        private static final String VERSION = version();

        @Override
        public void testSuccessful(ExtensionContext context) {
            record(context, "passes");
        }

        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            record(context, "fails");
        }

        private static void record(ExtensionContext context, String outcome) {
            var results = System.getenv("VESTIBULE_INTEROP_RESULTS");
            if (results == null) {
                return;
            }
            var lines = new StringBuilder();
            for (var flow : context.getRequiredTestMethod().getAnnotation(Shows.class).value()) {
                lines.append("""
                        {"library":"MSAL Java","version":"%s","dialect":"v2.0","flow":"%s","outcome":"%s"}
                        """.formatted(VERSION, flow, outcome));
            }
            try {
                Files.writeString(Path.of(results), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }

        /** As Maven wrote it into the library's archive. */
        private static String version() {
            var name = "/META-INF/maven/com.microsoft.azure/msal4j/pom.properties";
            try (var stream = Shows.class.getResourceAsStream(name)) {
                var properties = new Properties();
                properties.load(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8));
                return properties.getProperty("version");
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }
    }
}
