package io.hypertoken.env;

/// The only row of a group, as an environment that ends the group with itself.
final class RemoteRow implements Environment {
    private final RemoteRows group;
    private final Environment row;

    RemoteRow(RemoteRows group) {
        this.group = group;
        this.row = group.row(0);
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
}
