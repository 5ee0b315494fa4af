package io.hypertoken.env;

/// What an environment's class can do beside playing: be saved, be drawn.
///
/* Nobody makes an environment to find this out: a constructor may be slow, wait for another process, or throw. Nor does
an author say it twice: the class that `creates` is given is known to javac, which puts an array of it behind the call
(docs/decisions/0009). What javac saw may be less than what is created, never more; so a look at each copy when it is
created is enough to keep both the same. */
final class Faces {
    private final Class<?> type;

    Faces(Class<?> type) {
        this.type = type;
    }

    /// The faces of an array's element class.
    static Faces shownBy(Environment[] array) {
        return new Faces(array.getClass().getComponentType());
    }

    boolean savable() {
        return Snapshot.class.isAssignableFrom(type);
    }

    boolean drawsText() {
        return Renders.class.isAssignableFrom(type);
    }

    boolean drawsFrames() {
        return drawsText() && overridesFrame(type);
    }

    /// Whether an environment has no face that is missing here.
    boolean knowAllOf(Environment created) {
        Class<?> found = created.getClass();
        if (found == type) {
            return true;
        }
        var all = new Faces(found);
        return savable() == all.savable() && drawsText() == all.drawsText() && drawsFrames() == all.drawsFrames();
    }

    private static boolean overridesFrame(Class<?> type) {
        try {
            return type.getMethod("frame").getDeclaringClass() != Renders.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every Renders has frame()", e);
        }
    }

    /// The name of the class.
    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
