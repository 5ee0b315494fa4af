package io.hypertoken.server.bridge;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Conversation;
import io.hypertoken.server.http.Protocol;
import io.hypertoken.server.http.Upgrade;
import java.util.List;
import java.util.Objects;
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
            Invitation invited = invitation(upgrade);
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

    /// What the address, or else the server, invites to; found out later where another process must be asked for it.
    private @Nullable Invitation invitation(Upgrade upgrade) {
        OpeningRequests openings = context.openings();
        String named = upgrade.query().getOrDefault("env", List.of("")).getLast();
        if (OpeningRequests.isGuest(named)) {
            openings.requireAllowed(named);
            return (owner, claim) -> context.sessions()
                    .open(() -> Objects.requireNonNull(openings.of(upgrade.query())), owner, false, claim);
        }
        return Invitation.to(openings.of(upgrade.query()), context.sessions());
    }
}
