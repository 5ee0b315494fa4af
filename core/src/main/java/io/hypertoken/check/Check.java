package io.hypertoken.check;

/// One thing that the conformance kit looks at.
public final class Check {
    /// Looks at one environment, and throws a [Verdict] unless all is well.
    @FunctionalInterface
    interface Body {
        void look(Trial trial);
    }

    private final String name;
    private final String about;
    private final Body body;

    Check(String name, String about, Body body) {
        this.name = name;
        this.about = about;
        this.body = body;
    }

    /// A word, as `--only` takes it.
    public String name() {
        return name;
    }

    /// What holds when it passes, in a sentence.
    public String about() {
        return about;
    }

    void look(Trial trial) {
        body.look(trial);
    }

    @Override
    public String toString() {
        return name;
    }
}
