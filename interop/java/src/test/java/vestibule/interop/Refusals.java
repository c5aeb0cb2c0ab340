package vestibule.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.MsalServiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What a refusal by the server looks like through MSAL Java. */
final class Refusals {
    private Refusals() {}

    /** Asserts that a call is refused with an OAuth error and an AADSTS number, and returns the exception. */
    static MsalServiceException refused(CompletableFuture<IAuthenticationResult> call, String error, int number) {
        var refusal = refused(call, error);
        assertTrue(refusal.getMessage().startsWith("AADSTS" + number + ":"), refusal.getMessage());
        assertNotNull(refusal.correlationId());
        return refusal;
    }

    static MsalServiceException refused(CompletableFuture<IAuthenticationResult> call, String error) {
        var thrown = assertThrows(ExecutionException.class, call::get);
        var refusal = assertInstanceOf(MsalServiceException.class, thrown.getCause(), () -> "" + thrown.getCause());
        assertEquals(error, refusal.errorCode(), refusal.getMessage());
        return refusal;
    }
}
