package dev.janus;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound that a suspending call may take the queue's lock, whose critical sections are short, and may wake a thread
 * that waits. BlockHound finds it by itself, as a service; without BlockHound it is never loaded.
 */
public final class JanusBlockHoundIntegration implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("dev.janus.Monitor", "lock")
                .allowBlockingCallsInside("dev.janus.Parker", "wake");
    }
}
