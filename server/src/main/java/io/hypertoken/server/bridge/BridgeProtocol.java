package io.hypertoken.server.bridge;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.http.Protocol;
import io.hypertoken.server.http.Upgrade;
import io.hypertoken.server.session.Opening;
import org.jspecify.annotations.Nullable;

/// The bridge protocol, version 1.
///
/// @param context what its conversations share
record BridgeProtocol(BridgeContext context) implements Protocol {
    /// The protocol's version.
    static final int VERSION = 1;

    @Override
    public Conversation accept(Upgrade upgrade, Connection connection) {
        try {
            @Nullable Opening invited = context.openings().of(upgrade.query());
            String resumed = upgrade.query().containsKey("session")
                    ? upgrade.query().get("session").getLast()
                    : null;
            if (resumed != null) {
                context.sessions().requireOpen(resumed);
            }
            return new BridgeConversation(context, connection, upgrade.remote(), invited, resumed);
        } catch (HyperTokenException refused) {
            context.metrics().error(refused.code());
            throw refused;
        }
    }
}
