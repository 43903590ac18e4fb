package dev.janus;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Allows suspending calls to take the queue's lock and to wake a waiting thread, under BlockHound. Both block only
 * briefly, as the critical sections are short.
 *
 * <p>BlockHound finds this class as a service. Without BlockHound it is never loaded.
 */
public final class JanusBlockHoundIntegration implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("dev.janus.Monitor", "lock")
                .allowBlockingCallsInside("dev.janus.Parker", "wake");
    }
}
