package io.hypertoken.env;

import org.jspecify.annotations.Nullable;

/// The only row of a group, as an environment that ends the group with itself.
class RemoteRow implements Environment {
    private final RemoteRows group;
    final Environment row;

    private RemoteRow(RemoteRows group) {
        this.group = group;
        this.row = group.row(0);
    }

    /// A row with the faces that the group's rows have.
    static RemoteRow of(RemoteRows group, Faces faces) {
        if (!faces.drawsText()) {
            return new RemoteRow(group);
        }
        return faces.drawsFrames() ? new Pictured(group) : new Drawn(group);
    }

    @Override
    public void reset(Step step) {
        row.reset(step);
    }

    @Override
    public void step(Step step) {
        row.step(step);
    }

    @Override
    public void observe(int agent, View view) {
        row.observe(agent, view);
    }

    @Override
    public void close() {
        group.close();
    }

    /// One that is drawn as text.
    private static class Drawn extends RemoteRow implements Renders {
        Drawn(RemoteRows group) {
            super(group);
        }

        @Override
        public String text(int agent) {
            return ((Renders) row).text(agent);
        }
    }

    /// One that is drawn as a picture too.
    private static final class Pictured extends Drawn {
        Pictured(RemoteRows group) {
            super(group);
        }

        @Override
        public @Nullable Frame frame() {
            return ((Renders) row).frame();
        }
    }
}
