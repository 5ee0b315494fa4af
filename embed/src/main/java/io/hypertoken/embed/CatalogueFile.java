package io.hypertoken.embed;

import io.hypertoken.describe.Description;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Prints the catalogue as JSON, for hosts that list the environments before they start a Java of their own.
public final class CatalogueFile {
    private CatalogueFile() {}

    public static void main(String... arguments) {
        System.out.println(Json.of(summaries()));
    }

    /// What can be said of every environment on the class path before it is opened, in the order of their ids.
    static List<Map<String, @Nullable Object>> summaries() {
        ClassLoader loader = CatalogueFile.class.getClassLoader();
        var summaries = new TreeMap<String, Map<String, @Nullable Object>>(String.CASE_INSENSITIVE_ORDER);
        for (String declared : Catalogue.declaringClasses(loader)) {
            Spec spec =
                    Catalogue.declaredBy(declared, loader).specs().iterator().next();
            Map<String, @Nullable Object> summary = Description.summary(spec);
            summary.put("class", declared);
            summaries.put(spec.id(), summary);
        }
        return List.copyOf(summaries.values());
    }
}
