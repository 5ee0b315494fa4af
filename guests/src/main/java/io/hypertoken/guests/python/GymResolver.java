package io.hypertoken.guests.python;

/// Finds `gym:CartPole-v1`, `gym:my_package:MyGame-v0` and `gym:path/to/file.py:MyGame-v0`.
public final class GymResolver extends PythonResolver {
    /// For the service loader.
    public GymResolver() {
        super("gym");
    }
}
