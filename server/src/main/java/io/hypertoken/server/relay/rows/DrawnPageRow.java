package io.hypertoken.server.relay.rows;

import io.hypertoken.env.Frame;
import io.hypertoken.env.Renders;
import org.jspecify.annotations.Nullable;

/// A row whose page draws it.
final class DrawnPageRow extends PageRow implements Renders {
    DrawnPageRow(PageRows group, int index) {
        super(group, index);
    }

    /// The page shows it; there are no words for it.
    @Override
    public String text(int agent) {
        return hasPage() ? "instance " + instance + " of page " + page : "its page is gone";
    }

    @Override
    public @Nullable Frame frame() {
        return hasPage() ? group().draw(this) : null;
    }
}
