package io.hypertoken.app;

import picocli.CommandLine.IVersionProvider;

/// The version in the jar's manifest, with the Java that runs it: the first thing a bug report needs.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "hypertoken " + number(), "Java " + Runtime.version() + ", " + System.getProperty("java.home")
        };
    }

    /// The version alone.
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not built into a jar)" : version;
    }
}
