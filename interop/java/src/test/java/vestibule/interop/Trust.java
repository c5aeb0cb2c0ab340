package vestibule.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Trust in the server's own CA and in nothing else, as any program on the Java platform is given it: a store that {@code
 * keytool} makes, named by {@code javax.net.ssl.trustStore}. That is read at the first connection, and so this comes before
 * all tests.
 */
public final class Trust implements LauncherSessionListener {
    private static final String PASSWORD = "changeit";

    private Path folder;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            folder = Files.createTempDirectory("trust");
            var store = folder.resolve("ca.p12").toString();
            var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            var process = new ProcessBuilder(
                            keytool, "-importcert", "-noprompt", "-alias", "vestibule",
                            "-file", Environment.DEV.ca().toString(),
                            "-keystore", store, "-storetype", "PKCS12", "-storepass", PASSWORD)
                    .redirectErrorStream(true)
                    .start();
            var said = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
            System.setProperty("javax.net.ssl.trustStore", store);
            System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        } catch (IOException | InterruptedException problem) {
            throw new IllegalStateException("There is no trust store.", problem);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            Files.deleteIfExists(folder.resolve("ca.p12"));
            Files.deleteIfExists(folder);
        } catch (IOException problem) {
            // What is left in the system's folder for such files, the system clears away.
        }
    }
}
