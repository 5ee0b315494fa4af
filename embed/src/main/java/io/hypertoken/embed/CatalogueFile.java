package io.hypertoken.embed;

/// Prints the catalogue as JSON, for hosts that list the environments before they start a Java of their own.
public final class CatalogueFile {
    private CatalogueFile() {}

    public static void main(String... arguments) {
        System.out.println(Json.of(Description.summaries()));
    }
}
